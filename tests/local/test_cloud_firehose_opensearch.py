"""Promises of the local cloud's delivery streams to OpenSearch."""

import base64
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws.process import LocalCloud, free_port
from local.aws.settings import Settings
from tests.local.fake_opensearch import FakeOpenSearch
from tests.local.pieces import allow, eventually, idle, make_role, objects

DOMAIN = "arn:aws:es:us-east-1:111111111111:domain/central-logs"
BUCKET_RIGHTS = ("s3:*", "arn:aws:s3:::*")
DOMAIN_RIGHTS = (
    ["es:DescribeDomain", "es:DescribeDomains", "es:DescribeDomainConfig", "es:ESHttp*"],
    [DOMAIN, f"{DOMAIN}/*"],
)


@dataclass(frozen=True, slots=True)
class Inbox:
    """A delivery stream with its own role and bucket, all of one name."""

    cloud: LocalCloud
    name: str

    def create(self, **destination: Any) -> None:
        role = f"arn:aws:iam::111111111111:role/{self.name}"
        self.cloud.client("firehose").create_delivery_stream(
            DeliveryStreamName=self.name,
            AmazonopensearchserviceDestinationConfiguration={
                "DomainARN": DOMAIN,
                "IndexName": "logs-inbox",
                "IndexRotationPeriod": "NoRotation",
                "RoleARN": role,
                "S3Configuration": {"BucketARN": f"arn:aws:s3:::{self.name}", "RoleARN": role},
                **destination,
            },
        )

    def put(self, *payloads: bytes) -> None:
        self.cloud.client("firehose").put_record_batch(
            DeliveryStreamName=self.name, Records=[{"Data": payload} for payload in payloads]
        )

    def allow(self, *statements: Any) -> None:
        allow(self.cloud, self.name, statements)

    def objects(self) -> dict[str, bytes]:
        return objects(self.cloud, self.name)

    def failures(self) -> list[dict[str, Any]]:
        return [json.loads(line) for body in self.objects().values() for line in body.splitlines()]

    def refused(self) -> list[str]:
        return [r["reason"] for r in self.cloud.refused() if self.name in r["reason"]]


def make_inbox(cloud: LocalCloud, name: str) -> Inbox:
    cloud.client("s3").create_bucket(Bucket=name)
    make_role(cloud, name, "firehose", [BUCKET_RIGHTS, DOMAIN_RIGHTS])
    return Inbox(cloud, name)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeOpenSearch]:
    with FakeOpenSearch() as running:
        yield running


