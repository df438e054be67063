"""What a check is, and the one place where AWS's refusals become findings."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

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
        answer = _answer(check, subject, view)
        yield Finding(check=check.name, subject=name, answer=answer)


def _answer[T](check: Check[T], subject: T, view: View) -> Answer:
    try:
        return check.look(subject, view)
    except ClientError as refused:
        if code(refused) in DENIED:
            rights = right(refused) or ", ".join(check.needs)
            return warning("could not look", f"the right to {rights}", f"allow {rights}")
        return warning(f"could not look: {refused}", "an answer", "try again, or look yourself")
    except (ConnectionError, HTTPClientError) as unreachable:
        return warning(f"could not look: {unreachable}", "an answer", "try again")
