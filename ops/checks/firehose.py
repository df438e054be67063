"""Whether Firehose takes the deployment's delivery streams, and what they will be sent.

Throughput by Direct PUT is no quota of Service Quotas: it has a default by region, is raised by a
form, and is told by metrics of a delivery stream that is there.

References:
    - https://docs.aws.amazon.com/firehose/latest/dev/limits.html
    - https://docs.aws.amazon.com/firehose/latest/dev/firehose-cloudwatch-metrics-best-practices.html
"""

from collections.abc import Mapping
from typing import Final

from infra.config import DeploymentConfig, dataset_names
from ops.answer import Answer, error, ok, warning
from ops.checks.capacity import RAISE, quota
from ops.stacks import one
from ops.view import View

STREAMS: Final = "L-14BB0BE7"
"""The quota "Delivery streams" of a region."""

MADE: Final = 2
"""Delivery streams of a deployment: the archive's and the documents'."""

LARGE: Final = frozenset({"us-east-1", "us-west-2", "eu-west-1"})
"""Regions that begin with more."""

MIB_IN_LARGE: Final = 5.0
MIB_ELSEWHERE: Final = 1.0
"""MiB a second of each delivery stream, by default."""

MIB_OF_SHARD: Final = 1
"""https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html."""

NEARLY: Final = 0.8
"""Share of the limit from which on a peak within a period may have passed it."""

PERIOD_SECONDS: Final = 300
MINUTES: Final = 24 * 60
MIB: Final = 1024 * 1024

FORM: Final = (
    "ask for more by the form at https://docs.aws.amazon.com/firehose/latest/dev/limits.html, or "
    'have what is much delivered by sink = "direct" under its [datasets."…"]'
)


def by_firehose(config: DeploymentConfig) -> Mapping[str, str]:
    """The central region, where Firehose delivers documents of some dataset."""
    sinks = {config.dataset(name).sink for name in dataset_names()}
    return {config.central.region: config.central.region} if "firehose" in sinks else {}


def delivery_streams(region: str, view: View) -> Answer:
    """Firehose makes two more delivery streams in the region.

    Reference: https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListDeliveryStreams.html
    """
    if any(kind == "AWS::KinesisFirehose::DeliveryStream" for kind, _ in view.owned("pipeline")):
        return ok("the delivery streams are there")
    listed = view.client("firehose", region).list_delivery_streams(Limit=10_000)
    used, most = len(listed["DeliveryStreamNames"]), quota(view, region, "firehose", STREAMS)
    if used + MADE <= most:
        return ok(f"{used} of {most:.0f} delivery streams, {MADE} needed")
    return error(
        f"{used} of {most:.0f} delivery streams",
        f"room for {MADE}",
        f"{RAISE} firehose --quota-code {STREAMS} --desired-value {used + MADE} --region {region}",
    )


def direct_put(region: str, view: View) -> Answer:
    """The delivery stream of documents takes what comes: what came lately, or what may come.

    Before there is one, what may come is what the shards take in. That is the least: it is
    compressed, and documents are not.
    """
    name = one(view, "AWS::KinesisFirehose::DeliveryStream", "DeliveryStream")
    default = MIB_IN_LARGE if region in LARGE else MIB_ELSEWHERE
    return _lately(name, default, view) if name else _expected(default, region, view)


def _lately(name: str, default: float, view: View) -> Answer:
    """What came in a day, against what the delivery stream says that it takes."""
    told = _of_a_day("BytesPerSecondLimit", "Minimum", name, view)
    limit = told[-1] / MIB if told else default
    sums = _of_a_day("IncomingBytes", "Sum", name, view)
    peak = max(sums, default=0) / PERIOD_SECONDS / MIB
    if peak <= NEARLY * limit:
        return ok(f"{peak:.2f} of {limit:.0f} MiB/s at most in a day")
    return warning(
        f"{peak:.2f} of {limit:.0f} MiB/s on average of {PERIOD_SECONDS} s",
        f"{NEARLY:.0%} of the quota of Direct PUT at most; above it Firehose throttles",
        FORM,
    )


def _expected(default: float, region: str, view: View) -> Answer:
    shards = view.config.stream.first_shards
    coming = shards * MIB_OF_SHARD
    if coming <= default:
        return ok(f"{default:.0f} MiB/s by default; the stream takes in {coming}")
    return warning(
        f"{default:.0f} MiB/s by Direct PUT, by default in {region}",
        f"{coming} MiB/s, which {shards} shards take in, compressed",
        FORM,
    )


def _of_a_day(metric: str, statistic: str, name: str, view: View) -> list[float]:
    return view.metric(
        f"AWS/Firehose {metric}",
        {"DeliveryStreamName": name},
        statistic,
        minutes=MINUTES,
        period_seconds=PERIOD_SECONDS,
    )
