"""Looks at a deployment that failed, or from which no logs arrive, and changes nothing.

First what CloudFormation says of every stack; then what could not have worked from the start, by
the checks of preflight; then the way of an event, stop by stop.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import product
from typing import Any, Final

from infra.config import DeploymentConfig
from ops import preflight
from ops.access import Accounts
from ops.answer import Answer, Finding, error, ok
from ops.check import Check, findings, looked, policy_of, rights
from ops.checks.claims.stack_sets import stack_sets
from ops.checks.way import delivery, domain, door, functions, stream
from ops.elsewhere import Errand
from ops.failures.causes import meaning
from ops.failures.events import Failure, failed_instances, failures
from ops.stacks import regions, stacks_of
from ops.view import Clients, View

BEFORE_ONLY: Final = frozenset(
    {"Firehose quota", "instance type", "Kinesis quota", "OpenSearch quota", "StackSets quota"}
)
"""Checks of preflight that ask for room, which a deployment that is there has taken."""


def _central(config: DeploymentConfig) -> Mapping[str, str]:
    return {config.central.region: config.central.region}


def _doors(config: DeploymentConfig) -> Mapping[str, str]:
    return {region: region for region in config.doors}


def _with_organisation(config: DeploymentConfig) -> Mapping[str, str]:
    return _central(config) if config.enrichment.organisation.enabled else {}


STACKS: Final = ("cloudformation:DescribeStacks", "cloudformation:ListStackResources")
METRICS: Final = "cloudwatch:GetMetricStatistics"
OBJECTS: Final = (*STACKS, "s3:ListBucket")

EVENTS: Final = (
    "account:ListRegions",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ListStackInstances",
)

WAY: tuple[Check[Any], ...] = (
    Check("subscription", _doors, door.subscribed, ("logs:DescribeAccountPolicies",)),
    Check("door", _doors, door.door, ("iam:GetRole", "logs:DescribeDestinations")),
    Check("key", _central, stream.key, ("kms:DescribeKey",)),
    Check("stream", _central, stream.stream, (METRICS, "kinesis:DescribeStreamSummary")),
    Check("event hub", _central, stream.hub, (METRICS, "events:ListRules")),
    Check("archive", _central, delivery.archive, (*OBJECTS, "firehose:DescribeDeliveryStream")),
    Check("reader", functions.readers, functions.reader, (*STACKS, "lambda:GetEventSourceMapping")),
    Check("keeping up", _central, stream.reading, (METRICS,)),
    Check("function", functions.functions, functions.complaints, ("logs:FilterLogEvents",)),
    Check("set aside", _central, delivery.set_aside, (*STACKS, "sqs:GetQueueAttributes")),
    Check("rejects", _central, delivery.rejects, OBJECTS),
    Check("delivery", _central, delivery.documents, (*OBJECTS, "firehose:DescribeDeliveryStream")),
    Check("domain", _central, domain.domain, (METRICS, "es:DescribeDomain")),
    Check("setup", _central, domain.setup, STACKS),
    Check("snapshot", _with_organisation, domain.snapshot, (*OBJECTS, "s3:GetObject")),
)
"""In the direction of an event; the first error is where it stops."""

STILL: tuple[Check[Any], ...] = tuple(
    check for check in preflight.CHECKS if check.name not in BEFORE_ONLY
)


def doctor(view: View, accounts: Accounts) -> Iterator[Finding]:
    """Look at everything, unless this is another account than the central one."""
    for found in findings(preflight.IDENTITY, view):
        yield found
        if found.answer.status == "error":
            return
    yield from _stack_findings(view, accounts)
    for check in (*STILL, *WAY):
        yield from findings(check, view)


def stops_at(found: Iterable[Finding]) -> Finding | None:
    """The first error on the way of an event; ``None`` where it gets through."""
    order = [check.name for check in WAY]
    errors = [f for f in found if f.check in order and f.answer.status == "error"]
    return min(errors, key=lambda f: order.index(f.check), default=None)


def policy(config: DeploymentConfig) -> dict[str, Any]:
    """An IAM policy with the rights of everything that is looked at; all only read."""
    return policy_of(rights((preflight.IDENTITY, *STILL, *WAY), config) | set(EVENTS))


def unreachable(view: View, accounts: Accounts) -> Iterator[Errand]:
    """The listed accounts whose stacks cannot be looked at from here, as commands."""
    for account, region in _listed(view.config):
        if not accounts.reaches(account, region):
            yield Errand(account, _listing(region), "CREATE_COMPLETE or UPDATE_COMPLETE")


def _listed(config: DeploymentConfig) -> Iterator[tuple[str, str]]:
    return product(config.accounts[1:], config.regions)


def _listing(region: str) -> str:
    return (
        "aws cloudformation describe-stacks --query "
        "\"Stacks[?starts_with(StackName, 'CentralLogs-')].[StackName,StackStatus]\" "
        f"--output text --region {region}"
    )


def _stack_findings(view: View, accounts: Accounts) -> Iterator[Finding]:
    central = view.config.central
    places = [(central.account, region) for region in regions(view)]
    places += [place for place in _listed(view.config) if accounts.reaches(*place)]
    for account, region in places:
        expected = region in view.config.regions
        clients = accounts.deploying(account)
        look = partial(_failed, view.config.stage, clients, account, region)
        for finding in _told(look, f"{account} · {region}"):
            if expected or finding.answer.status != "ok":
                yield finding
    for name in stack_sets(view.config):
        look = partial(failed_instances, view.clients, central.region, name)
        yield from _told(look, name)


def _failed(stage: str, clients: Clients, account: str, region: str) -> list[Failure]:
    stacks = stacks_of(stage, clients, account, region)
    return [failure for stack in stacks for failure in failures(clients, stack)]


def _told(look: Callable[[], list[Failure]], place: str) -> Iterator[Finding]:
    """A finding for each failure; one that all is well where there is none."""
    failed: list[Failure] = []

    def whether() -> Answer:
        failed.extend(look())
        return ok("nothing failed")

    answer = looked(whether, EVENTS)
    if not failed:
        yield Finding(check="stacks", subject=place, answer=answer)
    for failure in failed:
        yield Finding(check="stacks", subject=f"{place} · {failure.where}", answer=_read(failure))


def _read(failure: Failure) -> Answer:
    """A failure with its meaning; in AWS's words alone where nobody knows it yet."""
    known = meaning(failure.reason)
    if known is None:
        return error(
            failure.reason,
            "a stack without failures; these words have no entry in ops/failures/causes.py yet",
            "read them; docs/operations/doctor.md says how to add an entry",
        )
    return error(
        failure.reason, f"no such failure. It means: {known.means}", f"{known.fix} ({known.link})"
    )