@pytest.fixture(scope="module")
def cloud(server: FakeOpenSearch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    settings = Settings(port=free_port(), buffer_cap_seconds=0.3, opensearch_url=server.url)
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log", settings) as running:
        running.client("opensearch").create_domain(DomainName="central-logs")
        yield running


@pytest.fixture
def opensearch(server: FakeOpenSearch, cloud: LocalCloud) -> Iterator[FakeOpenSearch]:
    server.forget()
    yield server
    eventually(lambda: idle(cloud)["idle"], "nothing left for the next test")


@pytest.fixture
def inbox(cloud: LocalCloud) -> Inbox:
    return make_inbox(cloud, f"inbox-{uuid.uuid4().hex[:8]}")


def test_each_record_becomes_one_document_with_an_id_of_its_own(
    inbox: Inbox, opensearch: FakeOpenSearch
) -> None:
    inbox.create()

    inbox.put(b'{"n": 1}', b'{"n": 2}\n')

    [bulk] = eventually(opensearch.bulks, "a bulk request")
    assert [document for _action, document in bulk] == [{"n": 1}, {"n": 2}]
    assert {action["index"]["_index"] for action, _document in bulk} == {"logs-inbox"}
    assert len({action["index"]["_id"] for action, _document in bulk}) == 2


def test_the_domain_is_told_which_role_writes(inbox: Inbox, opensearch: FakeOpenSearch) -> None:
    inbox.create()

    inbox.put(b'{"n": 1}')

    [request] = eventually(lambda: opensearch.received, "a request")
    assert request.headers["x-proxy-user"] == f"arn:aws:iam::111111111111:role/{inbox.name}"


def test_no_document_id_leaves_the_id_to_the_domain_and_rotation_names_the_day(
    inbox: Inbox, opensearch: FakeOpenSearch
) -> None:
    inbox.create(
        IndexRotationPeriod="OneDay",
        DocumentIdOptions={"DefaultDocumentIdFormat": "NO_DOCUMENT_ID"},
    )

    inbox.put(b'{"n": 1}')

    [[(action, _document)]] = eventually(opensearch.bulks, "a bulk request")
    assert list(action["index"]) == ["_index"]
    assert action["index"]["_index"].startswith("logs-inbox-20")
    assert len(action["index"]["_index"]) == len("logs-inbox-2026-01-31")


def test_a_document_that_the_domain_refuses_lies_in_s3_with_the_reason_and_alone(
    inbox: Inbox, opensearch: FakeOpenSearch
) -> None:
    opensearch.status_of = lambda document: 400 if document["n"] == 2 else 201
    inbox.create()

    inbox.put(b'{"n": 1}', b'{"n": 2}', b'{"n": 3}')

    [failure] = eventually(inbox.failures, "a failure in S3")
    [key] = inbox.objects()
    assert key.startswith("AmazonOpenSearchService_failed/20")
    assert failure["errorCode"] == "400"
    assert "mapper_parsing_exception" in failure["errorMessage"]
    assert failure["esIndexName"] == "logs-inbox"
    assert base64.b64decode(failure["rawData"]) == b'{"n": 2}'
    assert len(opensearch.bulks()) == 1


@pytest.mark.parametrize(
    "payload", [b'{"n": 1}\n{"n": 2}', b'{"n":\n1}', b"plain text", b'["n"]', b""]
)
def test_what_is_not_one_json_object_never_reaches_the_domain(
    inbox: Inbox, opensearch: FakeOpenSearch, payload: bytes
) -> None:
    inbox.create()

    inbox.put(payload, b'{"good": true}')

    [failure] = eventually(inbox.failures, "a failure in S3")
    assert failure["errorCode"] == "OS.MalformedData"
    assert opensearch.documents() == [{"good": True}]


def test_what_is_throttled_is_sent_again_alone(inbox: Inbox, opensearch: FakeOpenSearch) -> None:
    answers = [201, 429, 201]
    opensearch.status_of = lambda _document: answers.pop(0)
    inbox.create()

    inbox.put(b'{"n": 1}', b'{"n": 2}')

    bulks = eventually(lambda: found if len(found := opensearch.bulks()) > 1 else [], "a retry")
    assert [[document["n"] for _action, document in bulk] for bulk in bulks] == [[1, 2], [2]]
    assert bulks[0][1][0] == bulks[1][0][0], "Firehose's own retry keeps the id"
    assert inbox.failures() == []


def test_a_domain_that_stays_busy_loses_nothing(inbox: Inbox, opensearch: FakeOpenSearch) -> None:
    opensearch.request_status = [503] * 1000
    inbox.create(RetryOptions={"DurationInSeconds": 0})

    inbox.put(b'{"n": 1}')

    [failure] = eventually(inbox.failures, "a failure in S3")
    assert failure["errorCode"] == "503"
    assert base64.b64decode(failure["rawData"]) == b'{"n": 1}'


def test_a_role_without_a_documented_permission_delivers_nothing_until_it_has_it(
    inbox: Inbox, opensearch: FakeOpenSearch
) -> None:
    inbox.allow(BUCKET_RIGHTS, ("es:ESHttp*", f"{DOMAIN}/*"))
    inbox.create()

    inbox.put(b'{"n": 1}')
    eventually(inbox.refused, "a refusal")
    before = list(opensearch.received)
    inbox.allow(BUCKET_RIGHTS, DOMAIN_RIGHTS)

    assert "es:DescribeDomain" in inbox.refused()[0]
    assert before == []
    assert eventually(opensearch.documents, "the document") == [{"n": 1}]
    assert len(inbox.refused()) == 1, "one reason is told once"


def test_all_documents_are_backed_up_when_the_mode_says_so(
    inbox: Inbox, opensearch: FakeOpenSearch
) -> None:
    inbox.create(S3BackupMode="AllDocuments")

    inbox.put(b'{"n": 1}')

    assert eventually(opensearch.documents, "the document") == [{"n": 1}]
    assert list(inbox.objects().values()) == [b'{"n": 1}']


def test_errors_are_told_in_the_configured_log_stream(
    cloud: LocalCloud, inbox: Inbox, opensearch: FakeOpenSearch
) -> None:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="/central-logs/delivery")
    logs.create_log_stream(logGroupName="/central-logs/delivery", logStreamName="errors")
    inbox.allow(BUCKET_RIGHTS, DOMAIN_RIGHTS, ("logs:PutLogEvents", "*"))
    opensearch.status_of = lambda _document: 400
    inbox.create(
        CloudWatchLoggingOptions={
            "Enabled": True,
            "LogGroupName": "/central-logs/delivery",
            "LogStreamName": "errors",
        },
    )

    inbox.put(b'{"n": 1}')

    [event] = eventually(
        lambda: logs.get_log_events(logGroupName="/central-logs/delivery", logStreamName="errors")[
            "events"
        ],
        "an error line",
    )
    line = json.loads(event["message"])
    assert line["errorCode"] == "400"
    assert line["destination"] == DOMAIN
    assert inbox.refused() == []


def test_a_description_shows_the_opensearch_destination(cloud: LocalCloud, inbox: Inbox) -> None:
    inbox.create(BufferingHints={"IntervalInSeconds": 60, "SizeInMBs": 1})

    described = cloud.client("firehose").describe_delivery_stream(DeliveryStreamName=inbox.name)

    [destination] = described["DeliveryStreamDescription"]["Destinations"]
    shown = destination["AmazonopensearchserviceDestinationDescription"]
    assert shown["IndexName"] == "logs-inbox"
    assert shown["BufferingHints"] == {"IntervalInSeconds": 60, "SizeInMBs": 1}
    assert shown["S3DestinationDescription"]["BucketARN"] == f"arn:aws:s3:::{inbox.name}"
    assert shown["DocumentIdOptions"] == {"DefaultDocumentIdFormat": "FIREHOSE_DEFAULT"}


def test_a_domain_that_does_not_exist_is_refused_when_the_stream_is_created(
    inbox: Inbox,
) -> None:
    with pytest.raises(ClientError, match="does not exist"):
        inbox.create(DomainARN=DOMAIN + "-2")


def test_what_is_buffered_is_delivered_when_the_cloud_ends(tmp_path: Path) -> None:
    with FakeOpenSearch() as server:
        settings = Settings(port=free_port(), buffer_cap_seconds=3600, opensearch_url=server.url)
        with LocalCloud(tmp_path / "cloud.log", settings) as cloud:
            cloud.client("opensearch").create_domain(DomainName="central-logs")
            inbox = make_inbox(cloud, "inbox")
            inbox.create()
            inbox.put(b'{"n": 1}')
            before = server.documents()

        assert before == []
        assert server.documents() == [{"n": 1}]
