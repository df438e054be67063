"""`python -m ops doctor`: why did the deployment fail, and where do events stop?"""

import argparse
import json
from collections.abc import Sequence

from ops.answer import Finding
from ops.command import Call, Command, add_finding_words, add_profile_pattern
from ops.doctor import doctor, policy, stops_at, unreachable
from ops.report import as_json, as_text, exit_code

DESCRIPTION = """\
After a failed deployment, or when logs do not arrive: reads the failed events of every stack in
every region and says what AWS's words mean, then follows the way of an event and says where it
stops. Reads only. The exit code is 1 when an error is among the findings, and 2 when nothing could
be begun.
"""


def run(call: Call) -> int:
    """Print the findings, or the policy that finding them takes."""
    if call.words.policy:
        call.say(json.dumps(policy(call.config), indent=1))
        return 0
    view = call.view()
    accounts = call.accounts(view)
    found = list(doctor(view, accounts))
    began = len(found) > 1  # else the credentials are another account's
    elsewhere = list(unreachable(view, accounts)) if began else []
    if call.words.json:
        call.say(as_json(found, elsewhere))
    else:
        call.say(f"{as_text(found, elsewhere)}\n{_verdict(found)}")
    return exit_code(found)


def _verdict(found: Sequence[Finding]) -> str:
    if len(found) == 1:
        return "Nothing was looked at."
    stop = stops_at(found)
    if stop:
        return f"An event gets no further than: {stop.check}, {stop.subject}."
    return "Nothing was found that stops an event."


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_finding_words(parser)
    add_profile_pattern(parser)


COMMAND = Command(
    "doctor", "why a deployment failed, and where events stop", DESCRIPTION, _arguments, run
)
