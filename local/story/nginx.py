"""The shop's web servers: what the balancer hands them, and what strangers ask them past it.

References:
    https://nginx.org/en/docs/http/ngx_http_log_module.html
    https://nginx.org/en/docs/ngx_core_module.html#error_log
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from local.story.clock import Clock, spelled
from local.story.entry import LogLine, Place
from local.story.organisation import SCANNER

LOGS = "/aws/elasticbeanstalk/shop/var/log/nginx"
BALANCER_ADDRESSES = ("10.20.0.11", "10.20.0.12")
MACHINES = tuple(f"10.20.1.{number}" for number in range(30, 34))
UPSTREAM = "127.0.0.1:8080"

_COMPLAINTS = {
    404: '[error] {process}: *{n} open() "/var/www/shop{path}" failed (2: No such file or '
    "directory), {who}",
    500: "[error] {process}: *{n} upstream prematurely closed connection while reading response "
    'header from upstream, {who}, upstream: "http://{upstream}{path}"',
    502: "[error] {process}: *{n} connect() failed (111: Connection refused) while connecting to "
    'upstream, {who}, upstream: "http://{upstream}{path}"',
    504: "[error] {process}: *{n} upstream timed out (110: Connection timed out) while reading "
    'response header from upstream, {who}, upstream: "http://{upstream}{path}"',
}
"""What the server writes beside its answer, by the status of that."""

_RELOADED = "[notice] 1#1: signal 1 (SIGHUP) received, reconfiguring"
_LARGE = (
    "[warn] 29#29: *7 a client request body is buffered to a temporary file "
    "/var/lib/nginx/tmp/client_body/0000000007, client: 10.20.0.11, server: shop.example.com, "
    'request: "POST /cart HTTP/1.1", host: "shop.example.com"'
)
_STRANGE = (
    ('"\\x16\\x03\\x01\\x00\\xEE"', 400),
    ('"GET /.env HTTP/1.1"', 404),
    ('"GET /wp-login.php HTTP/1.1"', 404),
    ('"GET /.git/config HTTP/1.1"', 404),
    ('"POST /boaform/admin/formLogin HTTP/1.1"', 404),
)
_HANDSHAKE = (
    "[crit] 29#29: *{n} SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key "
    "share) while SSL handshaking, client: {client}, server: 0.0.0.0:443"
)


class Visit(NamedTuple):
    """A request as a web server sees it: from the balancer, on behalf of a client."""

    client: str
    agent: str
    method: str
    path: str
    status: int
    seconds: float


def served(chance: random.Random, place: Place, time_ms: int, visit: Visit) -> Iterator[LogLine]:
    """The access line of a request that came through the balancer, and the error line if any."""
    machine, peer = chance.choice(MACHINES), chance.choice(BALANCER_ADDRESSES)
    octets = chance.randrange(300, 60_000)
    yield _access(
        place,
        machine,
        time_ms,
        f'{peer} - - {_at(time_ms)} "{visit.method} {visit.path} HTTP/1.1" {visit.status} '
        f'{octets} "https://shop.example.com/" "{visit.agent}" "{visit.client}" '
        f"rt={visit.seconds:.3f} uct=0.001 uht={visit.seconds:.3f} urt={visit.seconds:.3f} "
        f"upstream={UPSTREAM}",
    )
    if visit.status in _COMPLAINTS:
        who = (
            f"client: {peer}, server: shop.example.com, "
            f'request: "{visit.method} {visit.path} HTTP/1.1"'
        )
        text = _COMPLAINTS[visit.status].format(
            process="29#29", n=chance.randrange(1, 9_999), who=who, path=visit.path,
            upstream=UPSTREAM,
        )  # fmt: skip
        yield _error(place, machine, time_ms, text)


def noise(place: Place, clock: Clock) -> Iterator[LogLine]:
    """What every machine writes once a day: a reload, a large body."""
    for number, machine in enumerate(MACHINES[:2]):
        for count, text in enumerate((_RELOADED, _LARGE)):
            time_ms = clock.hours_before_end(5 + 4 * number + count)
            yield _error(place, machine, time_ms, text)


def probing(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """The scanner found a machine's own address: no web ACL stands before that."""
    begin = clock.hours_before_end(3.3)
    for number in range(40):
        time_ms = begin + number * 3_000 + chance.randrange(900)
        request, status = _STRANGE[number % len(_STRANGE)]
        yield _access(
            place,
            MACHINES[0],
            time_ms,
            f'{SCANNER} - - {_at(time_ms)} {request} {status} 157 "-" "Mozilla/5.0 zgrab/0.x" "-"',
        )
    for number in range(4):
        text = _HANDSHAKE.format(n=9_000 + number, client=SCANNER)
        yield _error(place, MACHINES[0], begin + number * 7_000, text)


def _at(time_ms: int) -> str:
    return spelled(time_ms, "[%d/%b/%Y:%H:%M:%S +0000]")


def _access(place: Place, machine: str, time_ms: int, text: str) -> LogLine:
    return _line(place, machine, time_ms, text, "access")


def _error(place: Place, machine: str, time_ms: int, text: str) -> LogLine:
    return _line(
        place, machine, time_ms, f"{spelled(time_ms, '%Y/%m/%d %H:%M:%S')} {text}", "error"
    )


def _line(place: Place, machine: str, time_ms: int, text: str, kind: str) -> LogLine:
    return LogLine(
        place=place,
        group=f"{LOGS}/{kind}.log",
        stream=f"i-0a1b2c3d4e5f607{machine.rpartition('.')[2]}",
        time_ms=time_ms,
        message=text,
        dataset=f"nginx.{kind}",
    )
