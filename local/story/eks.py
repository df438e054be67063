"""The shop's Kubernetes cluster: its API server's audit, who signs in, and its controllers.

References:
    https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
    https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
"""

import random
from collections.abc import Iterator

from local.story.clock import Clock, spelled
from local.story.entry import LogLine, Place
from local.story.identity import uuid
from local.story.kubernetes import (
    ANONYMOUS,
    DEVELOPER,
    ENDED,
    EVERYDAY,
    FORBIDDEN,
    LOOKING_AROUND,
    OPERATOR,
    PIPELINE,
    REASONS,
    STRANGER,
    Request,
    User,
)
from logcore.codec import dump_json
from logcore.shape import utc

CLUSTER = "shop"
STREAMS = {
    "audit": "kube-apiserver-audit-0a1b2c3d4e5f60718",
    "authenticator": "authenticator-0a1b2c3d4e5f60718",
    "controllers": "kube-controller-manager-0a1b2c3d4e5f60718",
}
_CONTROLLERS = (
    "I{at}       1 controller.go:615] quota admission added evaluator for: deployments.apps",
    "W{at}       1 reflector.go:539] failed to list *v1.PodMetrics: the server could not answer",
    'E{at}       1 leaderelection.go:332] "Failed to update lock" err="context deadline exceeded"',
)


def everyday(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """A day of the cluster: its own parts, the pipeline's deployments, and people."""
    for times, request in EVERYDAY:
        for _ in range(times):
            machine = request.user.name.startswith("system:")
            time_ms = clock.any_moment(chance) if machine else clock.busy_moment(chance)
            yield _asked(chance, place, time_ms, request)
    for user in (PIPELINE, PIPELINE, DEVELOPER, OPERATOR):
        yield _signed_in(place, clock.busy_moment(chance), user)
    for text in _CONTROLLERS * 2:
        time_ms = clock.any_moment(chance)
        at = spelled(time_ms, "%m%d %H:%M:%S.000000")
        yield _line(place, "controllers", time_ms, text.format(at=at))


def looking_around(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """The stranger tries the cluster with the leaked key, and learns nothing."""
    begin = clock.hours_before_end(2.8)
    yield _signed_in(place, begin - 2_000, STRANGER, granted=False)
    for number, request in enumerate(LOOKING_AROUND * 3):
        yield _asked(chance, place, begin + number * 20_000, request)
    yield _asked(chance, place, clock.hours_before_end(0.75), ENDED)


def _asked(chance: random.Random, place: Place, time_ms: int, request: Request) -> LogLine:
    """The audit event of one request."""
    user, (resource, _, part) = request.user, request.resource.partition("/")
    reason = REASONS.get(request.code)
    where = f"/namespaces/{request.namespace}" if request.namespace else ""
    parts = (f"/api/v1{where}/{resource}", request.name, part)
    event = {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "Metadata",
        "auditID": uuid(chance),
        "stage": "ResponseComplete",
        "requestURI": "/".join(filter(None, parts)),
        "verb": request.verb,
        "user": {
            "username": user.name,
            "groups": list(user.groups),
            **({"extra": {"arn": [user.arn]}} if user.arn else {}),
        },
        "sourceIPs": [user.address],
        "userAgent": user.agent,
        "objectRef": {
            "resource": resource,
            "apiVersion": "v1",
            **{k: v for k, v in (("namespace", request.namespace), ("name", request.name),
                                 ("subresource", part)) if v},
        },
        "responseStatus": {
            "metadata": {},
            "code": request.code,
            **({"status": "Failure", "reason": reason} if reason else {}),
        },
        "requestReceivedTimestamp": utc(time_ms - chance.randrange(2, 90)),
        "stageTimestamp": utc(time_ms),
        "annotations": {
            "authorization.k8s.io/decision": _decision(request.code),
            "authorization.k8s.io/reason": "",
        },
    }  # fmt: skip
    return _line(place, "audit", time_ms, dump_json(event).decode())


def _decision(code: int) -> str:
    return "forbid" if code in {FORBIDDEN, ANONYMOUS} else "allow"


def _signed_in(place: Place, time_ms: int, user: User, *, granted: bool = True) -> LogLine:
    """The authenticator's word about an IAM identity."""
    level, said = ("info", "access granted") if granted else ("warning", "access denied")
    more = f"username={user.name}" if granted else 'error="ARN is not mapped"'
    at = spelled(time_ms, "%Y-%m-%dT%H:%M:%SZ")
    text = (
        f'time="{at}" level={level} msg="{said}" arn="{user.arn}" client="127.0.0.1:57586" '
        f"method=POST path=/authenticate {more}"
    )
    return _line(place, "authenticator", time_ms, text)


def _line(place: Place, stream: str, time_ms: int, text: str) -> LogLine:
    return LogLine(
        place=place,
        group=f"/aws/eks/{CLUSTER}/cluster",
        stream=STREAMS[stream],
        time_ms=time_ms,
        message=text,
        dataset="aws.eks",
    )
