"""One centralisation rule: what AWS takes as one, and what it selects.

References:
    - https://docs.aws.amazon.com/cloudwatch/latest/observabilityadmin/API_CentralizationRule.html
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
"""

import re
import time
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from local.aws.organizations import belongs, units_above
from local.aws.selection import EVERY_OPERATOR, Selects, compile_selection
from local.aws.settings import ORGANISATION_ID

type Json = dict[str, Any]
"""A rule or a part of it, under the API's names."""

SCOPE_KEYS: Final = frozenset({"OrganizationId", "OrganizationUnitId", "AccountId"})
SCOPE_OPERATORS: Final = frozenset({"=", "IN"})
LONGEST_SELECTION: Final = 2_000  # characters, API_CentralizationRuleSource

_NAME = re.compile(r"[0-9A-Za-z-_.#/]{1,100}")
_PATTERN = re.compile(r"(?:[\._\-/#A-Za-z0-9]+|\$\{[A-Za-z]+(?:\.[A-Za-z]+){1,2}\})+")
_LONGEST_PATTERN = 512


class RuleError(Exception):
    """A refused request.

    Attributes:
        code: The exception's name in the API.
    """

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class Source(NamedTuple):
    """A log group that something was put into.

    Attributes:
        account: Account that it is in.
        region: Region that it is in.
        log_group: Its name.
        is_encrypted: Whether a key of its owner's encrypts it.
    """

    account: str
    region: str
    log_group: str
    is_encrypted: bool


@dataclass(kw_only=True, slots=True)
class Rule:
    """A rule as it was taken.

    Attributes:
        name: Its name, one of its kind in a region.
        creator: Account that made it.
        region: Region that it was made in.
        properties: ``CentralizationRule`` of the API.
    """

    name: str
    creator: str
    region: str
    properties: Json
    created: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)

    @property
    def arn(self) -> str:
        """Its ARN."""
        return arn(self.creator, self.region, self.name)

    @property
    def destination(self) -> Json:
        """Where copies go."""
        found: Json = self.properties["Destination"]
        return found

    @property
    def logs(self) -> Json:
        """How copies are named, encrypted and kept a second time."""
        return self.destination.get("DestinationLogsConfiguration") or {}

    def selects(self, source: Source) -> bool:
        """Whether what is put into a log group is copied."""
        given = self.properties["Source"]
        logs = given.get("SourceLogsConfiguration")
        if logs is None or source.region not in given["Regions"] or not belongs(source.account):
            return False
        if source.is_encrypted and logs["EncryptedLogGroupStrategy"] == "SKIP":
            return False
        place = {
            "OrganizationId": [ORGANISATION_ID],
            "OrganizationUnitId": units_above(source.account),
            "AccountId": [source.account],
        }
        named = {"LogGroupName": [source.log_group]}
        return _scope(given)(place) and _groups(logs)(named)


def arn(creator: str, region: str, name: str) -> str:
    """The ARN of a rule."""
    kind = "organization-centralization-rule"
    return f"arn:aws:observabilityadmin:{region}:{creator}:{kind}/{name}"


def check(name: str, properties: Json) -> None:
    """Check what AWS would refuse.

    Raises:
        RuleError: a name, selection, region or key is not what the API takes.
    """
    if not _NAME.fullmatch(name):
        raise _invalid(f"RuleName {name!r} is not {_NAME.pattern}")
    source, destination = properties["Source"], properties["Destination"]
    if not source.get("Regions"):
        raise _invalid("Source.Regions is empty")
    try:
        _scope(source)
        _groups(source.get("SourceLogsConfiguration") or {})
    except ValueError as error:
        raise _invalid(str(error)) from error
    if not belongs(destination.get("Account", "")):
        raise _invalid(f"{destination.get('Account')} is no account of the organisation")
    _check_logs(destination.get("DestinationLogsConfiguration") or {}, destination["Region"])


def _check_logs(logs: Json, region: str) -> None:
    pattern = (logs.get("LogGroupNameConfiguration") or {}).get("LogGroupNamePattern", "x")
    if not _PATTERN.fullmatch(pattern) or len(pattern) > _LONGEST_PATTERN:
        raise _invalid(f"LogGroupNamePattern {pattern!r} is not {_PATTERN.pattern}")
    encryption = logs.get("LogsEncryptionConfiguration") or {"EncryptionStrategy": "AWS_OWNED"}
    is_ours = encryption["EncryptionStrategy"] == "CUSTOMER_MANAGED"
    if is_ours and f":kms:{region}:" not in encryption.get("KmsKeyArn", ""):
        raise _invalid(f"CUSTOMER_MANAGED needs a KmsKeyArn in {region}")
    if not is_ours and "EncryptionScope" in encryption:
        raise _invalid("EncryptionScope is not valid with AWS_OWNED")
    backup = logs.get("BackupConfiguration") or {"Region": ""}
    if backup["Region"] == region:
        raise _invalid(f"the backup region {region} is the destination's")


def _scope(source: Json) -> Selects:
    return _selection(source.get("Scope", "*"), SCOPE_KEYS, SCOPE_OPERATORS)


def _groups(logs: Json) -> Selects:
    text = logs.get("LogGroupSelectionCriteria", "*")
    return _selection(text, frozenset({"LogGroupName"}), EVERY_OPERATOR)


def _selection(text: str, keys: frozenset[str], operators: frozenset[str]) -> Selects:
    if len(text) > LONGEST_SELECTION:
        raise ValueError(f"{len(text)} characters, {LONGEST_SELECTION} are allowed")
    return compile_selection(text, keys, operators)


def _invalid(words: str) -> RuleError:
    return RuleError("ValidationException", words)
