"""The functions: what feeds them, and what they say in their logs."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from infra.config import DeploymentConfig
from infra.names import function_log_group
from ops.answer import Answer, error, ok, warning
from ops.failures.causes import meaning
from ops.refusal import unless
from ops.stacks import deployed
from ops.view import View

SAID_HOURS: Final = 1

LONGEST: Final = 300
"""Characters of a log line that are shown."""

FAILING: Final = '{ $.level = "ERROR" || $.errorMessage = "*" || $.record.status = "timeout" }'
"""Lines of functions that log JSON: their own errors, exceptions that nobody caught, and what
Lambda says of one that ran out of time:
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html"""


def readers(config: DeploymentConfig) -> Mapping[str, str]:
    """Functions that something feeds, and a part of the logical id of what does."""
    files = {"read_objects": "ObjectReader"} if config.objects.buckets else {}
    return {"normalise": "NormaliseReader", **files}


def functions(config: DeploymentConfig) -> Mapping[str, str]:
    """Every function, by the name of its log group."""
    snapshot = {"snapshot_organisation"} if config.enrichment.organisation.enabled else set()
    return {name: name for name in (*readers(config), *sorted(snapshot), "search_setup")}


def reader(part: str, view: View) -> Answer:
    """The event source mapping is on, and its last look was good.

    Reference: https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html
    """
    ids = (
        r.id
        for r in deployed(view)
        if r.type == "AWS::Lambda::EventSourceMapping" and r.logical.startswith(part)
    )
    uuid = next(ids, "")
    api = view.client("lambda")
    found = unless(
        {"ResourceNotFoundException"},
        lambda: api.get_event_source_mapping(UUID=uuid) if uuid else None,
    )
    if not found:
        return error(
            "no event source mapping",
            "one that feeds the function",
            "node_modules/.bin/cdk deploy '*-pipeline' -c config=…",
        )
    if found["State"] not in {"Enabled", "Enabling", "Updating", "Creating"}:
        return error(
            f"{found['State']}: {found.get('StateTransitionReason', 'no reason given')}",
            "Enabled",
            f"aws lambda update-event-source-mapping --uuid {uuid} --enabled",
        )
    said = found.get("LastProcessingResult", "")
    if said.startswith("PROBLEM"):
        known = meaning(said)
        return error(
            said,
            "OK",
            f"{known.fix} ({known.link})" if known else "the function's log, next check",
        )
    return ok(f"{found['State']}, {said or 'not read yet'}")


def complaints(name: str, view: View) -> Answer:
    """The function's log has no errors of the last hour.

    Reference: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
    """
    group = function_log_group(name)
    since = view.clock.now() - timedelta(hours=SAID_HOURS)
    logs = view.client("logs")
    found = unless(
        {"ResourceNotFoundException"},
        lambda: logs.filter_log_events(
            logGroupName=group,
            startTime=int(since.timestamp() * 1000),
            filterPattern=FAILING,
        ),
    )
    if found is None:
        return error(
            f"no log group {group}",
            "the function's own",
            "node_modules/.bin/cdk deploy '*-pipeline' -c config=…",
        )
    lines = [event["message"] for event in found["events"]]
    if not lines:
        return ok(f"no errors for {SAID_HOURS} h")
    said = _said(lines[-1])
    known = meaning(lines[-1])
    return (error if known else warning)(
        f"{len(lines)} errors in {SAID_HOURS} h; the last: {said}",
        f"none. It means: {known.means}" if known else "none",
        f"{known.fix} ({known.link})" if known else f"aws logs tail {group} --since 1h",
    )


def _said(line: str) -> str:
    """The sentence of a log line, without what surrounds it."""
    try:
        told: Any = json.loads(line)
    except ValueError:
        return line.strip()[:LONGEST]
    if not isinstance(told, dict):
        return line.strip()[:LONGEST]
    words = [told.get(key) for key in ("message", "errorMessage", "exception")]
    return " · ".join(str(word) for word in words if word)[:LONGEST] or line[:LONGEST]
