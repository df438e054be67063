"""AWS CloudTrail: who did what to which resource, from where, and whether it was allowed.

Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from typing import Any

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord
from logcore.shape import compact, ip, json_object, obj, text, time, unique
from logcore.source import Source
from logcore.sources.cloudtrail.actions import category_of, classify, outcome_of
from logcore.sources.cloudtrail.actor import Actor, actor_of
from logcore.sources.cloudtrail.digest import MARK, digest_document
from logcore.sources.cloudtrail.origin import flag, is_foreign_host, service_of, source_of, tls_of
from logcore.sources.cloudtrail.target import Target, target_of

REFERENCE = (
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
    "cloudtrail-event-reference-record-contents.html"
)

FIRST_KEY = '{"eventVersion"'  # CloudTrail writes it first
EVENT_GROUPS = "/aws/events/"  # groups that an EventBridge rule may write its events to


def parse(record: LogRecord) -> Document:
    """Turn one CloudTrail record into an ECS event; the record itself goes to ``aws.cloudtrail``.

    Management, data, Insights and network activity events have one shape; an Insights event names
    source and action inside ``insightDetails``. ``event.id`` is CloudTrail's ``eventID``, so an
    event that comes by CloudWatch Logs and by EventBridge is one document. A digest file, which
    only S3 brings, is one record of another shape.

    Raises:
        MalformedError: the message is no JSON object, or names neither ``eventName`` nor
            ``eventSource`` nor ``insightDetails`` (``not_cloudtrail``).
    """
    event = _opened(record)
    if MARK in event:
        return digest_document(event)
    malformed: list[str] = []
    insight = obj(event.get("insightDetails"))
    named = insight or event
    action, provider = text(named.get("eventName")), text(named.get("eventSource"))
    category = category_of(event)
    read_only = flag(event.get("readOnly"), "readOnly", malformed)
    service = service_of(provider)
    actor = actor_of(event)
    target = target_of(event, service)
    source = source_of(text(event.get("sourceIPAddress")))
    tls = tls_of(obj(event.get("tlsDetails")))
    error_code = text(named.get("errorCode"))
    categories, types = classify(
        service or "",
        action or "",
        category,
        changes=read_only is not True,
        denied=error_code == "VpceAccessDenied",
    )
    document = compact(
        {
            "@timestamp": time(event.get("eventTime"), "eventTime", malformed),
            "event": {
                "id": text(event.get("eventID")),
                "kind": "event",
                "category": list(categories),
                "type": list(types),
                "action": action,
                "provider": provider,
                "outcome": outcome_of(event, category),
            },
            "cloud": {
                "account": {"id": actor.account or text(event.get("recipientAccountId"))},
                "region": text(event.get("awsRegion")),
                "service": {"name": service},
                "instance": {"id": target.instance},
            },
            "error": {"code": error_code, "message": text(event.get("errorMessage"))},
            "user": _user(actor, target),
            "group": target.group,
            "service": _service(actor, target),
            "host": {"target": _with_entity(target.instance)} if target.instance else None,
            "entity": {"target": {"id": target.resource}} if target.resource else None,
            "source": source,
            "user_agent": {"original": text(event.get("userAgent"))},
            "tls": tls,
            "related": _related(event, actor, target, source, tls),
            "cloudtrail": {
                "event_category": category,
                "event_type": text(event.get("eventType")),
                "read_only": read_only,
                "user_identity": {"type": actor.type, "invoked_by": actor.invoked_by},
                "access_key_id": actor.access_key,
                "session_name": actor.session,
                "mfa": actor.mfa(malformed),
                "from_console": flag(
                    event.get("sessionCredentialFromConsole"),
                    "sessionCredentialFromConsole",
                    malformed,
                ),
                "recipient_account_id": text(event.get("recipientAccountId")),
                "shared_event_id": text(event.get("sharedEventID")),
                "vpc_endpoint_id": text(event.get("vpcEndpointId")),
                "resources": target.resources,
                "insight": _insight(insight) if insight else None,
            },
            "pipeline": {"malformed": malformed} if malformed else None,
        }
    )
    document["aws"] = {"cloudtrail": event}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a record from anywhere is a CloudTrail record, whole and at its top level.

    A function that logs the event it was given writes CloudTrail's words too, but deeper inside its
    own line; so those are found cheaply first and then looked at where they stand. A whole
    EventBridge event counts only in the groups that EventBridge itself writes to.
    """
    message = record.message
    if '"eventVersion"' not in message or '"eventSource"' not in message:
        return f'"{MARK}"' in message and '"digestEndTime"' in message
    if message.startswith(FIRST_KEY):
        return True
    try:
        body = json_object(record)
    except MalformedError:
        return False
    if record.origin.log_group.startswith(EVENT_GROUPS):
        body = obj(body.get("detail"))
    return "eventVersion" in body


def _opened(record: LogRecord) -> dict[str, Any]:
    """The CloudTrail record, also out of a whole EventBridge event that was written to a log."""
    event = json_object(record)
    if "detail-type" in event:
        event = obj(event.get("detail"))
    named = event.get("eventName") or event.get("eventSource") or obj(event.get("insightDetails"))
    if not named and MARK not in event:
        raise MalformedError("not_cloudtrail", "expected eventName, eventSource or insightDetails")
    return event


def _user(actor: Actor, target: Target) -> dict[str, Any]:
    renamed = target.new_user_name
    return {
        "id": actor.id,
        "name": actor.name,
        "email": actor.email,
        "entity": {"id": actor.arn} if actor.arn else None,
        "target": target.user,
        "changes": {"name": renamed} if renamed else None,
    }


def _service(actor: Actor, target: Target) -> dict[str, Any] | None:
    acting = actor.invoked_by if actor.type == "AWSService" else None
    if acting is None and target.function is None:
        return None
    return {
        "name": acting,
        "entity": {"id": acting},
        "target": {"entity": {"id": target.function}},
    }


def _with_entity(identifier: str) -> dict[str, Any]:
    """ECS writes an entity's id twice: by its field set and by ``entity``."""
    return {"id": identifier, "entity": {"id": identifier}}


def _insight(details: dict[str, Any]) -> dict[str, Any]:
    return {"type": text(details.get("insightType")), "state": text(details.get("state"))}


def _related(
    event: dict[str, Any],
    actor: Actor,
    target: Target,
    source: dict[str, Any],
    tls: dict[str, Any] | None,
) -> dict[str, Any]:
    server = tls["client"]["server_name"] if tls else None
    hosts = [name for name in (source["domain"], server) if is_foreign_host(name)]
    service_event = obj(event.get("serviceEventDetails"))
    return {
        "ip": unique(source["ip"], ip(text(service_event.get("sourceIpAddress")))),
        "hosts": unique(*target.hosts, *hosts) if target.hosts or hosts else None,
        "user": unique(*actor.names(), *target.user_names()),
    }


SOURCE = Source(
    name="cloudtrail",
    dataset="aws.cloudtrail",
    reference=REFERENCE,
    log_groups=(
        "aws-cloudtrail-logs*",  # what the console proposes
        "aws-controltower/CloudTrailLogs*",  # AWS Control Tower
        "/aws/cloudtrail*",
        "CloudTrail*",  # what the console proposed before
        "cloudtrail*",
    ),
    # API call, console sign-in, console action, service event, Insight, network activity:
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    events=("*/AWS * via CloudTrail",),
    objects=("*/CloudTrail/*", "*/CloudTrail-Insight/*", "*/CloudTrail-Digest/*"),
    recognises=recognises,
    parse=parse,
)
"""Claims no ``*cloudtrail*``: a function of that name writes plain lines. Content decides there."""
