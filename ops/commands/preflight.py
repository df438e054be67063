"""`python -m ops preflight`: may `cdk deploy` begin?"""

import json

from ops.command import Call, Command, add_finding_words
from ops.elsewhere import errands
from ops.preflight import policy, preflight
from ops.report import as_json, as_text, exit_code

DESCRIPTION = """\
Looks at the central account, in every region of the configuration, for what would stop a deployment
or make it deliver nothing. Reads only. What takes another account's credentials is printed as a
command. The exit code is 1 when an error is among the findings, and 2 when nothing could be begun.
"""


def run(call: Call) -> int:
    """Print the findings, or the policy that finding them takes."""
    if call.words.policy:
        call.say(json.dumps(policy(call.config), indent=1))
        return 0
    found, elsewhere = list(preflight(call.view())), list(errands(call.config))
    shown = as_json if call.words.json else as_text
    call.say(shown(found, elsewhere))
    return exit_code(found)


COMMAND = Command("preflight", "what would stop a deployment", DESCRIPTION, add_finding_words, run)
