"""Reads a Windows event, in either format of the CloudWatch agent, into one shape.

Reference: https://learn.microsoft.com/en-us/windows/win32/wes/eventschema-schema
"""

import re
from typing import NamedTuple
from xml.etree import ElementTree as ET

from logcore.errors import MalformedError
from logcore.shape import milliseconds
from logcore.sources.windows.message import data_of

LEVELS = {
    "0": "info",  # audit events, which have no level
    "1": "critical",
    "2": "error",
    "3": "warn",
    "4": "info",
    "5": "trace",
    "CRITICAL": "critical",
    "ERROR": "error",
    "WARNING": "warn",
    "INFORMATION": "info",
    "VERBOSE": "trace",
    "UNKNOWN": "info",
}
"""Our word by Windows' number, and by the agent's word for it."""

AUDIT_FAILURE, AUDIT_SUCCESS = 0x10000000000000, 0x20000000000000
"""https://learn.microsoft.com/en-us/windows/win32/wes/defining-keywords-used-to-classify-types-of-events"""

_WORDS = "|".join(word for word in LEVELS if word.isalpha())
TEXT = re.compile(
    rf"\[(?P<channel>[^\]\n]{{1,255}})\] \[(?P<level>{_WORDS})\] "
    r"\[(?P<code>\d{1,10})\] \[(?P<provider>[^\]\n]{0,255})\] \[(?P<computer>[^\]\s]{0,255})\] "
    r"\[(?P<message>.*)\]\s*",
    re.DOTALL,
)
"""``[Channel] [LEVEL] [id] [Provider] [Computer] [Message]``, the agent's format ``text``."""


class Entry(NamedTuple):
    """A Windows event.

    Attributes:
        system: What Windows says of every event, by the names of its XML, without what is absent:
            ``Channel``, ``Level``, ``EventID``, ``Provider``, ``Computer``, and in XML also
            ``EventRecordID``, ``Keywords``, ``Task``, ``ProcessID``, ``ThreadID``, ``UserID`` …
        data: The event's own values, by the names of its XML, without what holds nothing (``-``).
        message: The text for people; empty in XML that has not been rendered.
        time_ms: Milliseconds since the epoch; ``None`` in text, and where it cannot be read.
    """

    system: dict[str, str]
    data: dict[str, str]
    message: str
    time_ms: int | None


def read(text: str) -> Entry:
    """The event of a record.

    Raises:
        MalformedError: the record is in neither format (``format_unknown``), is broken XML
            (``not_xml``), or XML without a system part (``not_an_event``).
    """
    if text.lstrip()[:1] == "<":
        return _from_xml(_root(text))
    match = TEXT.fullmatch(text)
    if match is None:
        detail = f"expected [Channel] [LEVEL] [id] … or XML, found {text[:40]!r}"
        raise MalformedError("format_unknown", detail)
    channel, level, code, provider, computer, message = match.groups()
    system = {
        "Channel": channel,
        "Level": level,
        "EventID": code,
        "Provider": provider,
        "Computer": computer,
    }
    return Entry({k: v for k, v in system.items() if v}, data_of(message), message.strip(), None)


def _root(text: str) -> ET.Element:
    """The parsed document; one with a document type, which could define entities, is refused."""
    if "<!DOCTYPE" in text:
        raise MalformedError("not_xml", "expected an event, found a document type")
    try:
        return ET.fromstring(text)  # noqa: S314  it defines no entities
    except (ET.ParseError, ValueError) as error:
        raise MalformedError("not_xml", str(error)) from error


def _from_xml(root: ET.Element) -> Entry:
    part = root.find("{*}System")
    system = _system(part) if part is not None else {}
    if "EventID" not in system:
        raise MalformedError("not_an_event", f"expected System with EventID in {root.tag[:80]!r}")
    rendered = root.find("{*}RenderingInfo/{*}Message")
    return Entry(
        system,
        _data(root),
        (rendered.text or "").strip() if rendered is not None else "",
        milliseconds(system.get("SystemTime")),
    )


def _system(part: ET.Element) -> dict[str, str]:
    """Texts by tag and attributes by name, which do not meet, but for the provider's name."""
    found: dict[str, str] = {}
    for element in part:
        tag = _tag(element)
        found |= element.attrib
        if tag == "Provider":
            found["Provider"] = found.pop("Name", "")
        elif element.text and element.text.strip():
            found[tag] = element.text.strip()
    return {name: value for name, value in found.items() if value}


def _data(root: ET.Element) -> dict[str, str]:
    """What ``EventData`` names, in order ``param1`` … where it does not, or ``UserData`` holds."""
    named = [
        (element.get("Name") or f"param{number}", element.text)
        for number, element in enumerate(root.iterfind("{*}EventData/{*}Data"), 1)
    ]
    named += [(_tag(element), element.text) for element in root.iterfind("{*}UserData/*/*")]
    values = ((name, (value or "").strip()) for name, value in named)
    return {name: value for name, value in values if value not in {"", "-"}}


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
