"""What the snapshot function is told by its environment."""

from dataclasses import dataclass

from lambdas.settings import EnvSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(EnvSettings):
    """Settings of the snapshot function.

    Attributes:
        organisation: Id of the organisation that it expects, such as ``o-exampleorgid``.
        bucket: Bucket of the snapshot.
        key: Its key; the one object is written anew each time.
    """

    organisation: str
    bucket: str
    key: str
