"""The load balancer beside its requests: connections of clients, and health checks of targets.

References:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-health-check-logs.html
"""

import random
from collections.abc import Iterator

from local.story.clock import Clock
from local.story.entry import LogLine, Place
from logcore.shape import utc

NAME = "app/shop/50dc6c495c0c9188"
GROUP = "/aws/vendedlogs/elasticloadbalancing/shop"
NODE = "198.51.100.20"
TARGETS = tuple(f"10.20.1.{number}:8080" for number in range(30, 34))
CHECKS = 6  # of each target a place and day
CONNECTIONS = 30  # a place and day

_EXCHANGES = ("X25519MLKEM768", "X25519MLKEM768", "x25519", "secp256r1")
_FAILURES = ("- RequestTimedOut", "503 ResponseCodeMismatch")


def connections(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """Connections that clients made, some with a key exchange of before quantum computers."""
    for number in range(CONNECTIONS):
        time_ms = clock.busy_moment(chance)
        exchange = _EXCHANGES[number % len(_EXCHANGES)]
        client = f"198.51.100.{chance.randrange(1, 200)} {chance.randrange(32_768, 61_000)}"
        text = (
            f"{utc(time_ms)} {client} 443 TLSv1.3 TLS_AES_128_GCM_SHA256 "
            f'{chance.uniform(0.002, 0.02):.3f} "-" - - Success '
            f"TID_{chance.getrandbits(128):032x} {exchange} {NAME} {NODE}"
        )
        yield _line(place, time_ms, "connections", text)


def checks(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """Health checks of every target; the first one is down while it restarts."""
    for target in TARGETS:
        for _ in range(CHECKS):
            time_ms = clock.any_moment(chance)
            took = f"{chance.uniform(0.002, 0.02):.9f}"
            yield _check(place, time_ms, took, f"{target} shop PASS 200 -")
    for number, failure in enumerate(_FAILURES):
        time_ms = clock.hours_before_end(6.2) + number * 30_000
        yield _check(place, time_ms, "5.000000000", f"{TARGETS[0]} shop FAIL {failure}")


def _check(place: Place, time_ms: int, took: str, result: str) -> LogLine:
    return _line(place, time_ms, "checks", f"http {utc(time_ms)} {took} {result} {NAME} {NODE}")


def _line(place: Place, time_ms: int, kind: str, text: str) -> LogLine:
    return LogLine(
        place=place,
        group=f"{GROUP}-{kind}",
        stream="shop",
        time_ms=time_ms,
        message=text,
        dataset="aws.elb_logs",
    )
