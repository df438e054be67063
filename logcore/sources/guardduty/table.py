"""The document of a GuardDuty finding, as a table: see ``logcore.mapping`` for how it is read."""

from logcore.mapping import MALFORMED, RAW, At, First, Of, Table, When
from logcore.provenance import PLACE
from logcore.shape import integer
from logcore.sources.guardduty.action import (
    action_of,
    categories_of,
    ends_of,
    network_of,
    types_of,
    unnamed,
    verdict_of,
)
from logcore.sources.guardduty.finding import (
    as_text,
    is_finding,
    is_sample,
    kind_of,
    kind_of_event,
    moment,
    own_id,
    severity_of,
    truth,
)
from logcore.sources.guardduty.place import local_end
from logcore.sources.guardduty.resource import (
    container_of,
    interfaces_of,
    names_of,
    orchestrator_of,
    users_of,
)
from logcore.sources.guardduty.threat import (
    aims_of,
    files_of,
    indicator_of,
    malware_of,
    signals_of,
    told_of,
)

resource, service = At("resource", dict), At("service", dict)
sequence = At("service.detection.sequence", dict)

INSTANCE, FUNCTION = "resource.instanceDetails", "resource.lambdaDetails"
PROCESS = "service.runtimeDetails.process"
EXTRA = "service.additionalInfo"
CONNECTION, LOOKUP = "service.action.networkConnectionAction", "service.action.dnsRequestAction"
CALL, CLUSTER_CALL = "service.action.awsApiCallAction", "service.action.kubernetesApiCallAction"
LIST_NAME, THREAT_NAME = f"{EXTRA}.threatListName", f"{EXTRA}.threatName"
instance, machine = At(f"{INSTANCE}.instanceId"), At(f"{INSTANCE}.instanceType")
interfaces = Of(interfaces_of, At(f"{INSTANCE}.networkInterfaces", list))
user_id = At(f"{PROCESS}.userId", integer, "process.userId")
volumes = At("service.ebsVolumeScanDetails", dict)
scan = At("service.malwareScanDetails", dict)
context = At("service.runtimeDetails.context", dict)

kind = Of(kind_of, At("type"))
severity = Of(severity_of, At("severity", object), MALFORMED)
created, updated = At("createdAt", moment), At("updatedAt", moment)
action = Of(action_of, At("service.action", dict))
verdict = Of(verdict_of, At("blocked", object, of=action.details))
ours = Of(local_end, interfaces.address, interfaces.outside)
ends = Of(ends_of, action.name, action.details, ours, sequence, MALFORMED)
users = Of(users_of, resource, sequence)
told = Of(told_of, At("service.evidence", dict), At(LIST_NAME), At(THREAT_NAME))
aims = Of(aims_of, kind.purpose, sequence)
domain = At(f"{LOOKUP}.domain")
indicator = Of(indicator_of, ends.remote, domain)
files = Of(files_of, At("resource.s3BucketDetails", list), volumes, scan, context)

DOCUMENT: Table = {
    "@timestamp": First(updated, created),
    "message": First(At("description"), At("title")),
    "event": {
        "id": Of(own_id, At("id"), At("updatedAt", object)),
        "kind": Of(kind_of_event, At("service.archived", object)),
        "category": Of(categories_of, kind.category, action.name),
        "type": Of(types_of, action.name, verdict),
        "action": First(At("service.action.actionType"), Of(unnamed, service)),
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
    "threat": {
        "framework": aims.framework,
        "tactic": {"name": aims.tactics, "id": aims.tactic_ids},
        "technique": {"name": aims.techniques, "id": aims.technique_ids},
        "indicator": When(
            told.lists,
            {
                "provider": told.lists,
                "type": indicator.type,
                "name": indicator.name,
                "ip": indicator.ip,
            },
        ),
    },
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
    "source": ends.source,
    "destination": ends.destination,
    "network": Of(
        network_of,
        action.name,
        First(At(f"{CONNECTION}.protocol"), At(f"{LOOKUP}.protocol")),
        At(f"{CONNECTION}.connectionDirection"),
    ),
    "dns": {"question": {"name": domain}},
    "url": {"original": At(f"{CLUSTER_CALL}.requestUri")},
    "http": {"response": {"status_code": At(f"{CLUSTER_CALL}.statusCode", integer)}},
    "service": {"name": At(f"{CALL}.serviceName")},
    "error": {"code": At(f"{CALL}.errorCode")},
    "user_agent": {"original": First(At(f"{CALL}.userAgent"), At(f"{CLUSTER_CALL}.userAgent"))},
    "related": {
        "ip": [ends.addresses, interfaces.addresses],
        "hosts": [instance, interfaces.names],
        "user": users.names,
        "hash": [files.hashes, told.hashes, At(f"{PROCESS}.executableSha256")],
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
        "sample": Of(is_sample, At(EXTRA, dict), MALFORMED),
        "feature": At("service.featureName"),
        "detector_id": At("service.detectorId"),
        "remote_account_id": At(f"{CALL}.remoteAccountDetails.accountId"),
        "threat_names": [told.names, Of(malware_of, volumes, scan)],
        "signals": Of(signals_of, sequence),
        "attack_sequence_arn": At("associatedAttackSequenceArn"),
    },
    "aws": {"guardduty": RAW},
}

IS_FINDING = Of(is_finding, At("detail-type", object), At("id"), At("type"))
"""Whether it is a finding as events have it, and no event around one."""

KIND = ("type", "severity", "service.archived", "service.featureName", "service.resourceRole")
DETECTOR = ("accountId", "region", "service.detectorId", PLACE)
RESOURCE = ("resource", "service.detection.sequence")
RUNTIME = (PROCESS,)
ACTION = (
    *(f"{CONNECTION}.protocol", f"{CONNECTION}.connectionDirection", f"{LOOKUP}.protocol"),
    *(f"{CALL}.serviceName", f"{CALL}.errorCode", f"{CALL}.userAgent"),
    *(f"{CALL}.remoteAccountDetails", f"{CLUSTER_CALL}.userAgent", action.name, verdict),
)
EVIDENCE = ("service.evidence", LIST_NAME, THREAT_NAME)

RECURRING = ((KIND, DETECTOR, RESOURCE, RUNTIME, EVIDENCE, "title", *ACTION),)
"""What comes again and again: kinds of findings, who looks for them, what they are about, which
process was seen, what is known of the threat, and all of this together with what was done. Nothing
that a finding alone has is among it, nor the far end, which is remembered by itself."""
