"""What a deployment promises, seen on a laptop: nothing lost, nothing twice, whatever the sink."""

import gzip
import json
import time
from collections import Counter
from typing import Any
from urllib.request import Request, urlopen

from infra.names import FUNCTION_LOGS, function_log_group
from local.demo.tables import verdict
from local.deploy.config import FILES
from local.story.application import CHECKOUT
from local.story.entry import Place
from local.story.organisation import CENTRAL, HOME, MEMBERS, NAMES, REGIONS, SHOP, UNITS
from logcore.transports import open_payload
from tests.e2e_local.conftest import Stage
from tests.e2e_local.patience import until

LINES_OF_A_TURN = 30  # of a batch of others and, once a minute, of one of own lines
LOOP = "CentralLogs-sandbox-pipeline-Loop"
REJECT_KIND = "pipeline_error"


def hits(stage: Stage, marker: str) -> list[dict[str, Any]]:
    stage.laptop.search.indices.refresh(index="logs-*")
    body = {"query": {"match_phrase": {"message": marker}}}
    found = stage.laptop.search.search(index="logs-*", body=body)
    return [hit["_source"] for hit in found["hits"]["hits"]]


def one(stage: Stage, query: dict[str, Any]) -> dict[str, Any]:
    """Any document that stands for an event and answers the query."""
    event = {"must": [query], "must_not": [{"term": {"event.kind": REJECT_KIND}}]}
    body = {"query": {"bool": event}, "size": 1}
    found = stage.laptop.search.search(index="logs-*", body=body)
    source: dict[str, Any] = found["hits"]["hits"][0]["_source"]
    return source


def put_line(stage: Stage, text: str, place: Place, group: str = CHECKOUT) -> None:
    logs = stage.laptop.client("logs", place)
    stream = f"mine-{time.time_ns()}"
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    now_ms = time.time_ns() // 1_000_000
    logs.put_log_events(
        logGroupName=group,
        logStreamName=stream,
        logEvents=[{"timestamp": now_ms, "message": text}],
    )


def test_nothing_is_lost_nothing_is_there_twice_and_only_malformed_lines_are_rejected(
    stage: Stage,
) -> None:
    assert verdict(stage.first) == (
        "lost 0, duplicated 0, rejected 6 (6 malformed lines in the story)"
    )
    assert stage.first.arrived == stage.first.put


def test_the_whole_story_sent_a_second_time_changes_nothing(stage: Stage) -> None:
    assert stage.sent_again == len(stage.payloads)
    assert stage.again == stage.first


def test_three_member_accounts_in_two_regions_send_logs_and_events(stage: Stage) -> None:
    members = [cell for cell in stage.first.arrived if cell.account in MEMBERS]

    assert {(cell.account, cell.region) for cell in members} == {
        (account, region) for account in MEMBERS for region in REGIONS
    }
    assert {cell.dataset for cell in members} >= {
        "aws.cloudtrail",
        "aws.config",
        "aws.events",
        "aws.guardduty",
        "aws.vpcflow",
        "generic",
    }


def test_every_document_says_whose_account_it_comes_from(stage: Stage) -> None:
    """By the snapshot that the app's own schedule had taken: nobody else put one there."""
    without = [{"exists": {"field": "cloud.account.name"}}, {"term": {"event.kind": REJECT_KIND}}]
    body = {"query": {"bool": {"must_not": without}}}

    assert stage.laptop.search.count(index="logs-*", body=body)["count"] == 0
    for account, name in NAMES.items():
        found = one(stage, {"term": {"cloud.account.id": account}})
        assert found["cloud"]["account"]["name"] == name
        assert found["aws"]["account"]["unit"]["path"] == f"Root/{UNITS[account]}"


def test_rejects_are_kept_with_their_reason_and_their_line(stage: Stage) -> None:
    reasons = Counter(reject["reason"] for reject in stage.rejects.values())

    assert reasons == {"not_json": 1, "not_an_object": 2, "column_count": 3}
    assert all(reject["record"]["message"] for reject in stage.rejects.values())


def test_the_raw_archive_holds_every_record_that_was_put(stage: Stage) -> None:
    """Findings are there twice: as the member's and as the administrator's copy."""
    records = [record for payload in stage.payloads for record in open_payload(payload)]

    assert len(records) == stage.first.put.total() + stage.copies


def test_no_delivery_was_refused_anywhere(stage: Stage) -> None:
    assert stage.refused == []


def test_the_pipeline_never_reads_its_own_logs(stage: Stage) -> None:
    own = function_log_group("normalise")
    written = stage.laptop.client("logs").filter_log_events(logGroupName=own, limit=1)["events"]
    body = {"query": {"prefix": {"aws.cloudwatch.log_group": FUNCTION_LOGS}}}

    found = stage.laptop.search.count(index="logs-*", body=body)["count"]

    assert written
    assert found == 0


