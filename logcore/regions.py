"""How a region is written, in every partition.

Reference: https://docs.aws.amazon.com/general/latest/gr/rande.html
"""

import re
from typing import Final

REGION: Final = r"(?:eusc-[a-z]{2}|[a-z]{2}(?:-gov|-iso[a-z]?)?)-[a-z]+-\d+"
"""Expression for one region: ``eu-west-1``, ``us-gov-west-1``, ``eusc-de-east-1``."""

_WHOLE = re.compile(REGION)


def is_region(text: str) -> bool:
    """Whether the text has the form of a region and nothing beside it."""
    return _WHOLE.fullmatch(text) is not None
