"""Takes typed values out of a TOML table, and says which file and panel a wrong one is in."""

import re
from typing import Any, NoReturn

from dashboards.model import COUNT, FUNCTIONS, DashboardError, Metric, Terms

METRIC = re.compile(r"(?P<function>\w+)(?: (?!as )(?P<field>\S+))?(?: as (?P<label>.+))?")
TERMS = re.compile(r"top (?P<size>[1-9]\d*) (?P<field>\S+)(?: as (?P<label>.+))?")


class Keys:
    """The keys of one TOML table, taken one by one; what is left over at the end is unknown.

    Attributes:
        where: What messages begin with, such as ``cloudtrail.toml: panel "Denied calls"``.
    """

    def __init__(self, values: dict[str, Any], where: str) -> None:
        self.where = where
        self._left = dict(values)
        self._known: set[str] = set()

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required when there is no default."""
        return self._take(key, str, default)

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number of 1 or more; required when there is no default."""
        value = self._take(key, int, default)
        if value < 1:
            self.refuse(f"{key} = {value}; expected 1 or more")
        return value

    def optional_number(self, key: str) -> int | None:
        """A whole number of 1 or more, or nothing."""
        return self.number(key) if self._has(key) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of at least one text."""
        return self._each(key, str)

    def tables(self, key: str) -> tuple[dict[str, Any], ...]:
        """A list of at least one table."""
        return self._each(key, dict)

    def table(self, key: str) -> dict[str, Any]:
        """A table; empty when absent."""
        return self._take(key, dict, {})

    def metric(self, key: str) -> Metric:
        """``count`` or ``<function> <field>``, either with `` as <label>``; absent is ``count``."""
        return self._metric(self.text(key)) if self._has(key) else COUNT

    def metrics(self, key: str) -> tuple[Metric, ...]:
        """A list of metrics; absent is the count alone."""
        return tuple(map(self._metric, self.texts(key))) if self._has(key) else (COUNT,)

    def terms(self, key: str) -> Terms:
        """``top <number> <field>``, with or without `` as <label>``."""
        return self._terms(self.text(key))

    def optional_terms(self, key: str) -> Terms | None:
        """The same, or nothing."""
        return self.terms(key) if self._has(key) else None

    def terms_list(self, key: str) -> tuple[Terms, ...]:
        """A list of terms."""
        return tuple(map(self._terms, self.texts(key)))

    def finish(self) -> None:
        """Refuse what nobody asked for.

        Raises:
            DashboardError: a key is unknown; lists the known ones.
        """
        if self._left:
            unknown = ", ".join(sorted(self._left))
            self.refuse(f"unknown key {unknown}; expected {', '.join(sorted(self._known))}")

    def refuse(self, message: str) -> NoReturn:
        """Raise a ``DashboardError`` that says where."""
        raise DashboardError(f"{self.where}: {message}")

    def _take[T](self, key: str, kind: type[T], default: T | None) -> T:
        self._known.add(key)
        value = self._left.pop(key, default)
        if value is None:
            self.refuse(f"{key} is missing")
        if not isinstance(value, kind) or isinstance(value, bool):
            self.refuse(f"{key} = {value!r}; expected {kind.__name__}")
        return value

    def _each[T](self, key: str, kind: type[T]) -> tuple[T, ...]:
        values: list[Any] = self._take(key, list, None)
        if not values or not all(isinstance(value, kind) for value in values):
            self.refuse(f"{key} = {values!r}; expected a list of at least one {kind.__name__}")
        return tuple(values)

    def _has(self, key: str) -> bool:
        """Whether the table has a key; from now on the key is a known one."""
        self._known.add(key)
        return key in self._left

    def _metric(self, text: str) -> Metric:
        found = METRIC.fullmatch(text)
        function = found["function"] if found else ""
        if not found or (function == "count") == bool(found["field"]):
            self.refuse(f'metric "{text}"; expected "count" or "<function> <field>"')
        if function != "count" and function not in FUNCTIONS:
            self.refuse(f'metric "{text}"; expected one of count, {", ".join(FUNCTIONS)}')
        return Metric(function, found["field"] or "", found["label"] or "")

    def _terms(self, text: str) -> Terms:
        found = TERMS.fullmatch(text)
        if not found:
            self.refuse(f'"{text}"; expected "top <number> <field>", "as <label>" may follow')
        return Terms(found["field"], int(found["size"]), found["label"] or "")
