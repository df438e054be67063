"""One run from its question to its proof. It can be interrupted anywhere, and run again.

Each step looks at what is there, never at what was done before.
"""

from collections.abc import Iterator

from ops.destroy.buckets import empty
from ops.destroy.choice import KEPT, HaltError, Run
from ops.destroy.copies import remove_copies
from ops.destroy.deletion import delete
from ops.destroy.keeping import keep
from ops.destroy.plan import Plan
from ops.destroy.quiet import await_quiet
from ops.destroy.remains import remove
from ops.destroy.rows import Row
from ops.destroy.scan import scan
from ops.destroy.senders import end_sending
from ops.stacks import Resource, Stack


def check_protection(run: Run, found: Plan) -> None:
    """Refuse what was made to stay.

    Raises:
        HaltError: something is protected; with what lifts that.
    """
    protected = [stack for stack in found.stacks if stack.is_protected]
    kept = run.config.removal == "retain" and run.data == "remove"
    if run.lifts_protection or not (protected or kept):
        return
    names = ", ".join(stack.name for stack in protected) or "what it holds"
    if run.data == "keep":
        first = protected[0]
        raise HaltError(
            f"{names}: termination protection is on. To leave it and keep the data: aws "
            "cloudformation update-termination-protection --no-enable-termination-protection "
            f"--stack-name {first.name} --region {first.region}"
        )
    raise HaltError(
        f'{names}: made to stay by removal = "retain". To remove the data all the same: '
        "--data remove --lift-protection"
    )


def steps(run: Run, found: Plan) -> Iterator[str]:
    """What a run would do, in its order."""
    for stack in found.senders:
        yield f"delete {stack.place}"
    for account, region in found.beyond:
        yield f"stop, unless {account} {region} is done there: it cannot be reached from here"
    if run.wait_minutes:
        yield f"wait until nothing moves, {run.wait_minutes} minutes at most"
    else:
        yield "not wait: what is under way is lost"
    for stack in found.others:
        for resource in found.resources[stack.id]:
            yield from _step(run, resource)
        yield f"delete {stack.place}"
    yield "delete what stacks have retained; Destinations last"
    yield "look whether anything is left"


def _step(run: Run, resource: Resource) -> Iterator[str]:
    if run.data == "keep" and resource.type in KEPT:
        yield f"keep {resource.type} {resource.id}"
    elif resource.type == "AWS::S3::Bucket":
        yield f"empty {resource.id}: every object and version"


def destroy(run: Run, found: Plan) -> list[Row]:
    """Do it; gives what is left.

    Raises:
        HaltError: it cannot go on.
    """
    check_protection(run, found)
    if run.data == "keep":
        keep(run, found)
    end_sending(run, found)
    await_quiet(run, found)
    for stack in found.others:
        if run.data == "remove":
            _empty(run, stack, found)
        delete(run, [stack], found.resources)
    remove(run)
    if run.data == "remove":
        remove_copies(run)
    return scan(run)


def _empty(run: Run, stack: Stack, found: Plan) -> None:
    s3 = run.view.client("s3", stack.region)
    for resource in found.resources[stack.id]:
        if resource.type == "AWS::S3::Bucket":
            empty(s3, resource.id, run.say)
