"""Documents as data: a table in the document's own shape, read plainly or compiled.

A table is a dict literal whose leaves are constants or expressions over the record:

    TABLE = {
        "event": {"kind": "event", "action": At("eventName")},
        "source": {"ip": Of(ip, At("sourceIPAddress"))},
    }

``read`` takes it leaf by leaf, which is slow and plain to see: that is what a table means.
``compiled`` makes one function of it that writes the same document's JSON without a look-up, a loop
or a walk that the table does not ask for. Tests hold the two to the same documents.

What is absent is left out, at every depth: ``None``, empty text, empty lists and objects, and the
objects of the table in which nothing is left.
"""

from logcore.mapping.compiler import Written, compiled
from logcore.mapping.expressions import (
    MALFORMED,
    RAW,
    At,
    Expression,
    First,
    Given,
    Judged,
    Of,
    Table,
    When,
)
from logcore.mapping.reading import read
from logcore.mapping.scope import Group

__all__ = [
    "MALFORMED",
    "RAW",
    "At",
    "Expression",
    "First",
    "Given",
    "Group",
    "Judged",
    "Of",
    "Table",
    "When",
    "Written",
    "compiled",
    "read",
]
