"""The section that says which resources' logs AWS itself switches on, across the organisation.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/telemetry-config-rules.html
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from infra.config.base import Strict, named_once

Kind = Literal["vpc_flow", "resolver_queries", "waf", "nlb", "eks"]
EksLogs = Literal[
    "EKS_API_LOGS",
    "EKS_AUDIT_LOGS",
    "EKS_AUTHENTICATOR_LOGS",
    "EKS_CONTROLLER_MANAGER_LOGS",
    "EKS_SCHEDULER_LOGS",
]
Retention = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827]
"""Days that CloudWatch Logs can keep events for:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""


class Telemetry(Strict):
    """Rules that switch on logs of resources that have none, and of those that are made later.

    Attributes:
        kinds: Which logs; a rule each.
        retention_days: Of the log groups in the members' accounts.
        traffic: Which connections flow logs tell of.
        aggregation_seconds: How long a flow is watched before its line is written.
        eks_logs: Which logs of a cluster's control plane.
    """

    kinds: tuple[Kind, ...] = ()
    retention_days: Retention = 30
    traffic: Literal["ALL", "ACCEPT", "REJECT"] = "ALL"
    aggregation_seconds: Literal[60, 600] = 600
    eks_logs: Annotated[tuple[EksLogs, ...], Field(min_length=1)] = ("EKS_AUDIT_LOGS",)

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        named_once("kinds", self.kinds)
        named_once("eks_logs", self.eks_logs)
        return self
