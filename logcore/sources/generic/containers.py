"""Lines of containers: where they ran, and the application's own line within a collector's record.

References:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-using-fluentbit.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html
"""

import re
from functools import lru_cache
from typing import Any

from logcore.record import Document, Origin
from logcore.shape import compact, obj, text
from logcore.sources.generic.values import as_date

_LINE, _READ = "log", "log_processed"  # the line as text, and as Fluent Bit has already read it
_CRI = re.compile(r"\d{4}-\d\d-\d\dT\S+ (?:stdout|stderr) [FP] ")

_TASK = re.compile(r".+/(?P<container>[^/]+)/(?P<task>[0-9a-f]{32})")
_POD = re.compile(
    r".*var\.log\.containers\.(?P<pod>[^_]+)_(?P<namespace>[^_]+)_(?P<container>.+)"
    r"-(?P<id>[0-9a-f]{64})\.log"
)
_INSIGHTS = re.compile(
    r"/aws/containerinsights/(?P<eks>[^/]+)/\w+|/aws/ecs/containerinsights/(?P<ecs>[^/]+)/.+"
)
_APP_LABELS = ("app.kubernetes.io/name", "k8s-app", "app")
_VERSION_LABEL = "app.kubernetes.io/version"


def line_within(body: dict[str, Any]) -> tuple[str, dict[str, Any] | None] | None:
    """The application's line in what FireLens or Fluent Bit wrote, and the object it was read as.

    ``None`` for a wrapper without a line, into which Fluent Bit has merged the application's keys.
    """
    line, read = body.get(_LINE), body.get(_READ)
    if isinstance(read, dict):
        return (line if isinstance(line, str) else ""), read
    if not isinstance(line, str):
        return None
    head = _CRI.match(line)
    return line[head.end() if head else 0 :].rstrip("\r\n"), None


def is_wrapper(body: dict[str, Any]) -> bool:
    """Whether a collector wrote the object: asked for every line of JSON."""
    return (
        "ecs_task_arn" in body
        or ("kubernetes" in body and isinstance(body["kubernetes"], dict))
        or ("container_id" in body and "container_name" in body and _LINE in body)
    )


def around(body: dict[str, Any]) -> dict[str, Any]:
    """The wrapper without the line."""
    return {key: value for key, value in body.items() if key not in {_LINE, _READ}}


def add_place(document: Document, body: dict[str, Any]) -> None:
    """Fill in what a wrapper says of the place; the line's own word stays."""
    fill(document, compact(_of_kubernetes(body) if "kubernetes" in body else _of_task(body)))


def add_origin(document: Document, origin: Origin) -> None:
    """Fill in what log group and stream say of it, likewise."""
    fill(document, _of_origin(origin.log_group, origin.log_stream))


def fill(document: Document, sections: Document) -> None:
    """Add what is not there, at every depth."""
    for key, value in sections.items():
        if isinstance(value, dict):
            fill(document.setdefault(key, {}), value)
        else:
            document.setdefault(key, value)


def _of_kubernetes(body: dict[str, Any]) -> Document:
    """What Fluent Bit's Kubernetes filter adds."""
    pod = obj(body.get("kubernetes"))
    labels = obj(pod.get("labels"))
    image, tag = _image(text(pod.get("container_image")))
    return {
        "event": {"created": as_date(body.get("time"))},
        "cloud": {"service": {"name": "eks"}},
        "container": {
            "id": text(pod.get("docker_id")),
            "name": text(pod.get("container_name")),
            "image": {"name": image, "tag": [tag] if tag else None},
        },
        "host": {"name": text(pod.get("host"))},
        "orchestrator": {
            "type": "kubernetes",
            "namespace": text(pod.get("namespace_name")),
            "resource": {
                "type": "pod",
                "name": text(pod.get("pod_name")),
                "id": text(pod.get("pod_id")),
            },
        },
        "service": {
            "name": next((name for key in _APP_LABELS if (name := text(labels.get(key)))), None),
            "version": text(labels.get(_VERSION_LABEL)),
        },
    }


def _of_task(body: dict[str, Any]) -> Document:
    """What FireLens adds; the name of the task definition stands for the service's.

    With ``enable-ecs-log-metadata`` off, or outside ECS, only the container is known.
    """
    family = (text(body.get("ecs_task_definition")) or "").partition(":")[0]
    cluster, instance = text(body.get("ecs_cluster")), text(body.get("ec2_instance_id"))
    task = text(body.get("ecs_task_arn"))
    return {
        "cloud": {"service": {"name": "ecs" if task else None}, "instance": {"id": instance}},
        "container": {
            "id": text(body.get("container_id")),
            "name": (text(body.get("container_name")) or "").removeprefix("/") or None,
        },
        "host": {"id": instance},
        "orchestrator": {
            "type": "ecs" if task else None,
            "cluster": {"name": cluster.rpartition("/")[2] or None if cluster else None},
            "resource": {"type": "task" if task else None, "id": task},
        },
        "service": {"name": family or None},
    }


def _image(name: str | None) -> tuple[str | None, str | None]:
    """Image and tag; a port belongs to the registry."""
    image, _, tag = (name or "").partition("@")[0].rpartition(":")
    return (image, tag) if image and tag and "/" not in tag else (name, None)


@lru_cache(maxsize=4_096)
def _of_origin(group: str, stream: str) -> Document:
    """What awslogs and Container Insights put into the names of streams and groups."""
    if task := _TASK.fullmatch(stream):
        return {
            "cloud": {"service": {"name": "ecs"}},
            "container": {"name": task["container"]},
            "orchestrator": {"type": "ecs", "resource": {"type": "task", "id": task["task"]}},
        }
    insights, pod = _INSIGHTS.fullmatch(group), _POD.fullmatch(stream)
    if insights is None and pod is None:
        return {}
    is_ecs = insights is not None and insights["ecs"] is not None
    return compact(
        {
            "cloud": {"service": {"name": "ecs" if is_ecs else "eks"}},
            "container": {"name": pod["container"], "id": pod["id"]} if pod else None,
            "orchestrator": {
                "type": "ecs" if is_ecs else "kubernetes",
                "cluster": {"name": insights["ecs"] or insights["eks"] if insights else None},
                "namespace": pod["namespace"] if pod else None,
                "resource": {"type": "pod", "name": pod["pod"]} if pod else None,
            },
        }
    )
