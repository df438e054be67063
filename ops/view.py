"""What a check may look at: the configuration, AWS, and what this deployment owns already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from infra.config import DeploymentConfig
from infra.names import stack_name
from ops.clock import Clock, SystemClock
from ops.refusal import unless


class Clients(Protocol):
    """Gives a boto3 client of the central account: ``clients("logs", "eu-west-1")``."""

    def __call__(self, service: str, region: str) -> Any:  # noqa: ANN401  one function for every service, as boto3.client
        """Give the client of a service in a region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One deployment and the account that it is for.

    Attributes:
        config: What the deployment chose.
        clients: Clients of the central account.
        clock: Tells the time.
        kept: What was asked once and is asked again by the next check.
    """

    config: DeploymentConfig
    clients: Clients
    clock: Clock = field(default_factory=SystemClock)
    kept: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str, region: str = "") -> Any:  # noqa: ANN401  as Clients
        """The client of a service, in the central region unless another one is named."""
        return self.clients(service, region or self.config.central.region)

    def once[T](self, key: str, ask: Callable[[], T]) -> T:
        """What is asked under this key, the first time; afterwards what it gave then."""
        if key not in self.kept:
            self.kept[key] = ask()
        found: T = self.kept[key]
        return found

    def owned(self, stack: str, region: str = "") -> frozenset[tuple[str, str]]:
        """Type and physical id of what a stack of this deployment has; empty before it is there.

        Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html

        Args:
            stack: The last part of its name: ``pipeline``.
            region: Where it is; the central region by default.
        """
        pages = self.client("cloudformation", region).get_paginator("list_stack_resources")
        name = stack_name(self.config.stage, stack)
        listed = unless({"ValidationError"}, lambda: list(pages.paginate(StackName=name)))
        return frozenset(
            (resource["ResourceType"], resource.get("PhysicalResourceId", ""))
            for page in listed or ()
            for resource in page["StackResourceSummaries"]
        )

    def metric(
        self,
        name: str,
        dimensions: Mapping[str, str],
        statistic: str,
        *,
        minutes: int,
        period_seconds: int = 60,
    ) -> list[float]:
        """What CloudWatch has of a metric in the central region, a value a period, oldest first.

        Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html

        Args:
            name: Namespace and metric: ``AWS/Kinesis IncomingRecords``.
            dimensions: All of them; a metric with others is another one.
            statistic: ``Sum``, ``Maximum`` or ``Minimum``.
            minutes: How far back; 1,440 periods at most.
            period_seconds: What one value stands for.
        """
        namespace, _, metric = name.partition(" ")
        now = self.clock.now()
        told = self.client("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
            StartTime=now - timedelta(minutes=minutes),
            EndTime=now,
            Period=period_seconds,
            Statistics=[statistic],
        )
        points = sorted(told["Datapoints"], key=lambda point: point["Timestamp"])
        return [point[statistic] for point in points]
