"""The template of a compiled table: the parts of an f-string that writes the document."""

import json
from typing import Any, NamedTuple

from logcore.codec import Json, Plain, dump_json
from logcore.mapping.expressions import RAW, Expression, Table, When, gives_several
from logcore.mapping.scope import ABSENT, Scope


class Piece(NamedTuple):
    """A value of the document.

    Attributes:
        text: As it stands in an f-string.
        condition: Code that is true where the value is there; ``None`` when it always is.
        scope: Where its names are known; ``None`` when it has none.
    """

    text: str
    condition: str | None = None
    scope: Scope | None = None


def written(table: Table, main: Scope) -> Piece:
    """An object; without a member that is always there it may be absent itself."""
    pieces = {key: _piece(node, main) for key, node in table.items()}
    present = {key: piece for key, piece in pieces.items() if piece.condition != ABSENT}
    home = _common({piece.scope for piece in present.values() if piece.scope}, main)
    literal, sure, unsure = "", "", ""
    members = [
        piece._replace(text=f",{_literal(json.dumps(key))}:{piece.text}")
        for key, piece in present.items()
    ]
    for member in members:
        if member.scope in {None, home}:
            literal += member.text if member.condition is None else ""
            unsure += _optional(member) if member.condition else ""
    for group in home.groups:
        run = [piece for piece in members if piece.scope and piece.scope.is_within(group)]
        text = _run(run, group)
        if all(piece.condition for piece in run):
            unsure += text
        else:
            sure += text
    if literal:
        return Piece(f"{{{{{literal[1:]}{sure}{unsure}}}}}", None, home)
    if not sure and not unsure:
        return Piece("", ABSENT)
    name = home.piece(f"{sure}{unsure}")
    return Piece(f"{{{{{{{name}[1:]}}}}}}", None if sure else name, home)


def _common(scopes: set[Scope], main: Scope) -> Scope:
    """The deepest scope that has all of these; main where there are none."""
    if not scopes:
        return main
    for group in main.groups:
        if all(scope.is_within(group) for scope in scopes):
            return _common(scopes, group)
    return main


def _run(members: list[Piece], group: Scope) -> str:
    """The members of an object that a group has, as one text that its parent knows."""
    if not members:
        return ""
    text = "".join(_optional(member) for member in members if member.scope is group)
    for inner in group.groups:
        within = [piece for piece in members if piece.scope and piece.scope.is_within(inner)]
        text += _run(within, inner)
    return f"{{{group.export(group.piece(text), group.parent or group.main)}}}"


def moved(piece: Piece, main: Scope) -> Piece:
    """The same value where its names are known to main."""
    if piece.scope is None or piece.scope is main:
        return piece
    name = piece.scope.export(piece.scope.piece(_optional(piece)), main)
    return Piece(f"{{{name}}}", name if piece.condition else None, main)


def _piece(node: Any, main: Scope) -> Piece:  # noqa: ANN401  any leaf
    match node:
        case dict():
            return written(node, main)
        case When():
            return _when(node, main)
        case list() if any(isinstance(each, Expression) for each in node):
            return _list(node, main)
        case Expression() if node is RAW:
            return Piece("{whole}", None, main)  # nothing that is remembered holds a record
        case Expression():
            return _value(node, main)
    return Piece(_literal(dump_json(node).decode()))


def _when(node: When, main: Scope) -> Piece:
    inner = written(node.table, main)
    home = main.home(node.condition)
    if home is not inner.scope:
        inner = moved(inner, main)
    home = inner.scope or home
    condition = home.value(node.condition)
    if condition == ABSENT:
        return Piece("", ABSENT)
    return Piece(
        inner.text, f"{condition} and {inner.condition}" if inner.condition else condition, home
    )


def _list(nodes: list[Any], main: Scope) -> Piece:
    """What a group has of a list is remembered as it is written, as long as it comes first."""
    nodes = [node for node in nodes if main.home(node).value(node) != ABSENT]
    if not nodes:
        return Piece("", ABSENT)
    if all(node.gives.type is Plain and main.is_sure(node) for node in nodes):
        return Piece(_once([main.value(node) for node in nodes]), None, main)
    homes = [main.home(node) for node in nodes]
    above = _common(set(homes), main)
    first = [node for node, home in zip(nodes, homes, strict=True) if home is homes[0] is not above]
    if not first or homes[: len(first)] != [homes[0]] * len(first):
        first = []
    home = homes[0] if first else above
    values = home.assign(f"unique({_each(first or nodes, home)})")
    text = home.assign(f"dump({values}).decode() if {values} else ''")
    if first:
        others = nodes[len(first) :]
        known, listed = home.export(text, above), home.export(values, above)
        are_more = " or ".join(map(above.value, others))
        more = f"extended({listed}, {_each(others, above)}) if {are_more} else {known}"
        home, text = above, above.assign(more)
    return Piece(f"{{{text}}}", text, home)


def _each(nodes: list[Any], scope: Scope) -> str:
    """Values as arguments, what gives several taken apart."""
    names = ((scope.value(node), node) for node in nodes)
    return ", ".join(f"*({name} or ())" if gives_several(node) else name for name, node in names)


def _once(names: list[str]) -> str:
    """A list of texts that are there and need no escape."""
    if len(names) == 2:  # noqa: PLR2004  two are compared faster than collected
        one, other = names
        return f"""["{{{one}}}"{{f',"{{{other}}}"' if {other} != {one} else ''}}]"""
    keys = ", ".join(f"{name}: 0" for name in names)
    return f"""["{{'","'.join({{{keys}}})}}"]"""


def _value(node: Expression, main: Scope) -> Piece:
    home = main.home(node)
    name = home.value(node)
    kind, optional = node.gives
    optional = optional and not main.is_sure(node)
    if name == ABSENT:
        return Piece("", ABSENT)
    if kind in {bool, int, float}:
        text = f"{{'true' if {name} else 'false'}}" if kind is bool else f"{{{name}}}"
        return Piece(text, f"{name} is not None" if optional else None, home)
    is_text = kind in {str, Plain}
    condition = None if is_text and not optional else name
    if kind is Json:
        return Piece(f"{{{name}}}", condition, home)
    if kind is Plain or (is_text and main.is_judged(node)):
        return Piece(f'"{{{name}}}"', condition, home)
    return Piece(f"{{dump({name}).decode()}}", condition, home)


def _optional(piece: Piece) -> str:
    if piece.condition is None:
        return piece.text
    return f"{{f'{piece.text}' if {piece.condition} else ''}}"


def _literal(text: str) -> str:
    """JSON as it is written inside an f-string between single quotes."""
    for character, as_written in (("\\", "\\\\"), ("'", "\\'"), ("{", "{{"), ("}", "}}")):
        text = text.replace(character, as_written)
    return text
