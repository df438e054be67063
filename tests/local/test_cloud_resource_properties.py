"""Promises of the local cloud's CloudFormation about properties that must arrive."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT
from tests.local import landscape as made
from tests.local.pieces import eventually, make_role
from tests.local.stacks import Stack, resource

LAMBDA_CODE = "def handler(event, context):\n    print('hello from the function')\n"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


def test_properties_of_a_bucket_arrive_and_go(cloud: LocalCloud) -> None:
    s3, stack, name = cloud.client("s3"), Stack(cloud), made.name("bucket")
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/mine"}
    rule = {
        "Id": "old",
        "Status": "Enabled",
        "ExpirationInDays": 400,
        "Transitions": [{"StorageClass": "GLACIER_IR", "TransitionInDays": 30}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
    }
    encryption = [{"ServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
    properties = {
        "Tags": [{"Key": "team", "Value": "a & b"}],
        "BucketEncryption": {"ServerSideEncryptionConfiguration": encryption},
        "LifecycleConfiguration": {"Rules": [rule]},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    }
    stack.create(Bucket=resource("AWS::S3::Bucket", BucketName=name, **properties))

    tags = s3.get_bucket_tagging(Bucket=name)["TagSet"]
    assert {"Key": "team", "Value": "a & b"} in tags
    [found] = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert found["ApplyServerSideEncryptionByDefault"] == default
    assert found["BucketKeyEnabled"] is True
    [kept] = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert kept["Expiration"] == {"Days": 400}
    assert kept["Transitions"] == [{"Days": 30, "StorageClass": "GLACIER_IR"}]
    assert kept["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert kept["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 2}
    controls = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]
    assert controls == properties["OwnershipControls"]

    stack.update(Bucket=resource("AWS::S3::Bucket", BucketName=name))
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=name)


def test_an_upload_with_kms_and_without_a_key_uses_the_managed_key(cloud: LocalCloud) -> None:
    s3, bucket = cloud.client("s3"), made.name("bucket")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", ServerSideEncryption="aws:kms")

    assert s3.head_object(Bucket=bucket, Key="k")["SSEKMSKeyId"].endswith("alias/aws/s3")


def test_a_deny_without_tls_does_not_hit_loopback(cloud: LocalCloud) -> None:
    s3, bucket = cloud.client("s3"), made.name("bucket")
    s3.create_bucket(Bucket=bucket)
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=made.policy(deny))

    writer = made.session(cloud, made.role(cloud, CENTRAL_ACCOUNT, made.allow("s3:*")), "s3")
    assert writer.put_object(Bucket=bucket, Key="k", Body=b"x")["ETag"]


def test_stream_encryption_arrives_and_goes(cloud: LocalCloud) -> None:
    kinesis, stack, name = cloud.client("kinesis"), Stack(cloud), made.name("stream")
    encryption = {"EncryptionType": "KMS", "KeyId": "alias/mine"}
    stack.create(S=resource("AWS::Kinesis::Stream", Name=name, StreamEncryption=encryption))
    before = kinesis.describe_stream(StreamName=name)["StreamDescription"]
    stack.update(S=resource("AWS::Kinesis::Stream", Name=name))
    after = kinesis.describe_stream(StreamName=name)["StreamDescription"]

    assert (before["EncryptionType"], before["KeyId"]) == ("KMS", "alias/mine")
    assert (after["EncryptionType"], after.get("KeyId")) == ("NONE", None)


def test_a_function_logs_to_its_configured_group_and_nowhere_else(cloud: LocalCloud) -> None:
    logs, stack = cloud.client("logs"), Stack(cloud)
    name, group = made.name("function"), made.name("/central-logs/function")
    function = resource(
        "AWS::Lambda::Function",
        FunctionName=name,
        Runtime="python3.13",
        Handler="index.handler",
        Role=make_role(cloud, name, "lambda", [("logs:*", "*")]),
        Code={"ZipFile": LAMBDA_CODE},
        LoggingConfig={"LogGroup": group, "LogFormat": "JSON"},
    )
    stack.create(Group=resource("AWS::Logs::LogGroup", LogGroupName=group), Function=function)
    cloud.client("lambda").invoke(FunctionName=name)

    found = eventually(lambda: logs.filter_log_events(logGroupName=group)["events"], "its logs")

    assert any("hello from the function" in event["message"] for event in found)
    assert logs.describe_log_groups(logGroupNamePrefix="/aws/lambda")["logGroups"] == []


def test_what_is_gone_is_forbidden_to_who_may_not_list(cloud: LocalCloud) -> None:
    bucket = made.name("bucket")
    cloud.client("s3").create_bucket(Bucket=bucket)
    reads = made.allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
    lists = made.allow("s3:ListBucket", f"arn:aws:s3:::{bucket}")

    for rights, told in (((reads,), "AccessDenied"), ((reads, lists), "NoSuchKey")):
        s3 = made.session(cloud, made.role(cloud, CENTRAL_ACCOUNT, *rights), "s3")
        with pytest.raises(ClientError, match=told):
            s3.get_object(Bucket=bucket, Key="gone")
