"""How people come in and become others: sshd, su, sudo, PAM and logind.

Names and paths in these messages are whatever a stranger sends. So patterns take the last
``from ADDRESS port NUMBER`` of a text, which is the program's own, or nothing where that is not
certain.

References: https://man.openbsd.org/sshd, https://www.sudo.ws/docs/man/sudoers.man/ and
https://man7.org/linux/man-pages/man8/pam_unix.8.html
"""

from logcore.formats.linux.rule import ADDRESS, FROM, rule

_USER = r"(?P<user>.*)"
_PREAUTH = r"(?: \[preauth\])?"
_UID = r"(?:\(uid=(?P<uid>\d{1,10})\))?"
_PAM_FAILURE = (
    r"logname=\S* uid=\S* euid=\S* tty=(?P<tty>\S*) ruser=(?P<by>\S*) rhost=(?P<address>\S*)"
    r"(?:\s+user=(?P<user>\S*))?\s*"
)

SSHD = (
    rule(
        rf"Accepted (?P<method>\S+) for {_USER} {FROM}(?: ssh2)?(?:: (?P<key>.+))?",
        "authentication",
        "start",
        "ssh_login",
        "success",
    ),
    rule(
        rf"Failed (?P<method>\S+) for (?P<invalid>invalid user )?{_USER} {FROM}(?: ssh2)?(?:: .+)?",
        "authentication",
        "start",
        "ssh_login",
        "failure",
    ),
    rule(
        rf"(?P<invalid>Invalid) user {_USER} {FROM}",
        "authentication",
        "start",
        "ssh_invalid_user",
        "failure",
    ),
    rule(
        rf"error: maximum authentication attempts exceeded for (?P<invalid>invalid user )?{_USER} "
        rf"{FROM}(?: ssh2)?{_PREAUTH}",
        "authentication",
        "start",
        "ssh_attempts_exceeded",
        "failure",
    ),
    rule(
        rf"User {_USER} from {ADDRESS} not allowed because (?P<reason>.*)",
        "authentication",
        "start",
        "ssh_not_allowed",
        "failure",
    ),
    rule(
        rf"Disconnected from user {_USER} {ADDRESS} port (?P<port>\d{{1,5}})",
        "session",
        "end",
        "ssh_disconnected",
    ),
    rule(
        rf"(?:Disconnected from|Connection (?:closed|reset) by) "
        rf"(?:(?:authenticating|(?P<invalid>invalid)) user {_USER} )?"
        rf"{ADDRESS} port (?P<port>\d{{1,5}}){_PREAUTH}",
        "network",
        "end",
        "ssh_connection_closed",
    ),
    rule(
        rf"Received disconnect from {ADDRESS}(?: port (?P<port>\d{{1,5}}))?:\s?(?P<reason>.*?)"
        rf"{_PREAUTH}",
        "network",
        "end",
        "ssh_disconnect_received",
    ),
    rule(
        rf"(?:Did not receive identification string|Bad protocol version identification '.*') "
        rf"{FROM}",
        "network",
        "info",
        "ssh_no_client",
    ),
    rule(
        rf"banner exchange: Connection {FROM}: (?P<reason>.*)",
        "network",
        "info",
        "ssh_no_client",
    ),
    rule(rf"Connection {FROM} on .*", "network", "start", "ssh_connection"),
)

SUDO = (
    rule(
        r"\s*(?P<user>\S+) : TTY=(?P<tty>\S+) ; PWD=(?P<directory>(?:(?! ; USER=).)*) ; "
        r"USER=(?P<effective>\S+) ;(?: GROUP=(?P<group>\S+) ;)?(?: TSID=\S+ ;)?"
        r"(?: ENV=(?:(?! ; COMMAND=).)* ;)? COMMAND=(?P<command>(?:(?! ; COMMAND=).)*)",
        "process",
        "start",
        "sudo",
        "success",
    ),
    rule(
        r"\s*(?P<user>\S+) : (?P<reason>[^;=]+?) ; TTY=(?P<tty>\S+) ; "
        r"PWD=(?P<directory>(?:(?! ; USER=).)*) ; USER=(?P<effective>\S+) ;"
        r"(?: GROUP=(?P<group>\S+) ;)?(?: ENV=(?:(?! ; COMMAND=).)* ;)? "
        r"COMMAND=(?P<command>(?:(?! ; COMMAND=).)*)",
        "authentication",
        "start",
        "sudo",
        "failure",
    ),
    rule(r"\s*(?P<user>\S+) : .*COMMAND=.*", "process", "start", "sudo", "unknown"),
)
"""The last one is of a directory or command that looks like columns: nothing of it is believed."""

SU = (
    rule(
        r"\(to (?P<effective>\S+)\) (?P<user>\S+) on (?P<tty>\S+)",
        "authentication",
        "start",
        "su",
        "success",
    ),
    rule(
        r"FAILED SU \(to (?P<effective>\S+)\) (?P<user>\S+) on (?P<tty>\S+)",
        "authentication",
        "start",
        "su",
        "failure",
    ),
    rule(
        r"\+ (?P<tty>\S+) (?P<user>[^\s:]+):(?P<effective>\S+)",
        "authentication",
        "start",
        "su",
        "success",
    ),
    rule(
        r"- (?P<tty>\S+) (?P<user>[^\s:]+):(?P<effective>\S+)",
        "authentication",
        "start",
        "su",
        "failure",
    ),
)

PAM = (
    rule(
        r"pam_\w+\((?P<service>[^:)]+):session\): session opened for user "
        rf"(?P<user>[^\s(]+){_UID} by (?P<by>[^\s(]*)(?:\(uid=\d+\))?",
        "session",
        "start",
        "session_opened",
        "success",
    ),
    rule(
        r"pam_\w+\((?P<service>[^:)]+):session\): session closed for user (?P<user>\S+)",
        "session",
        "end",
        "session_closed",
        "success",
    ),
    rule(
        rf"pam_\w+\((?P<service>[^:)]+):auth\): authentication failure; {_PAM_FAILURE}",
        "authentication",
        "start",
        "pam_authentication",
        "failure",
    ),
    rule(
        rf"PAM (?P<times>\d{{1,6}}) more authentication failures?; {_PAM_FAILURE}",
        "authentication",
        "start",
        "pam_authentication",
        "failure",
    ),
    rule(
        r"pam_\w+\((?P<service>[^:)]+):chauthtok\): password changed for (?P<target>\S+)",
        "iam",
        "user change",
        "password_changed",
        "success",
    ),
    rule(
        r"pam_\w+\((?P<service>[^:)]+):auth\): Consecutive login failures for user (?P<user>.*) "
        r"account temporarily locked",
        "authentication",
        "info",
        "account_locked",
        "failure",
    ),
)
"""Written by whatever program asks PAM."""

LOGIND = (
    rule(
        r"New session '?(?P<session>[^\s']+)'? of user '?(?P<user>[^\s']+?)'?(?: with .*)?\.?",
        "session",
        "start",
        "session_started",
        "success",
    ),
    rule(
        r"Session (?P<session>\S+) logged out\. .*|Removed session (?P<removed_session>\S+?)\.",
        "session",
        "end",
        "session_ended",
        "success",
    ),
)
