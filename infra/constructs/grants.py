"""What a role needs for one thing, action by action, where CDK's own grants give more.

CDK's ``grant_put`` brings ``s3:Abort*``, object locks and tags, and every way to use the key.
Each function here gives the list of an AWS page and nothing else; apply what it returns before
the resource that is checked for these rights when it is created.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from infra.acknowledge import acknowledge_wildcard
from infra.config_sections import LogBucket
from infra.enrichment import Located

type Reader = Literal["lambda", "firehose"]
"""Which service polls a stream."""

POLLS: Final[dict[Reader, tuple[str, ...]]] = {
    "firehose": ("DescribeStream", "GetRecords", "GetShardIterator", "ListShards"),
    "lambda": (
        *("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator"),
        *("ListShards", "ListStreams", "SubscribeToShard"),
    ),
}
"""What each asks of its role; Lambda checks all of it before it makes an event source mapping.

References:
    - https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaKinesisExecutionRole.html
    - https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
"""


def grant_put_objects(role: iam.Role, bucket: s3.IBucket, key: kms.IKey, prefix: str) -> iam.Grant:
    """Let a role write objects below a prefix of an encrypted bucket.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    objects = _below(role, bucket, (prefix,))
    return _allow(role, ["s3:PutObject"], objects).combine(_grant_encrypt(role, key))


def grant_put_object(role: iam.Role, bucket: s3.IBucket, key: kms.IKey, name: str) -> iam.Grant:
    """Let a role write one object of an encrypted bucket."""
    return _allow(role, ["s3:PutObject"], [bucket.arn_for_objects(name)]).combine(
        _grant_encrypt(role, key)
    )


def grant_get_objects(role: iam.Role, objects: Iterable[Located], key: kms.IKey) -> None:
    """Let a role read objects by their whole name, and use the keys that they are encrypted with.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    for found in objects:
        _allow(role, ["s3:GetObject"], [found.arn])
        _allow(role, ["kms:Decrypt"], [found.key_arn or key.key_arn])


def grant_deliver_objects(
    role: iam.Role, bucket: s3.IBucket, key: kms.IKey, prefixes: Sequence[str]
) -> iam.Grant:
    """Let Firehose deliver to prefixes of an encrypted bucket.

    Reference: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
    """
    of_objects = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    of_bucket = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    return (
        _allow(role, of_objects, _below(role, bucket, prefixes))
        .combine(_allow(role, of_bucket, [bucket.bucket_arn]))
        .combine(_grant_encrypt(role, key))
    )


def grant_read_stream(
    role: iam.Role, stream: kinesis.IStream, key: kms.IKey, *, reader: Reader
) -> iam.Grant:
    """Let Lambda or Firehose poll an encrypted stream."""
    polls = [f"kinesis:{action}" for action in POLLS[reader]]
    return _allow(role, polls, [stream.stream_arn]).combine(
        _allow(role, ["kms:Decrypt"], [key.key_arn])
    )


def grant_write_stream(role: iam.Role, stream: kinesis.IStream, key: kms.IKey) -> iam.Grant:
    """Let EventBridge put events on an encrypted stream.

    Reference: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
    """
    return _allow(role, ["kinesis:PutRecord", "kinesis:PutRecords"], [stream.stream_arn]).combine(
        _allow(role, ["kms:GenerateDataKey"], [key.key_arn])
    )


def grant_read_objects(role: iam.Role, bucket: LogBucket) -> iam.Grant:
    """Let a role read the log files of a bucket.

    Without the right to list, S3 says that an object which is gone is forbidden, and nobody could
    tell the two apart.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    arn = f"arn:{cdk.Stack.of(role).partition}:s3:::{bucket.name}"
    objects = f"{arn}/{bucket.prefix}*"
    acknowledge_wildcard(
        role, objects, "Log files are named by their writers; the deployment says below what prefix"
    )
    granted = _allow(role, ["s3:GetObject", "s3:GetObjectVersion"], [objects]).combine(
        _allow(role, ["s3:ListBucket"], [arn])
    )
    if bucket.key_arn:
        granted = granted.combine(_allow(role, ["kms:Decrypt"], [bucket.key_arn]))
    return granted


def grant_take_messages(role: iam.Role, queue: sqs.IQueue, key: kms.IKey) -> iam.Grant:
    """Let Lambda poll an encrypted queue.

    Reference: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaSQSQueueExecutionRole.html
    """
    polls = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    return _allow(role, polls, [queue.queue_arn]).combine(
        _allow(role, ["kms:Decrypt"], [key.key_arn])
    )


def grant_send_messages(role: iam.Role, queue: sqs.IQueue, key: kms.IKey) -> iam.Grant:
    """Let a role send messages to an encrypted queue.

    Reference: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    return _allow(role, ["sqs:SendMessage"], [queue.queue_arn]).combine(_grant_encrypt(role, key))


def grant_read_secret(role: iam.Role, secret: str) -> iam.Grant:
    """Let a role read one secret, which the account's default key encrypts.

    Reference: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html
    """
    return _allow(role, ["secretsmanager:GetSecretValue"], [secret])


def _grant_encrypt(role: iam.Role, key: kms.IKey) -> iam.Grant:
    return _allow(role, ["kms:Decrypt", "kms:GenerateDataKey"], [key.key_arn])


def _below(role: iam.Role, bucket: s3.IBucket, prefixes: Sequence[str]) -> list[str]:
    """The ARNs of all objects below prefixes; that they end in a wildcard is acknowledged."""
    for prefix in prefixes:
        acknowledge_wildcard(
            role,
            f"{_arn_as_seen_by(role, bucket)}/{prefix}*",
            f"Objects are named by their time; the role writes below {prefix} and nowhere else",
        )
    return [bucket.arn_for_objects(f"{prefix}*") for prefix in prefixes]


def _arn_as_seen_by(role: iam.Role, bucket: s3.IBucket) -> str:
    """The bucket's ARN, or the export that CDK makes of it for another stack."""
    owner = cdk.Stack.of(bucket)
    if owner.node.path == cdk.Stack.of(role).node.path:
        return bucket.bucket_arn
    return str(owner.export_value(bucket.bucket_arn))


def _allow(role: iam.Role, actions: list[str], resources: list[str]) -> iam.Grant:
    return iam.Grant.add_to_principal(grantee=role, actions=actions, resource_arns=resources)
