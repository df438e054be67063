"""The document of a GuardDuty finding, as a table: see ``logcore.mapping`` for how it is read."""

from logcore.mapping import MALFORMED, RAW, At, First, Of, Table
from logcore.shape import integer
from logcore.sources.guardduty.action import action_of, action_type_of
from logcore.sources.guardduty.finding import (
    as_text,
    is_finding,
    is_sample,
    kind_of,
    kind_of_event,
    listed_after,
    moment,
    own_id,
    severity_of,
    truth,
)
from logcore.sources.guardduty.resource import (
    container_of,
    interfaces_of,
    names_of,
    orchestrator_of,
    users_of,
)
from logcore.sources.guardduty.threat import (
    files_of,
    signals_of,
    threat_names_of,
    threat_of,
    told_of,
)

resource, service = At("resource", dict), At("service", dict)
sequence = At("service.detection.sequence", dict)

INSTANCE, FUNCTION = "resource.instanceDetails", "resource.lambdaDetails"
PROCESS = "service.runtimeDetails.process"
instance, machine = At(f"{INSTANCE}.instanceId"), At(f"{INSTANCE}.instanceType")
interfaces = Of(interfaces_of, At(f"{INSTANCE}.networkInterfaces", list))
user_id = At(f"{PROCESS}.userId", integer, "process.userId")

kind = Of(kind_of, At("type"))
severity = Of(severity_of, At("severity", object), MALFORMED)
created, updated = At("createdAt", moment), At("updatedAt", moment)
action = Of(action_of, resource, service, MALFORMED)
users = Of(users_of, resource, service)
told = Of(told_of, service)
files = Of(files_of, resource, service, told)

DOCUMENT: Table = {
    "@timestamp": First(updated, created),
    "message": First(At("description"), At("title")),
    "event": {
        "id": Of(own_id, At("id"), At("updatedAt", object)),
        "kind": Of(kind_of_event, At("service.archived", object)),
        "category": Of(listed_after, kind.category, action.category),
        "type": Of(listed_after, "info", action.type),
        "action": Of(action_type_of, service),
        "created": created,
        "start": At("service.eventFirstSeen", moment),
        "end": At("service.eventLastSeen", moment),
        "severity": severity.level,
        "risk_score": severity.score,
        "reason": At("title"),
    },
    "rule": {
        "id": kind.type,
        "category": kind.purpose,
        "ruleset": kind.ruleset,
        "name": kind.family,
        "description": At("description"),
    },
    "threat": Of(threat_of, kind.purpose, sequence, told, action),
    "cloud": {
        "account": {"id": At("accountId")},
        "region": At("region"),
        "service": {"name": "guardduty"},
        "instance": {"id": instance},
        "machine": {"type": machine},
        "availability_zone": At(f"{INSTANCE}.availabilityZone"),
    },
    "host": {
        "id": instance,
        "type": machine,
        "hostname": interfaces.hostname,
        "ip": interfaces.inside,
        "os": {"platform": At(f"{INSTANCE}.platform")},
    },
    "container": Of(container_of, resource),
    "orchestrator": Of(orchestrator_of, resource, At("service.action", dict)),
    "faas": {
        "id": At(f"{FUNCTION}.functionArn"),
        "name": At(f"{FUNCTION}.functionName"),
        "version": At(f"{FUNCTION}.functionVersion"),
    },
    "process": {
        "user": {"id": Of(as_text, user_id), "name": At(f"{PROCESS}.user")},
        "name": At(f"{PROCESS}.name"),
        "executable": At(f"{PROCESS}.executablePath"),
        "hash": {"sha256": At(f"{PROCESS}.executableSha256")},
        "pid": At(f"{PROCESS}.pid", integer, "process.pid"),
        "start": At(f"{PROCESS}.startTime", moment, "process.startTime"),
        "entity_id": At(f"{PROCESS}.uuid"),
        "working_directory": At(f"{PROCESS}.pwd"),
    },
    "file": files.file,
    "user": users.user,
    "source": action.source,
    "destination": action.destination,
    "network": action.network,
    "dns": action.dns,
    "url": action.url,
    "http": action.http,
    "service": action.service,
    "error": action.error,
    "user_agent": action.user_agent,
    "related": {
        "ip": Of(listed_after, None, action.addresses, interfaces.addresses),
        "hosts": Of(listed_after, instance, interfaces.names),
        "user": users.names,
        "hash": files.hashes,
    },
    "guardduty": {
        "finding_id": At("id"),
        "arn": At("arn"),
        "type": kind.type,
        "purpose": kind.purpose,
        "severity_label": severity.label,
        "resource_type": At("resource.resourceType"),
        "resource_role": At("service.resourceRole"),
        "resources": Of(names_of, resource, sequence),
        "count": At("service.count", integer),
        "archived": At("service.archived", truth),
        "sample": Of(is_sample, At("service.additionalInfo", dict), MALFORMED),
        "feature": At("service.featureName"),
        "detector_id": At("service.detectorId"),
        "remote_account_id": action.remote_account,
        "threat_names": Of(threat_names_of, service, told),
        "signals": Of(signals_of, sequence),
        "attack_sequence_arn": At("associatedAttackSequenceArn"),
    },
    "aws": {"guardduty": RAW},
}

IS_FINDING = Of(is_finding, At("detail-type", object), At("id"), At("type"))
"""Whether it is a finding as events have it, and no event around one."""

RECURRING = (("type",),)
"""What comes again and again."""
