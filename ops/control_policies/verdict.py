"""What the policies on the way from the root to an account say of a request.

An account may do what every level on that way allows and no statement of any level denies.

Reference: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ops.control_policies.condition import Context, holds, undecided, unknown, with_values
from ops.control_policies.truth import Truth, all_of, any_of, negated
from ops.policies import Statement, like, listed


@dataclass(frozen=True, slots=True)
class Policy:
    """A service control policy.

    Attributes:
        id: ``p-examplepolicyid111``.
        name: What its owner calls it.
        statements: What it says.
    """

    id: str
    name: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A root, a unit or an account, and what is attached to it.

    Attributes:
        target: Its id.
        policies: Perhaps none, which allows nothing.
    """

    target: str
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One call, as far as it is known before it is made.

    Attributes:
        action: ``kinesis:CreateStream``.
        resource: An ARN of the kind that it is about.
        context: What is known of its condition keys.
    """

    action: str
    resource: str
    context: Context


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is denied, or may be.

    Attributes:
        target: What the policy is attached to, or what allows nothing of it.
        policy: Id and name of the policy that denies; empty where none allows.
        statement: Its ``Sid``, or its place in the policy, from 1.
        undecided: Condition keys on which it depends; empty where it is certain.
    """

    target: str
    policy: str = ""
    statement: str = ""
    undecided: tuple[str, ...] = ()


def refusals(levels: Sequence[Level], request: Request) -> Iterator[Refusal]:
    """Every reason against a request; none where it passes."""
    for level in levels:
        for policy in level.policies:
            yield from _denials(level, policy, request)
        allowing = [
            statement
            for policy in level.policies
            for statement in policy.statements
            if statement.get("Effect") == "Allow"
        ]
        allowed = any_of(_applies(statement, request) for statement in allowing)
        if not allowed:
            keys = _keys(allowing, request) if allowed is None else ()
            yield Refusal(level.target, undecided=keys)


def _denials(level: Level, policy: Policy, request: Request) -> Iterator[Refusal]:
    for place, statement in enumerate(policy.statements, 1):
        if statement.get("Effect") != "Deny":
            continue
        applies = _applies(statement, request)
        if applies is not False:
            keys = _keys([statement], request) if applies is None else ()
            named = str(statement.get("Sid") or f"statement {place}")
            yield Refusal(level.target, f"{policy.id} ({policy.name})", named, keys)


def _keys(statements: Sequence[Statement], request: Request) -> tuple[str, ...]:
    """On what those depend of which it cannot be told whether they apply."""
    found = (
        key
        for statement in statements
        if _applies(statement, request) is None
        for key in (
            *undecided(statement.get("Condition", {}), request.context),
            *(name for text in _resources(statement) for name in unknown(text, request.context)),
        )
    )
    return tuple(dict.fromkeys(found))


def _resources(statement: Statement) -> list[str]:
    return listed(statement.get("NotResource", statement.get("Resource", "*")))


def _applies(statement: Statement, request: Request) -> Truth:
    """Whether a statement is about a request.

    Actions are alike whatever their case; resources are not.
    """
    action = request.action.lower()
    about_action = any(like(action, text.lower()) for text in _actions(statement))
    texts = [with_values(text, request.context) for text in _resources(statement)]
    about_resource = any_of(None if t is None else like(request.resource, t) for t in texts)
    return all_of(
        (
            about_action != ("NotAction" in statement),
            negated(about_resource) if "NotResource" in statement else about_resource,
            holds(statement.get("Condition", {}), request.context),
        )
    )


def _actions(statement: Statement) -> list[str]:
    return listed(statement.get("NotAction", statement.get("Action", "*")))
