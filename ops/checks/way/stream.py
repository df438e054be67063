"""The stream, its key, and the bus beside the doors."""

from typing import Final

from infra.names import CENTRAL_LOGS
from ops.answer import Answer, error, ok, warning
from ops.checks.way.placed import key_id, stream_name
from ops.refusal import unless
from ops.view import View

HOUR: Final = 60  # minutes

LATE_MINUTES: Final = 5
"""Behind the end of the stream by so much, a reader is late and not only busy."""


def key(_region: str, view: View) -> Answer:
    """The key behind the alias is enabled; without it nobody reads or writes anything.

    Reference: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
    """
    kms = view.client("kms")
    found = unless({"NotFoundException"}, lambda: kms.describe_key(KeyId=key_id(view)))
    if found is None:
        return error(
            f"no {key_id(view)}",
            "the deployment's key",
            "node_modules/.bin/cdk deploy '*-search' -c config=…",
        )
    told = found["KeyMetadata"]
    if told["KeyState"] == "Enabled":
        return ok(f"{told['KeyId']}, enabled")
    cancel = f"aws kms cancel-key-deletion --key-id {told['KeyId']} && "
    return error(
        f"{told['KeyId']} is {told['KeyState']}",
        "Enabled",
        (cancel if told["KeyState"] == "PendingDeletion" else "")
        + f"aws kms enable-key --key-id {told['KeyId']}",
    )


def stream(region: str, view: View) -> Answer:
    """The stream takes what comes, and something comes.

    Reference: https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
    """
    kinesis, name = view.client("kinesis"), stream_name(view)
    found = unless(
        {"ResourceNotFoundException"}, lambda: kinesis.describe_stream_summary(StreamName=name)
    )
    status = found["StreamDescriptionSummary"]["StreamStatus"] if found else "not there"
    if status not in {"ACTIVE", "UPDATING"}:
        return error(
            f"{name} is {status}",
            "ACTIVE",
            "node_modules/.bin/cdk deploy '*-pipeline' -c config=…",
        )
    refused = sum(_values("WriteProvisionedThroughputExceeded", "Sum", view))
    if refused:
        return warning(
            f"{refused:.0f} records refused in the last hour: CloudWatch Logs sends them again, "
            "for up to 24 hours",
            "shards for what comes",
            'more [stream] shards, or mode = "on_demand"',
        )
    arrived = sum(_values("IncomingRecords", "Sum", view))
    if arrived:
        return ok(f"{arrived:.0f} records in the last hour")
    return warning(
        "nothing has come for an hour, as far as CloudWatch knows",
        "records, where anything is logged",
        f"aws logs put-log-events to any log group of {region}, then look at DeliveryErrors of "
        "AWS/Logs there: docs/operations/subscriptions.md",
    )


def reading(_region: str, view: View) -> Answer:
    """Whoever reads the stream keeps up; what is older than its retention would be lost.

    Reference: https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
    """
    late = _values("GetRecords.IteratorAgeMilliseconds", "Maximum", view)
    minutes = (late[-1] if late else 0) / 60_000
    retention = view.config.stream.retention_hours * HOUR
    if minutes < LATE_MINUTES:
        return ok(f"{minutes:.0f} minutes behind")
    found = f"{minutes:.0f} minutes behind what arrives"
    expected = f"less than {LATE_MINUTES}; after {retention} the stream forgets"
    fix = "more [function] parallelisation or [stream] shards, unless another check says why"
    return (error if minutes > retention / 2 else warning)(found, expected, fix)


def hub(_region: str, view: View) -> Answer:
    """The bus passes events on.

    References:
        - https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html
        - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    """
    events = view.client("events")
    listed = unless(
        {"ResourceNotFoundException"}, lambda: events.list_rules(EventBusName=CENTRAL_LOGS)
    )
    rules = listed["Rules"] if listed else []
    if not rules:
        return error(
            f"no rule on the bus {CENTRAL_LOGS}",
            "one to the stream",
            "node_modules/.bin/cdk deploy '*-pipeline' -c config=…",
        )
    off = [rule["Name"] for rule in rules if rule["State"] != "ENABLED"]
    if off:
        return error(
            f"{off[0]} is disabled",
            "every rule enabled",
            f"aws events enable-rule --name {off[0]} --event-bus-name {CENTRAL_LOGS}",
        )
    named = {"EventBusName": CENTRAL_LOGS, "RuleName": rules[0]["Name"]}
    failed = sum(view.metric("AWS/Events FailedInvocations", named, "Sum", minutes=HOUR))
    if failed:
        return error(
            f"{failed:.0f} events could not be put on the stream in the last hour",
            "none",
            "the check stream above; they are in the queue of set-aside batches",
        )
    return ok(rules[0]["Name"])


def _values(metric: str, statistic: str, view: View) -> list[float]:
    named = {"StreamName": stream_name(view)}
    return view.metric(f"AWS/Kinesis {metric}", named, statistic, minutes=HOUR)
