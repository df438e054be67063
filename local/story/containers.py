"""What the shop's containers write, as Container Insights' Fluent Bit brings it.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-EKS-logs.html
"""

import random
from collections.abc import Iterator

from local.story.clock import Clock
from local.story.entry import LogLine, Place
from logcore.codec import dump_json
from logcore.shape import utc

GROUP = "/aws/containerinsights/shop/application"
HOST = "ip-10-20-1-30.ec2.internal"
_CONTAINERS = (
    ("web", "web-5468c5d4d7-n2swr", 24, ("page served", "session renewed", "slow answer")),
    ("cart", "cart-7c9f6d5b4-x8k2p", 12, ("cart saved", "cart expired", "cart could not be read")),
)
"""Container, pod, how often each writes a place and day, and what: the last is a warning."""


def lines(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """A day of every container."""
    for container, pod, times, sayings in _CONTAINERS:
        for number in range(times):
            said = sayings[number % len(sayings)]
            level = "warn" if said == sayings[-1] else "info"
            yield _line(place, clock.busy_moment(chance), container, pod, f"{level.upper()} {said}")


def _line(place: Place, time_ms: int, container: str, pod: str, said: str) -> LogLine:
    digest = f"{container.encode().hex():0<64}"
    record = {
        "time": utc(time_ms),
        "stream": "stdout",
        "_p": "F",
        "log": f"{said}\n",
        "kubernetes": {
            "pod_name": pod,
            "namespace_name": "shop",
            "host": HOST,
            "container_name": container,
            "docker_id": digest,
            "container_image": f"registry.example.com/shop/{container}:2.4",
        },
    }
    return LogLine(
        place=place,
        group=GROUP,
        stream=f"{HOST}-application.var.log.containers.{pod}_shop_{container}-{digest}.log",
        time_ms=time_ms,
        message=dump_json(record).decode(),
        dataset="generic",
    )
