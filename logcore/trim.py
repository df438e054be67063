"""Cuts what OpenSearch would refuse a whole document for; the raw archive keeps it uncut.

A ``flat_object`` indexes each leaf as the terms ``value`` and ``path=value``; a term over 32,766
bytes is refused with its document (tried on OpenSearch 3.6). Documents nested deeper than a JSON
writer can follow are written as text from the level where they pass the bound.
"""

from typing import Any

from logcore.codec import dump_json
from logcore.record import Document

LONGEST_TERM = 32_766  # bytes: Lucene's IndexWriter.MAX_TERM_LENGTH
LONGEST_KEY = (
    512  # bytes of one key, so that the path of the deepest leaf stays a small part of a term
)
DEEPEST = 60  # levels; orjson writes 254, OpenSearch 3.6 was tried with 60
MARK = "…[cut]"

_SURELY_SHORT = 8_000  # characters of a message, at most 4 bytes each: no term can pass the limit
_ESCAPED = r"\u00"  # begins an opener that is written as an escape, in a line within a line
_SURELY_FLAT = DEEPEST  # openers of a message: with fewer it cannot be nested deeper


def may_need_trimming(message: str) -> bool:
    """Whether a document made from this message could hold a leaf too long or a nest too deep.

    Cheap, because it runs for every record: a leaf cannot be longer than its message.
    """
    if not 2 * _SURELY_FLAT <= len(message) < _SURELY_SHORT:  # each opener has its closer
        return len(message) >= _SURELY_SHORT
    data = message.encode("utf-8", "replace")
    flat = data.replace(b"{", b"").replace(b"[", b"")  # in half the time of counting them
    if len(data) - len(flat) >= _SURELY_FLAT:
        return True
    first = message.find("\\")  # many have none; one character is found ten times as fast as four
    return first >= 0 and message.find(_ESCAPED, first) >= 0


def trimmed(document: Document, root: str) -> tuple[Document, list[str]]:
    """The document with every leaf and level within bounds, and the dotted names of what was cut.

    Args:
        document: May be changed; only the parts on the way to a cut are.
        root: Name of the dataset, whose ``flat_object`` has the longest paths.
    """
    cuts: list[str] = []
    budget = LONGEST_TERM - len(root.encode()) - len("._valueAndPath=") - 1
    return _trim(document, "", budget, 1, cuts), cuts


def _trim(value: Any, path: str, budget: int, depth: int, cuts: list[str]) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return _text(value, path, budget, cuts)
    if not isinstance(value, dict | list):
        return value
    if depth > DEEPEST:
        cuts.append(path)
        return _text(_flattened(value), path, budget, cuts)
    if isinstance(value, list):
        return [_trim(item, path, budget, depth + 1, cuts) for item in value]
    return {
        key: _trim(item, f"{path}.{key}" if path else key, budget, depth + 1, cuts)
        for key, item in ((_key(k, path, cuts), v) for k, v in value.items())
    }


def _text(value: str, path: str, budget: int, cuts: list[str]) -> str:
    room = max(budget - len(path.encode("utf-8", "replace")), 0)
    if len(value) * 4 <= room or len(value.encode("utf-8", "replace")) <= room:
        return value
    cuts.append(path)
    room -= len(MARK.encode())
    return value.encode("utf-8", "replace")[: max(room, 0)].decode("utf-8", "ignore") + MARK


def _key(key: str, path: str, cuts: list[str]) -> str:
    encoded = key.encode("utf-8", "replace")
    if len(encoded) <= LONGEST_KEY:
        return key
    cut = encoded[: LONGEST_KEY - len(MARK.encode())].decode("utf-8", "ignore") + MARK
    cuts.append(f"{path}.{cut}" if path else cut)
    return cut


def _flattened(value: Any) -> str:  # noqa: ANN401  any JSON
    try:
        return dump_json(value).decode()
    except (TypeError, RecursionError):
        return MARK  # deeper than any writer goes
