"""The statements of a compiled table: each expression is assigned to a name once.

There is one scope for the function itself, and one within it for each group of recurring paths: an
expression that depends on the values of one group alone is made there. A group may have groups of
its own.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from logcore.mapping.expressions import (
    MALFORMED,
    RAW,
    At,
    Expression,
    First,
    Given,
    Judged,
    Of,
    Part,
    children,
    kind_of_part,
)

type Group = tuple["str | Expression | Group", ...]
"""Paths, each for all that stands below it as well, expressions, and groups with theirs."""

ABSENT = "None"
"""Stands for an expression that gives nothing, whatever the record."""


class Scope:
    """One function while it grows.

    Attributes:
        name: The function's.
        members: What the group depends on: paths and expressions. None for the function itself.
        parent: The scope that asks the group. The function itself has none.
        main: The function itself.
        groups: The groups that this one asks.
        inputs: Names of what a group's function takes as it is.
        packed: Names of what it takes as JSON, because it may be anything.
        exported: Names of what it gives.
        reads: Statements that read the record, before any group is asked.
        lines: The other statements; a group stands where it is asked.
        pieces: Statements that put parts of the document together, after all others.
        globals: What the statements refer to.
    """

    def __init__(self, name: str, group: Group = (), parent: "Scope | None" = None) -> None:
        self.name = name
        self.members = tuple(_members(group))
        self.parent = parent
        self.main: Scope = parent.main if parent else self
        self.groups: list[Scope] = []
        self.inputs: list[str] = []
        self.packed: list[str] = []
        self.exported: list[str] = []
        self.reads: list[str] = []
        self.lines: list[str | Scope] = []
        self.pieces: list[str] = []
        self.globals: dict[str, Any] = (
            parent.globals if parent else {"NO_OBJECT": {}, "NO_LIST": []}
        )
        self.absent: tuple[str, ...] = parent.absent if parent else ()
        self.columns: Sequence[str] = parent.columns if parent else ()
        self.judged: Collection[str] = parent.judged if parent else ()
        self._names: dict[Any, str] = {}
        self._prefix = f"{name}_" if parent else "v"

    @classmethod
    def of(
        cls,
        name: str,
        recurring: Sequence[Group],
        absent: Collection[str],
        columns: Sequence[str],
        judged: Collection[str],
    ) -> "Scope":
        """The scope of a function and those of its groups."""
        main = cls(name)
        main.absent, main.columns, main.judged = tuple(absent), columns, judged
        main._grow(recurring, count(1))
        return main

    def _grow(self, groups: Iterable[Any], numbers: "count[int]") -> None:
        for group in groups:
            if isinstance(group, tuple):
                self.groups.append(Scope(f"group{next(numbers)}", group, self))
                self.groups[-1]._grow(group, numbers)  # noqa: SLF001  one of its own

    @property
    def every(self) -> "list[Scope]":
        """The groups below it, each after those that it asks."""
        return [each for group in self.groups for each in (*group.every, group)]

    def is_within(self, other: "Scope") -> bool:
        """Whether it is another scope or one of its groups."""
        return self is other or (self.parent is not None and self.parent.is_within(other))

    def home(self, node: Any) -> "Scope":  # noqa: ANN401  any leaf
        """Where an expression is made: as deep down as a group has all it depends on, else here.

        An object or a list is taken wherever something is made of it.
        """
        for group in self.groups:
            if group.has(node) and node not in group.members and not _is_container(node):
                return group.home(node)
        return self

    def has(self, node: Any) -> bool:  # noqa: ANN401  any leaf
        """Whether an expression depends on the group's members alone, and on one at least."""
        needed = set(self._needed(node))
        return bool(needed) and None not in needed

    def _needed(self, node: Any) -> Iterator[str | None]:  # noqa: ANN401  any leaf
        """The members that an expression depends on; ``None`` stands for anything else."""
        if node in self.members:
            yield ""
            return
        match node:
            case At() if node.of is RAW:
                paths = (m for m in self.members if isinstance(m, str))
                yield next((m for m in paths if f"{node.path}.".startswith(f"{m}.")), None)
            case At() | Given() if node is not MALFORMED:
                yield None
            case Expression():
                for child in children(node):
                    yield from self._needed(child)

    def is_sure(self, node: Any) -> bool:  # noqa: ANN401  any leaf
        """Whether a value that may be absent is there in whatever gets as far as the template."""
        if isinstance(node, Part):
            return self.is_sure(node.whole) and not kind_of_part(node).optional
        return bool(self.columns) and isinstance(node, At) and node.gives.type is not list

    def is_judged(self, node: Any) -> bool:  # noqa: ANN401  any leaf
        """Whether it is a column that a function of the table takes as well.

        What is malformed gets no further, and what these functions understand, numbers and names
        from a table, has nothing to escape.
        """
        return bool(self.columns) and isinstance(node, At) and node.path in self.judged

    def value(self, node: Any) -> str:  # noqa: ANN401  an expression or a constant
        """The name of a value within this scope; assigns it when nobody has asked before."""
        if not isinstance(node, Expression):
            return self._constant(node)
        if node in self.members and self.parent:
            return self._taken_in(self.parent.value(node), self.inputs)
        home = self.home(node)
        if home is not self:
            return home.export(home.value(node), self)
        if node not in self._names:
            self._names[node] = self._assigned(node)
        return self._names[node]

    def _taken_in(self, name: str, names: list[str]) -> str:
        """Make a name of its parent known to a group."""
        if name != ABSENT and name not in names:
            names.append(name)
        return name

    def export(self, name: str, to: "Scope") -> str:
        """Make a name of a group known to a scope above it, by way of those between."""
        if self is to or name == ABSENT or name in self.inputs or name in self.packed:
            return name
        parent = self.parent or self.main
        if self not in parent.lines:
            for member in self.members:
                if isinstance(member, Expression):
                    parent.value(member)
            parent.lines.append(self)
        if name not in self.exported:
            self.exported.append(name)
        return parent.export(name, to)

    def assign(self, code: str, *, is_read: bool = False) -> str:
        """Give what a piece of code comes to a name."""
        return self._named(code, self.reads if is_read else self.lines)

    def piece(self, text: str) -> str:
        """The same for a part of the document, as it stands in an f-string."""
        return self._named(f"f'{text}'", self.pieces)

    def _named(self, code: str, lines: "list[str] | list[str | Scope]") -> str:
        name = f"{self._prefix}{len(self.lines) + len(self.reads) + len(self.pieces)}"
        lines.append(f"{name} = {code}")
        return name

    def _assigned(self, node: Expression) -> str:
        match node:
            case Given():
                return node.name
            case At():
                return self._taken(node)
            case Part():
                return self._part(node, self.value(node.whole))
            case First():
                choices = (self._called(choice) for choice in node.choices)
                return self.assign(" or ".join(code for code in choices if code != ABSENT))
            case Of() if {self.value(each) for each in node.made_of} == {ABSENT}:
                return self._constant(node.made_by(*(None for _ in node.made_of)))
            case _:
                return self.assign(self._called(node))

    def _part(self, node: Part, whole: str) -> str:
        if whole == ABSENT:
            return ABSENT
        code = f"{whole}.{node.part}"
        return self.assign(f"{whole} and {code}" if node.whole.gives.optional else code)

    def _called(self, node: Expression) -> str:
        """The call itself, so that only the first choice that gives something is made."""
        if not isinstance(node, Of) or self.home(node) is not self or node in self._names:
            return self.value(node)
        inputs = ", ".join(map(self.value, node.made_of))
        return f"{self._constant(node.made_by)}({inputs})"

    def _taken(self, node: At) -> str:
        """What stands at a path where it is what the table takes."""
        if _is_container(node):
            return self.container(node.path, node.take, node.of)
        found = self.found(node.path, node.of)
        if found == ABSENT:
            return found
        if node.take is object or (node.take is str and self.columns):
            return found
        if node.take is str:
            is_text = f"type({found}) is str and {found} not in {self.absent}"
            return self.assign(f"{found} if {is_text} else None")
        if self.columns and isinstance(node.take, Judged):
            judged = self.assign(f"{self._constant(node.take.alone)}({found})")
            self.lines.append(f"if {judged} is None: return None")
            return judged
        name = node.name or node.path.rpartition(".")[2]
        taken = f"{self._constant(node.take)}({found}, {name!r}, malformed)"
        return self.assign(taken if self.columns else f"None if {found} is None else {taken}")

    def found(self, path: str, of: Expression) -> str:
        """The name of whatever stands at a path."""
        if self.columns:
            found = f"_{path}" if path in self.columns else ABSENT
            return self._taken_in(found, self.inputs) if self.parent else found
        if self.parent and path in self.members:
            return self._taken_in(self.parent.found(path, of), self.packed)
        if (path, of) not in self._names:
            above, _, key = path.rpartition(".")
            whole = self.container(above, dict, of) if above else self.value(of)
            get = "get" if whole == "raw" else f"{whole}.get"  # looked up once for a record
            self._names[path, of] = self._read(f"{get}({key!r})", of)
        return self._names[path, of]

    def container(self, path: str, kind: Any, of: Expression) -> str:  # noqa: ANN401  dict or list
        """The name of the object or list at a path, an empty one where there is none."""
        if (path, kind, of) not in self._names:
            found, empty = self.found(path, of), "NO_OBJECT" if kind is dict else "NO_LIST"
            code = f"{found} if type({found}) is {kind.__name__} else {empty}"
            self._names[path, kind, of] = self._read(code, of)
        return self._names[path, kind, of]

    def _read(self, code: str, of: Expression) -> str:
        """What stands in the record itself is read before any group is asked."""
        return self.assign(code, is_read=of is RAW and self is self.main)

    def _constant(self, value: Any) -> str:  # noqa: ANN401  a function or any constant
        if value is None or isinstance(value, str | int | float):
            return repr(value)
        name = getattr(value, "__name__", "constant")
        while self.globals.setdefault(name, value) is not value:
            name += "_"
        return name


def _is_container(node: Any) -> bool:  # noqa: ANN401  any leaf
    """Whether an object or a list is taken as it stands in the record."""
    return isinstance(node, At) and node.take in {dict, list}


def _members(group: Group) -> Iterator[str | Expression]:
    for member in group:
        if isinstance(member, tuple):
            yield from _members(member)
        else:
            yield member
