"""Looks everywhere for what a deployment may have left, and shows it as a table.

It goes by names, tags and CloudFormation's memory, not by what the run believes to have done: what
nobody can prove to be the deployment's is shown, and left alone.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from typing import Any, Final

from infra.names import CENTRAL_LOGS, FUNCTION_LOGS, STACK_SETS, stack_name
from ops.answer import ok
from ops.check import looked
from ops.checks.claims.central import DESTINATION, KINDS
from ops.checks.claims.claim import Kind
from ops.checks.claims.log_files import ANOTHERS
from ops.checks.claims.stack_sets import stack_set
from ops.checks.names import claims
from ops.checks.subscriptions import KIND as POLICY
from ops.destroy import copies
from ops.destroy.choice import Run
from ops.destroy.costs import cost
from ops.destroy.remains import SKIPPED, by_hand, is_kept, retained
from ops.destroy.retained import kind_of
from ops.destroy.rows import Row
from ops.destroy.senders import subscribed
from ops.refusal import DENIED, unless
from ops.stacks import GONE, Resource, own_names, regions, remembered, stacks_of
from ops.view import Clients

TAG: Final = "aws:cloudformation:stack-name"
"""Set by CloudFormation on what it makes, and on what it retains:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-resource-tags.html"""


RULE: Final = "centralisation rule"

LISTED: Final = frozenset(
    {DESTINATION.type, KINDS[RULE].type, "AWS::CloudFormation::StackSet", "AWS::IAM::Role"}
)
"""Types that have looks of their own, which find them whatever the configuration says."""


def scan(run: Run) -> list[Row]:
    """Everything, everywhere, once."""
    told = [row for look in _looks(run) for row in look]
    explained = {word for row in told for word in row.what.split() if row.state != "left"}
    rows = {
        (row.account, row.region, row.what): row
        for row in told
        if row.state != "left" or not _named(row.what, explained)
    }
    return list(rows.values())


def _named(what: str, explained: Iterable[str]) -> bool:
    """Whether a row is about something that another row keeps: its ARN ends with that name."""
    name = what.rpartition(" ")[2]
    return any(name.endswith((f"/{e}", f":{e}", f":::{e}")) or name == e for e in explained)


type Look = Callable[[], Iterable[Row]]


def _looks(run: Run) -> Iterator[list[Row]]:
    """Each look's rows; that one was refused is a row."""
    central, home = run.config.central.account, run.config.central.region
    for region in regions(run.view):
        for name, look in REGIONAL.items():
            yield _rows(partial(look, run, region), central, region, name)
    for name, look in ONCE.items():
        yield _rows(partial(look, run, home), central, home, name)
    for account, region in product(run.config.accounts[1:], run.config.regions):
        yield _rows(partial(_member, run, account, region), account, region, "stacks and policies")


def _rows(look: Look, account: str, region: str, name: str) -> list[Row]:
    found: list[Row] = []

    def whether() -> Any:  # noqa: ANN401  any answer that is good
        found.extend(look())
        return ok(name)

    answer = looked(whether, (name,))
    if answer.status != "ok":
        found.append(Row("unseen", account, region, name, f"{answer.found}: {answer.fix}"))
    return found


def _stacks(run: Run, region: str) -> Iterator[Row]:
    return _stacks_of(run, run.view.clients, run.config.central.account, region)


def _stacks_of(run: Run, clients: Clients, account: str, region: str) -> Iterator[Row]:
    for stack in stacks_of(run.config.stage, clients, account, region):
        yield Row("left", account, region, f"stack {stack.name}", f"{stack.status}; run it again")


def _member(run: Run, account: str, region: str) -> Iterator[Row]:
    yield from _stacks_of(run, run.accounts.deploying(account), account, region)
    run.accounts.looking(account)("logs", region)  # a refusal is not "none"
    yield from _policies_of(run, account, region)


def _policies(run: Run, region: str) -> Iterator[Row]:
    return _policies_of(run, run.config.central.account, region)


def _policies_of(run: Run, account: str, region: str) -> Iterator[Row]:
    for name in subscribed(run, account, region):
        command = (
            f"aws logs delete-account-policy --policy-type {POLICY} --policy-name {name} "
            f"--region {region}"
        )
        yield Row("left", account, region, f"account policy {name}", command)


def _log_groups(run: Run, region: str) -> Iterator[Row]:
    pages = run.view.client("logs", region).get_paginator("describe_log_groups")
    for page in pages.paginate(logGroupNamePrefix=FUNCTION_LOGS):
        for group in page["logGroups"]:
            name = group["logGroupName"]
            command = f"aws logs delete-log-group --log-group-name {name} --region {region}"
            yield _left(run, region, f"log group {name}", command)


def _copies(run: Run, region: str) -> Iterator[Row]:
    is_kept = run.data == "keep" and copies.is_ours(run)
    for name in copies.groups(run, region):
        command = f"aws logs delete-log-group --log-group-name '{name}' --region {region}"
        row = _left(run, region, f"copied log group {name}", command)
        remark = (
            f"its storage: https://aws.amazon.com/cloudwatch/pricing/. To be rid of it: {command}"
        )
        yield row._replace(state="kept", remark=remark) if is_kept else row


def _doors(run: Run, region: str) -> Iterator[Row]:
    return _fixed(run, region, "Destination", DESTINATION)


