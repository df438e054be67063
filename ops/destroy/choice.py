"""What whoever destroys a deployment has chosen, and how a run ends before its end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from infra.config import DeploymentConfig
from ops.access import Accounts
from ops.clock import Clock
from ops.command import Say
from ops.elsewhere import Errand
from ops.view import View

type Data = Literal["keep", "remove"]

KEPT: Final = frozenset(
    {
        "AWS::KMS::Key",
        "AWS::OpenSearchService::Domain",
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
    }
)
"""What holds logs, or is needed to read them."""


class HaltError(Exception):
    """The run cannot go on; the message says why, what to do, and that it can be run again.

    Attributes:
        errands: Commands for other accounts, after which it can.
    """

    def __init__(self, why: str, errands: Sequence[Errand] = ()) -> None:
        super().__init__(why)
        self.errands = errands


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run.

    Attributes:
        view: The central account.
        accounts: Every account.
        data: What becomes of what the deployment holds.
        lifts_protection: Whether termination protection is switched off on the way.
        wait_minutes: How long to wait until nothing moves any more; 0 does not look.
        say: Tells what is done.
    """

    view: View
    accounts: Accounts
    data: Data
    lifts_protection: bool
    wait_minutes: int
    say: Say

    @property
    def config(self) -> DeploymentConfig:
        """The deployment."""
        return self.view.config

    @property
    def clock(self) -> Clock:
        """Tells and passes time."""
        return self.view.clock

    def ticks(self, seconds: float, minutes: float, *, first: float = 1) -> Iterator[float]:
        """The seconds that have passed, again and again, until so many minutes have.

        Args:
            seconds: The longest pause.
            minutes: When it ends.
            first: The first pause, in seconds; each is twice as long as the one before.
        """
        begun, pause = self.clock.now(), first
        while (passed := (self.clock.now() - begun).total_seconds()) <= minutes * 60:
            yield passed
            self.clock.sleep(pause)
            pause = min(2 * pause, seconds)
