"""Amazon Inspector: vulnerable packages and code, and ports that can be reached.

Reference: https://docs.aws.amazon.com/inspector/v2/APIReference/API_Finding.html
"""

from typing import Any

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord
from logcore.shape import compact, integer, ip, json_object, listed, obj, text, unique
from logcore.source import Source
from logcore.sources.inspector.times import moment

REFERENCE = "https://docs.aws.amazon.com/inspector/v2/APIReference/API_Finding.html"

SEVERITIES = {"INFORMATIONAL": 1, "LOW": 2, "MEDIUM": 3, "HIGH": 4, "CRITICAL": 5}
"""``event.severity`` by label; UNTRIAGED has none."""

CLOSED = frozenset({"CLOSED", "SUPPRESSED"})
"""What asks for no attention: what is gone, and what somebody's rule hides."""

HIGHEST_SCORE = 10.0  # of CVSS


def parse(record: LogRecord) -> Document:
    """Turn one finding into an ECS alert; the finding itself goes to ``aws.inspector``.

    Inspector sends a finding again when it changes or closes. ``event.id`` is its ARN with
    ``updatedAt``, which counts seconds, and its status, so every state is one document;
    ``inspector.finding_arn`` holds them together.

    Raises:
        MalformedError: the message is no JSON object, or no finding with an ARN and a type
            (``not_inspector``).
    """
    finding = _opened(record)
    malformed: list[str] = []
    package = obj(finding.get("packageVulnerabilityDetails"))
    resources = [obj(resource) for resource in listed(finding.get("resources"))]
    first = resources[0] if resources else {}
    arn, severity = text(finding.get("findingArn")), text(finding.get("severity"))
    kind, title = text(finding.get("type")), text(finding.get("title"))
    status = text(finding.get("status"))
    described = text(finding.get("description"))
    remedy = obj(obj(finding.get("remediation")).get("recommendation"))
    score = _score(finding.get("inspectorScore"), "inspectorScore", malformed)
    updated = moment(finding.get("updatedAt"), "updatedAt", malformed)
    document = compact(
        {
            "@timestamp": updated,
            "message": (described or title or "").strip() or None,
            "event": {
                "id": "/".join(filter(None, (arn, updated, status))),
                "kind": "alert" if status not in CLOSED else "state",
                "category": ["network" if kind == "NETWORK_REACHABILITY" else "vulnerability"],
                "type": ["info"],
                "start": moment(finding.get("firstObservedAt"), "firstObservedAt", malformed),
                "end": moment(finding.get("lastObservedAt"), "lastObservedAt", malformed),
                "severity": SEVERITIES.get(severity or ""),
                "risk_score": score,
                "reason": title,
            },
            "rule": {
                "name": title,
                "category": "vulnerability",
                "reference": text(remedy.get("Url")) or text(remedy.get("url")),
            },
            "observer": {"vendor": "Amazon Inspector"},
            "vulnerability": _vulnerability(finding, package, severity, kind, malformed),
            "package": _packages(package),
            "file": _file(obj(finding.get("codeVulnerabilityDetails"))),
            "network": _network(obj(finding.get("networkReachabilityDetails"))),
            **_resource(first),
            "cloud": {
                "account": {"id": text(finding.get("awsAccountId"))},
                "region": text(first.get("region")),
                **_resource(first)["cloud"],
            },
            "related": _related(resources),
            "inspector": {
                "finding_arn": arn,
                "type": kind,
                "status": status,
                "resource_type": text(first.get("type")),
                "resources": unique(*(text(r.get("id")) for r in resources)),
                "fix_available": text(finding.get("fixAvailable")),
                "exploit_available": text(finding.get("exploitAvailable")),
                "epss": _score(obj(finding.get("epss")).get("score"), "epss.score", malformed),
                "open_ports": _ports(finding, malformed),
            },
            "pipeline": {"malformed": malformed or None},
        }
    )
    document["aws"] = {"inspector": finding}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a record from anywhere is a finding, whole and at its top level."""
    if '"findingArn"' not in record.message or ":inspector2:" not in record.message:
        return False
    try:
        return _is_finding(json_object(record))
    except MalformedError:
        return False


def _opened(record: LogRecord) -> dict[str, Any]:
    """The finding, also out of a whole EventBridge event that was written to a log."""
    body = json_object(record)
    finding = obj(body.get("detail")) if "detail-type" in body else body
    if not _is_finding(finding):
        raise MalformedError("not_inspector", "expected a finding with findingArn and type")
    return finding


def _is_finding(body: dict[str, Any]) -> bool:
    return text(body.get("findingArn")) is not None and text(body.get("type")) is not None


def _score(value: Any, name: str, malformed: list[str]) -> float | None:  # noqa: ANN401  any JSON
    """A number from 0 to 10; ``None`` stays ``None``."""
    if value is None:
        return None
    if type(value) in (int, float) and 0 <= value <= HIGHEST_SCORE:
        return float(value)
    malformed.append(name)
    return None


def _vulnerability(
    finding: dict[str, Any],
    package: dict[str, Any],
    severity: str | None,
    kind: str | None,
    malformed: list[str],
) -> dict[str, Any]:
    adjusted = obj(obj(finding.get("inspectorScoreDetails")).get("adjustedCvss"))
    links = map(text, listed(package.get("referenceUrls")))
    return {
        "id": text(package.get("vulnerabilityId")),
        "category": kind,
        "description": text(finding.get("description")),
        "reference": unique(text(package.get("sourceUrl")), *links),
        "severity": severity,
        "scanner": {"vendor": "Amazon Inspector"},
        "score": {
            "base": _score(adjusted.get("score"), "adjustedCvss.score", malformed),
            "version": text(adjusted.get("version")),
        },
    }


def _packages(package: dict[str, Any]) -> dict[str, Any]:
    parts = [obj(part) for part in listed(package.get("vulnerablePackages"))]
    keys = {"name": "name", "version": "version", "architecture": "arch", "path": "filePath"}
    return {
        **{name: unique(*(text(p.get(key)) for p in parts)) for name, key in keys.items()},
        "type": unique(*(text(p.get("packageManager")) for p in parts)),
    }


def _file(code: dict[str, Any]) -> dict[str, Any]:
    where = obj(code.get("filePath"))
    return {"name": text(where.get("fileName")), "path": text(where.get("filePath"))}


def _network(reach: dict[str, Any]) -> dict[str, Any]:
    protocol = text(reach.get("protocol"))
    return {"transport": protocol.lower() if protocol else None}


def _ports(finding: dict[str, Any], malformed: list[str]) -> list[Any] | None:
    ports = obj(obj(finding.get("networkReachabilityDetails")).get("openPortRange"))
    return unique(
        *(integer(ports.get(k), f"openPortRange.{k}", malformed) for k in ("begin", "end"))
    )


def _addresses(resource: dict[str, Any]) -> list[str] | None:
    instance = obj(obj(resource.get("details")).get("awsEc2Instance"))
    found = (*listed(instance.get("ipV4Addresses")), *listed(instance.get("ipV6Addresses")))
    return unique(*(ip(text(address)) for address in found))


def _instance_id(resource: dict[str, Any]) -> str | None:
    is_instance = resource.get("type") == "AWS_EC2_INSTANCE"
    return text(resource.get("id")) if is_instance else None


def _resource(resource: dict[str, Any]) -> dict[str, Any]:
    """Root fields of the instance, the image or the function that the finding is about."""
    details = obj(resource.get("details"))
    instance = obj(details.get("awsEc2Instance"))
    image, function = (
        obj(details.get("awsEcrContainerImage")),
        obj(details.get("awsLambdaFunction")),
    )
    instance_id, machine = _instance_id(resource), text(instance.get("type"))
    is_function = bool(function)
    return {
        "cloud": {"instance": {"id": instance_id}, "machine": {"type": machine}},
        "host": {
            "id": instance_id,
            "type": machine,
            "ip": _addresses(resource),
            "os": {"platform": text(instance.get("platform")) or text(image.get("platform"))},
        },
        "container": {
            "image": {
                "name": text(image.get("repositoryName")),
                "tag": unique(*map(text, listed(image.get("imageTags")))),
                "hash": {"all": unique(text(image.get("imageHash")))},
            }
        },
        "faas": {
            "id": text(resource.get("id")) if is_function else None,
            "name": text(function.get("functionName")),
            "version": text(function.get("version")),
        },
    }


def _related(resources: list[dict[str, Any]]) -> dict[str, Any]:
    images = (obj(obj(r.get("details")).get("awsEcrContainerImage")) for r in resources)
    return {
        "ip": unique(*(address for r in resources for address in _addresses(r) or ())),
        "hosts": unique(*map(_instance_id, resources)),
        "hash": unique(*(text(image.get("imageHash")) for image in images)),
    }


SOURCE = Source(
    name="inspector",
    dataset="aws.inspector",
    reference=REFERENCE,
    log_groups=("/aws/events/inspector*", "/aws/events/Inspector*", "inspector-findings*"),
    events=("aws.inspector2/Inspector2 Finding",),
    keys=("findingArn",),
    recognises=recognises,
    parse=parse,
)
"""Inspector's events about scans and coverage are no findings and are left to ``events``."""
