"""A name that a deployment takes, and how what has it already is found."""

from collections.abc import Callable
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


class Claim(NamedTuple):
    """A kind in a region."""

    kind: Kind
    region: str
