"""Ends what sends: the StackSet's stacks, listed members, the central account, stray policies."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from infra.names import policy_name
from ops.checks.subscriptions import KIND, is_ours
from ops.destroy.choice import HaltError, Run
from ops.destroy.deletion import delete
from ops.destroy.plan import Plan
from ops.elsewhere import Errand
from ops.failures.events import NO_STACK_SET
from ops.refusal import DENIED, unless
from ops.stacks import regions

LOOK_SECONDS: Final = 10
LONGEST_MINUTES: Final = 180
"""A large organisation takes its time."""

ALL_AT_ONCE: Final = {
    "MaxConcurrentPercentage": 100,
    "FailureTolerancePercentage": 100,
    "RegionConcurrencyType": "PARALLEL",
}


def end_sending(run: Run, plan: Plan) -> None:
    """Delete everything that sends, everywhere it can be reached.

    Raises:
        HaltError: something still sends, or may; with the commands that end it.
    """
    for stack in plan.senders:
        for resource in plan.resources[stack.id]:
            if resource.type == "AWS::CloudFormation::StackSet":
                clear(run, resource.id, stack.region)
    delete(run, plan.senders, plan.resources)
    still = [*_stray(run), *(_by_hand(run, *place) for place in plan.beyond)]
    if still:
        raise HaltError(
            "some accounts cannot be reached from here, and may send on; end it there, or take "
            "them out of the configuration when they are gone, and run this again",
            still,
        )


def clear(run: Run, stack_set: str, region: str) -> None:
    """Delete the stacks of a StackSet in every account, and leave it empty.

    While it has units, an account that joins gets a stack; so the units go with their stacks.

    Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStackInstances.html

    Raises:
        HaltError: some would not go.
    """
    api = run.view.client("cloudformation", region)
    named = {"StackSetName": stack_set.partition(":")[0], "CallAs": "DELEGATED_ADMIN"}
    found = unless(NO_STACK_SET, lambda: api.describe_stack_set(**named))
    if found is None:
        return
    _settle(run, api, named)
    there = _instances(api, named)
    if not there:
        return
    run.say(f"deleting {len(there)} stacks of StackSet {named['StackSetName']}")
    api.delete_stack_instances(
        **named,
        DeploymentTargets={"OrganizationalUnitIds": found["StackSet"]["OrganizationalUnitIds"]},
        Regions=sorted({instance["Region"] for instance in there}),
        RetainStacks=False,
        OperationPreferences=ALL_AT_ONCE,
    )
    _settle(run, api, named)
    if left := _instances(api, named):
        told = (f"{i['Account']} {i['Region']}: {i.get('StatusReason', '')}" for i in left)
        raise HaltError("\n".join(("stacks of the StackSet would not go", *told)))
    run.say(f"deleted  {len(there)} stacks of StackSet {named['StackSetName']}")


def _instances(api: Any, named: dict[str, str]) -> list[dict[str, Any]]:  # noqa: ANN401  as Clients
    pages = api.get_paginator("list_stack_instances").paginate(**named)
    return [instance for page in pages for instance in page["Summaries"]]


def _settle(run: Run, api: Any, named: dict[str, str]) -> None:  # noqa: ANN401  as Clients
    """Wait for whatever the StackSet does."""
    for _ in run.ticks(LOOK_SECONDS, LONGEST_MINUTES):
        told = api.list_stack_set_operations(**named)["Summaries"]
        if not any(o["Status"] in {"RUNNING", "QUEUED", "STOPPING"} for o in told):
            return
    raise HaltError(f"the StackSet is still busy after {LONGEST_MINUTES} minutes; run it again")


def _stray(run: Run) -> Iterator[Errand]:
    """Delete policies to our doors that no stack has any more; yields what must be done there."""
    for account, region in reachable(run):
        if policy_name(region) not in subscribed(run, account, region):
            continue
        if run.accounts.own(account):
            run.say(f"deleting account policy {policy_name(region)} ({account}, {region})")
            logs = run.accounts.deploying(account)("logs", region)
            logs.delete_account_policy(policyName=policy_name(region), policyType=KIND)
        else:
            yield _by_hand(run, account, region)


def reachable(run: Run) -> list[tuple[str, str]]:
    """Every account and region whose subscriptions might be seen from here."""
    central = run.config.central.account
    others = [(a, r) for a in run.config.accounts[1:] for r in run.config.regions]
    return [(central, region) for region in regions(run.view)] + others


def subscribed(run: Run, account: str, region: str) -> Sequence[str]:
    """Names of the account policies that send to our door; none where that cannot be seen."""

    def look() -> list[str]:
        logs = run.accounts.looking(account)("logs", region)
        told = logs.describe_account_policies(policyType=KIND)["accountPolicies"]
        return [p["policyName"] for p in told if is_ours(p, region, run.view)]

    return unless(DENIED, look) or []


def _by_hand(run: Run, account: str, region: str) -> Errand:
    command = (
        f"aws cloudformation delete-stack --region {region} --stack-name "
        f"CentralLogs-{run.config.stage}-member-{account}-{region}; aws logs delete-account-policy "
        f"--region {region} --policy-type {KIND} --policy-name {policy_name(region)}"
    )
    return Errand(account, command, "nothing, or that it does not exist")
