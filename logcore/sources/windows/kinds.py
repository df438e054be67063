"""What the well-known events of Windows are: by channel and id, as ECS has it.

References: https://learn.microsoft.com/en-us/windows-server/identity/ad-ds/plan/appendix-l--events-to-monitor
"""

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of event.

    Attributes:
        action: What happened.
        category: ECS ``event.category``.
        type: ECS ``event.type``, by words apart by blanks.
        outcome: ECS ``event.outcome``, where the event's keywords do not say it; empty where a
            status in the event decides.
        who: Prefix of the values that name ``user``: ``Subject`` or ``Target``.
        whom: What the other one is: ``target``, ``effective``, ``group``, or empty for nothing.
    """

    action: str
    category: str
    type: str
    outcome: str = "success"
    who: str = "Subject"
    whom: str = ""


def _account(action: str, change: str = "change") -> Kind:
    return Kind(action, "iam", f"user {change}", whom="target")


def _group(action: str, change: str = "change") -> Kind:
    return Kind(action, "iam", f"group {change}", whom="group")


def _ticket(action: str, outcome: str = "") -> Kind:
    return Kind(action, "authentication", "start", outcome, who="Target")


SECURITY = {
    "1102": Kind("audit-log-cleared", "configuration", "deletion"),
    "4624": Kind("logged-in", "authentication", "start", who="Target"),
    "4625": Kind("logon-failed", "authentication", "start", "failure", who="Target"),
    "4634": Kind("logged-out", "authentication", "end", who="Target"),
    "4647": Kind("logged-out", "authentication", "end", who="Target"),
    "4648": Kind("logged-in-explicit", "authentication", "start", whom="effective"),
    "4672": Kind("logged-in-special", "iam", "admin"),
    "4688": Kind("created-process", "process", "start", whom="effective"),
    "4689": Kind("exited-process", "process", "end"),
    "4697": Kind("service-installed", "configuration", "creation"),
    "4698": Kind("scheduled-task-created", "configuration", "creation"),
    "4699": Kind("scheduled-task-deleted", "configuration", "deletion"),
    "4700": Kind("scheduled-task-enabled", "configuration", "change"),
    "4701": Kind("scheduled-task-disabled", "configuration", "change"),
    "4702": Kind("scheduled-task-updated", "configuration", "change"),
    "4719": Kind("changed-audit-config", "configuration", "change"),
    "4720": _account("added-user-account", "creation"),
    "4722": _account("enabled-user-account"),
    "4723": _account("changed-password"),
    "4724": _account("reset-password"),
    "4725": _account("disabled-user-account"),
    "4726": _account("deleted-user-account", "deletion"),
    "4727": _group("added-group-account", "creation"),
    "4728": _group("added-member-to-group"),
    "4729": _group("removed-member-from-group"),
    "4730": _group("deleted-group-account", "deletion"),
    "4731": _group("added-group-account", "creation"),
    "4732": _group("added-member-to-group"),
    "4733": _group("removed-member-from-group"),
    "4734": _group("deleted-group-account", "deletion"),
    "4735": _group("modified-group-account"),
    "4737": _group("modified-group-account"),
    "4738": _account("modified-user-account"),
    "4740": _account("locked-out-user-account"),
    "4754": _group("added-group-account", "creation"),
    "4755": _group("modified-group-account"),
    "4756": _group("added-member-to-group"),
    "4757": _group("removed-member-from-group"),
    "4758": _group("deleted-group-account", "deletion"),
    "4767": _account("unlocked-user-account"),
    "4768": _ticket("kerberos-authentication-ticket-requested"),
    "4769": _ticket("kerberos-service-ticket-requested"),
    "4770": _ticket("kerberos-service-ticket-renewed", "success"),
    "4771": _ticket("kerberos-preauth-failed", "failure"),
    "4776": _ticket("credential-validated"),
    "4781": _account("renamed-user-account"),
}
SYSTEM = {
    "104": Kind("log-cleared", "configuration", "deletion"),
    "1074": Kind("shutdown-requested", "host", "end"),
    "6005": Kind("event-log-started", "host", "start"),
    "6006": Kind("event-log-stopped", "host", "end"),
    "6008": Kind("unexpected-shutdown", "host", "end", "failure"),
    "7031": Kind("service-terminated", "process", "end", "failure"),
    "7034": Kind("service-terminated", "process", "end", "failure"),
    "7036": Kind("service-changed-state", "process", "change"),
    "7040": Kind("service-start-type-changed", "configuration", "change"),
    "7045": Kind("service-installed", "configuration", "creation"),
}
KINDS = {"Security": SECURITY, "System": SYSTEM}
"""By channel, then by event id."""

LOGON_TYPES = {
    "2": "Interactive",
    "3": "Network",
    "4": "Batch",
    "5": "Service",
    "7": "Unlock",
    "8": "NetworkCleartext",
    "9": "NewCredentials",
    "10": "RemoteInteractive",
    "11": "CachedInteractive",
}

REASONS = {
    "0x6": "user name does not exist",  # from here Kerberos': RFC 4120, section 7.5.9
    "0x12": "account disabled, expired or locked out",
    "0x17": "password expired",
    "0x18": "wrong password",
    "0x25": "clocks differ",
    "0xc0000064": "user name does not exist",  # from here Windows'
    "0xc000006a": "wrong password",
    "0xc000006d": "bad user name or password",
    "0xc000006e": "account restriction",
    "0xc000006f": "outside permitted hours",
    "0xc0000070": "workstation not permitted",
    "0xc0000071": "password expired",
    "0xc0000072": "account disabled",
    "0xc0000133": "clocks differ",
    "0xc000015b": "logon type not granted",
    "0xc0000193": "account expired",
    "0xc0000224": "password must be changed",
    "0xc0000234": "account locked out",
}
"""Why someone was refused, by status or substatus in lower case."""
