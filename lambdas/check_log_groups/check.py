"""Answers one request of AWS Config: an evaluation for each log group of an account and region.

Reference: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

from lambdas.check_log_groups.account import log_groups
from lambdas.check_log_groups.findings import LogGroup, verdict
from lambdas.check_log_groups.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

MOST_EVALUATIONS = 100  # in a request: https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html
RESOURCE = "AWS::Logs::LogGroup"


class EvaluationsRefusedError(Exception):
    """Config took some evaluations and not others; the next period brings them again."""


class Config(Protocol):
    """What is used of boto3's client."""

    def put_evaluations(self, *, Evaluations: list[dict[str, str]], ResultToken: str) -> Any:  # noqa: ANN401, N803  the API's names and answer
        """``{"FailedEvaluations": [...]}``."""
        ...


class Request(NamedTuple):
    """What Config asks.

    Attributes:
        account: Whose log groups.
        finding: What is looked for: a key of ``findings.RULES``.
        asked_at: Time of the request, as Config writes it; evaluations are in its order.
        token: Goes back with the evaluations.
    """

    account: str
    finding: str
    asked_at: str
    token: str

    @classmethod
    def read(cls, event: dict[str, Any]) -> Self:
        """Read the event of a rule that runs periodically.

        Raises:
            KeyError: a part is missing.
        """
        return cls(
            account=event["accountId"],
            finding=json.loads(event["ruleParameters"])["finding"],
            asked_at=json.loads(event["invokingEvent"])["notificationCreationTime"],
            token=event["resultToken"],
        )


def check(
    request: Request,
    logs: "CloudWatchLogsClient",
    config: Config,
    settings: Settings,
) -> Counter[str]:
    """Evaluate every log group; gives how many there were of each compliance.

    Raises:
        ClientError: the account's role may not read, or Config did not take the evaluations.
        EvaluationsRefusedError: Config took only some of them.
    """
    groups = log_groups(logs, settings.door_arn, with_filters=request.finding == "pipeline")
    found: Counter[str] = Counter()
    for part in batched(_evaluations(request, groups, settings), MOST_EVALUATIONS, strict=False):
        answer = config.put_evaluations(Evaluations=list(part), ResultToken=request.token)
        if refused := answer.get("FailedEvaluations"):
            raise EvaluationsRefusedError(f"{len(refused)} of {len(part)} evaluations not taken")
        found.update(evaluation["ComplianceType"] for evaluation in part)
    return found


def _evaluations(
    request: Request, groups: Iterable[LogGroup], settings: Settings
) -> Iterator[dict[str, str]]:
    for group in groups:
        compliance, reason = verdict(request.finding, group, settings.excluded)
        yield {
            "ComplianceResourceType": RESOURCE,
            "ComplianceResourceId": group.name,
            "ComplianceType": compliance,
            "OrderingTimestamp": request.asked_at,
            **({"Annotation": reason} if reason else {}),
        }
