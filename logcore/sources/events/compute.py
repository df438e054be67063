"""Events of instances, of the groups that scale them, and of ECS.

References:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
https://docs.aws.amazon.com/autoscaling/ec2/userguide/automating-ec2-auto-scaling-with-eventbridge.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
"""

from typing import Any

from logcore.shape import integer, listed, obj, text, time
from logcore.sources.events.reading import Reading, last_part

PHASES = {
    "running": ("start",),
    "stopped": ("end",),
    "terminated": ("end",),
    "RUNNING": ("start",),
    "STOPPED": ("end",),
}
"""ECS ``event.type`` of the states of an instance or a task; in any other it is changing."""

SEVERITIES = {"INFO": "success", "WARN": None, "ERROR": "failure"}
"""``event.outcome`` by the ``eventType`` of an ECS service; a warning leaves it open."""


def instance(_detail_type: str, detail: dict[str, Any], _malformed: list[str]) -> Reading:
    """An instance changed its state, is about to be reclaimed, or had better be replaced."""
    instance_id = text(detail.get("instance-id"))
    state = text(detail.get("state")) or text(detail.get("instance-action"))
    return Reading(
        category=("host",),
        types=PHASES.get(state or "", ("change",)),
        subject=instance_id,
        state=state,
        sections=_on(instance_id),
    )


def scaling(detail_type: str, detail: dict[str, Any], malformed: list[str]) -> Reading:
    """An Auto Scaling group launched or terminated an instance, or could not."""
    ended = "success" if "Successful" in detail_type else None
    launches, ends = "aunch" in detail_type, "erminate" in detail_type
    return Reading(
        category=("host",),
        types=("start",) if launches else ("end",) if ends else ("change",),
        outcome="failure" if "Unsuccessful" in detail_type else ended,
        subject=text(detail.get("AutoScalingGroupName")),
        state=text(detail.get("StatusCode")) or text(detail.get("LifecycleTransition")),
        reason=text(detail.get("StatusMessage")) or text(detail.get("Cause")),
        message=text(detail.get("Description")),
        event={
            "start": time(detail.get("StartTime"), "StartTime", malformed),
            "end": time(detail.get("EndTime"), "EndTime", malformed),
        },
        sections=_on(
            text(detail.get("EC2InstanceId")),
            text(obj(detail.get("Details")).get("Availability Zone")),
        ),
    )


def task(_detail_type: str, detail: dict[str, Any], malformed: list[str]) -> Reading:
    """An ECS task changed its state; stopped, its containers' exit codes say how it went."""
    containers = [obj(container) for container in listed(detail.get("containers"))]
    state = text(detail.get("lastStatus"))
    codes = [integer(c.get("exitCode"), "containers.exitCode", malformed) for c in containers]
    first = containers[0] if containers else {}
    image, _, tag = (text(first.get("image")) or "").partition("@")[0].rpartition(":")
    tagged = bool(image) and "/" not in tag
    return Reading(
        category=("process",),
        types=PHASES.get(state or "", ("change",)),
        outcome=_ended(codes) if state == "STOPPED" else None,
        subject=text(detail.get("group")) or last_part(text(detail.get("taskArn"))),
        state=state,
        reason=text(detail.get("stoppedReason")),
        event={
            "code": text(detail.get("stopCode")),
            "start": time(detail.get("startedAt"), "startedAt", malformed),
            "end": time(detail.get("stoppedAt"), "stoppedAt", malformed),
        },
        sections={
            **_cluster(detail),
            "cloud": {"availability_zone": text(detail.get("availabilityZone"))},
            "container": {
                "id": text(first.get("runtimeId")),
                "name": text(first.get("name")),
                "image": {
                    "name": image if tagged else text(first.get("image")),
                    "tag": [tag] if tagged else None,
                },
            },
        },
    )


def service(_detail_type: str, detail: dict[str, Any], _malformed: list[str]) -> Reading:
    """An ECS service was placed, scaled, deployed or could not be."""
    name = text(detail.get("eventName"))
    return Reading(
        category=("process",),
        types=("change",),
        outcome=SEVERITIES.get(text(detail.get("eventType")) or ""),
        state=name,
        reason=text(detail.get("reason")),
        event={"code": name},
        sections={**_cluster(detail), "transaction": {"id": text(detail.get("deploymentId"))}},
    )


def _on(instance_id: str | None, zone: str | None = None) -> dict[str, Any]:
    return {
        "cloud": {"instance": {"id": instance_id}, "availability_zone": zone},
        "host": {"id": instance_id},
    }


def _cluster(detail: dict[str, Any]) -> dict[str, Any]:
    arn, task_arn = text(detail.get("clusterArn")), text(detail.get("taskArn"))
    return {
        "orchestrator": {
            "type": "ecs",
            "cluster": {"id": arn, "name": last_part(arn)},
            "resource": {
                "id": task_arn,
                "name": (text(detail.get("taskDefinitionArn")) or "").rpartition("/")[2] or None,
                "type": "task" if task_arn else None,
            },
        }
    }


def _ended(codes: list[int | None]) -> str:
    known = [code for code in codes if code is not None]
    if not known or len(known) < len(codes):
        return "failure" if any(known) else "unknown"
    return "failure" if any(known) else "success"
