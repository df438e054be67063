"""How the slow steps tell what they are doing, so that a caller can draw a progress bar."""

from collections.abc import Callable

type Progress = Callable[[str, float | None], None]
"""Called with a step's label and the done share, 0.0 to 1.0, or None where it is unknown."""


def silent(_label: str, _share: float | None) -> None:
    """Tell nobody."""
