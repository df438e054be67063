# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""EventBridge that reaches streams, log groups, queues, and buses of other accounts and regions.

Reference: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
"""

import json
import logging
import time
import uuid
from collections.abc import Callable
from typing import Any

from ministack.core.arn import Arn, ArnParseError, parse_arn
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, eventbridge, firehose, sqs

from local.aws import event_buses, event_times, key_use, patching, roles
from local.aws import firehose as delivery_streams
from local.aws.filter_pattern.json_events import select
from local.aws.kinesis import kinesis_put
from local.aws.refusals import refuse
from local.aws.settings import Settings

SERVICE = "events.amazonaws.com"

type Json = dict[str, Any]
"""A target, rule or event as MiniStack keeps it, under the API's names."""

log = logging.getLogger("local.aws.events")


def apply(settings: Settings) -> None:
    """Add the targets that MiniStack drops, and let stories play AWS services if told so."""
    patching.require(
        eventbridge, "_apply_input_transformer", "_dispatch_to_sqs", "_pattern_event_view"
    )
    patching.require(sqs, "queue_policy_for_arn")
    patching.require(
        cloudwatch_logs,
        "_create_log_stream",
        "_log_groups",
        "_put_log_events",
        "_resource_policies",
    )
    patching.require(firehose, "_streams")
    patching.wrap(eventbridge, "_invoke_target", _with_more_targets)
    event_times.apply()
    if settings.allow_aws_sources:
        patching.wrap(eventbridge, "_put_events", _from_any_source)
    event_buses.apply(settings)


def _with_more_targets(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def invoke(target: Json, event: Json, rule: Json, view: Any = None) -> None:  # noqa: ANN401  same
        try:
            arn = parse_arn(target["Arn"])
        except ArnParseError as error:
            refuse("events", f"{rule['Name']} to {target['Arn']!r}: {error}")
            return
        deliver = _delivery(arn)
        if deliver is None:
            original(target, event, rule, view)
            return
        try:
            why = deliver(arn, target, event, rule)
        except (
            Exception
        ) as error:  # the outermost boundary: MiniStack's callers swallow all of them
            log.exception("rule %s", rule["Name"])
            why = repr(error)
        if why:
            kept = _keep(target, event, rule)
            refuse("events", f"{rule['Name']} to {arn}: {why}; {kept}")

    return invoke


def _keep(target: Json, event: Json, rule: Json) -> str:
    """Put an event that was not delivered into its target's dead-letter queue; say what came of it.

    Reference: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue:
        return "the target has no dead-letter queue"
    return _send(parse_arn(queue), json.dumps(_document(event)), rule) or f"kept in {queue}"


def _send(queue: Arn, body: str, rule: Json) -> str | None:
    """Put a message into a queue, if the queue's policy lets this rule."""
    found = sqs.queue_policy_for_arn(str(queue))
    if found is None:
        return f"the queue {queue} does not exist"
    policy, source = found[0] or "{}", rule["Arn"]
    why = roles.service_denied(SERVICE, "sqs:SendMessage", str(queue), policy, source_arn=source)
    if why is None:
        eventbridge._dispatch_to_sqs(queue, body)
    return why


type Delivery = Callable[[Arn, Json, Json, Json], str | None]
"""Takes ARN, target, event and rule; gives ``None`` or the reason why it did not arrive."""


def _delivery(arn: Arn) -> Delivery | None:
    if arn.service == "events" and arn.resource.startswith("event-bus/"):
        elsewhere = (arn.account_id, arn.region) != (get_account_id(), get_region())
        return event_buses.forward if elsewhere else None
    return _DELIVERIES.get(arn.service)


def _to_kinesis(arn: Arn, target: Json, event: Json, rule: Json) -> str | None:
    if why := _role_denied(target, "kinesis:PutRecord", arn, rule):
        return why
    if why := key_use.stream_denied(str(arn), target.get("RoleArn", ""), SERVICE, rule["Arn"]):
        return why
    path = (target.get("KinesisParameters") or {}).get("PartitionKeyPath", "$.id")
    found = select(_document(event), path)
    key = str(found[0]) if found else event["EventId"]
    return kinesis_put(str(arn), key, payload(target, event, rule))


def _to_firehose(arn: Arn, target: Json, event: Json, rule: Json) -> str | None:
    if why := _role_denied(target, "firehose:PutRecord", arn, rule):
        return why
    name = arn.resource.removeprefix("deliverystream/")
    if name not in firehose._streams:
        return "the delivery stream does not exist"
    delivery_streams.put(name, [payload(target, event, rule)])
    return None


def _to_queue(arn: Arn, target: Json, event: Json, rule: Json) -> str | None:
    if arn.region != get_region():
        return "only an event bus may be in another region"
    return _send(arn, payload(target, event, rule).decode(), rule)


def _to_log_group(arn: Arn, target: Json, event: Json, rule: Json) -> str | None:
    """Write one event into a stream of its own; the log group's resource policy must allow it."""
    group = arn.resource.removeprefix("log-group:").removesuffix(":*")
    if group not in cloudwatch_logs._log_groups:
        return "the log group does not exist"
    stream = str(uuid.uuid4())
    resource = f"{str(arn).removesuffix(':*')}:log-stream:{stream}"
    policies = [stored["policyDocument"] for stored in cloudwatch_logs._resource_policies.values()]
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        source = rule["Arn"]
        if all(
            roles.service_denied(SERVICE, action, resource, policy, source_arn=source)
            for policy in policies
        ):
            return f"no resource policy lets {SERVICE} perform {action}"
    names = {"logGroupName": group, "logStreamName": stream}
    message = payload(target, event, rule).decode()
    cloudwatch_logs._create_log_stream(names)
    cloudwatch_logs._put_log_events(
        names | {"logEvents": [{"timestamp": time.time_ns() // 1_000_000, "message": message}]}
    )
    return None


_DELIVERIES: dict[str, Delivery] = {
    "kinesis": _to_kinesis,
    "firehose": _to_firehose,
    "logs": _to_log_group,
    "sqs": _to_queue,
}


def payload(target: Json, event: Json, rule: Json) -> bytes:
    """Give what the target receives: the event, a part of it, a transformation or a constant."""
    if target.get("InputTransformer"):
        view = eventbridge._pattern_event_view(event)
        text = eventbridge._apply_input_transformer(target["InputTransformer"], rule, view)
        return str(text).encode()
    if target.get("Input"):
        return str(target["Input"]).encode()
    document: Any = _document(event)
    if target.get("InputPath"):
        document = next(iter(select(document, target["InputPath"])), document)
    return json.dumps(document).encode()


def _document(event: Json) -> Json:
    document: Json = eventbridge._pattern_event_view(event).event_with_detail()
    return document


def _role_denied(target: Json, action: str, arn: Arn, rule: Json) -> str | None:
    if arn.region != get_region():
        return "only an event bus may be in another region"
    return roles.denied(
        target.get("RoleArn", ""), action, str(arn), SERVICE, source_arn=rule["Arn"]
    )


def _from_any_source(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def put(request: Json, allow_aws_source: bool = True) -> Any:  # noqa: ANN401, FBT001, FBT002  MiniStack's signature
        return original(request, allow_aws_source)

    return put
