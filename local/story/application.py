"""Application logs: JSON as powertools' Logger writes it, and plain text.

Reference: https://docs.aws.amazon.com/powertools/python/latest/core/logger/
"""

import random

from local.story.entry import LogLine, Place
from logcore.codec import dump_json
from logcore.shape import utc

CHECKOUT = "/aws/lambda/checkout"
STREAM = "2026/11/23/[$LATEST]0a1b2c3d"
WORKER = "/app/worker"

_SAYINGS = (
    ("INFO", "order placed", 40),
    ("INFO", "payment authorised", 30),
    ("INFO", "cart updated", 20),
    ("WARNING", "payment provider slow", 5),
    ("ERROR", "payment declined", 3),
    ("ERROR", "inventory unavailable", 1),
)
_LINES = (
    ("INFO", "job {n} finished in {ms} ms", 50),
    ("INFO", "queue depth {n}", 20),
    ("DEBUG", "heartbeat {n}", 15),
    ("WARN", "job {n} retried after {ms} ms", 6),
    ("ERROR", "job {n} failed: connection to database.example.com timed out", 2),
)


def structured(chance: random.Random, place: Place, time_ms: int, request: str) -> LogLine:
    """One JSON line of the checkout function, of the invocation that ``request`` names."""
    level, message, _ = chance.choices(_SAYINGS, [weight for *_, weight in _SAYINGS])[0]
    body = {
        "level": level,
        "location": f"handler:{chance.randrange(20, 90)}",
        "message": message,
        "timestamp": utc(time_ms).replace("T", " ").replace(".", ",").replace("Z", "+0000"),
        "service": "checkout",
        "cold_start": chance.random() < 0.02,  # noqa: PLR2004  one start in fifty is cold
        "function_name": "checkout",
        "function_memory_size": "512",
        "function_arn": f"arn:aws:lambda:{place.region}:{place.account}:function:checkout",
        "function_request_id": request,
        "order_id": f"o-{chance.randrange(10**8):08d}",
        "amount": round(chance.uniform(3, 400), 2),
        "correlation_id": f"{chance.getrandbits(64):016x}",
    }
    if level == "ERROR":
        name = "PaymentDeclinedError" if "payment" in message else "InventoryError"
        body |= {
            "exception_name": name,
            "exception": f"Traceback (most recent call last):\n  ...\n{name}: {message}",
        }
    return LogLine(
        place=place,
        group=CHECKOUT,
        stream=STREAM,
        time_ms=time_ms,
        message=dump_json(body).decode(),
        dataset="generic",
    )


def plain(chance: random.Random, place: Place, time_ms: int) -> LogLine:
    """One line of text of a worker."""
    level, template, _ = chance.choices(_LINES, [weight for *_, weight in _LINES])[0]
    text = template.format(n=chance.randrange(10**6), ms=chance.randrange(5, 4_000))
    return LogLine(
        place=place,
        group=WORKER,
        stream=f"worker-{chance.randrange(3)}",
        time_ms=time_ms,
        message=f"{utc(time_ms)} {level} worker {text}",
        dataset="generic",
    )
