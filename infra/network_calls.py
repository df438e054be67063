"""What the functions call from within a VPC, for the endpoints that let it through."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra.called_services import reads_secret
from infra.config import DeploymentConfig
from infra.constructs.common.grants import log_objects
from infra.constructs.members.organisation_snapshot import READS
from infra.constructs.network.endpoints import Call
from infra.enrichment import all_objects
from infra.names import ORGANISATION_KEY, REJECT_PREFIX


class Callers(NamedTuple):
    """Who calls from within, and whom.

    Attributes:
        readers: Roles of the functions that normalise.
        objects: Role of the function that reads log files, if there is one.
        setup: Role of the setup function.
        snapshot: Role of the function that reads the organisation, if it is within.
        delivery: ARN of the delivery stream.
        queue: ARN of the queue of announcements.
        master: ARN of the master user's role.
    """

    readers: Sequence[iam.Role]
    objects: iam.Role | None
    setup: iam.Role
    snapshot: iam.Role | None
    delivery: str
    queue: str
    master: str


def calls(config: DeploymentConfig, callers: Callers, bucket: s3.IBucket) -> Iterator[Call]:
    """Every call, as the roles' own policies allow it."""
    readers = [role.role_arn for role in callers.readers]
    deliver, assume = ["firehose:PutRecordBatch"], ["sts:AssumeRole"]
    yield Call("kinesis-firehose", "DeliverDocuments", readers, deliver, [callers.delivery])
    yield Call("sts", "BecomeTheMasterUser", [callers.setup.role_arn], assume, [callers.master])
    rejects = [bucket.arn_for_objects(f"{REJECT_PREFIX}*")]
    yield Call("s3", "KeepRejects", readers, ["s3:PutObject"], rejects)
    lookups = [found.arn for found in all_objects(config.enrichment, bucket)]
    if lookups:
        yield Call("s3", "ReadLookups", readers, ["s3:GetObject"], lookups)
    if reads_secret(config):
        reads, secret = ["secretsmanager:GetSecretValue"], [config.redaction.key_secret]
        yield Call("secretsmanager", "ReadTheRedactionKey", readers, reads, secret)
    if callers.objects:
        yield from _of_objects(config, callers.objects, callers.queue)
    if callers.snapshot:
        yield from _of_snapshot(callers.snapshot, bucket)


def _of_objects(config: DeploymentConfig, role: iam.Role, queue: str) -> Iterator[Call]:
    reader = [role.role_arn]
    buckets, objects = log_objects(role, config.log_buckets)
    yield Call("s3", "ReadLogFiles", reader, ["s3:GetObject", "s3:GetObjectVersion"], objects)
    yield Call("s3", "TellGoneFromForbidden", reader, ["s3:ListBucket"], buckets)
    yield Call("sqs", "SayWhereToGoOn", reader, ["sqs:SendMessage"], [queue])


def _of_snapshot(role: iam.Role, bucket: s3.IBucket) -> Iterator[Call]:
    caller, snapshot = [role.role_arn], [bucket.arn_for_objects(ORGANISATION_KEY)]
    yield Call("s3", "KeepTheSnapshot", caller, ["s3:PutObject"], snapshot)
    reads = [f"organizations:{action}" for action in READS]
    yield Call("organizations", "ReadTheOrganisation", caller, reads, ["*"])
