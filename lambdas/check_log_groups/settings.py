"""What the check_log_groups function is told by its environment."""

from dataclasses import dataclass

from lambdas.settings import EnvSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(EnvSettings):
    """Settings of the check_log_groups function.

    Attributes:
        door_arn: The Destination of this region, which a log group is to be sent to.
        reader_role: Name of the role that it takes in the account of the rule.
        excluded: Names of log groups that no rule looks at; ``*`` and ``?`` stand for others.
    """

    door_arn: str
    reader_role: str
    excluded: tuple[str, ...]
