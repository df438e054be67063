"""Windows events: whose they are, who did what to whom, and XML that is not trusted."""

import pytest

from logcore import registry
from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.routing import Routing
from logcore.sources import windows
from logcore.sources.windows.message import data_of

ROUTING = Routing(registry.SOURCES)
SCHEMA = "http://schemas.microsoft.com/win/2004/08/events/event"


def record(message: str, group: str = "Security") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", account="222222222222", log_group=group)
    return LogRecord("0", 1_772_366_470_000, message, origin)


def xml(code: str, *, keywords: str = "0x8020000000000000", number: str = "7", **data: str) -> str:
    values = "".join(f"<Data Name='{name}'>{value}</Data>" for name, value in data.items())
    return (
        f"<Event xmlns='{SCHEMA}'><System><Provider Name='P'/><EventID>{code}</EventID>"
        f"<Keywords>{keywords}</Keywords><TimeCreated SystemTime='2026-03-01T12:00:00Z'/>"
        f"<EventRecordID>{number}</EventRecordID><Channel>Security</Channel>"
        f"<Computer>host</Computer></System><EventData>{values}</EventData></Event>"
    )


def text(code: str, message: str, channel: str = "Security") -> str:
    return f"[{channel}] [INFORMATION] [{code}] [P] [host] [{message}]"


def parsed(message: str) -> Document:
    return windows.parse(record(message))


@pytest.mark.parametrize(
    ("message", "group", "source"),
    [
        (xml("4624"), "Security", "windows"),
        (text("7036", "stopped", "System"), "/apps/shop", "windows"),
        (text("4624", "logged on.\r\n\r\nSubject:"), "/apps/shop", "windows"),
        ("anything", "/aws/directoryservice/d-1234567890-corp", "windows"),
        ("[System] [ERROR] [agent=jobs] failed", "/apps/shop", "generic"),
        ("[System] [ERROR] [500] [web] [host] failed", "/apps/shop", "generic"),
        ("<Event><Name>paid</Name></Event>", "/apps/shop", "generic"),
    ],
)
def test_an_event_is_recognised_by_all_of_it(message: str, group: str, source: str) -> None:
    assert ROUTING.source_for(record(message, group)).name == source


def test_both_formats_say_the_same_of_a_refused_logon() -> None:
    message = (
        "An account failed to log on.\r\n\r\nSubject:\r\n\tAccount Name:\t\tSVC$\r\n\r\n"
        "Logon Type:\t\t\t3\r\n\r\n"
        "Account For Which Logon Failed:\r\n\tAccount Name:\t\tbob\r\n\r\n"
        "Failure Information:\r\n\tStatus:\t\t\t0xC000006D\r\n\tSub Status:\t\t0xC0000072\r\n\r\n"
        "Network Information:\r\n\tSource Network Address:\t198.51.100.7\r\n\tSource Port:\t\t7"
    )
    written = parsed(text("4625", message))
    structured = parsed(
        xml(
            "4625",
            keywords="0x8010000000000000",
            SubjectUserName="SVC$",
            TargetUserName="bob",
            LogonType="3",
            Status="0xc000006d",
            SubStatus="0xc0000072",
            IpAddress="198.51.100.7",
            IpPort="7",
        )
    )

    for name in ("user", "source", "related"):
        assert written[name] == structured[name]
    for name in ("action", "outcome", "reason", "category", "type"):
        assert written["event"][name] == structured["event"][name]
    assert written["event"]["reason"] == "account disabled"


def test_a_group_is_a_group_and_its_new_member_the_target() -> None:
    document = parsed(
        xml(
            "4728",
            SubjectUserName="root",
            TargetUserName="Admins",
            TargetSid="S-1-5-32-544",
            MemberName="CN=bob,DC=example,DC=com",
        )
    )

    assert document["group"] == {"name": "Admins", "id": "S-1-5-32-544"}
    assert document["user"] == {"name": "root", "target": {"name": "CN=bob,DC=example,DC=com"}}
    assert document["related"]["user"] == ["CN=bob,DC=example,DC=com", "root"]


def test_keywords_decide_over_what_an_id_usually_means() -> None:
    assert parsed(xml("4769", Status="0x0"))["event"]["outcome"] == "success"
    assert parsed(xml("4769", keywords="0x8010000000000000"))["event"]["outcome"] == "failure"
    assert parsed(text("4769", "Failure Code:\t0x1f"))["event"]["outcome"] == "failure"


def test_the_same_number_in_the_same_log_is_the_same_event() -> None:
    first, again, other = (parsed(xml("1", number=n))["event"]["id"] for n in ("7", "7", "8"))

    assert first == again
    assert first != other


def test_text_has_no_identity_of_its_own() -> None:
    assert "id" not in parsed(text("1", "started"))["event"]


def test_an_id_is_known_only_in_its_own_channel() -> None:
    assert "action" not in parsed(text("4624", "payment failed", "Application"))["event"]


def test_a_document_type_is_not_read() -> None:
    bomb = f"<!DOCTYPE Event [<!ENTITY a '{'a' * 100}'>]>{xml('1', A='&a;')}"

    with pytest.raises(MalformedError) as refused:
        parsed(bomb)

    assert refused.value.reason == "not_xml"


def test_who_is_meant_depends_on_the_section() -> None:
    lines = (
        "Subject:\n\tAccount Name:\troot\nNew Account:\n\tAccount Name:\tbob\n"
        "Attributes:\n\tAccount Name:\tnobody\nAccount Name:\tnone"
    )

    assert data_of(lines) == {"SubjectUserName": "root", "TargetUserName": "bob"}
