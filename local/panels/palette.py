"""Which colour a value has: the dashboard's own, else that of its meaning, else the next one.

The series colours differ in lightness as well as in hue, so that they can be told apart with any
of the common colour blindnesses; good and bad differ in lightness, and are always named beside.

Reference: https://www.w3.org/WAI/WCAG22/Understanding/use-of-color.html
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from local.panels.filters import Json

THEME = Path(__file__).parent / "static" / "theme.json"


@cache
def theme() -> Json:
    """Tones, meanings, series colours, and the two modes; the browser reads the same file."""
    found: Json = json.loads(THEME.read_text(encoding="utf-8"))
    return found


def tone(name: str) -> str:
    """A colour with a meaning, such as ``good``."""
    return str(theme()["tones"][name])


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one panel.

    Attributes:
        own: Colour by value, as the saved object's ``uiStateJSON`` has it.
    """

    own: dict[str, str]

    @classmethod
    def of(cls, ui_state: Json) -> Self:
        """The palette of a visualisation, from its ``uiStateJSON``."""
        return cls(ui_state.get("vis", {}).get("colors", {}))

    def meaning(self, label: str) -> str | None:
        """The colour that a value has wherever it appears; nothing for a plain value."""
        found = theme()["meanings"].get(label.lower())
        return self.own.get(label) or (tone(found) if found else None)

    def colours(self, labels: list[str]) -> dict[str, str]:
        """A colour for each label; without a meaning they take the series colours in turn."""
        known = {label: self.meaning(label) for label in labels}
        taken = set(known.values())
        free = [colour for colour in theme()["series"] if colour not in taken]
        plain = [label for label in labels if not known[label]]
        turn = {label: free[n % len(free)] for n, label in enumerate(plain)}
        return {label: known[label] or turn[label] for label in labels}

    def badges(self, labels: list[str]) -> dict[str, str]:
        """The colours of those labels that have a meaning."""
        found = {label: self.meaning(label) for label in labels}
        return {label: colour for label, colour in found.items() if colour}
