"""The pipeline's own lines, should they come back to it: where a loop is cut.

No subscription sends them, unless somebody makes one by hand. Then each batch would write lines
that make the next batch, without end. Such a line is dropped before anything is made of it.
"""

from typing import Final, NamedTuple

from logcore.record import Origin

OWN_LOGS: Final = "own-logs"
"""The rule under which they are counted; no rule of a deployment may have its name."""


class OwnLogs(NamedTuple):
    """Which log groups are the pipeline's own.

    Attributes:
        account: The account that it runs in; empty when there is none to know.
        prefix: What the names of its log groups begin with: ``/central-logs/``.
    """

    account: str = ""
    prefix: str = ""

    def wrote(self, origin: Origin) -> bool:
        """Whether the records of an origin are the pipeline's own, also where they were copied."""
        return (
            bool(self.prefix)
            and self.account in {origin.account, origin.owner}
            and origin.log_group.startswith(self.prefix)
        )


NONE: Final = OwnLogs()
"""Of a core that runs in no account: nothing is its own."""
