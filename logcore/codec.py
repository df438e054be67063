"""Bytes to values and back: gzip, base64 and JSON, by the fastest library that is installed.

``orjson``, ``isal`` and ``pybase64`` are used where they can be imported, the standard library
elsewhere; both ways accept and refuse the same input, which a test holds them to.
"""

import json
import math
from collections.abc import Callable
from typing import Any, NewType

try:
    from isal.igzip import decompress
    from isal.igzip_lib import IsalError as DeflateError
except ImportError:
    from gzip import decompress
    from zlib import error as DeflateError  # type: ignore[assignment]  # noqa: N812  the two only share a role

try:
    from pybase64 import b64decode
except ImportError:
    from base64 import b64decode  # type: ignore[assignment]  # the part we use is the same

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]  # the standard library takes over

Json = NewType("Json", str)
"""Text that is JSON already and is written as it stands; empty for what is absent."""

Plain = NewType("Plain", str)
"""Text that JSON writes as it is: without a quotation mark, backslash or control character."""

_gunzip: Callable[[bytes], bytes] = decompress
_GZIP_ERRORS: Any = (OSError, EOFError, DeflateError)


def gunzip(data: bytes) -> bytes:
    """Decompress one gzip member or several; raises ``ValueError`` for anything else."""
    try:
        return _gunzip(data)
    except _GZIP_ERRORS as error:
        raise ValueError(f"gzip: {error}") from error


def unbase64(text: str | bytes) -> bytes:
    """Decode base64; raises ``ValueError`` for wrong padding."""
    return b64decode(text)


def parse_json(text: str | bytes) -> Any:  # noqa: ANN401  JSON is any value
    """Read one JSON text, also what strict parsers refuse but loggers write.

    Accepted beyond RFC 8259: ``NaN`` and infinities, which become their names as strings, and lone
    surrogates, which become ``U+FFFD``. Integers beyond 64 bits become floats.

    Raises:
        ValueError: the text is not JSON, or is nested too deep to be read.
    """
    if orjson is not None:
        try:
            return orjson.loads(text)
        except ValueError:
            pass  # the lenient way below decides
    return _parse_leniently(text)


def _dump(value: Any) -> bytes:  # noqa: ANN401  JSON is any value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


dump_json: Callable[[Any], bytes] = _dump if orjson is None else orjson.dumps
"""Writes one JSON value as a single line of UTF-8, without blanks and without a line end.

Raises ``TypeError`` where a value, an integer's size or a key's type has no JSON form. It is the
library's own function, because a document takes a dozen calls of it.
"""


def json_of(value: Any) -> Json:  # noqa: ANN401  JSON is any value
    """A value as JSON, what is empty as nothing."""
    return Json(dump_json(value).decode()) if value else Json("")


def thawed(value: Any) -> Any:  # noqa: ANN401  JSON is any value
    """What a fragment of JSON holds, parsed; anything else unchanged.

    A source may carry its raw record as an ``orjson.Fragment``: bytes that are written as they
    are. Whoever looks into the record asks here first.
    """
    if orjson is not None and value.__class__ is orjson.Fragment:
        return parse_json(orjson.dumps(value))
    return value


def _parse_leniently(text: str | bytes) -> Any:  # noqa: ANN401  JSON is any value
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    try:
        value = json.loads(text, parse_constant=str, parse_int=_integer, parse_float=_number)
    except RecursionError as error:
        raise ValueError("nested too deep to be read") from error
    return _without_surrogates(value) if "\\ud" in text.lower() else value


def _integer(digits: str) -> int | float | str:
    if len(digits) < 19:  # noqa: PLR2004  fewer digits than 2**63 has
        return int(digits)
    value = int(digits) if len(digits) < 400 else None  # noqa: PLR2004  no float has 400 digits
    if value is not None and -(2**63) <= value < 2**64:
        return value
    return _number(digits)


def _number(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _without_surrogates(value: Any) -> Any:  # noqa: ANN401  JSON is any value
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    return value
