"""What CloudFormation asks, and what it is answered."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

type Clients = Callable[[str, str], Any]
"""Gives a boto3 client of a service in a region: ``clients("guardduty", "eu-west-1")``."""

type Choices = Mapping[str, Any]
"""What a deployment chose for one service; its shape is that service's own."""


class EnrolmentError(Exception):
    """AWS answered that an account was not enrolled; the message has its reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One event of a custom resource.

    Attributes:
        kind: ``Create``, ``Update`` or ``Delete``.
        service: Which service, by its key in ``services.SERVICES``.
        region: Where it is switched on.
        choices: What was chosen for it.
    """

    kind: str
    service: str
    region: str
    choices: Choices

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Self:
        """Read an event; choices travel as JSON text, since CloudFormation makes text of all else.

        Raises:
            KeyError: a property is missing.
        """
        given = event["ResourceProperties"]
        return cls(
            kind=event["RequestType"],
            service=given["Service"],
            region=given["Region"],
            choices=json.loads(given["Choices"]),
        )

    @property
    def identity(self) -> str:
        """The physical id: the same for the same service and region, so nothing is replaced."""
        return f"{self.service}-{self.region}"
