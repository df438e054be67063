"""The shop's databases: orders in PostgreSQL, the catalogue in MySQL.

References:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.html
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.MySQL.html
"""

import random
from collections.abc import Iterator

from local.story.clock import Clock, spelled
from local.story.entry import LogLine, Place
from local.story.organisation import SCANNER

ORDERS = "/aws/rds/cluster/orders/postgresql"
CATALOGUE = "/aws/rds/instance/catalogue"
SLOW, ERRORS, AUDIT = f"{CATALOGUE}/slowquery", f"{CATALOGUE}/error", f"{CATALOGUE}/audit"
STREAMS = {ORDERS: "orders-1.0"}
CONNECTIONS = 12  # of each everyday statement a place and day
GUESSED = ("postgres", "admin", "root", "orders")
"""Names that the scanner tries."""

_SELECTS = (
    ("SELECT sum(amount) FROM orders WHERE placed > now() - interval '1 day'", 1_800),
    ("SELECT * FROM orders JOIN lines USING (order_id) WHERE customer = 'c-{n}'", 900),
    ("UPDATE stock SET reserved = reserved + 1 WHERE sku = 's-{n}'", 600),
)
"""Statements of the orders, with the milliseconds that they usually take."""

_SEARCHES = (
    ("SELECT * FROM products WHERE description LIKE '%shoe%' ORDER BY price", 3.2),
    ("SELECT category, COUNT(*) FROM products GROUP BY category", 1.6),
)
"""Statements of the catalogue, with their seconds."""

_PRIVILEGED = (
    ("app", "UPDATE products SET price = 12.5 WHERE id = 7", 0),
    ("app", "DELETE FROM carts WHERE touched < 1764000000", 0),
    ("admin", "ALTER TABLE products ADD COLUMN origin TEXT", 0),
    ("admin", "GRANT SELECT ON shop.* TO \\'reader\\'@\\'%\\'", 0),
    ("app", "SELECT * FROM nowhere", 1146),
)
"""User, statement and MySQL's code of the catalogue's audit log."""

_WARNING = (
    "0 [Warning] [MY-010055] [Server] IP address '10.20.1.31' could not be resolved: "
    "Name or service not known"
)


def everyday(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """Connections and slow statements of both databases, an error, and who changes what."""
    for _ in range(CONNECTIONS):
        yield _connected(chance, place, clock.busy_moment(chance))
        for statement, usual_ms in _SELECTS:
            said = f"duration: {usual_ms * chance.uniform(0.6, 3):.3f} ms  statement: "
            text = said + statement.format(n=chance.randrange(900))
            yield _order(chance, place, clock.busy_moment(chance), f"LOG:  {text}")
        for statement, usual_s in _SEARCHES:
            yield _slow(chance, place, clock.busy_moment(chance), statement, usual_s)
    deadlock = clock.any_moment(chance)
    yield _order(chance, place, deadlock, "ERROR:  deadlock detected")
    for number, done in enumerate(_PRIVILEGED * 2):
        yield _audited(place, clock.busy_moment(chance), number, done)
    yield _complained(place, clock.any_moment(chance), _WARNING)


def guessing(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """The scanner finds the databases' ports and tries some names on each."""
    begin = clock.hours_before_end(3.3)
    for number in range(40):
        name, time_ms = GUESSED[number % len(GUESSED)], begin + number * 3_000
        text = f'FATAL:  password authentication failed for user "{name}"'
        yield _order(chance, place, time_ms, text, who=f"{name}@orders", client=SCANNER)
        said = f"[Server] Access denied for user '{name}'@'{SCANNER}' (using password: YES)"
        yield _complained(place, time_ms + 400, f"{100 + number} [Note] [MY-010926] {said}")


def _connected(chance: random.Random, place: Place, time_ms: int) -> LogLine:
    return _order(
        chance,
        place,
        time_ms,
        "LOG:  connection authorized: user=app database=orders application_name=shop SSL enabled "
        "(protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)",
    )


def _order(
    chance: random.Random,
    place: Place,
    time_ms: int,
    text: str,
    *,
    who: str = "app@orders",
    client: str = "",
) -> LogLine:
    """A line of PostgreSQL in RDS's own ``log_line_prefix``."""
    address = client or f"10.20.1.{chance.randrange(30, 34)}"
    peer = f"{address}({chance.randrange(40_000, 60_000)})"
    at = spelled(time_ms, "%Y-%m-%d %H:%M:%S UTC")
    line = f"{at}:{peer}:{who}:[{chance.randrange(1_000, 9_999)}]:{text}"
    return _line(place, ORDERS, time_ms, line)


def _slow(
    chance: random.Random, place: Place, time_ms: int, statement: str, usual_s: float
) -> LogLine:
    """An entry of MySQL's slow query log, which has several lines."""
    seconds = usual_s * chance.uniform(0.7, 3)
    at = spelled(time_ms, "%Y-%m-%dT%H:%M:%S.000000Z")
    text = (
        f"# Time: {at}\n# User@Host: app[app] @  [10.20.1.{chance.randrange(30, 34)}]  Id:    23\n"
        f"# Query_time: {seconds:.6f}  Lock_time: {chance.uniform(0, 0.01):.6f} Rows_sent: 20  "
        f"Rows_examined: {chance.randrange(10_000, 900_000)}\n"
        f"SET timestamp={time_ms // 1_000 - int(seconds)};\n{statement};"
    )
    return _line(place, SLOW, time_ms, text)


def _audited(place: Place, time_ms: int, number: int, done: tuple[str, str, int]) -> LogLine:
    user, statement, code = done
    words = f"catalogue,{user},10.20.1.30,23,{number},QUERY,shop,'{statement}',{code}"
    return _line(place, AUDIT, time_ms, f"{time_ms}000,{words}")


def _complained(place: Place, time_ms: int, text: str) -> LogLine:
    return _line(place, ERRORS, time_ms, f"{spelled(time_ms, '%Y-%m-%dT%H:%M:%S.000000Z')} {text}")


def _line(place: Place, group: str, time_ms: int, text: str) -> LogLine:
    return LogLine(
        place=place,
        group=group,
        stream=STREAMS.get(group, "catalogue"),
        time_ms=time_ms,
        message=text,
        dataset="aws.rds",
    )
