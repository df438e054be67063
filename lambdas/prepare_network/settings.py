"""What the network's function is told by its environment."""

from dataclasses import dataclass

from lambdas.settings import EnvSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(EnvSettings):
    """Settings of the prepare_network function.

    Attributes:
        closed_group: Default security group of a VPC that the deployment made; empty where it is
            somebody else's.
    """

    closed_group: str
