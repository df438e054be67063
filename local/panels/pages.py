"""What the server answers, by address: the page, its data, and the demo's reconciliation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from local.panels import board, filters, kql
from local.panels.errors import ObjectError, PanelError, SearchError
from local.panels.filters import Json, Scope
from local.panels.kql import Clause
from local.panels.saved_objects import Library, SavedObject
from local.panels.search_client import SearchClient
from local.panels.time_range import time_range

DEFAULT_FROM, DEFAULT_TO = "now-24h", "now"  # of a dashboard that does not keep its time

type Parameters = dict[str, list[str]]
"""The values of each parameter of a query string."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Look elsewhere on this server."""

    path: str


@dataclass(frozen=True, slots=True)
class Page:
    """The page itself; it finds out by its address which dashboard it is."""


class NotFoundError(PanelError):
    """There is nothing under this address."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Answers addresses.

    Attributes:
        client: Answers searches.
        objects: Folder of compiled dashboards; read at every request, so that an edit shows.
        status: Gives the demo's reconciliation; None where there is no demo.
    """

    client: SearchClient
    objects: Path
    status: Callable[[], Json] | None

    def answer(self, target: str) -> Redirect | Page | Json:
        """What is under an address; a JSON object is data.

        Raises:
            NotFoundError: nothing is.
            PanelError: the request or a dashboard is wrong; the message says how.
        """
        address = urlsplit(target)
        parts = [unquote(part) for part in address.path.split("/")[1:]]
        match parts:
            case [""]:
                return Redirect(f"/d/{quote(self._first().id)}")
            case ["d", id_]:
                self._dashboard(id_)
                return Page()
            case ["api", "dashboards"]:
                return {"dashboards": [_described(one) for one in self._library().dashboards]}
            case ["api", "dashboards", id_]:
                return self._drawn(id_, parse_qs(address.query))
            case ["api", "status"]:
                return {"status": self.status() if self.status else None}
            case _:
                raise NotFoundError(f"there is nothing under {address.path}")

    def _drawn(self, id_: str, parameters: Parameters) -> Json:
        library = self._library()
        dashboard = self._dashboard(id_)
        start, end = _range(dashboard, parameters)
        times = time_range(start, end, datetime.now(UTC))
        clauses = filters.source_clauses(filters.search_source(dashboard.attributes))
        scope = Scope(times, (*clauses, *_asked(parameters)))
        return _described(dashboard) | {
            "from": start,
            "to": end,
            "start_ms": times.start_ms,
            "end_ms": times.end_ms,
            "panels": board.draw(library, dashboard, scope, self.client),
        }

    def _first(self) -> SavedObject:
        dashboards = self._library().dashboards
        if not dashboards:
            raise ObjectError(f"there is no dashboard in {self.objects}")
        return dashboards[0]

    def _dashboard(self, id_: str) -> SavedObject:
        found = [one for one in self._library().dashboards if one.id == id_]
        if not found:
            raise NotFoundError(f"there is no dashboard {id_}")
        return found[0]

    def _library(self) -> Library:
        return Library.read(self.objects)


def status_code(error: PanelError) -> int:
    """The HTTP status of an error: ours, the search server's, or the reader's."""
    codes: dict[type[PanelError], int] = {NotFoundError: 404, ObjectError: 500, SearchError: 502}
    return codes.get(type(error), 400)


def _described(dashboard: SavedObject) -> Json:
    description = dashboard.attributes.get("description", "")
    return {"id": dashboard.id, "title": dashboard.title, "description": description}


def _range(dashboard: SavedObject, parameters: Parameters) -> tuple[str, str]:
    """The reader's time range, else the dashboard's own."""
    own = dashboard.attributes if dashboard.attributes.get("timeRestore") else {}
    start = parameters.get("from", [own.get("timeFrom", DEFAULT_FROM)])[0]
    end = parameters.get("to", [own.get("timeTo", DEFAULT_TO)])[0]
    return start, end


def _asked(parameters: Parameters) -> list[Clause]:
    """The reader's query, and the values that the reader clicked on or excluded."""
    queries = [kql.to_clause(query) for query in parameters.get("q", [])]
    chosen = [_value_filter(text) for text in parameters.get("filter", [])]
    excluded = [_value_filter(text) for text in parameters.get("exclude", [])]
    return [*queries, *chosen, *([kql.none_of(excluded)] if excluded else [])]


def _value_filter(text: str) -> Clause:
    """The clause of ``field:value``; only the first colon separates."""
    field, colon, value = text.partition(":")
    if not (field and colon):
        raise PanelError(f'filter "{text}"; expected field:value')
    return filters.value_filter(field, value)
