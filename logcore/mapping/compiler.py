"""A table as one function that writes the document's JSON.

The function is generated as text, one statement an expression and one template for the document,
and stays readable as its ``source``. Where it gives ``None``, the table must be read: a value is
malformed, or of a kind that cannot be looked up or written. Such records are few.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from logcore.codec import dump_json, parse_json
from logcore.mapping.expressions import RAW, At, Expression, Table, children
from logcore.mapping.scope import Group, Scope
from logcore.mapping.template import moved, written
from logcore.shape import unique

type Write = Callable[..., bytes | None]
"""Takes the record, or its columns, and what else the table is given, in order."""

REMEMBERED = 4_096  # values of one group of recurring fields
LONGEST = 2_048  # bytes of such a value; what depends on a longer one is made anew


class Written(NamedTuple):
    """A compiled table.

    Attributes:
        write: Writes a document.
        source: What was generated, for whoever wants to see or profile it.
    """

    write: Write
    source: str


def compiled(
    table: Table,
    *given: str,
    only: Expression | None = None,
    absent: Collection[str] = ("",),
    columns: Sequence[str] = (),
    recurring: Sequence[Group] = (),
) -> Written:
    """Make a function of a table.

    Args:
        table: In the document's shape.
        given: Names of what the function takes beside the record; ``whole``, when the table has the
            record itself as a leaf: its JSON.
        only: Records for which this gives nothing are left to the plain reading.
        absent: Texts that stand for no value.
        columns: When there are any, the record is a list of texts with these names instead of an
            object, and each of them is there. A name that is none of them is absent.
        recurring: Groups of paths and expressions of which the same few values come again and
            again, together. What depends on one group alone is made once for each of its values
            and remembered. A group of groups remembers what they come to together, and asks them
            where that is new.
    """
    judged = {at.path for at in _paths((table, only)) if not isinstance(at.take, type)}
    main = Scope.of("write", recurring, absent, columns, judged)
    if only is not None:
        main.lines.append(f"if not {main.value(only)}: return None")
    document = moved(written(table, main), main)
    source = "".join([*map(_group, main.every), _function(main, columns, given, document.text)])
    names = {**main.globals, **BUILT_IN}
    exec(compile(source, "<compiled table>", "exec"), names)  # noqa: S102  the text is ours
    return Written(names[main.name], source)


def _paths(node: Any) -> Iterable[At]:  # noqa: ANN401  any leaf
    """The paths into the record that a table asks for."""
    if isinstance(node, At) and node.of is RAW:
        yield node
    for child in node if isinstance(node, tuple) else children(node):
        yield from _paths(child)


def _extended(values: list[Any] | None, *others: Any) -> str:  # noqa: ANN401  any scalar
    """A list with others behind, as JSON."""
    return dump_json(unique(*(values or ()), *others)).decode()


BUILT_IN = {
    "dump": dump_json,
    "extended": _extended,
    "parse": parse_json,
    "remembered": lru_cache(maxsize=REMEMBERED),
    "unique": unique,
}
"""What generated text refers to, besides the functions of the table."""


def _function(main: Scope, columns: Sequence[str], given: tuple[str, ...], document: str) -> str:
    lines = [f"def {main.name}({', '.join(('raw', *given))}):", "try:"]
    taken = ", ".join(f"_{column}" for column in columns)
    lines.append(f"    {taken}, = raw" if columns else "    get = raw.get")
    lines.append("    malformed = []")
    lines += [f"    {line}" for line in (*main.reads, *_with_groups(main))]
    lines.append("    if malformed: return None")
    lines += [f"    {line}" for line in main.pieces]
    lines.append(f"    return f'{document}'.encode()")
    lines += [
        "except TypeError:  # of a value that cannot be looked up or written",
        "    return None",
    ]
    return "\n    ".join(lines) + "\n"


def _with_groups(scope: Scope) -> Iterable[str]:
    for line in scope.lines:
        if isinstance(line, Scope):
            yield from _asked(line)
        else:
            yield line


def _asked(group: Scope) -> list[str]:
    """Ask a group. JSON tells ``1`` from ``true``, and whatever stands in a record has a form."""
    asked, packed = group.name, f"packed = dump(({', '.join(group.packed)},))"
    if group.packed:
        asked = f"({asked} if len(packed) <= {LONGEST} else {asked}.__wrapped__)"
    return [
        *((packed,) if group.packed else ()),
        f"found = {asked}({', '.join(_taken(group))})",
        "if found is None: return None",
        f"{', '.join(group.exported)}, = found",
    ]


def _taken(group: Scope) -> list[str]:
    return [*group.inputs, "packed"] if group.packed else group.inputs


def _group(group: Scope) -> str:
    lines = ["@remembered", f"def {group.name}({', '.join(_taken(group))}):"]
    if group.packed:
        lines.append(f"    {', '.join(group.packed)}, = parse(packed)")
    lines.append("    malformed = []")
    lines += [f"    {line}" for line in (*_with_groups(group), *group.pieces)]
    lines.append(f"    return None if malformed else ({', '.join(group.exported)},)")
    return "\n".join(lines) + "\n" if group.exported else ""
