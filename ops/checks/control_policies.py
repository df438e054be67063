"""Whether the organisation's service control policies let the deployment be made, and run."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.config import DeploymentConfig
from ops import tree
from ops.answer import Answer, error, ok, warning
from ops.control_policies import attached
from ops.control_policies.asked import EXEMPT, Asking
from ops.control_policies.verdict import Level, Refusal, Request, refusals
from ops.refusal import DENIED, code
from ops.view import View

MOST_SHOWN: Final = 3
"""Of actions that are denied alike."""

READS: Final = ("organizations:DescribeOrganization", *attached.READS, *tree.READS)

type Asked = Iterable[tuple[Sequence[Level], Iterable[Request]]]
"""What accounts ask, each under its levels."""

type Denied = Mapping[Refusal, Sequence[Request]]
"""What is denied, or may be, by the reason; in any account."""


def accounts(config: DeploymentConfig) -> Mapping[str, str]:
    """Every account with stacks of the deployment itself, where there is an organisation."""
    return {account: account for account in config.accounts} if config.organisation else {}


def units(config: DeploymentConfig) -> Mapping[str, str]:
    """Every unit whose accounts get stacks by a StackSet."""
    named = (*(config.members.units or ()), *config.self_service.units)
    return {unit: unit for unit in named}


def account_allows(account: str, view: View) -> Answer:
    """No policy over an account denies what the deployment asks there.

    Reference: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    """
    return _looked(account, view, partial(_of_account, account, view))


def unit_allows(unit: str, view: View) -> Answer:
    """No policy over a unit, or over an account below it, denies what the deployment asks there."""
    return _looked(unit, view, partial(_of_unit, unit, view))


def _looked(target: str, view: View, asked: Callable[[Mapping[str, Any]], Asked]) -> Answer:
    """What the policies say; that nobody here may read them is a finding as well."""
    try:
        organisation = view.client("organizations").describe_organization()["Organization"]
        if target == organisation["MasterAccountId"]:
            return ok("the management account, which no service control policy restricts")
        if not attached.in_use(view):
            return ok("the organisation uses no service control policies")
        return _answer(asked(organisation), view.config.central.region)
    except ClientError as refused:
        if code(refused) in tree.NOWHERE:
            return _nowhere(target)
        if code(refused) in DENIED:
            return _unread(target)
        raise


def _of_account(account: str, view: View, organisation: Mapping[str, Any]) -> Asked:
    levels = attached.levels(view, tree.way_to(view, account))
    yield levels, _asking(account, view, organisation).listed()


def _of_unit(unit: str, view: View, organisation: Mapping[str, Any]) -> Asked:
    left_out = {view.config.central.account, organisation["MasterAccountId"]}
    for way in tree.accounts_below(view, unit):
        account = way[-1]
        if account not in left_out:
            asking = _asking(account, view, organisation)
            yield attached.levels(view, way), asking.of_unit(unit)


def _asking(account: str, view: View, organisation: Mapping[str, Any]) -> Asking:
    return Asking(
        config=view.config,
        partition=view.client("organizations").meta.partition,
        account=account,
        organisation=organisation["Id"],
    )


def _answer(asked: Asked, home: str) -> Answer:
    """Whether all passes; else what does not: what is certain, or else what may be."""
    count, found = 0, defaultdict[Refusal, list[Request]](list)
    for levels, requests in asked:
        for request in requests:
            count += 1
            for refusal in refusals(levels, request):
                found[refusal].append(request)
    if not found:
        return ok(f"none of {count} calls is denied")
    certain = {refusal: denied for refusal, denied in found.items() if not refusal.undecided}
    shown: Denied = certain or found
    answer = error if certain else warning
    return answer(
        "; ".join(_found(refusal, denied) for refusal, denied in shown.items()),
        f"all {count} calls of the deployment allowed",
        "; ".join(_fix(refusal, denied, home) for refusal, denied in shown.items()),
    )


def _found(refusal: Refusal, denied: Sequence[Request]) -> str:
    """One reason in words, with some of the actions and all of the regions."""
    what = f"{_some(sorted({r.action for r in denied}))} in {', '.join(_regions(denied))}"
    if not refusal.policy:
        told = f"no policy on {refusal.target} allows {what}"
    elif refusal.undecided:
        told = f"{refusal.statement} of {refusal.policy} on {refusal.target} may deny {what}"
    else:
        return f"{refusal.statement} of {refusal.policy} on {refusal.target} denies {what}"
    return f"{told}: it depends on {', '.join(refusal.undecided)}" if refusal.undecided else told


def _fix(refusal: Refusal, denied: Sequence[Request], home: str) -> str:
    """What the management account does about it, or a deployment without those regions."""
    listing = (
        f"aws organizations list-policies-for-target --target-id {refusal.target} "
        f"--filter {attached.KIND}"
    )
    if not refusal.policy:
        return f"allow them by a policy on it, in the management account: {listing}"
    policy = refusal.policy.split()[0]
    if refusal.undecided:
        return (
            "look whether it does: "
            f"aws organizations describe-policy --policy-id {policy} --query Policy.Content"
        )
    exempt = json.dumps({"ArnNotLike": {"aws:PrincipalArn": list(EXEMPT)}})
    regions = _regions(denied)
    without = "" if home in regions else f"; or [members] regions without {', '.join(regions)}"
    return (
        f"leave the deployment's roles out of {refusal.statement}, by Condition {exempt}, "
        f"in the management account: aws organizations update-policy --policy-id {policy}{without}"
    )


def _some(actions: Sequence[str]) -> str:
    more = len(actions) - MOST_SHOWN
    return ", ".join(actions[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _regions(denied: Iterable[Request]) -> list[str]:
    return sorted({str(request.context["aws:requestedregion"]) for request in denied})


def _nowhere(target: str) -> Answer:
    return error(
        f"{target} is not in the organisation",
        "an account or unit of it",
        "aws organizations list-organizational-units-for-parent --parent-id r-… says what is, and "
        "aws organizations list-accounts",
    )


def _unread(target: str) -> Answer:
    return warning(
        "the policies may not be read from here",
        f"a delegated administrator of any service, and {', '.join(READS)} for you",
        f"aws organizations list-policies-for-target --target-id {target} "
        f"--filter {attached.KIND}, and of what it is in, in the management account",
    )
