"""The statements of a compiled table: each expression is assigned to a name once.

There is one scope for the function itself, and one for each group of recurring paths: an expression
that depends on the values of one group alone is made there.
"""

from collections.abc import Collection, Iterator, Sequence
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
from logcore.mapping.partial import Shape, field

type Group = tuple[str | Expression, ...]
"""Paths, each for all that stands below it as well, and expressions."""

ABSENT = "None"
"""Stands for an expression that gives nothing, whatever the record."""


class Scope:
    """One function while it grows.

    Attributes:
        name: The function's.
        members: What the group depends on: paths and expressions. None for the function itself.
        main: The function itself.
        groups: Its groups.
        inputs: Names of what a group's function takes.
        exported: Names of what it gives.
        reads: Statements that read the record, before any group is asked.
        lines: The other statements; a group stands where it is asked.
        texts: Names of texts that the template takes as they are, although they may need escapes.
        pieces: Statements that put parts of the document together, after all others.
        globals: What the statements refer to.
    """

    def __init__(self, name: str, members: Group = (), main: "Scope | None" = None) -> None:
        self.name = name
        self.members = members
        self.main: Scope = main or self
        self.groups: list[Scope] = []
        self.inputs: list[str] = []
        self.exported: list[str] = []
        self.reads: list[str] = []
        self.lines: list[str | Scope] = []
        self.texts: dict[str, None] = {}
        self.pieces: list[str] = []
        self.globals: dict[str, Any] = main.globals if main else {"NO_OBJECT": {}, "NO_LIST": []}
        self.absent: tuple[str, ...] = ()
        self.columns: Sequence[str] = ()
        self.shape = Shape(())
        self._names: dict[Any, str] = {}
        self._prefix = f"{name.rpartition('_')[2]}_" if main else "v"

    @classmethod
    def of(
        cls,
        name: str,
        recurring: Sequence[Group],
        absent: Collection[str],
        columns: Sequence[str],
        shape: Shape,
    ) -> "Scope":
        """The scope of a function and those of its groups."""
        main = cls(name)
        main.groups = [cls(f"{name}_group{n}", g, main) for n, g in enumerate(recurring, 1)]
        for scope in (main, *main.groups):
            scope.absent, scope.columns, scope.shape = tuple(absent), columns, shape
        return main

    def home(self, node: Any) -> "Scope":  # noqa: ANN401  any leaf
        """Where an expression is made: in the first group that has all it depends on, else here."""
        if self is not self.main:
            return self  # nobody asks a group for more than it has
        for group in self.groups:
            if group.has(node) and node not in group.members:
                return group
        return self.main

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
            case At() if node.of is RAW and not _is_container(node.take):
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
        return bool(self.columns) and isinstance(node, At) and node.path in self.shape.judged

    def value(self, node: Any) -> str:  # noqa: ANN401  an expression or a constant
        """The name of a value within this scope; assigns it when nobody has asked before."""
        if not isinstance(node, Expression):
            return self._constant(node)
        if node in self.members:
            return self.input(self.main.value(node))
        home = self.home(node)
        if home is not self:
            return home.export(home.value(node))
        if node not in self._names:
            self._names[node] = self._assigned(node)
        return self._names[node]

    def input(self, name: str) -> str:
        """Make a name of main known to a group."""
        if self is not self.main and name != ABSENT and name not in self.inputs:
            self.inputs.append(name)
        return name

    def export(self, name: str) -> str:
        """Make a name of a group known to main, which asks the group when it is first needed."""
        if self is self.main or name == ABSENT or name in self.inputs:
            return name
        if self not in self.main.lines:
            for member in self.members:
                if isinstance(member, Expression):
                    self.main.value(member)
            self.main.lines.append(self)
        if name not in self.exported:
            self.exported.append(name)
        return name

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
        if _is_container(node.take):
            return self.main.container(node.path, list if node.take is list else dict, node.of)
        found = self.input(self.main.found(node.path, node.of))
        if found == ABSENT:
            return found
        if node.take is object or (node.take is str and self.columns):
            return found
        if node.take is str:
            return self.assign(f"{self._text(node, found)}{found} not in {self.absent} else None")
        if self.columns and isinstance(node.take, Judged):
            judged = self.assign(f"{self._constant(node.take.alone)}({found})")
            self.lines.append(f"if {judged} is None: return None")
            return judged
        name = node.name or node.path.rpartition(".")[2]
        taken = f"{self._constant(node.take)}({found}, {name!r}, malformed)"
        return self.assign(taken if self.columns else f"None if {found} is None else {taken}")

    def _text(self, node: At, found: str) -> str:
        """A text of the shape is one already."""
        is_typed = node.of is RAW and node.path.rpartition(".")[0] in {"", *self.shape.nested}
        return f"{found} if " if is_typed else f"{found} if type({found}) is str and "

    def found(self, path: str, of: Expression) -> str:
        """The name of whatever stands at a path; main's."""
        if self.columns:
            return f"_{path}" if path in self.columns else ABSENT
        if (path, of) not in self._names:
            parent, _, key = path.rpartition(".")
            whole = self.container(parent, dict, of) if parent else self.value(of)
            is_part = of is RAW and parent in {"", *self.shape.nested}
            code = f"{whole}.{field(key)}" if is_part else f"{whole}.get({key!r})"
            self._names[path, of] = self.assign(code, is_read=of is RAW)
        return self._names[path, of]

    def container(self, path: str, kind: type, of: Expression) -> str:
        """The name of the object or list at a path, an empty one where there is none; main's."""
        if (path, kind, of) not in self._names:
            found, empty = self.found(path, of), "NO_OBJECT" if kind is dict else "NO_LIST"
            if of is RAW and path in self.shape.nested:
                empty = f"NO_{field(path)}"
                self.globals[empty] = self.shape.empty[path]
                code = f"{found} or {empty}"
            elif of is RAW and not self.columns and self.shape.typed.get(path) is kind:
                code = f"{found} or {empty}"
            else:
                code = f"{found} if type({found}) is {kind.__name__} else {empty}"
            self._names[path, kind, of] = self.assign(code, is_read=of is RAW)
        return self._names[path, kind, of]

    def _constant(self, value: Any) -> str:  # noqa: ANN401  a function or any constant
        if value is None or isinstance(value, str | int | float):
            return repr(value)
        name = getattr(value, "__name__", "constant")
        while self.globals.setdefault(name, value) is not value:
            name += "_"
        return name


def _is_container(take: Any) -> bool:  # noqa: ANN401  whatever a path takes
    return take in {dict, list} or isinstance(take, frozenset)
