"""What a rule may name: the declared fields of a dataset, and the paths below its raw record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from logcore.ecs_values import KINDS, OUTCOMES, TYPES_BY_CATEGORY
from logcore.rules.errors import nearest, refused

RAW: Final = "raw"
"""Type of a path below a ``flat_object``: any JSON value."""

CLOSED: Final[Mapping[str, frozenset[str]]] = {
    "event.kind": KINDS,
    "event.outcome": OUTCOMES,
    "event.category": frozenset(TYPES_BY_CATEGORY),
    "event.type": frozenset().union(*TYPES_BY_CATEGORY.values()),
}
"""Fields that take values of a closed set only, so that a misspelt value is found."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of one dataset.

    Attributes:
        dataset: Its name; ``*`` for what every dataset has.
        types: OpenSearch type by dotted name.
    """

    dataset: str
    types: Mapping[str, str]

    @property
    def raw(self) -> tuple[str, ...]:
        """Names of the ``flat_object`` fields, which hold raw records."""
        return tuple(name for name, kind in self.types.items() if kind == "flat_object")

    def kind(self, name: str) -> str:
        """The type of a declared field, or ``raw`` below a ``flat_object``.

        Raises:
            ConfigurationError: the dataset has no such field; names what was probably meant.
        """
        found = self.types.get(name)
        if found is None and any(name.startswith(f"{root}.") for root in self.raw):
            return RAW
        if found is None:
            where = "that every dataset has" if self.dataset == "*" else f"of {self.dataset}"
            near = nearest(name, self.types)
            raise refused(f"{name}: expected a declared field {where}{near}")
        return found

    def below(self, parent: str) -> tuple[str, ...]:
        """The declared fields below a name, ``user`` in ``user.*``."""
        return tuple(name for name in self.types if name.startswith(f"{parent}."))
