"""A name that a deployment takes, and how what has it already is found."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from ops.view import View

type Look = Callable[[View, str], str]
"""Takes the region; gives what has the name there, empty where nothing has."""


class Kind(NamedTuple):
    """One kind of resource with a fixed name.

    Attributes:
        name: The name.
        type: What CloudFormation calls it.
        stack: The stack that makes it; of a region, the last part is the region.
        look: Finds what has the name.
        delete: The command that frees it; ``{region}``, ``{found}`` and ``{name}`` are filled in.
    """

    name: str
    type: str
    stack: str
    look: Look
    delete: str

    def freed(self, region: str, found: str) -> str:
        """The command that frees the name of what was found in a region."""
        return self.delete.format(region=region, found=found, name=self.name)

    def is_among(self, owned: Collection[tuple[str, str]], found: str) -> bool:
        """Whether a stack with these resources, by type and physical id, made what was found.

        The id is the name, an ARN that ends in it, or the made-up one that was found.
        """
        ids = (id_ for type_, id_ in owned if type_ == self.type)
        return any(id_.endswith(self.name) or id_ == found for id_ in ids)


class Claim(NamedTuple):
    """A kind in a region."""

    kind: Kind
    region: str