def test_a_loop_is_cut_and_the_alarm_says_so(stage: Stage) -> None:
    """Somebody subscribes the function's own log to the stream."""
    logs, watch = stage.laptop.client("logs"), stage.laptop.client("cloudwatch")
    group = function_log_group("normalise")
    door = logs.describe_destinations()["destinations"][0]["arn"]
    filter_name = {"logGroupName": group, "filterName": "by-hand"}

    def lines() -> int:
        return len(logs.filter_log_events(logGroupName=group)["events"])

    def state() -> str:
        alarms = watch.describe_alarms(AlarmNamePrefix=LOOP)["MetricAlarms"]
        return "/".join(str(alarm["StateValue"]) for alarm in alarms)

    assert state() in {"INSUFFICIENT_DATA", "OK"}
    logs.put_subscription_filter(**filter_name, filterPattern="", destinationArn=door)
    try:
        put_line(stage, "the first turn", Place(SHOP, HOME))
        until(lambda: state() == "ALARM", "the alarm")
        until(stage.laptop.idle, "nothing under way")
        before = lines()
        put_line(stage, "another turn", Place(SHOP, HOME))
        until(lambda: lines() > before, "the function's answer")
        until(stage.laptop.idle, "nothing under way")
        after = lines()
    finally:
        logs.delete_subscription_filter(**filter_name)

    assert after - before <= LINES_OF_A_TURN
    assert hits(stage, "batch delivered") == []


def test_a_line_of_ones_own_arrives_with_where_it_came_from(stage: Stage) -> None:
    marker = f"hello from {stage.sink} {time.time_ns()}"
    put_line(stage, json.dumps({"level": "ERROR", "message": marker}), Place(SHOP, "eu-west-1"))

    (document,) = until(lambda: hits(stage, marker), marker)

    assert document["cloud"]["account"]["id"] == SHOP
    assert document["cloud"]["region"] == "eu-west-1"
    assert document["log"]["level"] == "error"
    assert document["aws"]["cloudwatch"]["log_group"] == CHECKOUT


def test_a_log_file_that_is_put_into_a_bucket_arrives_once_with_where_it_was_written(
    stage: Stage,
) -> None:
    marker = f"from a file {stage.sink} {time.time_ns()}"
    key = f"AWSLogs/{SHOP}/checkout/eu-west-1/{time.time_ns()}.log.gz"
    body = gzip.compress(json.dumps({"level": "ERROR", "message": marker}).encode())
    s3 = stage.laptop.client("s3", Place(CENTRAL, HOME))

    s3.put_object(Bucket=FILES, Key=key, Body=body)
    until(lambda: hits(stage, marker), marker)
    s3.put_object(Bucket=FILES, Key=key, Body=body)
    until(stage.laptop.idle, "nothing under way")

    (document,) = hits(stage, marker)
    assert document["cloud"]["account"]["id"] == SHOP
    assert document["cloud"]["region"] == "eu-west-1"
    assert document["aws"]["s3"] == {"bucket": {"name": FILES}, "object": {"key": key}}


def test_throttled_entries_are_sent_again_and_arrive_once(stage: Stage) -> None:
    """Firehose answers some entries with ``ServiceUnavailableException`` for a while."""
    firehose = stage.laptop.client("firehose")
    streams = firehose.list_delivery_streams()["DeliveryStreamNames"]
    for stream in streams:
        body = json.dumps({"stream": stream, "records": 3}).encode()
        url = f"{stage.laptop.cloud.endpoint}/_local/firehose-throttle"
        urlopen(Request(url, body), timeout=10).close()  # noqa: S310  our own loopback address
    marker = f"throttled {stage.sink} {time.time_ns()}"

    put_line(stage, marker, Place(SHOP, HOME))

    assert len(until(lambda: hits(stage, marker), marker)) == 1


def test_without_its_permission_delivery_stops_loudly_and_loses_nothing(stage: Stage) -> None:
    """The one right that the sink needs is taken away for a while, then given back."""
    action = {"firehose": "firehose:PutRecordBatch", "direct": "es:ESHttpPost"}[stage.sink]
    iam = stage.laptop.client("iam")
    role = next(
        r["RoleName"] for r in iam.list_roles()["Roles"] if "NormaliseFunctionRole" in r["RoleName"]
    )
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    without = {
        **document,
        "Statement": [s for s in document["Statement"] if action not in _listed(s["Action"])],
    }
    assert len(without["Statement"]) == len(document["Statement"]) - 1
    marker = f"denied {stage.sink} {time.time_ns()}"

    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(without))
    try:
        put_line(stage, marker, Place(SHOP, HOME))
        until(lambda: _errors(stage, "AccessDenied", "not authorized"), "the error in the log")
        assert hits(stage, marker) == []
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))

    assert len(until(lambda: hits(stage, marker), marker)) == 1


def _listed(actions: str | list[str]) -> list[str]:
    return [actions] if isinstance(actions, str) else actions


def _errors(stage: Stage, *words: str) -> list[str]:
    logs = stage.laptop.client("logs", Place(CENTRAL, HOME))
    events = logs.filter_log_events(logGroupName=function_log_group("normalise"))["events"]
    return [e["message"] for e in events if any(word in e["message"] for word in words)]
