"""What a scan gives: rows, whether they are a proof, and a table of them for people."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

type State = Literal["left", "kept", "going", "unseen"]
"""``left`` and ``unseen`` are no proof; ``going`` is a key in its last days."""


class Row(NamedTuple):
    """One thing that was found.

    Attributes:
        state: What that means.
        account: Whose it is.
        region: Where.
        what: Kind and name.
        remark: What it costs, when it goes, or the command that removes it.
    """

    state: State
    account: str
    region: str
    what: str
    remark: str


def is_empty(rows: Iterable[Row]) -> bool:
    """Whether nothing is left, but for what is kept and what goes by itself."""
    return all(row.state in {"kept", "going"} for row in rows)


def as_table(rows: Sequence[Row]) -> str:
    """Lines, in columns."""
    if not rows:
        return "nothing is left"
    order = sorted(rows, key=lambda row: (row.state != "left", row))
    widths = [max(len(row[n]) for row in order) for n in range(4)]
    return "\n".join(
        "  ".join((*(row[n].ljust(widths[n]) for n in range(4)), row.remark)).rstrip()
        for row in order
    )
