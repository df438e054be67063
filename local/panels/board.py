"""Draws a whole dashboard: its panels, the one request that answers them, and their pictures."""

from local.panels.errors import PanelError
from local.panels.filters import Json, Scope
from local.panels.questions import Question, always, question
from local.panels.saved_objects import Library, SavedObject
from local.panels.search_client import SearchClient


def draw(
    library: Library, dashboard: SavedObject, scope: Scope, client: SearchClient
) -> list[Json]:
    """Every panel with its place and its picture; a panel that fails has its error instead.

    Returns:
        ``{"id", "title", "description", "grid": {"x", "y", "w", "h"}, "drawing"}`` each, in reading
        order; ``drawing["kind"]`` is vega, tiles, bars, table, documents, markdown, empty or error.

    Raises:
        ObjectError: the dashboard's own JSON is malformed.
        SearchError: the search server did not answer at all.
    """
    places = sorted(dashboard.embedded("panelsJSON", "[]"), key=_reading_order)
    panels = [_panel(library, dashboard, place, scope) for place in places]
    searches = [search for _, asked in panels for search in asked.searches]
    answers = iter(client.answers(searches))
    return [
        frame | {"drawing": _drawing(asked, [next(answers) for _ in asked.searches])}
        for frame, asked in panels
    ]


def _panel(
    library: Library, dashboard: SavedObject, place: Json, scope: Scope
) -> tuple[Json, Question]:
    """A panel's frame, and what it asks."""
    frame: Json = {"id": place["panelIndex"], "grid": place["gridData"], "description": ""}
    try:
        object_ = library.get(*dashboard.reference(place["panelRefName"]))
        title = place.get("title") or place.get("embeddableConfig", {}).get("title")
        frame |= {
            "title": title or object_.title,
            "description": object_.attributes.get("description", ""),
        }
        return frame, question(library, object_, scope)
    except (PanelError, KeyError) as error:
        frame.setdefault("title", "Panel")
        return frame, Question([], always(_error(error)))


def _drawing(asked: Question, answers: list[Json | PanelError]) -> Json:
    found: list[Json] = []
    for answer in answers:
        if isinstance(answer, PanelError):
            return _error(answer)
        found.append(answer)
    try:
        return asked.draw(found)
    except (PanelError, KeyError) as error:
        return _error(error)


def _error(error: PanelError | KeyError) -> Json:
    """The picture of an error; a KeyError is a saved object without one of its keys."""
    missing = isinstance(error, KeyError)
    return {"kind": "error", "message": f"{error} is missing" if missing else str(error)}


def _reading_order(place: Json) -> tuple[int, int]:
    return place["gridData"]["y"], place["gridData"]["x"]
