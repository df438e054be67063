"""`python -m ops preflight`: may `cdk deploy` begin?"""

import argparse
import json
from collections.abc import Callable, Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ProfileNotFound

from infra.config import DeploymentConfig, config_path
from infra.errors import ConfigError
from ops.elsewhere import errands
from ops.owners import owners
from ops.preflight import policy, preflight
from ops.report import as_json, as_text
from ops.view import Clients, View

DESCRIPTION = """\
Looks at the central account, in every region of the configuration, for what would stop a deployment
or make it deliver nothing. Reads only. What takes another account's credentials is printed as a
command. The exit code is 1 when an error is among the findings, and 2 when nothing could be begun.
"""

PATIENT = Config(retries={"mode": "standard", "total_max_attempts": 5})
"""Several of these APIs answer a few requests a second."""

type Session = Callable[[str | None], Clients]
"""Gives the clients of a profile; the environment's own without one."""


def main(words: Sequence[str], *, session: Session, say: Callable[[str], object] = print) -> int:
    """Run one command line; 1 when an error was found.

    Raises:
        SystemExit: the words, the configuration or the profile are wrong; code 2.
    """
    parser = _parser()
    given = parser.parse_args(words)
    try:
        config = DeploymentConfig.load(config_path(given.config))
        if given.command == "owners":
            say("\n".join(owners(config)))
            return 0
        if given.policy:
            say(json.dumps(policy(config), indent=1))
            return 0
        view = View(config=config, clients=session(given.profile))
    except (ConfigError, ProfileNotFound) as wrong:
        parser.error(str(wrong))
    found, elsewhere = list(preflight(view)), list(errands(config))
    if given.json:
        say(as_json(found, elsewhere))
    else:
        say("\n".join(as_text(found, elsewhere)))
    return int(any(finding.answer.status == "error" for finding in found))


def clients_of(profile: str | None) -> Clients:
    """The clients of a profile, as the ``aws`` command would take it."""
    session: Any = boto3.Session(profile_name=profile)
    return lambda service, region: session.client(service, region_name=region, config=PATIENT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ops")
    commands = parser.add_subparsers(dest="command", required=True)
    told = commands.add_parser(
        "owners",
        description="Prints what owners of log buckets in other accounts add; asks nothing of AWS.",
        help="what other accounts add for their log buckets",
    )
    command = commands.add_parser(
        "preflight",
        description=DESCRIPTION,
        help="what would stop a deployment",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for each in (told, command):
        each.add_argument(
            "-c", "--config", default="sandbox", help="sandbox, production, or a .toml file"
        )
    command.add_argument("--profile", help="AWS profile of the central account")
    command.add_argument("--json", action="store_true", help="findings as JSON")
    command.add_argument(
        "--policy", action="store_true", help="print the IAM policy that this takes, and end"
    )
    return parser
