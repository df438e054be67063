"""The leaves of a table: where a value stands in the record, or what makes one of others.

Two expressions that are written alike are one: each is evaluated once for a record.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

type Table = dict[str, Any]
"""An object of the document: by key a constant, an expression, a ``When``, a table, or a list of
expressions, which stands for what they give, and for what is in the lists that they give, each
value once."""


class Kind(NamedTuple):
    """What an expression gives, as the annotations of its functions say.

    Attributes:
        type: ``str``, ``bool``, ``int`` and so on; ``object`` for anything.
        optional: Whether it may be ``None``.
    """

    type: Any
    optional: bool


class Expression(ABC):
    """Stands for a value of the record. A part of a value is written as an attribute."""

    __slots__ = ()

    @property
    @abstractmethod
    def gives(self) -> Kind:
        """What it gives."""

    @property
    def parts(self) -> Iterable[Any]:
        """The expressions and constants that it is made of."""
        return ()

    def __getattr__(self, name: str) -> "Part":
        """A part of it."""
        if name.startswith("_"):  # what Python itself asks for, to copy or to show
            raise AttributeError(name)
        return Part(self, name)


@dataclass(frozen=True, slots=True)
class Given(Expression):
    """A value that the function is called with, by its name."""

    name: str
    type: Any = dict

    @property
    def gives(self) -> Kind:
        """Of the type that was stated."""
        return kind_of(self.type)


RAW = Given("raw")
"""The decoded record, in which paths begin."""

MALFORMED = Given("malformed", list)
"""Takes the names of what could not be understood, for functions that judge several values."""


@dataclass(frozen=True, slots=True)
class At(Expression):
    """What stands at a path such as ``userIdentity.arn``.

    Attributes:
        path: Keys apart by dots.
        take: ``str``, ``dict`` or ``list``: anything else that stands there is absent, and an
            absent object or list is an empty one. ``object``: whatever stands there. A function:
            what it makes of that value, its name and the list of the malformed.
        name: Under which the value is reported malformed; the last key of the path unless stated.
        of: The object in which the path begins.
    """

    path: str
    take: type | Callable[..., Any] = str
    name: str = ""
    of: Expression = field(default=RAW)

    @property
    def parts(self) -> Iterable[Any]:
        """The object in which the path begins."""
        return (self.of,)

    @property
    def gives(self) -> Kind:
        """Text may be absent; objects and lists never are."""
        if not isinstance(self.take, type):
            return _returned(self.take)
        return Kind(self.take, optional=self.take not in {dict, list})


@dataclass(frozen=True, slots=True, init=False)
class Of(Expression):
    """What a pure function gives for these inputs: expressions or constants."""

    made_by: Callable[..., Any]
    made_of: tuple[Any, ...]

    def __init__(self, function: Callable[..., Any], *inputs: Any) -> None:  # noqa: ANN401  constants too
        object.__setattr__(self, "made_by", function)
        object.__setattr__(self, "made_of", inputs)

    @property
    def parts(self) -> Iterable[Any]:
        """The inputs."""
        return self.made_of

    @property
    def gives(self) -> Kind:
        """As the function's annotation says."""
        return _returned(self.made_by)


@dataclass(frozen=True, slots=True)
class Part(Expression):
    """An attribute of what another expression gives."""

    whole: Expression
    part: str

    @property
    def parts(self) -> Iterable[Any]:
        """The whole."""
        return (self.whole,)

    @property
    def gives(self) -> Kind:
        """As the class's annotation says; a part of nothing is nothing."""
        kind, optional = kind_of_part(self)
        return Kind(kind, optional=optional or self.whole.gives.optional)


@dataclass(frozen=True, slots=True, init=False)
class First(Expression):
    """The first of the expressions that gives something."""

    choices: tuple[Expression, ...]

    def __init__(self, *choices: Expression) -> None:
        object.__setattr__(self, "choices", choices)

    @property
    def parts(self) -> Iterable[Any]:
        """The choices."""
        return self.choices

    @property
    def gives(self) -> Kind:
        """Of the last one, which decides whether there is always something."""
        return self.choices[-1].gives


@dataclass(frozen=True, slots=True)
class When:
    """A table for those records for which a condition gives something."""

    condition: Expression
    table: Table


class Judged[T]:
    """What a path may take: a function of the value alone, for which nothing is malformed.

    Where a column is always there, compiled code asks the function itself.
    """

    def __init__(self, alone: Callable[[str], T | None]) -> None:
        self.alone = alone
        self.__name__ = getattr(alone, "__name__", "judged")

    def __call__(self, value: Any, name: str, malformed: list[str]) -> T | None:  # noqa: ANN401  any JSON
        """As any function that a path takes."""
        found = self.alone(value)
        if found is None:
            malformed.append(name)
        return found


def gives_several(node: Any) -> bool:  # noqa: ANN401  any leaf
    """Whether a list of a table takes it apart."""
    return isinstance(node, Expression) and node.gives.type in {list, tuple}


def children(node: Any) -> Iterable[Any]:  # noqa: ANN401  any leaf
    """What a node of a table is made of."""
    match node:
        case dict():
            return node.values()
        case list():
            return node
        case When():
            return node.condition, node.table
        case Expression():
            return node.parts
        case _:
            return ()


def kind_of_part(node: Part) -> Kind:
    """What a part is where its whole is there."""
    return kind_of(get_type_hints(node.whole.gives.type)[node.part])


def kind_of(hint: Any) -> Kind:  # noqa: ANN401  an annotation
    """``str | None`` taken apart."""
    hint = getattr(hint, "__value__", hint)  # of an alias
    if get_origin(hint) not in {Union, UnionType}:
        return Kind(getattr(hint, "__origin__", hint), optional=False)
    kinds = [each for each in get_args(hint) if each is not type(None)]
    only = kinds[0] if len(kinds) == 1 else object
    return Kind(getattr(only, "__origin__", only), optional=len(kinds) < len(get_args(hint)))


def _returned(function: Callable[..., Any]) -> Kind:
    function = function.alone if isinstance(function, Judged) else function
    return kind_of(get_type_hints(function)["return"])
