"""What a command is, and what it is given: a configuration, credentials, a way to speak."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from infra.config import DeploymentConfig
from ops.access import Accounts, Assumed, Session
from ops.clock import Clock
from ops.view import View

type Say = Callable[[str], object]
"""Takes one line or several."""

type Ask = Callable[[str], str]
"""Takes a question; gives what was typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a command.

    Attributes:
        words: The command line, parsed.
        config: The deployment.
        session: Gives the clients of a profile.
        assumed: Gives the clients of a role's keys.
        say: Prints.
        ask: Asks whoever sits there.
        clock: Tells and passes time.
    """

    words: argparse.Namespace
    config: DeploymentConfig
    session: Session
    assumed: Assumed
    say: Say
    ask: Ask
    clock: Clock

    def view(self) -> View:
        """The central account.

        Raises:
            ProfileNotFound: the profile is not there.
        """
        clients = self.session(self.words.profile)
        return View(config=self.config, clients=clients, clock=self.clock)

    def accounts(self, view: View) -> Accounts:
        """Every account, as the command line says how to reach them."""
        return Accounts(
            central_account=self.config.central.account,
            central=view.clients,
            session=self.session,
            assumed=self.assumed,
            pattern=self.words.profile_pattern,
        )


class Command(NamedTuple):
    """One command.

    Attributes:
        name: Its word.
        help: One line.
        description: What it does, and its exit codes.
        arguments: Adds its own words.
        run: Does it; gives the exit code.
    """

    name: str
    help: str
    description: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Call], int]


def add_profile_pattern(parser: argparse.ArgumentParser) -> None:
    """Let the command line say how listed members are reached."""
    parser.add_argument(
        "--profile-pattern",
        default="",
        metavar="PATTERN",
        help="AWS profile of each listed account, as in 'logs-{account}'; "
        "otherwise the roles of its bootstrap stack are assumed",
    )


def add_finding_words(parser: argparse.ArgumentParser) -> None:
    """Let the command line say in which form findings are wanted."""
    parser.add_argument("--json", action="store_true", help="findings as JSON")
    parser.add_argument(
        "--policy", action="store_true", help="print the IAM policy that this takes, and end"
    )
