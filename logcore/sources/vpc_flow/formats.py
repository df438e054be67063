"""Which column of a flow log line is which field: AWS's own lists, and those a deployment states.

Reference: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-fields
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import accumulate
from typing import Any

from logcore.errors import ConfigurationError

# In the order of AWS's table. A list of all fields up to a version is a beginning of this one.
FIELDS_BY_VERSION = {
    2: "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
    " start end action log-status",
    3: "vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr",
    4: "region az-id sublocation-type sublocation-id",
    5: "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path",
    7: "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id"
    " ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn"
    " ecs-task-arn ecs-task-id",
    8: "reject-reason",
    9: "resource-id",
    10: "encryption-status",
}
KNOWN_FIELDS = " ".join(FIELDS_BY_VERSION.values()).split()

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_GATEWAY = "tgw"  # begins names that only flow logs of transit gateways have, under the same keys

_TELLS_FLOWS_APART = frozenset(
    ["interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "start", "end"]
)
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}\Z")


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """The columns of a line.

    Attributes:
        columns: Field names with underscores, such as ``log_status``, in the line's order.
        is_natural: Whether a line has all that tells two flow records apart: interface, 5-tuple
            and window. Without them two equal lines may be two records.
    """

    columns: tuple[str, ...]
    is_natural: bool


def _format(names: list[str]) -> Format:
    columns = tuple(name.replace("-", "_") for name in names)
    return Format(columns, set(names) >= _TELLS_FLOWS_APART)


_LISTS = [
    text.split()
    for text in accumulate(FIELDS_BY_VERSION.values(), lambda left, right: f"{left} {right}")
]
DEFAULT = _format(_LISTS[0])
BY_COLUMN_COUNT = {len(names): _format(names) for names in _LISTS}
"""The format to assume where none is stated: every field up to some version, in AWS's order."""


@lru_cache(maxsize=1_024)
def from_header(line: str) -> Format | None:
    """The format that the first line of an object names; ``None`` for a line that is no header.

    Any columns in any order: most of the names must be known, so that a field that AWS adds one
    day costs itself only.

    Reference: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
    """
    names = line.split()
    if len(set(names)) != len(names) or not all(map(_NAME.fullmatch, names)):
        return None
    known = sum(name in KNOWN_FIELDS for name in names)
    is_gateway = any(name.startswith(_GATEWAY) for name in names)
    return _format(names) if known > max(1, len(names) // 2) and not is_gateway else None


class StatedFormats:
    """The formats that a deployment states for its log groups.

    Args:
        options: ``{"formats": {"/teams/*/flows": "${version} ${srcaddr} ${dstaddr} ..."}}``: by
            pattern of log group, exactly what was given to the flow log. Field names without
            ``${}`` are taken too. The first pattern that matches counts.

    Raises:
        ConfigurationError: an option or a field is unknown, a field stands twice, a format is empty
            or no text; the detail names it.

    Attributes:
        patterns: The patterns, in their order.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        if unknown := sorted(set(options) - {"formats"}):
            raise ConfigurationError("option_unknown", f"vpc_flow has no option {unknown[0]!r}")
        formats = options.get("formats", {})
        if not isinstance(formats, Mapping):
            found = type(formats).__name__
            raise ConfigurationError("format_unusable", f"formats is {found}, expected a table")
        self._formats = {pattern: _stated(pattern, text) for pattern, text in formats.items()}
        self.patterns = tuple(self._formats)
        self.of = lru_cache(maxsize=4_096)(self._of)

    def _of(self, log_group: str) -> Format | None:
        """The format of a log group, if one is stated."""
        matching = (f for p, f in self._formats.items() if fnmatchcase(log_group, p))
        return next(matching, None)


def _stated(pattern: str, text: object) -> Format:
    if not isinstance(text, str) or not text.split():
        raise ConfigurationError("format_unusable", f"the format of {pattern!r} has no field")
    names = [_PLACEHOLDER.sub(r"\1", word) for word in text.split()]
    for name in names:
        if name not in KNOWN_FIELDS:
            detail = f"no flow log field {name!r} in the format of {pattern!r}"
            raise ConfigurationError("flow_field_unknown", detail)
        if names.count(name) > 1:
            detail = f"{name!r} stands twice in the format of {pattern!r}"
            raise ConfigurationError("flow_field_twice", detail)
    return _format(names)
