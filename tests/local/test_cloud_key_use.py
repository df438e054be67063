"""What a customer's key encrypts is written and read by those alone who may use the key."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT
from tests.local import landscape as made

type Json = dict[str, Any]

BEHALF = {"StringLike": {"aws:SourceArn": "arn:aws:logs:us-east-1:*:*"}}
"""As the deployment's own roles trust CloudWatch Logs."""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


@pytest.fixture(scope="module")
def key(cloud: LocalCloud) -> str:
    kms = cloud.client("kms")
    made_key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/ours", TargetKeyId=made_key["KeyId"])
    return str(made_key["Arn"])


@pytest.fixture(scope="module")
def bucket(cloud: LocalCloud, key: str) -> str:
    s3, name = cloud.client("s3"), made.name("sealed")
    s3.create_bucket(Bucket=name)
    rule = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    s3.put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": rule}]},
    )
    s3.put_object(Bucket=name, Key="there", Body=b"1")
    return name


@pytest.fixture(scope="module")
def queue(cloud: LocalCloud, key: str) -> str:
    sqs = cloud.client("sqs")
    found = sqs.create_queue(QueueName=made.name("sealed"), Attributes={"KmsMasterKeyId": key})
    return str(found["QueueUrl"])


def use(key: str, action: str, service: str) -> Json:
    """The right to one use of the key, through one service."""
    name = f"{service}.us-east-1.amazonaws.com"
    return made.allow(action, key) | {"Condition": {"StringEquals": {"kms:ViaService": name}}}


def client(cloud: LocalCloud, service: str, *rights: Json) -> Any:
    """A client that may do anything with its service, and with keys what is said."""
    role = made.role(cloud, CENTRAL_ACCOUNT, made.allow(f"{service}:*"), *rights)
    return made.session(cloud, role, service)


def refusal(call: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return f"{caught.value}"


def test_an_object_is_written_with_the_right_to_make_data_keys(
    cloud: LocalCloud, bucket: str, key: str
) -> None:
    may, may_not = (
        client(cloud, "s3", use(key, action, "s3"))
        for action in ("kms:GenerateDataKey", "kms:Decrypt")
    )

    may.put_object(Bucket=bucket, Key="mine", Body=b"1")

    why = refusal(lambda: may_not.put_object(Bucket=bucket, Key="mine", Body=b"1"))
    assert "kms:GenerateDataKey" in why


def test_an_object_is_read_with_the_right_to_decrypt(
    cloud: LocalCloud, bucket: str, key: str
) -> None:
    may, may_not = (client(cloud, "s3", use(key, "kms:Decrypt", by)) for by in ("s3", "sqs"))

    assert may.get_object(Bucket=bucket, Key="there")["Body"].read() == b"1"

    assert "kms:Decrypt" in refusal(lambda: may_not.get_object(Bucket=bucket, Key="there"))


@pytest.mark.parametrize("missing", ["kms:Decrypt", "kms:GenerateDataKey"])
def test_a_message_is_sent_with_both_rights(
    cloud: LocalCloud, queue: str, key: str, missing: str
) -> None:
    rights = {action: use(key, action, "sqs") for action in ("kms:Decrypt", "kms:GenerateDataKey")}
    may = client(cloud, "sqs", *rights.values())
    may_not = client(cloud, "sqs", *(r for a, r in rights.items() if a != missing))
    entry = {"Id": "1", "MessageBody": "1"}

    may.send_message(QueueUrl=queue, MessageBody="1")
    may.send_message_batch(QueueUrl=queue, Entries=[entry])

    assert missing in refusal(lambda: may_not.send_message(QueueUrl=queue, MessageBody="1"))
    assert missing in refusal(lambda: may_not.send_message_batch(QueueUrl=queue, Entries=[entry]))


def test_a_destination_in_front_of_an_encrypted_stream_needs_the_key_by_its_alias(
    cloud: LocalCloud, key: str
) -> None:
    stream = made.stream(cloud)
    cloud.client("kinesis").start_stream_encryption(
        StreamARN=stream, EncryptionType="KMS", KeyId=key
    )

    def writer(alias: str) -> str:
        condition = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}
        encrypt = made.allow("kms:GenerateDataKey") | {"Condition": condition}
        put = made.allow("kinesis:PutRecord", stream)
        return made.role(cloud, "logs.amazonaws.com", put, encrypt, condition=BEHALF)

    made.destination(cloud, stream, role_arn=writer("alias/ours"))

    theirs = writer("alias/theirs")
    assert "kms:GenerateDataKey" in refusal(
        lambda: made.destination(cloud, stream, role_arn=theirs)
    )
