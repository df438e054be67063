"""What a deployment may be brought, and what could not work with it."""

from typing import Any

import pytest

from tests.unit.test_config import Refuse, load, refuse

__all__ = ["load", "refuse"]  # fixtures

KEY = "arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555"
STREAM = "arn:aws:kinesis:us-east-1:111111111111:stream/example"
DOMAIN = {
    "arn": "arn:aws:es:us-east-1:111111111111:domain/example",
    "endpoint": "https://search-example.us-east-1.es.amazonaws.com",
    "master_role": "arn:aws:iam::111111111111:role/example-master",
}


def elsewhere(arn: str) -> str:
    return arn.replace("us-east-1", "eu-west-1")


def of_another(arn: str) -> str:
    return arn.replace("111111111111", "222222222222")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": {"existing": elsewhere(KEY)}}, "key.existing: expected one of 111111111111 in us"),
        ({"key": {"existing": of_another(KEY)}}, "key.existing: expected one of 111111111111"),
        ({"key": {"existing": "alias/example"}}, "key.existing"),
        (
            {"key": {"existing": KEY}, "stream": {"existing": elsewhere(STREAM)}},
            "stream.existing: expected one of 111111111111 in us-east-1",
        ),
        ({"stream": {"existing": STREAM}}, "stream.existing: expected key.existing as well"),
        ({"archive": {"existing": "Example"}}, "archive.existing"),
        (
            {"search": {"existing": {**DOMAIN, "arn": of_another(DOMAIN["arn"])}}},
            "search.existing.arn: expected one of 111111111111",
        ),
        (
            {"search": {"existing": {**DOMAIN, "master_role": of_another(DOMAIN["master_role"])}}},
            "search.existing.master_role: expected one of 111111111111",
        ),
        (
            {"search": {"existing": {**DOMAIN, "endpoint": "search-example.amazonaws.com"}}},
            "search.existing.endpoint",
        ),
        ({"search": {"existing": {"arn": DOMAIN["arn"]}}}, "search.existing.endpoint"),
        (
            {
                "search": {
                    "existing": DOMAIN,
                    "login": {"kind": "cognito", "cognito": {"domain_prefix": "example"}},
                }
            },
            "login.kind 'cognito': the domain under existing has its own way",
        ),
        (
            {"archive": {"existing": "example", "lock": {"mode": "governance", "days": 7}}},
            "lock: the bucket under existing has its own",
        ),
    ],
)
def test_what_the_deployment_could_not_use_is_refused_by_name(
    changes: dict[str, Any], said: str, refuse: Refuse
) -> None:
    assert said in refuse(changes)


@pytest.mark.parametrize(
    ("key", "collection"),
    [
        ("arn", "arn:aws:aoss:us-east-1:111111111111:collection/0123456789abcdef"),
        ("endpoint", "https://0123456789abcdef.us-east-1.aoss.amazonaws.com"),
    ],
)
def test_opensearch_serverless_is_refused_with_the_reason(
    key: str, collection: str, refuse: Refuse
) -> None:
    said = refuse({"search": {"existing": {**DOMAIN, key: collection}}})

    assert f"{key} {collection} is OpenSearch Serverless" in said
    assert "take no document id" in said
    assert "ingest pipeline" in said


def test_everything_can_be_brought_at_once(load: Any) -> None:
    config = load(
        {
            "key": {"existing": KEY},
            "stream": {"existing": STREAM},
            "archive": {"existing": "example-archive"},
            "search": {"existing": DOMAIN},
        }
    )

    assert config.stream.name == "example"
    assert config.search.existing.name == "example"


def test_a_stream_that_is_made_has_its_fixed_name(load: Any) -> None:
    assert load({}).stream.name == "central-logs"


@pytest.mark.parametrize("prefix", ["", "raw/", "raw/2026/", "rejects/", "enrich", "undelivered/"])
def test_the_pipeline_reads_no_log_files_that_it_writes(prefix: str, refuse: Refuse) -> None:
    buckets = [{"name": "example-logs", "prefix": prefix}]

    said = refuse({"archive": {"existing": "example-logs"}, "objects": {"buckets": buckets}})

    assert f"example-logs/{prefix} has what the pipeline itself writes" in said


@pytest.mark.parametrize(
    "bucket",
    [{"name": "example-logs", "prefix": "AWSLogs/"}, {"name": "other-logs", "prefix": ""}],
)
def test_other_prefixes_and_buckets_are_read(bucket: dict[str, str], load: Any) -> None:
    changes = {"archive": {"existing": "example-logs"}, "objects": {"buckets": [bucket]}}

    assert load(changes).objects.buckets[0].name == bucket["name"]
