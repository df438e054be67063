"""What an enricher is: a function that adds to a document and never takes anything away."""

from collections.abc import Callable

from logcore.record import Document, Origin

type Enricher = Callable[[Document, Origin], None]
"""Adds to a document after its provenance is known; never raises, whatever the document holds.

``document["aws"][…]`` holds the raw record, which may be bytes that are already written: an
enricher looks at ECS fields only.
"""

type Enrich = Callable[[Document, Origin], bool]
"""The same, and says whether it added anything."""


class Counted:
    """An enricher that counts what it did, so that a batch can say so.

    Attributes:
        name: Such as ``organisation``; one of a closed set, so that it may be a dimension.
        added: Documents that got something, since the counts were last taken.
        skipped: Documents that got nothing.
    """

    def __init__(self, name: str, enrich: Enrich) -> None:
        self.name = name
        self.added = 0
        self.skipped = 0
        self._enrich = enrich

    def __call__(self, document: Document, origin: Origin) -> None:
        """Enrich one document."""
        if self._enrich(document, origin):
            self.added += 1
        else:
            self.skipped += 1

    def take(self) -> tuple[int, int]:
        """``(added, skipped)`` since the last call."""
        taken = self.added, self.skipped
        self.added = self.skipped = 0
        return taken
