"""Users and groups that come, change and go: the messages of shadow's commands.

Reference: https://github.com/shadow-maint/shadow
"""

from logcore.formats.linux.rule import rule

_NAME = r"'?(?P<target>[^\s',]+)'?"
_GROUP = r"'?(?P<group>[^\s',]+)'?"

ACCOUNTS = (
    rule(
        r"new user: name=(?P<target>[^\s,]+), UID=(?P<target_uid>\d+), GID=(?P<gid>\d+), "
        r"home=(?P<home>[^,]*), shell=(?P<shell>[^,]*)(?:, from=(?P<tty>.*))?",
        "iam",
        "user creation",
        "user_added",
        "success",
    ),
    rule(
        rf"failed adding user {_NAME}(?:, (?P<reason>.*))?",
        "iam",
        "user creation",
        "user_added",
        "failure",
    ),
    rule(rf"delete user {_NAME}", "iam", "user deletion", "user_removed", "success"),
    rule(
        r"new group: name=(?P<group>[^\s,]+), GID=(?P<gid>\d+)",
        "iam",
        "group creation",
        "group_added",
        "success",
    ),
    rule(
        rf"group {_GROUP} removed|removed group '?(?P<removed_group>[^\s']+)'?(?: owned by .*)?",
        "iam",
        "group deletion",
        "group_removed",
        "success",
    ),
    rule(
        rf"add {_NAME} to group {_GROUP}",
        "iam",
        "group change",
        "user_added_to_group",
        "success",
    ),
    rule(
        rf"delete {_NAME} from group {_GROUP}",
        "iam",
        "group change",
        "user_removed_from_group",
        "success",
    ),
    rule(
        r"user (?P<target>\S+) added by (?P<user>\S+) to group (?P<group>\S+)",
        "iam",
        "group change",
        "user_added_to_group",
        "success",
    ),
    rule(
        r"user (?P<target>\S+) removed by (?P<user>\S+) from group (?P<group>\S+)",
        "iam",
        "group change",
        "user_removed_from_group",
        "success",
    ),
    rule(
        rf"(?P<what>lock|unlock) user {_NAME} password",
        "iam",
        "user change",
        "user_changed",
        "success",
    ),
    rule(rf"change user {_NAME} (?P<what>.*)", "iam", "user change", "user_changed", "success"),
    rule(
        rf"changed? password (?:expiry )?for {_NAME}",
        "iam",
        "user change",
        "password_changed",
        "success",
    ),
)
"""A line for ``/etc/gshadow``, or a shadow group, repeats another's and is of none of these."""
