"""Small functions that let a parser be written in the shape of the document it returns.

A value that cannot be understood never costs the event: the function gives ``None`` and, where the
parser passes its ``malformed`` list, adds the field's name to it. The raw value stays in the
source's ``flat_object``.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from logcore.codec import Plain, parse_json
from logcore.errors import MalformedError
from logcore.record import LogRecord, new_record

EARLIEST_MS = 315_532_800_000  # 1980-01-01: anything older is a broken clock, not a log
LATEST_MS = 4_102_444_800_000  # 2100-01-01: likewise
MOST_KEYS = 64  # of an object whose keys are remembered: more are no shape that recurs
LONG = 2**63  # OpenSearch ``long`` holds -2**63 to 2**63 - 1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST, _LATEST = timedelta(milliseconds=EARLIEST_MS), timedelta(milliseconds=LATEST_MS)
_SECONDS_A_DAY = 86_400
_MILLISECONDS_A_DAY = 86_400_000


def compact(value: dict[str, Any]) -> dict[str, Any]:
    """Drop absent values (``None``), empty lists and the objects that became empty, at every depth.

    Add a raw record for the ``flat_object`` after this: it needs no walk and keeps its nulls.
    """
    kept: dict[str, Any] = {}
    for key, item in value.items():
        if item is None:
            continue
        if item.__class__ is dict:
            if part := compact(item):
                kept[key] = part
        elif item or item.__class__ is not list:
            kept[key] = item
    return kept


def decoded(record: LogRecord) -> LogRecord:
    """The record with its body, where the message is a JSON object that nobody has read yet."""
    message = record.message
    if record.body is not None or message.lstrip()[:1] != "{":
        return record
    try:
        body = parse_json(message)
    except ValueError:
        return record
    return new_record((record.id, record.time_ms, message, record.origin, body))


def json_object(record: LogRecord) -> dict[str, Any]:
    """The record's payload as a JSON object: its ``body``, else the message read.

    Raises:
        MalformedError: the message is not JSON (``not_json``) or not an object (``not_an_object``).
    """
    body = record.body
    if body is None:
        try:
            body = parse_json(record.message)
        except ValueError as error:
            raise MalformedError("not_json", str(error)) from error
    if not isinstance(body, dict):
        raise MalformedError("not_an_object", f"expected an object, found {type(body).__name__}")
    return body


def integer(value: Any, name: str, malformed: list[str]) -> int | None:  # noqa: ANN401  any JSON
    """A 64-bit integer from a number or decimal text; ``None`` stays ``None``."""
    if value is None or type(value) is int:
        number = value
    else:
        try:
            number = int(value) if isinstance(value, str) else None
        except ValueError:
            number = None
        if number is None:
            malformed.append(name)
            return None
    if number is not None and not -LONG <= number < LONG:
        malformed.append(name)
        return None
    return number


def text(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """A non-empty string, or ``None`` for anything else."""
    return value if isinstance(value, str) and value else None


def obj(value: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    """The object itself, or an empty one where something else stands."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:  # noqa: ANN401  any JSON
    """The list itself, or an empty one where something else stands."""
    return value if isinstance(value, list) else []


def unique(*values: Any) -> list[Any] | None:  # noqa: ANN401  any scalar
    """The values in their order without repetition or absent ones; ``None`` when none is left."""
    if not values:
        return None
    found = dict.fromkeys(values)
    found.pop(None, None)
    found.pop("", None)
    return list(found) or None


@lru_cache(maxsize=65_536)
def ip(value: str | None) -> Plain | None:
    """The address when it is one, in the form given, else ``None``: `ip` fields refuse the rest."""
    if not value:
        return None
    try:
        ip_address(value)
    except ValueError:
        return None
    return Plain(value) if "%" not in value else None  # OpenSearch takes no zone index


def milliseconds(value: Any) -> int | None:  # noqa: ANN401  any JSON
    """Milliseconds since the epoch from ISO 8601 text; without an offset it is read as UTC.

    ``None`` for anything else, and for times before 1980 or from 2100 on.
    """
    since = _since_epoch(value) if isinstance(value, str) else None
    if since is None:
        return None
    return since.days * _MILLISECONDS_A_DAY + since.seconds * 1_000 + since.microseconds // 1_000


def in_utc(value: str) -> Plain | None:
    """The same moment as ``utc`` writes it; ``None`` for whatever has no milliseconds."""
    since = _since_epoch(value)
    if since is None:
        return None
    seconds = since.days * _SECONDS_A_DAY + since.seconds
    return f"{_second(seconds)}.{_MILLIS[since.microseconds // 1_000]}Z"  # type: ignore[return-value]  # as in ``utc``


def _since_epoch(value: str) -> timedelta | None:
    try:
        moment = datetime.fromisoformat(value)
        since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    except (ValueError, OverflowError):
        return None
    return since if _EARLIEST <= since < _LATEST else None


def utc(time_ms: int) -> Plain:
    """Milliseconds since the epoch as ISO 8601 in UTC: ``2019-08-26T19:48:53.000Z``.

    Times before 1980 or from 2100 on become the nearest bound, so that the index can take them.
    """
    if not EARLIEST_MS <= time_ms < LATEST_MS:
        time_ms = EARLIEST_MS if time_ms < EARLIEST_MS else LATEST_MS - 1
    seconds, millis = divmod(time_ms, 1_000)
    return f"{_second(seconds)}.{_MILLIS[millis]}Z"  # type: ignore[return-value]  # without a call of ``Plain``, for each record


@lru_cache(maxsize=4_096)
def _second(seconds: int) -> str:
    """Cached because events come in bursts."""
    minutes, second = divmod(seconds, 60)
    days, minute = divmod(minutes, _MINUTES_A_DAY)
    return f"{_day(days)}T{_CLOCK[minute]}:{_SIXTY[second]}"


_MINUTES_A_DAY = 1_440
_MILLIS = tuple(f"{number:03d}" for number in range(1_000))
_SIXTY = tuple(f"{number:02d}" for number in range(60))
_CLOCK = tuple(f"{hour:02d}:{minute}" for hour in range(24) for minute in _SIXTY)


@lru_cache(maxsize=4_096)
def _day(days: int) -> str:
    return (_EPOCH + timedelta(days=days)).date().isoformat()


def time(value: Any, name: str, malformed: list[str]) -> Plain | None:  # noqa: ANN401  any JSON
    """ISO 8601 text as UTC with milliseconds; ``None`` stays ``None``."""
    if value is None:
        return None
    found = _time(value) if isinstance(value, str) else None
    if found is None:
        malformed.append(name)
    return found


_time = lru_cache(maxsize=4_096)(in_utc)
"""Cached because events come in bursts, and one event says the same time several times."""
