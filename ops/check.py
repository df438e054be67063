"""What a check is, and the one place where AWS's refusals become findings."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004  botocore's own name

from infra.config import DeploymentConfig
from ops.answer import Answer, Finding, warning
from ops.refusal import DENIED, code, right
from ops.view import View


class Check[T](NamedTuple):
    """One kind of thing that is looked at.

    Attributes:
        name: What findings call it.
        subjects: What of it a configuration has, by name.
        look: Looks at one subject.
        needs: The rights that this takes.
    """

    name: str
    subjects: Callable[[DeploymentConfig], Mapping[str, T]]
    look: Callable[[T, View], Answer]
    needs: tuple[str, ...]


def findings[T](check: Check[T], view: View) -> Iterator[Finding]:
    """One finding for each subject; that it could not be looked at is one."""
    for name, subject in check.subjects(view.config).items():
        answer = looked(partial(check.look, subject, view), check.needs)
        yield Finding(check=check.name, subject=name, answer=answer)


def looked(look: Callable[[], Answer], needs: Collection[str]) -> Answer:
    """What a look gives; that AWS did not let it is an answer as well."""
    try:
        return look()
    except ClientError as refused:
        if code(refused) in DENIED:
            missing = right(refused) or ", ".join(needs)
            return warning("could not look", f"the right to {missing}", f"allow {missing}")
        return warning(f"could not look: {refused}", "an answer", "try again, or look yourself")
    except (ConnectionError, HTTPClientError) as unreachable:
        return warning(f"could not look: {unreachable}", "an answer", "try again")


def rights(checks: Iterable[Check[Any]], config: DeploymentConfig) -> frozenset[str]:
    """What the checks need that have something to look at."""
    return frozenset(need for check in checks if check.subjects(config) for need in check.needs)


def policy_of(actions: Collection[str]) -> dict[str, Any]:
    """An IAM policy that allows these actions everywhere."""
    statement = {"Effect": "Allow", "Action": sorted(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
