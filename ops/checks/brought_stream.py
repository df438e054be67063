"""Whether the stream that the deployment is given is as it is configured."""

from collections.abc import Mapping
from typing import Any

from infra.config import DeploymentConfig
from infra.config.stream import Stream
from ops.answer import Answer, error, ok, warning
from ops.refusal import unless
from ops.view import View

NO_STREAM = {"ResourceNotFoundException"}
MAKES_ONE = "without [stream] existing the deployment makes one"


def streams(config: DeploymentConfig) -> Mapping[str, str]:
    """The stream, likewise."""
    return {"[stream] existing": config.stream.existing} if config.stream.existing else {}


def stream_usable(arn: str, view: View) -> Answer:
    """The stream is active, encrypted with the key, and remembers as long as is configured.

    Reference: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html
    """
    kinesis, wanted = view.client("kinesis"), view.config.stream
    described = unless(NO_STREAM, lambda: kinesis.describe_stream_summary(StreamARN=arn))
    if described is None:
        return error(
            f"no stream {arn}",
            f"a stream of this account and region; {MAKES_ONE}",
            "the right [stream] existing",
        )
    found = described["StreamDescriptionSummary"]
    if found["StreamStatus"] not in {"ACTIVE", "UPDATING"}:
        return error(found["StreamStatus"], "ACTIVE", "wait until it is made, or make it again")
    return _encrypted(found, view) or _remembers(found, view) or _as_configured(found, wanted)


def _encrypted(found: Mapping[str, Any], view: View) -> Answer | None:
    key, used = str(view.config.key.existing), found.get("KeyId", "")
    if found.get("EncryptionType") == "KMS" and used and used in {key, key.rpartition("/")[2]}:
        return None
    return error(
        f"encrypted with {used or 'nothing'}",
        f"{key}, the only key that roles may use",
        f"aws kinesis start-stream-encryption --stream-name {found['StreamName']} "
        f"--encryption-type KMS --key-id {key}",
    )


def _remembers(found: Mapping[str, Any], view: View) -> Answer | None:
    hours, wanted = found["RetentionPeriodHours"], view.config.stream.retention_hours
    if hours >= wanted:
        return None
    return error(
        f"remembers {hours} hours",
        f"{wanted} or more: batches are tried for as long as [stream] retention_hours says",
        f"aws kinesis increase-stream-retention-period --stream-name {found['StreamName']} "
        f"--retention-period-hours {wanted}, or [stream] retention_hours = {hours}",
    )


def _as_configured(found: Mapping[str, Any], wanted: Stream) -> Answer:
    mode = found.get("StreamModeDetails", {}).get("StreamMode", "PROVISIONED").lower()
    shards = found["OpenShardCount"]
    if mode != wanted.mode:
        return warning(f"mode {mode}", f"{wanted.mode}, as configured", f'[stream] mode = "{mode}"')
    if mode == "provisioned" and shards < wanted.shards:
        return warning(
            f"{shards} shards",
            f"{wanted.shards}, as configured",
            f"aws kinesis update-shard-count --stream-name {found['StreamName']} "
            f"--target-shard-count {wanted.shards} --scaling-type UNIFORM_SCALING",
        )
    return ok(f"{mode}, {shards} shards, {found['RetentionPeriodHours']} hours")
