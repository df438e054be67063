# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Where copies of a log group go, and what keeps them from it.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, iam, kms

from local.aws import roles
from local.aws.centralisation.rule import Json, Rule, Source
from local.aws.organizations import ROOT_ID, units_above
from local.aws.settings import ORGANISATION_ID

PRINCIPAL: Final = "logs-centralization.observabilityadmin.amazonaws.com"
"""Who the service-linked role of the destination's account trusts:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-service-linked-roles.html"""

LONGEST_GROUP: Final = 512
"""Characters: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"""


class Destination(NamedTuple):
    """A log group to copy to.

    Attributes:
        account: Account of the rule's destination.
        region: Region of it, or of its backup.
        log_group: Name that the rule's pattern gives.
        key_arn: Key that a new group is encrypted with; empty for AWS's own.
        skips_others: Whether a group that is there without the key is left alone.
    """

    account: str
    region: str
    log_group: str
    key_arn: str
    skips_others: bool


def destinations(rule: Rule, source: Source) -> Iterator[Destination]:
    """The log groups that a rule copies to: one, and its backup; never the source itself."""
    encryption = rule.logs.get("LogsEncryptionConfiguration") or {}
    backup = rule.logs.get("BackupConfiguration")
    for place in (rule.destination | {"KmsKeyArn": encryption.get("KmsKeyArn")}, backup):
        found = _destination(rule, source, place, encryption) if place else None
        if found and found[:3] != source[:3]:
            yield found


def _destination(rule: Rule, source: Source, place: Json, encryption: Json) -> Destination:
    is_for_all = encryption.get("EncryptionScope") == "NEW_DESTINATION_LOG_GROUPS"
    is_ours = encryption.get("EncryptionStrategy") == "CUSTOMER_MANAGED"
    with_key = is_ours and (is_for_all or source.is_encrypted)
    return Destination(
        account=rule.destination["Account"],
        region=place["Region"],
        log_group=_name(rule, source),
        key_arn=(place.get("KmsKeyArn") or "") if with_key else "",
        skips_others=encryption.get("EncryptionConflictResolutionStrategy") == "SKIP",
    )


def _name(rule: Rule, source: Source) -> str:
    units = units_above(source.account)
    given = rule.logs.get("LogGroupNameConfiguration") or {}
    name: str = given.get("LogGroupNamePattern", "${source.logGroup}")
    for variable, value in {
        "accountId": source.account,
        "region": source.region,
        "org.id": ORGANISATION_ID,
        "org.ouId": units[0],
        "org.rootId": ROOT_ID,
        "org.path": "/".join((ORGANISATION_ID, *reversed(units))),
        "logGroup": source.log_group,
    }.items():
        name = name.replace(f"${{source.{variable}}}", value)
    return name


def unusable(destination: Destination, source: Source) -> str | None:
    """Say why nothing can be put there, or ``None``; in the destination's account and region."""
    if len(destination.log_group) > LONGEST_GROUP:
        return f"InvalidLogGroup: {destination.log_group} is longer than {LONGEST_GROUP}"
    if not any(PRINCIPAL in role.get("Path", "") for role in iam._roles.values()):
        return f"AccessDenied: {get_account_id()} has no service-linked role of {PRINCIPAL}"
    there = cloudwatch_logs._log_groups.get(destination.log_group)
    if there is None:
        return _key_unusable(destination) if destination.key_arn else None
    if destination.key_arn and not there.get("kmsKeyId") and destination.skips_others:
        return f"DestinationEncryptionMismatch: {destination.log_group} of {source.account}"
    return None


def _key_unusable(destination: Destination) -> str | None:
    """The key must be tagged for the centralisation, and let CloudWatch Logs encrypt the group."""
    key = kms._resolve_key(destination.key_arn)
    if key is None or key["KeyState"] != "Enabled":
        return f"InvalidKMS: {destination.key_arn} cannot be used"
    if {"TagKey": "LogsManaged", "TagValue": "true"} not in key.get("Tags", []):
        return f"AccessDenied: {destination.key_arn} has no tag LogsManaged = true"
    own = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{destination.log_group}"
    return roles.service_denied(
        f"logs.{get_region()}.amazonaws.com",
        "kms:GenerateDataKey",
        destination.key_arn,
        key["Policy"],
        keys={"kms:encryptioncontext:aws:logs:arn": own},
    )
