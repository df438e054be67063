"""Finds in an event's text for people what its XML would have said by names.

Security events are written in sections of lines such as ``Account Name:<tab>alice``; which account
is meant depends on the section.

Reference: https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-4624
"""

import re

SECTIONS = {
    "Subject": "Subject",
    "Creator Subject": "Subject",
    "New Logon": "Target",
    "Account For Which Logon Failed": "Target",
    "Account Whose Credentials Were Used": "Target",
    "Account Information": "Target",
    "Account That Was Locked Out": "Target",
    "New Account": "Target",
    "Target Account": "Target",
    "Target Subject": "Target",
    "Group": "Target",
    "New Group": "Target",
    "Deleted Group": "Target",
    "Member": "Member",
}
"""Whose name, domain and id the lines of a section give."""

_OF_A_SECTION = {
    "Security ID": "UserSid",
    "Account Name": "UserName",
    "Account Domain": "DomainName",
    "Logon ID": "LogonId",
    "Group Name": "UserName",
    "Group Domain": "DomainName",
    "Supplied Realm Name": "DomainName",
    "User ID": "UserSid",
}
_OF_ANY = {
    "Authentication Package": "AuthenticationPackageName",
    "Caller Computer Name": "WorkstationName",
    "Caller Process ID": "ProcessId",
    "Caller Process Name": "ProcessName",
    "Client Address": "IpAddress",
    "Client Port": "IpPort",
    "Creator Process ID": "ProcessId",
    "Creator Process Name": "ParentProcessName",
    "Error Code": "Status",
    "Failure Code": "Status",
    "Failure Reason": "FailureReason",
    "Logon Account": "TargetUserName",
    "Logon Process": "LogonProcessName",
    "Logon Type": "LogonType",
    "Network Address": "IpAddress",
    "New Process ID": "NewProcessId",
    "New Process Name": "NewProcessName",
    "Port": "IpPort",
    "Process Command Line": "CommandLine",
    "Process ID": "ProcessId",
    "Process Name": "ProcessName",
    "Result Code": "Status",
    "Service Account": "AccountName",
    "Service File Name": "ServiceFileName",
    "Service Name": "ServiceName",
    "Service Start Type": "StartType",
    "Source Network Address": "IpAddress",
    "Source Port": "IpPort",
    "Source Workstation": "WorkstationName",
    "Status": "Status",
    "Sub Status": "SubStatus",
    "Task Name": "TaskName",
    "Ticket Encryption Type": "TicketEncryptionType",
    "Workstation Name": "WorkstationName",
}
_LINE = re.compile(r"(\s*)([A-Z][A-Za-z ()]{1,60}):[ \t]*(.*)")


def data_of(message: str) -> dict[str, str]:
    """Values by the names of the event's XML, as far as the lines have usual keys.

    Later lines do not replace earlier ones; ``-`` and nothing are left out.
    """
    found: dict[str, str] = {}
    whose = ""
    for line in message.splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        indent, key, value = match[1], match[2], match[3].strip()
        if not indent:
            whose = "" if value else SECTIONS.get(key, "")
        name = _name(key, whose)
        if name and value not in {"", "-"}:
            found.setdefault(name, value)
    return found


def _name(key: str, whose: str) -> str:
    if key in _OF_ANY:
        return _OF_ANY[key]
    return f"{whose}{_OF_A_SECTION[key]}" if whose and key in _OF_A_SECTION else ""
