"""Shapes a syslog line as an ECS event: by the rules of its program, else as what it says."""

from collections.abc import Mapping
from typing import Any

from logcore.formats.linux.access import LOGIND, PAM, SSHD, SU, SUDO
from logcore.formats.linux.accounts import ACCOUNTS
from logcore.formats.linux.line import Line, read
from logcore.formats.linux.rule import Rule, first
from logcore.formats.linux.system import CRON, KERNEL, SYSTEMD
from logcore.formats.machine import instance
from logcore.formats.web import port
from logcore.record import Document, LogRecord
from logcore.shape import compact, integer, ip, unique, utc

AUTH = {
    "sshd": SSHD,
    "sshd-session": SSHD,
    "sudo": SUDO,
    "su": SU,
    "systemd-logind": LOGIND,
    **dict.fromkeys(
        "chage chpasswd gpasswd groupadd groupdel groupmod passwd useradd userdel usermod".split(),  # noqa: SIM905  read as a table
        ACCOUNTS,
    ),
}
"""Rules by the programs that write to ``/var/log/secure`` or ``/var/log/auth.log``."""

SYSTEM = {
    "cron": CRON,
    "CRON": CRON,
    "crond": CRON,
    "CROND": CRON,
    "crontab": CRON,
    "systemd": SYSTEMD,
    "kernel": KERNEL,
}
"""Rules by the programs that write to ``/var/log/messages``, ``/var/log/syslog`` or ``cron``."""

_RULES: Mapping[str, tuple[Rule, ...]] = AUTH | SYSTEM
_NOBODY = frozenset({"(unknown)", "(null)"})


def linux_document(record: LogRecord) -> tuple[Document, dict[str, str]]:
    """The record as a document, and what to keep of it in the dataset's ``flat_object``.

    Raises:
        MalformedError: see ``logcore.formats.linux.line.read``.
    """
    line = read(record)
    rule, said = _understood(line)
    malformed: list[str] = []
    document = compact(
        {
            "@timestamp": utc(line.time_ms) if line.time_ms is not None else None,
            "message": line.text or None,
            "event": _event(rule, said),
            "log": {"level": line.severity or None},
            "cloud": {"instance": {"id": instance(record.origin.log_stream)}},
            "host": {"name": line.host or None, "hostname": line.host or None},
            "process": _process(line, said, malformed),
            "service": {"name": said.get("unit")},
            "source": _source(said, malformed),
            "user": _user(said),
            "group": {
                "name": said.get("group") or said.get("removed_group"),
                "id": said.get("gid"),
            },
            "related": {
                "hosts": unique(line.host, _name(said.get("address"))),
                "ip": unique(ip(said.get("address"))),
                "user": unique(*(said.get(who) for who in ("user", "by", "effective", "target"))),
            },
            "pipeline": {"malformed": [*malformed, *(["time"] if line.time_ms is None else [])]},
        }
    )
    return document, _kept(line, said)


def _understood(line: Line) -> tuple[Rule | None, dict[str, str]]:
    """The rule of a line, and what was found in it by names; PAM speaks through any program."""
    if line.text.startswith(("pam_", "PAM ")):
        found = first(PAM, line.text)
    else:
        found = first(_RULES.get(line.program, ()), line.text)
    if found is None:
        return None, {}
    rule, said = found
    return rule, {name: value for name, value in said.items() if value not in _NOBODY}


def _event(rule: Rule | None, said: Mapping[str, str]) -> dict[str, Any]:
    if rule is None:
        return {"kind": "event"}
    return {
        "kind": "event",
        "category": [rule.category],
        "type": rule.type.split(),
        "action": rule.action,
        "outcome": rule.outcome or None,
        "reason": said.get("reason") or ("invalid user" if "invalid" in said else None),
    }


def _process(line: Line, said: Mapping[str, str], malformed: list[str]) -> dict[str, Any]:
    """The program that wrote the line, or the process that the line is about."""
    pid = said.get("pid") or line.pid
    return {
        "name": said.get("process") or line.program or None,
        "pid": integer(pid, "pid", malformed) if pid.isdecimal() else None,
        "command_line": said.get("command"),
        "working_directory": said.get("directory"),
    }


def _source(said: Mapping[str, str], malformed: list[str]) -> dict[str, Any]:
    address = said.get("address")
    return {
        "address": address,
        "ip": ip(address),
        "domain": _name(address),
        "port": port(said.get("port"), "port", malformed),
    }


def _name(address: str | None) -> str | None:
    return address if address and not ip(address) and address.upper() != "UNKNOWN" else None


def _user(said: Mapping[str, str]) -> dict[str, Any]:
    """Who did it, as whom, and to whom."""
    return {
        "name": said.get("user") or said.get("by"),
        "id": said.get("uid"),
        "effective": {"name": said.get("effective")},
        "target": {"name": said.get("target"), "id": said.get("target_uid")},
    }


def _kept(line: Line, said: Mapping[str, str]) -> dict[str, str]:
    head = {
        "program": line.program,
        "pid": line.pid,
        "facility": line.facility,
        "severity": line.severity,
        "message_id": line.message_id,
        "structured_data": line.structured,
    }
    return {name: value for name, value in head.items() if value} | dict(said)
