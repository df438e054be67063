"""`python -m ops destroy`: remove a deployment, and prove that nothing is left."""

import argparse
from typing import cast

from ops import preflight
from ops.check import findings
from ops.command import Call, Command, add_profile_pattern
from ops.destroy.choice import Data, HaltError, Run
from ops.destroy.plan import Plan, plan
from ops.destroy.rows import as_table, is_empty
from ops.destroy.run import check_protection, destroy, steps
from ops.report import as_text, errand_lines

DESCRIPTION = """\
Removes a deployment: first whatever sends, in every account and region; waits until nothing is
under way; then pipeline, doors and search; and looks everywhere whether anything is left. It can
be interrupted and run again. The exit code is 0 when nothing is left but what --data keep keeps, 1
when something is or a step is needed elsewhere, and 2 when nothing could be begun.
"""

WAIT_MINUTES = 45


def run(call: Call) -> int:
    """Ask, do, prove."""
    view = call.view()
    identity = list(findings(preflight.IDENTITY, view))
    if any(finding.answer.status != "ok" for finding in identity):
        call.say(as_text(identity, ()))
        return 2
    one = Run(
        view=view,
        accounts=call.accounts(view),
        data=cast("Data", call.words.data),
        lifts_protection=call.words.lift_protection,
        wait_minutes=call.words.wait_minutes,
        say=call.say,
    )
    try:
        return _run(call, one)
    except HaltError as halt:
        call.say("\n".join((f"STOPPED {halt}", *errand_lines(halt.errands))))
        return 1


def _run(call: Call, one: Run) -> int:
    found = plan(one)
    if call.words.dry_run:
        call.say("\n".join(steps(one, found)))
        return 0
    check_protection(one, found)
    if not (call.words.yes or _agreed(call, one, found)):
        call.say("nothing was done")
        return 1
    left = destroy(one, found)
    call.say(as_table(left))
    return int(not is_empty(left))


def _agreed(call: Call, one: Run, found: Plan) -> bool:
    stage = call.config.stage
    call.say("\n".join(steps(one, found)))
    return call.ask(f"Type {stage} to destroy it: ").strip() == stage


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_profile_pattern(parser)
    parser.add_argument(
        "--data",
        choices=("keep", "remove"),
        default="keep",
        help="what becomes of archive, key and domain; keep is the default",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--dry-run", action="store_true", help="print the steps, and end")
    parser.add_argument(
        "--lift-protection",
        action="store_true",
        help='with --data remove: also what removal = "retain" protects',
    )
    parser.add_argument(
        "--wait-minutes",
        type=int,
        default=WAIT_MINUTES,
        metavar="N",
        help=f"until nothing is under way, {WAIT_MINUTES} at most; 0 gives it up",
    )


COMMAND = Command("destroy", "remove a deployment", DESCRIPTION, _arguments, run)
