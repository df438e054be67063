"""`python -m ops`: one command line, in front of the commands."""

import argparse
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ProfileNotFound

from infra.config import DeploymentConfig, config_path
from infra.errors import ConfigError
from ops.access import Assumed, Session
from ops.clock import Clock, SystemClock
from ops.command import Ask, Call, Command, Say
from ops.commands import destroy, doctor, owners, preflight
from ops.view import Clients

COMMANDS: tuple[Command, ...] = (
    preflight.COMMAND,
    owners.COMMAND,
    doctor.COMMAND,
    destroy.COMMAND,
)

PATIENT = Config(retries={"mode": "standard", "total_max_attempts": 5})
"""Several of these APIs answer a few requests a second."""


def clients_of(profile: str | None) -> Clients:
    """The clients of a profile, as the ``aws`` command would take it."""
    return _kept(boto3.Session(profile_name=profile))


def clients_with(keys: Mapping[str, Any]) -> Clients:
    """The clients of a role that was assumed."""
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    return _kept(session)


def _kept(session: Any) -> Clients:  # noqa: ANN401  boto3's own
    """The clients of a session, each made once: making one takes longer than what it asks."""
    return cache(
        lambda service, region: session.client(service, region_name=region, config=PATIENT)
    )


SYSTEM = SystemClock()


def main(
    words: Sequence[str],
    *,
    session: Session,
    assumed: Assumed = clients_with,
    say: Say = print,
    ask: Ask = input,
    clock: Clock = SYSTEM,
) -> int:
    """Run one command line; the code of the command.

    Raises:
        SystemExit: the words, the configuration or the profile are wrong; code 2.
    """
    parser = _parser()
    given = parser.parse_args(words)
    command: Command = given.command
    try:
        call = Call(
            words=given,
            config=DeploymentConfig.load(config_path(given.config)),
            session=session,
            assumed=assumed,
            say=say,
            ask=ask,
            clock=clock,
        )
        return command.run(call)
    except (ConfigError, ProfileNotFound) as wrong:
        parser.error(str(wrong))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ops")
    commands = parser.add_subparsers(dest="word", metavar="command", required=True)
    for command in COMMANDS:
        own = commands.add_parser(
            command.name,
            description=command.description,
            help=command.help,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        own.set_defaults(command=command)
        own.add_argument(
            "-c", "--config", default="sandbox", help="sandbox, production, or a .toml file"
        )
        own.add_argument("--profile", help="AWS profile of the central account")
        command.arguments(own)
    return parser