def _fixed_names(run: Run, _region: str) -> Iterator[Row]:
    """The names that the configuration takes; what was brought under one of them is not among."""
    for name, (kind, region) in claims(run.config).items():
        what = name.partition(" · ")[0]
        if kind.type not in LISTED and not kind.name.startswith(FUNCTION_LOGS):
            yield from _fixed(run, region, what, kind)


def _rule(run: Run, region: str) -> Iterable[Row]:
    """The centralisation rule. Who is no delegated administrator may not ask, and has none."""
    refusals = frozenset[str]() if run.config.members.centralises else DENIED
    return unless(refusals, lambda: list(_fixed(run, region, RULE, KINDS[RULE]))) or ()


def _fixed(run: Run, region: str, what: str, kind: Kind) -> Iterator[Row]:
    found = kind.look(run.view, region)
    if found and not found.startswith(ANOTHERS):
        yield _left(run, region, f"{what} {kind.name}", kind.freed(region, found))


def _roles(run: Run, region: str) -> Iterator[Row]:
    pages = run.view.client("iam").get_paginator("list_roles").paginate()
    prefixes = (f"{stack_name(run.config.stage)}-", f"{CENTRAL_LOGS}-")
    for page in pages:
        for role in page["Roles"]:
            if role["RoleName"].startswith(prefixes):
                command = f"aws iam delete-role --role-name {role['RoleName']}, after its policies"
                yield _left(run, region, f"role {role['RoleName']}", command)


def _stack_sets(run: Run, region: str) -> Iterator[Row]:
    """Those that any configuration would have, whatever this one says by now."""
    for name in STACK_SETS:
        yield from _fixed(run, region, "StackSet", stack_set(name, "organisation"))


def _retained(run: Run, _region: str) -> Iterator[Row]:
    for resource in retained(run):
        what = f"{resource.type} {resource.id}"
        command = by_hand(kind_of(resource.type), resource)
        if is_kept(run, resource):
            remark = f"{cost(run.view, resource)}. To be rid of it: {command}"
            yield _left(run, resource.region, what, remark)._replace(state="kept")
        else:
            yield _left(run, resource.region, what, command)


def _keys(run: Run, region: str) -> Iterator[Row]:
    """Keys of deleted stacks: those in their last days, and those that somebody rescued."""
    told = remembered(run.config.stage, run.view.clients, region, GONE, SKIPPED)
    for status, resource in told:
        if resource.type == "AWS::KMS::Key":
            yield from _key(run, resource, status)


def _key(run: Run, resource: Resource, status: str) -> Iterator[Row]:
    kms = run.view.client("kms", resource.region)
    found = unless({"NotFoundException"}, lambda: kms.describe_key(KeyId=resource.id))
    told = found["KeyMetadata"] if found else {}
    what = f"AWS::KMS::Key {resource.id}"
    if told.get("KeyState") == "PendingDeletion":
        remark = f"on {told['DeletionDate']:%Y-%m-%d}; costs nothing until then"
        yield _left(run, resource.region, what, remark)._replace(state="going")
    elif told and status == GONE:
        command = by_hand(kind_of(resource.type), resource)
        yield _left(run, resource.region, what, command)


def _tagged(run: Run, region: str) -> Iterator[Row]:
    """What CloudFormation has tagged. AWS may list what is gone for a while longer.

    Reference: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
    """
    pages = run.view.client("resourcegroupstaggingapi", region).get_paginator("get_resources")
    found = {
        mapping["ResourceARN"]: tag["Value"]
        for page in pages.paginate(TagFilters=[{"Key": TAG}])
        for mapping in page["ResourceTagMappingList"]
        for tag in mapping["Tags"]
        if tag["Key"] == TAG
    }
    own = own_names(run.config.stage, found.values())
    there = {s.name for s in _all_stacks(run, region)}
    for arn, stack in found.items():
        if stack in own - there:
            yield _left(run, region, f"tagged {arn}", f"of {stack}; look whether it is there still")


def _all_stacks(run: Run, region: str) -> Iterable[Any]:
    return stacks_of(run.config.stage, run.view.clients, run.config.central.account, region)


def _buckets(run: Run, region: str) -> Iterator[Row]:
    """Buckets that CloudFormation has named: stack, logical id, chance."""
    prefix = f"{stack_name(run.config.stage)}-".lower()
    for bucket in run.view.client("s3").list_buckets()["Buckets"]:
        if bucket["Name"].startswith(prefix):
            command = f"aws s3 rb s3://{bucket['Name']}, once it is empty"
            yield _left(run, region, f"bucket {bucket['Name']}", command)


def _left(run: Run, region: str, what: str, remark: str) -> Row:
    return Row("left", run.config.central.account, region, what, remark)


REGIONAL: Final[dict[str, Callable[[Run, str], Iterable[Row]]]] = {
    "stacks": _stacks,
    "account policies": _policies,
    "log groups": _log_groups,
    "copied log groups": _copies,
    "Destinations": _doors,
    "keys": _keys,
    "tagged resources": _tagged,
}
"""What is looked for in every region of the central account."""

ONCE: Final[dict[str, Callable[[Run, str], Iterable[Row]]]] = {
    "retained resources": _retained,
    "fixed names": _fixed_names,
    RULE: _rule,
    "StackSets": _stack_sets,
    "roles": _roles,
    "buckets": _buckets,
}
"""What is looked for once: in the central region, or where regions do not count."""
