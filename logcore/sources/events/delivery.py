"""Events of what brings changes: stacks, pipelines, builds and deployments.

References:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html
"""

import re
from typing import Any

from logcore.formats.web import seconds
from logcore.shape import listed, obj, text, time, unique
from logcore.sources.events.reading import Reading, last_part, outcome_of, phase_of

_IAM = re.compile(r"arn:[\w-]+:(?:iam|sts)::\d{12}:")

CHANGES = {
    "CREATE": ("creation",),
    "IMPORT": ("creation",),
    "DELETE": ("deletion",),
}
"""ECS ``event.type`` by the first word of a stack's status; every other is a change."""


def stack(_detail_type: str, detail: dict[str, Any], _malformed: list[str]) -> Reading:
    """A CloudFormation stack, or one resource of it, changed its status."""
    details = obj(detail.get("status-details"))
    state = text(details.get("status"))
    return Reading(
        category=("configuration",),
        types=CHANGES.get((state or "").partition("_")[0], ("change",)),
        outcome=outcome_of(state),
        subject=_stack_name(detail),
        state=state,
        reason=text(details.get("status-reason")),
        event={"code": text(detail.get("resource-type"))},
    )


def drift(_detail_type: str, detail: dict[str, Any], _malformed: list[str]) -> Reading:
    """CloudFormation compared a stack with its template."""
    details = obj(detail.get("status-details"))
    detection = text(details.get("detection-status"))
    outcome = outcome_of(detection)
    drifted = text(details.get("stack-drift-status")) if outcome == "success" else None
    return Reading(
        category=("configuration",),
        outcome=outcome,
        subject=_stack_name(detail),
        state=drifted or detection,
    )


def pipeline(_detail_type: str, detail: dict[str, Any], malformed: list[str]) -> Reading:
    """A CodePipeline run, or a stage or an action of it, changed its state.

    ``event.code`` is the stage, ``Deploy``, or stage and action, ``Deploy/Stack``; of a run that
    failed the stage that failed it.
    """
    state = text(detail.get("state"))
    result, more = obj(detail.get("execution-result")), obj(detail.get("additionalAttributes"))
    failed = [obj(action) for action in listed(more.get("failedActions"))]
    reasons = [text(action.get("additionalInformation")) for action in failed]
    place = text(detail.get("stage")) or text(more.get("failedStage"))
    starter = text(obj(detail.get("execution-trigger")).get("trigger-detail")) or ""
    user = starter if _IAM.match(starter) else None
    return Reading(
        category=("process",),
        types=phase_of(state),
        outcome=outcome_of(state),
        subject=text(detail.get("pipeline")),
        state=state,
        reason=text(result.get("external-execution-summary"))
        or "; ".join(filter(None, reasons))
        or None,
        event={
            "code": "/".join(filter(None, (place, text(detail.get("action"))))) or None,
            "start": time(detail.get("start-time"), "start-time", malformed),
            "url": text(result.get("external-execution-url")),
        },
        sections={
            "error": {"code": text(result.get("error-code"))},
            "transaction": {"id": text(detail.get("execution-id"))},
            "user": {"id": user},
            "related": {"user": unique(user)},
        },
    )


def build(_detail_type: str, detail: dict[str, Any], malformed: list[str]) -> Reading:
    """A CodeBuild build changed its status, or ended a phase; a whole one names its artefact."""
    phase = text(detail.get("completed-phase"))
    state = text(detail.get("completed-phase-status")) or text(detail.get("build-status"))
    extra = obj(detail.get("additional-information"))
    artefact, initiator = obj(extra.get("artifact")), text(extra.get("initiator"))
    digest = text(artefact.get("sha256sum"))
    user = initiator if initiator and "/" not in initiator else None  # codepipeline/shop is none
    return Reading(
        category=("process",),
        types=("end",) if phase else phase_of(state),
        outcome=outcome_of(state),
        subject=text(detail.get("project-name")),
        state=state,
        reason=text(detail.get("completed-phase-context")),
        event={
            "code": phase,
            "duration": _nanoseconds(detail.get("completed-phase-duration-seconds"), malformed),
            "url": text(obj(extra.get("logs")).get("deep-link")),
        },
        sections={
            "transaction": {"id": text(detail.get("build-id"))},
            "user": {"name": user},
            "file": {"path": text(artefact.get("location")), "hash": {"sha256": digest}},
            "related": {"user": unique(user), "hash": unique(digest)},
        },
    )


def _nanoseconds(value: Any, malformed: list[str]) -> int | None:  # noqa: ANN401  any JSON
    found = seconds(value, "completed-phase-duration-seconds", malformed)
    return None if found is None else round(found * 1e9)


def deployment(_detail_type: str, detail: dict[str, Any], _malformed: list[str]) -> Reading:
    """A CodeDeploy deployment, or one instance of it, changed its state."""
    state = text(detail.get("state"))
    return Reading(
        category=("process",),
        types=("start",) if state == "START" else phase_of(state),
        outcome=outcome_of(state),
        subject=text(detail.get("application")),
        state=state,
        sections={"transaction": {"id": text(detail.get("deploymentId"))}},
    )


def _stack_name(detail: dict[str, Any]) -> str | None:
    """``name`` of ``arn:aws:cloudformation:REGION:ACCOUNT:stack/name/uuid``."""
    stack_id = text(detail.get("stack-id")) or ""
    parts = stack_id.split("/")
    return parts[1] or None if len(parts) > 1 else last_part(stack_id)
