"""The section that says who is told when a promise is broken."""

from typing import Annotated

from pydantic import Field, StringConstraints

from infra.config.base import Strict

Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]

MOST_EMAILS = 100
"""Far below what a topic takes; beyond it a mailing list serves better."""


class Alarms(Strict):
    """Who is told of alarms.

    Attributes:
        emails: Addresses that are subscribed to the alarms' topic; each must confirm once.
    """

    emails: Annotated[tuple[Email, ...], Field(max_length=MOST_EMAILS)] = ()
