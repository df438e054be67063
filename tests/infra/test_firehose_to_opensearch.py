"""What the construct promises that CDK does not have."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from infra.constructs.common.log_group import own_log_group
from infra.constructs.search.firehose_to_opensearch import Buffering, FirehoseToOpenSearch
from tests.infra.deployment import empty_stack, template_of

DOMAIN = "arn:aws:es:us-east-1:111111111111:domain/logs"


def delivery(stack: cdk.Stack, **changes: Any) -> FirehoseToOpenSearch:
    key = kms.Key(stack, "Key")
    given: dict[str, Any] = {
        "domain_arn": DOMAIN,
        "index": "inbox",
        "bucket": s3.Bucket(stack, "Bucket", encryption_key=key),
        "failed_prefix": "failed/",
        "log_group": own_log_group(stack, "delivery", retention_days=7),
        "key": key,
    }
    return FirehoseToOpenSearch(stack, "Delivery", **given | changes)


def properties(**changes: Any) -> dict[str, Any]:
    stack = empty_stack()
    delivery(stack, **changes)
    return template_of(stack).one("AWS::KinesisFirehose::DeliveryStream")


def destination(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = properties(**changes)["AmazonopensearchserviceDestinationConfiguration"]
    return found


def test_each_record_becomes_one_document_of_the_named_index() -> None:
    found = destination()

    assert (found["DomainARN"], found["IndexName"]) == (DOMAIN, "inbox")
    assert found["IndexRotationPeriod"] == "NoRotation"
    assert "ProcessingConfiguration" not in found


def test_the_domain_names_documents_so_that_its_pipeline_can() -> None:
    assert destination()["DocumentIdOptions"] == {"DefaultDocumentIdFormat": "NO_DOCUMENT_ID"}


def test_records_are_put_by_producers_and_encrypted_with_the_key() -> None:
    found = properties()

    assert found["DeliveryStreamType"] == "DirectPut"
    encryption = found["DeliveryStreamEncryptionConfigurationInput"]
    assert encryption["KeyType"] == "CUSTOMER_MANAGED_CMK"
    assert encryption["KeyARN"]["Fn::GetAtt"][0].startswith("Key")


def test_refused_documents_are_kept_below_the_prefix_with_their_error() -> None:
    found = destination()
    bucket = found["S3Configuration"]

    assert found["S3BackupMode"] == "FailedDocumentsOnly"
    assert bucket["Prefix"] == "failed/"
    assert bucket["ErrorOutputPrefix"] == (
        "failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/"
    )
    assert bucket["EncryptionConfiguration"]["KMSEncryptionConfig"]["AWSKMSKeyARN"]


def test_errors_of_both_destinations_are_logged() -> None:
    found = destination()

    logged = [
        found["CloudWatchLoggingOptions"],
        found["S3Configuration"]["CloudWatchLoggingOptions"],
    ]

    assert [(o["Enabled"], o["LogStreamName"]) for o in logged] == [
        (True, "documents"),
        (True, "failed"),
    ]


def test_only_firehose_for_this_account_takes_the_role() -> None:
    stack = empty_stack()
    delivery(stack)

    role = template_of(stack).one("AWS::IAM::Role")

    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "111111111111"}},
            "Effect": "Allow",
            "Principal": {"Service": "firehose.amazonaws.com"},
            "Sid": "DeliverForThisAccount",
        }
    ]


def test_who_is_let_puts_batches_on_this_stream_only() -> None:
    stack = empty_stack()
    producer = iam.Role(stack, "Producer", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    made = delivery(stack)
    made.grant_put_records(producer)

    logical_id = stack.get_logical_id(made.delivery)

    assert template_of(stack).allowed("Producer") == {
        ("firehose:PutRecordBatch", f"<{logical_id}.Arn>")
    }


def test_metrics_are_those_of_this_stream() -> None:
    stack = empty_stack()
    made = delivery(stack)

    metric = made.metric_data_freshness()

    assert (metric.namespace, metric.statistic) == ("AWS/Firehose", "Maximum")
    assert metric.metric_name == "DeliveryToAmazonOpenSearchService.DataFreshness"
    assert metric.dimensions == {"DeliveryStreamName": made.name}


@pytest.mark.parametrize("seconds", [0, 900])
def test_buffering_intervals_within_the_limit_are_passed_on(seconds: int) -> None:
    hints = destination(buffering=Buffering(interval=cdk.Duration.seconds(seconds)))

    assert hints["BufferingHints"]["IntervalInSeconds"] == seconds


def test_a_longer_buffering_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="901 seconds: expected 0 to 900"):
        Buffering(interval=cdk.Duration.seconds(901))


@pytest.mark.parametrize("size", [1, 100])
def test_buffering_sizes_within_the_limit_are_passed_on(size: int) -> None:
    hints = destination(buffering=Buffering(size=cdk.Size.mebibytes(size)))

    assert hints["BufferingHints"]["SizeInMBs"] == size


@pytest.mark.parametrize("size", [0, 101])
def test_other_buffering_sizes_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"{size} MiB: expected 1 to 100"):
        Buffering(size=cdk.Size.mebibytes(size))


@pytest.mark.parametrize("seconds", [0, 7_200])
def test_retries_within_the_limit_are_passed_on(seconds: int) -> None:
    found = destination(retry=cdk.Duration.seconds(seconds))

    assert found["RetryOptions"] == {"DurationInSeconds": seconds}


def test_a_longer_retry_is_refused() -> None:
    with pytest.raises(ValueError, match="7201 seconds: expected 0 to 7200"):
        properties(retry=cdk.Duration.seconds(7_201))


def test_an_index_name_of_80_characters_is_passed_on() -> None:
    assert destination(index="i" * 80)["IndexName"] == "i" * 80


@pytest.mark.parametrize("name", ["", "i" * 81])
def test_other_index_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected 1 to 80 characters"):
        properties(index=name)
