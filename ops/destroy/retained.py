"""What stacks leave behind because they retain it, kind by kind: whether it is there, what ends it.

Whose it is, CloudFormation remembers: only what a deleted stack of the deployment has retained,
and no other stack has now, is touched. Kinds without a row are left to Cloud Control, which knows
most.

Reference: https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations.html
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from botocore.exceptions import ClientError

from ops.command import Say
from ops.destroy.buckets import empty
from ops.refusal import code, unless

type Client = Any
"""A boto3 client of the kind's service."""

KEY_DAYS: Final = 7
"""The shortest time in which a key can be kept from deletion:
https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html"""

PARTS: Final = frozenset({"AWS::Logs::LogStream", "AWS::S3::BucketPolicy"})
"""Kinds that go with what they are part of."""

ABSENT: Final = frozenset(
    {
        "404",
        "NoSuchBucket",
        "NotFoundException",
        "ResourceNotFoundException",
        "AWS.SimpleQueueService.NonExistentQueue",
        "QueueDoesNotExist",
        "StackSetNotFoundException",
    }
)

NOT_CONTROLLED: Final = frozenset(
    {"UnsupportedActionException", "TypeNotFoundException", "ValidationException"}
)


class Kind(NamedTuple):
    """One kind of thing.

    Attributes:
        service: Whose client asks.
        look: Asks for it; says by a code of ``ABSENT``, or by nothing, that it is not there.
        remove: Ends it.
        command: The same by hand; ``{id}`` and ``{region}`` are filled in.
    """

    service: str
    look: Callable[[Client, str], object]
    remove: Callable[[Client, str, Say], object]
    command: str


def is_there(kind: Kind, client: Client, id_: str) -> bool:
    """Whether it is there, and not on its way out."""
    return bool(unless(ABSENT, lambda: kind.look(client, id_)))


def kind_of(type_: str) -> Kind:
    """The kind's row; Cloud Control's for what has none."""
    return KINDS.get(type_) or _controlled(type_)


def _controlled(type_: str) -> Kind:
    def look(api: Client, id_: str) -> object:
        try:
            return api.get_resource(TypeName=type_, Identifier=id_)
        except ClientError as refused:
            if code(refused) in NOT_CONTROLLED:
                return True  # nobody can tell: it is shown, and by hand removed
            raise

    return Kind(
        "cloudcontrol",
        look,
        lambda api, id_, _say: api.delete_resource(TypeName=type_, Identifier=id_),
        f"aws cloudcontrol delete-resource --type-name {type_} --identifier {{id}} "
        "--region {region}",
    )


def _key(kms: Client, id_: str) -> bool:
    return bool(kms.describe_key(KeyId=id_)["KeyMetadata"]["KeyState"] != "PendingDeletion")


def _stream(kinesis: Client, id_: str) -> bool:
    told = kinesis.describe_stream_summary(StreamName=id_)["StreamDescriptionSummary"]
    return bool(told["StreamStatus"] != "DELETING")


def _domain(opensearch: Client, id_: str) -> bool:
    return not opensearch.describe_domain(DomainName=id_)["DomainStatus"].get("Deleted", False)


def _destination(logs: Client, id_: str) -> bool:
    told = logs.describe_destinations(DestinationNamePrefix=id_)["destinations"]
    return any(found["destinationName"] == id_ for found in told)


def _log_group(logs: Client, id_: str) -> bool:
    told = logs.describe_log_groups(logGroupNamePrefix=id_)["logGroups"]
    return any(found["logGroupName"] == id_ for found in told)


def _remove_bucket(s3: Client, id_: str, say: Say) -> None:
    empty(s3, id_, say)
    s3.delete_bucket(Bucket=id_)


def _remove_key(kms: Client, id_: str, say: Say) -> None:
    told = kms.schedule_key_deletion(KeyId=id_, PendingWindowInDays=KEY_DAYS)
    say(f"key {id_} goes on {told['DeletionDate']:%Y-%m-%d}; AWS gives it {KEY_DAYS} days at least")


def _stack_set_name(id_: str) -> dict[str, str]:
    return {"StackSetName": id_.partition(":")[0], "CallAs": "DELEGATED_ADMIN"}


KINDS: Mapping[str, Kind] = {
    "AWS::CloudFormation::StackSet": Kind(
        "cloudformation",
        lambda api, id_: api.describe_stack_set(**_stack_set_name(id_)),
        lambda api, id_, _say: api.delete_stack_set(**_stack_set_name(id_)),
        "aws cloudformation delete-stack-set --call-as DELEGATED_ADMIN --stack-set-name {id} "
        "--region {region}",
    ),
    "AWS::KMS::Key": Kind(
        "kms",
        _key,
        _remove_key,
        f"aws kms schedule-key-deletion --pending-window-in-days {KEY_DAYS} --key-id {{id}} "
        "--region {region}; what it has encrypted is lost then",
    ),
    "AWS::Kinesis::Stream": Kind(
        "kinesis",
        _stream,
        lambda api, id_, _say: api.delete_stream(StreamName=id_, EnforceConsumerDeletion=True),
        "aws kinesis delete-stream --enforce-consumer-deletion --stream-name {id} "
        "--region {region}",
    ),
    "AWS::Logs::Destination": Kind(
        "logs",
        _destination,
        lambda api, id_, _say: api.delete_destination(destinationName=id_),
        "aws logs delete-destination --destination-name {id} --region {region}",
    ),
    "AWS::Logs::LogGroup": Kind(
        "logs",
        _log_group,
        lambda api, id_, _say: api.delete_log_group(logGroupName=id_),
        "aws logs delete-log-group --log-group-name {id} --region {region}",
    ),
    "AWS::OpenSearchService::Domain": Kind(
        "opensearch",
        _domain,
        lambda api, id_, _say: api.delete_domain(DomainName=id_),
        "aws opensearch delete-domain --domain-name {id} --region {region}",
    ),
    "AWS::S3::Bucket": Kind(
        "s3",
        lambda api, id_: api.head_bucket(Bucket=id_),
        _remove_bucket,
        "python -m ops destroy --data remove, which empties it",
    ),
    "AWS::SQS::Queue": Kind(
        "sqs",
        lambda api, id_: api.get_queue_attributes(QueueUrl=id_, AttributeNames=["QueueArn"]),
        lambda api, id_, _say: api.delete_queue(QueueUrl=id_),
        "aws sqs delete-queue --queue-url {id} --region {region}",
    ),
}
