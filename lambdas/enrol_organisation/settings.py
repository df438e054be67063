"""What the enrolment function is told by its environment."""

from dataclasses import dataclass

from lambdas.settings import EnvSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(EnvSettings):
    """Settings of the enrolment function.

    Attributes:
        account: The central account, which is enrolled as well and never a member of itself.
        when_removed: ``keep`` or ``switch_off``: what a deleted resource leaves behind.
    """

    account: str
    when_removed: str
