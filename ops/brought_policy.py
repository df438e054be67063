"""Whether the policy of something that is brought says what its owner was told to put there."""

from collections.abc import Mapping
from typing import Any, Final

from infra.brought import needed
from ops.answer import Answer, error, ok
from ops.policies import as_fix, missing
from ops.view import View

PRINTED: Final = "python -m infra.brought prints what must be in it"


def policy_answer(view: View, policy: str, found: str | Mapping[str, Any]) -> Answer:
    """Whether a policy of something that is brought has every statement that it needs."""
    [wanted] = (each for each in needed(view.config) if each.policy == policy)
    absent = missing(found, wanted.statements)
    if not absent:
        return ok(f"{len(wanted.statements)} statements are there")
    return error(
        f"no statement that does what {', '.join(absent)} does",
        f"it in the {policy} of {wanted.resource}; {PRINTED}",
        f"add {as_fix(wanted.statements, absent)}",
    )
