"""Shapes a Windows event as an ECS document."""

from collections.abc import Mapping
from typing import Any

from logcore.formats.machine import instance
from logcore.formats.web import port
from logcore.identity import digest
from logcore.record import Document, LogRecord
from logcore.shape import LONG, compact, integer, ip, unique, utc
from logcore.sources.windows.entry import AUDIT_FAILURE, AUDIT_SUCCESS, LEVELS, Entry
from logcore.sources.windows.kinds import KINDS, LOGON_TYPES, REASONS, Kind

_MAPPED = "::ffff:"  # in front of IPv4 addresses
_NOBODY = frozenset({"S-1-0-0", "NULL SID", "ANONYMOUS LOGON"})


def windows_document(entry: Entry, record: LogRecord) -> Document:
    """One event as a document, without its dataset's ``flat_object``."""
    system, data, malformed = entry.system, entry.data, list[str]()
    kind = KINDS.get(system.get("Channel", ""), {}).get(system["EventID"])
    address = data.get("IpAddress", "").removeprefix(_MAPPED) or None
    computer = system.get("Computer")
    workstation = data.get("WorkstationName") or data.get("Workstation")
    users = _users(kind, data)
    if "SystemTime" in system and entry.time_ms is None:
        malformed.append("SystemTime")
    return compact(
        {
            "@timestamp": None if entry.time_ms is None else utc(entry.time_ms),
            "message": entry.message or None,
            "event": _event(kind, entry, record),
            "log": {"level": LEVELS.get(system.get("Level", ""))},
            "cloud": {"instance": {"id": instance(record.origin.log_stream)}},
            "host": {"name": computer, "hostname": computer, "os": {"platform": "windows"}},
            "source": {
                "address": address or workstation,
                "ip": ip(address),
                "domain": workstation,
                "port": port(data.get("IpPort"), "IpPort", malformed) or None,
            },
            **users,
            "process": _process(kind, entry, malformed),
            "service": {"name": data.get("ServiceName") if kind else None},
            "file": {"path": data.get("ServiceFileName") or data.get("ImagePath")},
            "related": {
                "ip": unique(ip(address)),
                "hosts": unique(computer, workstation),
                "user": _names(kind, users, data),
            },
            "winlog": {
                "channel": system.get("Channel"),
                "task": system.get("Task"),
                "record_id": system.get("EventRecordID"),
                "logon": {
                    "type": LOGON_TYPES.get(data.get("LogonType", ""), data.get("LogonType")),
                    "id": data.get("TargetLogonId") or data.get("SubjectLogonId"),
                },
            },
            "pipeline": {"malformed": malformed},
        }
    )


def _event(kind: Kind | None, entry: Entry, record: LogRecord) -> dict[str, Any]:
    system = entry.system
    common = {
        "kind": "event",
        "id": _identity(entry, record),
        "code": system["EventID"],
        "provider": system.get("Provider"),
        "outcome": _outcome(kind, entry),
    }
    if kind is None:
        return common
    return common | {
        "category": [kind.category],
        "type": kind.type.split(),
        "action": kind.action,
        "reason": _reason(entry.data),
    }


def _identity(entry: Entry, record: LogRecord) -> str | None:
    """A channel numbers its events; the number begins anew when someone clears it."""
    names = ("Computer", "Channel", "EventRecordID", "SystemTime")
    parts = [entry.system.get(name) for name in names]
    known = [part for part in parts if part]
    return digest("windows", record.origin.account, *known) if len(known) == len(parts) else None


def _outcome(kind: Kind | None, entry: Entry) -> str | None:
    keywords = _number(entry.system.get("Keywords")) or 0
    if keywords & (AUDIT_FAILURE | AUDIT_SUCCESS):
        return "failure" if keywords & AUDIT_FAILURE else "success"
    if kind is None or kind.outcome:
        return kind.outcome if kind else None
    status = _number(entry.data.get("Status"))
    return "unknown" if status is None else ("failure" if status else "success")


def _reason(data: Mapping[str, str]) -> str | None:
    """Why someone was refused; the substatus knows it better than the status."""
    codes = (data.get(name, "").lower() for name in ("SubStatus", "Status"))
    known = next((REASONS[code] for code in codes if code in REASONS), None)
    stated = data.get("FailureReason", "%%")
    return known or (None if stated.startswith("%%") else stated)


def _users(kind: Kind | None, data: Mapping[str, str]) -> dict[str, Any]:
    """``user``, and ``group`` where the event is about one."""
    if kind is None:
        return {}
    other = _named("Subject" if kind.who == "Target" else "Target", data)
    user = _named(kind.who, data)
    if kind.whom == "group":
        member = {"name": data.get("MemberName") or data.get("MemberUserName")}
        member["id"] = data.get("MemberSid") or data.get("MemberUserSid")
        return {"user": user | {"target": member}, "group": _without_domain(other)}
    return {"user": user | ({kind.whom: _without_domain(other)} if kind.whom else {})}


def _named(whose: str, data: Mapping[str, str]) -> dict[str, Any]:
    identity = data.get(f"{whose}UserSid") or data.get(f"{whose}Sid")
    return {
        "name": data.get(f"{whose}UserName"),
        "domain": data.get(f"{whose}DomainName"),
        "id": None if identity in _NOBODY else identity,
    }


def _without_domain(user: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in user.items() if name != "domain"}


def _names(
    kind: Kind | None, users: Mapping[str, Any], data: Mapping[str, str]
) -> list[Any] | None:
    """Everybody an event names; what ``Target`` names is a group in some."""
    member = users.get("user", {}).get("target", {}).get("name")
    target = member if kind and kind.whom == "group" else data.get("TargetUserName")
    return unique(target, data.get("SubjectUserName"))


def _process(kind: Kind | None, entry: Entry, malformed: list[str]) -> dict[str, Any]:
    """The process that the event is about; a new one has the process that made it as parent.

    An event of no known kind is taken to be about the process that wrote it.
    """
    data, system = entry.data, entry.system
    if "NewProcessName" in data:
        parent = _program(data.get("ParentProcessName"), data.get("ProcessId"), malformed)
        own = _program(data["NewProcessName"], data.get("NewProcessId"), malformed)
        return own | {"command_line": data.get("CommandLine"), "parent": parent}
    if "ProcessName" in data:
        return _program(data["ProcessName"], data.get("ProcessId"), malformed)
    if kind:
        return {}
    return {
        "pid": integer(system.get("ProcessID"), "ProcessID", malformed),
        "thread": {"id": integer(system.get("ThreadID"), "ThreadID", malformed)},
    }


def _program(path: str | None, pid: str | None, malformed: list[str]) -> dict[str, Any]:
    number = _number(pid)
    if pid and (number is None or not 0 <= number < LONG):
        malformed.append("ProcessId")
        number = None
    return {
        "executable": path,
        "name": path.rpartition("\\")[2] or None if path else None,
        "pid": number,
    }


def _number(text: str | None) -> int | None:
    """A number in hexadecimal (``0x3f8``) or decimal, of at most 64 bits."""
    if not text or len(text) > len("0x") + 16:
        return None
    try:
        return int(text, 16 if text.lower().startswith("0x") else 10)
    except ValueError:
        return None
