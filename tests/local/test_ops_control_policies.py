"""Before a deployment: what control policies would deny is found, and by what."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from local.aws.organizations import ROOT_ID
from ops.answer import Answer
from ops.control_policies.attached import KIND
from tests.local import landscape as made
from tests.local.ground import MANAGEMENT, REGIONS, Ground, Json, Places

HOME, IRELAND = REGIONS
FULL_ACCESS = "p-FullAWSAccess"
OF_ACCOUNT, OF_UNIT = "control policies of an account", "control policies of a unit"

type Statement = dict[str, Any]


class Guarded:
    """A good account, a unit with one account in it, and whoever writes policies over them."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.api = ground.cloud.client("organizations", MANAGEMENT)
        unit = self.api.create_organizational_unit(ParentId=ROOT_ID, Name=made.name("unit"))
        self.unit: str = unit["OrganizationalUnit"]["Id"]
        inner = self.api.create_organizational_unit(ParentId=self.unit, Name="inner")
        self.inner: str = inner["OrganizationalUnit"]["Id"]
        told = self.api.create_account(AccountName=made.name("shop"), Email="shop@example.com")
        self.member: str = told["CreateAccountStatus"]["AccountId"]
        self.api.move_account(
            AccountId=self.member, SourceParentId=ROOT_ID, DestinationParentId=self.inner
        )
        ground.changes["members"] = {
            "accounts": None,
            "units": [self.unit],
            "regions": list(REGIONS),
        }
        ground.changes["self_service"] = {}

    def attach(self, target: str, *statements: Statement) -> str:
        """Attach a policy of these statements; gives its id."""
        policy = self.api.create_policy(
            Name=made.name("guardrail"),
            Description="Of a test",
            Type=KIND,
            Content=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}),
        )
        id_: str = policy["Policy"]["PolicySummary"]["Id"]
        self.api.attach_policy(PolicyId=id_, TargetId=target)
        return id_

    def found(self) -> dict[str, Answer]:
        """What preflight says of control policies, by check."""
        return {f.check: f.answer for f in self.ground.look() if f.check.startswith("control")}


@pytest.fixture
def guarded(places: Places, tmp_path: Path) -> Guarded:
    return Guarded(Ground(*next(places), tmp_path))


def deny(action: str, condition: Json | None = None, **named: str) -> Statement:
    rule = {"Sid": "Guard", "Effect": "Deny", "Action": action, "Resource": "*", **named}
    return {**rule, "Condition": condition} if condition else rule


class Fault(NamedTuple):
    """One policy.

    Attributes:
        target: What it is attached to, of what a test has.
        statement: What it says.
        check: What finds it.
        status: How bad it is.
        found: A part of what is found.
        fix: A part of the fix.
    """

    target: Callable[[Guarded], str]
    statement: Statement
    check: str
    status: str
    found: str
    fix: str


def central(guarded: Guarded) -> str:
    return guarded.ground.account


def member(guarded: Guarded) -> str:
    return guarded.member


def inner(guarded: Guarded) -> str:
    return guarded.inner


OUTSIDE_VIRGINIA = {
    "Sid": "Guard",
    "Effect": "Deny",
    "NotAction": ["iam:*", "organizations:*", "sts:*"],
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": HOME}},
}
TAGGED = {"Null": {"aws:RequestTag/owner": "true"}}
BOUND = {"StringNotLike": {"iam:PermissionsBoundary": "arn:aws:iam::*:policy/other"}}

