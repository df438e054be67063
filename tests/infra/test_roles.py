"""Each role may do what it must: action by action, resource by resource."""

import pytest

from infra.constructs.search.delivery import Delivery
from tests.infra.deployment import Deployment, Template, flat

STREAM = "<IngestStream404D06C0.Arn>"
BUCKET = "<ExportsOutputFnGetAttArchiveBucket49F1AC64Arn3FBD647E>"
KEY = "<ExportsOutputFnGetAttKey9BCD29C7ArnF1FF2E93>"
DOMAIN = "arn:aws:es:us-east-1:111111111111:domain/central-logs"
SNAPSHOT = (
    "arn:<AWS::Partition>:s3:::<ExportsOutputRefArchiveBucket49F1AC64975B769B>"
    "/enrichment/organisation.json"
)
ENCRYPT = {("kms:Decrypt", KEY), ("kms:GenerateDataKey", KEY)}


def writes_log(group: str) -> set[tuple[str, str]]:
    return {("logs:CreateLogStream", f"<{group}.Arn>"), ("logs:PutLogEvents", f"<{group}.Arn>")}


def delivers_to(*prefixes: str) -> set[tuple[str, str]]:
    """What an S3 destination needs.

    Reference: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
    """
    of_objects = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject")
    of_bucket = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
    objects = {(action, f"{BUCKET}/{prefix}*") for action in of_objects for prefix in prefixes}
    return objects | {(action, BUCKET) for action in of_bucket} | ENCRYPT


NORMALISE = (
    writes_log("NormaliseFunctionLogsBFB09F3E")
    | ENCRYPT
    | {
        (f"kinesis:{action}", STREAM)
        for action in (
            *("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator"),
            *("ListShards", "ListStreams", "SubscribeToShard"),
        )
    }
    | {
        ("sqs:SendMessage", "<NormaliseSetAside98779F55.Arn>"),
        ("firehose:PutRecordBatch", "<DeliveryStreamDeliveryA396167E.Arn>"),
        ("s3:PutObject", f"{BUCKET}/rejects/*"),
        ("s3:GetObject", SNAPSHOT),
    }
)


def test_normalise_reads_the_stream_and_writes_documents_and_rejects(pipeline: Template) -> None:
    assert pipeline.allowed("NormaliseFunctionRole") == NORMALISE


def test_the_direct_sink_adds_posting_to_the_domain_and_only_that(production: Deployment) -> None:
    assert {d.sink for d in production.config.datasets.values()} == {"firehose", "direct"}
    assert production.stack("pipeline").allowed("NormaliseFunctionRole") == NORMALISE | {
        ("es:ESHttpPost", f"{DOMAIN}/*")
    }


def test_the_archive_reads_the_stream_and_writes_below_its_prefixes(pipeline: Template) -> None:
    reads = ("DescribeStream", "GetRecords", "GetShardIterator", "ListShards")

    assert pipeline.allowed("RawArchiveRole") == (
        {(f"kinesis:{action}", STREAM) for action in reads}
        | delivers_to("raw/", "undelivered/archive/")
        | writes_log("RawArchiveLogs12BDD5CB")
    )


def test_the_delivery_writes_to_the_domain_and_keeps_what_failed(pipeline: Template) -> None:
    described = ("es:DescribeDomain", "es:DescribeDomainConfig", "es:DescribeDomains")
    looked_at = (
        *("_all/_settings", "_cluster/stats", "_nodes", "_nodes/stats", "_nodes/*/stats"),
        *("_stats", "logs-inbox*/_mapping/*", "logs-inbox*/_stats"),
    )

    assert pipeline.allowed("DeliveryStreamRole") == (
        {(action, DOMAIN) for action in described}
        | {(f"es:ESHttp{m}", DOMAIN + end) for m in ("Post", "Put") for end in ("", "/*")}
        | {("es:ESHttpGet", f"{DOMAIN}/{path}") for path in looked_at}
        | delivers_to("undelivered/documents/")
        | writes_log("DeliveryLogsE7964E8F")
    )


def test_setup_talks_to_the_domain_and_becomes_its_master(pipeline: Template) -> None:
    master = "<ExportsOutputFnGetAttSearchMasterCB1555CDArnE5E3F3F8>"

    assert pipeline.allowed("SearchSetupFunctionRole") == (
        {(f"es:ESHttp{method}", f"{DOMAIN}/*") for method in ("Get", "Head", "Post", "Put")}
        | {("sts:AssumeRole", master)}
        | writes_log("SearchSetupFunctionLogs1B3DC8FD")
    )


def test_the_provider_calls_the_one_function(pipeline: Template) -> None:
    function = "<SearchSetupFunction647BD1D6.Arn>"

    assert pipeline.allowed("SearchSetupProviderLogsRole") == (
        {("lambda:GetFunction", function), ("lambda:InvokeFunction", function)}
        | writes_log("SearchSetupProviderLogsB41AE6F4")
    )


def test_the_hub_puts_events_on_the_stream(pipeline: Template) -> None:
    assert pipeline.allowed("EventsRole") == {
        ("kinesis:PutRecord", STREAM),
        ("kinesis:PutRecords", STREAM),
        ("kms:GenerateDataKey", KEY),
    }


def test_the_master_changes_the_domain_and_only_the_setup_function_becomes_it(
    search: Template,
) -> None:
    trust = search.one("AWS::IAM::Role", below="SearchMaster")["AssumeRolePolicyDocument"]
    setup = "arn:aws:iam::111111111111:role/central-logs-search-setup"

    assert search.allowed("SearchMaster") == {
        ("es:ESHttpGet", f"{DOMAIN}/*"),
        ("es:ESHttpPut", f"{DOMAIN}/*"),
    }
    assert trust["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": setup}},
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
            "Sid": "OnlyTheSetupFunction",
        }
    ]


def test_the_setup_function_has_the_role_that_the_master_trusts(pipeline: Template) -> None:
    role = pipeline.one("AWS::IAM::Role", below="SearchSetupFunctionRole")

    assert role["RoleName"] == "central-logs-search-setup"


@pytest.mark.parametrize(
    ("checked", "policy"),
    [
        ("DeliveryStreamDelivery", "DeliveryStreamRoleDefaultPolicy"),
        ("RawArchiveDelivery", "RawArchiveRoleDefaultPolicy"),
        ("NormaliseReader", "NormaliseFunctionRoleDefaultPolicy"),
        ("EventsToStream", "EventsRoleDefaultPolicy"),
        ("SearchSetupProviderframework", "SearchSetupProviderLogsRoleDefaultPolicy"),
    ],
)
def test_rights_are_in_place_before_what_is_checked_for_them(
    checked: str, policy: str, pipeline: Template
) -> None:
    resources = pipeline.body["Resources"]
    (waiting,) = [r for name, r in resources.items() if name.startswith(checked)]

    assert [name for name in waiting["DependsOn"] if name.startswith(policy)]


def test_documents_are_granted_by_the_construct_that_delivers_them(sandbox: Deployment) -> None:
    delivery = sandbox.construct("pipeline").node.find_child("Delivery")

    assert isinstance(delivery, Delivery)
    assert flat(sandbox.construct("pipeline").resolve(delivery.stream.arn)) == (
        "<DeliveryStreamDeliveryA396167E.Arn>"
    )