FAULTS = [
    Fault(
        central,
        OUTSIDE_VIRGINIA,
        OF_ACCOUNT,
        "error",
        f"and 11 more in {IRELAND}",
        f"; or [members] regions without {IRELAND}",
    ),
    Fault(
        central,
        deny("iam:Create*"),
        OF_ACCOUNT,
        "error",
        f"denies iam:CreateRole in {HOME}",
        '"arn:*:iam::*:role/cdk-hnb659fds-*"',
    ),
    Fault(
        central,
        deny("iam:CreateRole", BOUND),
        OF_ACCOUNT,
        "error",
        "denies iam:CreateRole",
        "ArnNotLike",
    ),
    Fault(
        central,
        deny("kinesis:PutRecord"),
        OF_ACCOUNT,
        "error",
        f"denies kinesis:PutRecord in {IRELAND}, {HOME}",
        "aws organizations update-policy --policy-id p-",
    ),
    Fault(
        central,
        deny("kinesis:CreateStream", TAGGED),
        OF_ACCOUNT,
        "warning",
        "may deny kinesis:CreateStream in us-east-1: it depends on aws:RequestTag/owner",
        "aws organizations describe-policy --policy-id p-",
    ),
    Fault(
        member,
        deny("logs:PutAccountPolicy"),
        OF_UNIT,
        "error",
        f"denies logs:PutAccountPolicy in {IRELAND}, {HOME}",
        '"arn:*:iam::*:role/*stacksets-exec-*"',
    ),
    Fault(
        inner,
        deny("*", {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}),
        OF_UNIT,
        "error",
        "denies events:PutEvents, events:PutRule, events:PutTargets and 3 more",
        "stacksets-exec-",
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}: {fault.found}")
def test_what_a_policy_denies_is_found_with_the_policy_and_its_fix(
    guarded: Guarded, fault: Fault
) -> None:
    target = fault.target(guarded)
    policy = guarded.attach(target, fault.statement)

    found = guarded.found()

    answer = found.pop(fault.check)
    assert answer.status == fault.status
    assert f"Guard of {policy}" in answer.found
    assert f"on {target} " in answer.found
    assert fault.found in answer.found
    assert fault.fix in answer.fix
    assert {other.status for other in found.values()} == {"ok"}


@pytest.mark.parametrize(
    "statement",
    [
        deny("*", Resource="arn:aws:iam::*:role/aws-controltower-*"),
        deny("*", {"ArnNotLike": {"aws:PrincipalArn": "arn:*:iam::*:role/*"}}),
        deny("*", {"StringNotEquals": {"aws:RequestedRegion": list(REGIONS)}}),
        deny("*", {"StringNotEqualsIfExists": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}),
        deny("*", {"Bool": {"aws:PrincipalIsAWSService": "true"}}),
        deny("iam:CreateRole", {"StringNotLike": {"iam:PermissionsBoundary": "*-boundary"}}),
        deny("organizations:LeaveOrganization"),
        deny("cloudtrail:StopLogging"),
    ],
    ids=json.dumps,
)
def test_guardrails_that_leave_the_deployment_alone_are_no_finding(
    guarded: Guarded, statement: Statement
) -> None:
    for target in (guarded.ground.account, guarded.unit):
        guarded.attach(target, statement)

    assert {answer.status for answer in guarded.found().values()} == {"ok"}


def test_the_condition_of_the_fix_leaves_the_deployment_alone(guarded: Guarded) -> None:
    account = guarded.ground.account
    policy = guarded.attach(account, deny("*"))
    fix = guarded.found()[OF_ACCOUNT].fix
    condition = json.loads(fix[fix.index("{") : fix.rindex("}") + 1])

    guarded.api.update_policy(
        PolicyId=policy,
        Content=json.dumps({"Version": "2012-10-17", "Statement": [deny("*", condition)]}),
    )

    assert guarded.found()[OF_ACCOUNT].status == "ok"


def test_what_no_policy_of_a_level_allows_is_found(guarded: Guarded) -> None:
    guarded.attach(
        guarded.unit, {"Effect": "Allow", "NotAction": "events:PutTargets", "Resource": "*"}
    )
    guarded.api.detach_policy(PolicyId=FULL_ACCESS, TargetId=guarded.unit)

    answer = guarded.found()[OF_UNIT]

    assert answer.status == "error"
    assert answer.found.startswith(f"no policy on {guarded.unit} allows events:PutTargets in ")
    assert f"list-policies-for-target --target-id {guarded.unit} --filter {KIND}" in answer.fix


def test_a_unit_that_is_not_there_is_found(guarded: Guarded) -> None:
    guarded.ground.changes["members"]["units"] = ["ou-ex4m-nowhere00"]

    answer = guarded.found()[OF_UNIT]

    assert (answer.status, answer.found) == (
        "error",
        "ou-ex4m-nowhere00 is not in the organisation",
    )


def test_accounts_that_the_filter_leaves_out_ask_nothing(guarded: Guarded) -> None:
    guarded.attach(guarded.member, deny("*"))
    guarded.ground.changes["members"] |= {
        "account_filter": {"mode": "difference", "accounts": [guarded.member]},
    }

    assert guarded.found()[OF_UNIT].status == "ok"


def test_policies_that_may_not_be_read_are_a_finding_with_a_command(guarded: Guarded) -> None:
    def refuse(**_: str) -> Json:
        answer: Any = {"Error": {"Code": "AccessDeniedException", "Message": "not you"}}
        raise ClientError(answer, "DescribePolicy")

    guarded.ground.answers["organizations"] = {"describe_policy": refuse}

    answer = guarded.found()[OF_ACCOUNT]

    assert answer.status == "warning"
    assert "a delegated administrator of any service" in answer.expected
    assert f"--target-id {guarded.ground.account}" in answer.fix


def test_an_organisation_without_control_policies_denies_nothing(guarded: Guarded) -> None:
    guarded.attach(guarded.ground.account, deny("*"))
    root = {"Id": ROOT_ID, "PolicyTypes": []}
    guarded.ground.list_instead("organizations", "list_roots", {"Roots": [root]})

    assert {a.found for a in guarded.found().values()} == {
        "the organisation uses no service control policies"
    }


def test_no_control_policy_restricts_the_management_account(guarded: Guarded) -> None:
    organisation = guarded.ground.client("organizations").describe_organization()["Organization"]
    manager = {**organisation, "MasterAccountId": guarded.ground.account}
    guarded.attach(guarded.ground.account, deny("*"))
    guarded.ground.answers["organizations"] = {
        "describe_organization": lambda: {"Organization": manager}
    }

    answer = guarded.found()[OF_ACCOUNT]

    assert answer.found == "the management account, which no service control policy restricts"
