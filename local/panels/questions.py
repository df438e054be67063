"""What each panel asks of the search server, and how it draws the answers."""

from collections.abc import Callable
from dataclasses import dataclass

from local.panels import charts, filters, lists, markdown, queries, rows, vega_data
from local.panels.errors import ObjectError, UnsupportedError
from local.panels.filters import Json, Scope
from local.panels.palette import Palette
from local.panels.queries import Aggregations, Search
from local.panels.saved_objects import IndexPattern, Library, SavedObject

EMPTY: Json = {"kind": "empty"}
TILES = "metric"  # the type of big numbers


@dataclass(frozen=True, slots=True)
class Question:
    """What a panel asks, and how it draws the answers.

    Attributes:
        searches: Empty for a panel that shows text.
        draw: Makes the picture, given the responses in the order of the searches.
    """

    searches: list[Search]
    draw: Callable[[list[Json]], Json]


def question(library: Library, object_: SavedObject, scope: Scope) -> Question:
    """What a saved object asks when it is shown as a panel.

    Raises:
        UnsupportedError: it is of a type that is not drawn here.
        ObjectError: it, or something that it refers to, is missing or malformed.
        KqlError: its query cannot be parsed.
    """
    if object_.type == "search":
        return _documents(library, object_, scope)
    if object_.type != "visualization":
        raise UnsupportedError(f"panels of type {object_.type} are not drawn here")
    state = object_.embedded("visState")
    match state["type"]:
        case "markdown":
            text = markdown.to_html(state["params"].get("markdown", ""))
            return Question([], always({"kind": "markdown", "html": text}))
        case "vega":
            return _vega(vega_data.read_spec(state["params"]["spec"]), scope)
        case _:
            return _aggregated(library, object_, state, scope)


def _documents(library: Library, object_: SavedObject, scope: Scope) -> Question:
    pattern = library.index_pattern(object_)
    query = _query(object_, pattern, scope)
    search = queries.documents(object_.attributes, pattern, query)
    return Question([search], lambda found: _some_documents(object_, pattern, found[0]))


def _some_documents(object_: SavedObject, pattern: IndexPattern, answer: Json) -> Json:
    return lists.documents(object_.attributes, pattern, answer) if _hits(answer) else EMPTY


def _vega(spec: Json, scope: Scope) -> Question:
    def drawn(answers: list[Json]) -> Json:
        if answers and not any(map(_hits, answers)):
            return EMPTY
        filled = vega_data.with_answers(spec, answers)
        return {"kind": "vega", "shape": "own", "spec": filled, "legend": [], "fields": {}}

    return Question(vega_data.searches(spec, scope), drawn)


def _aggregated(library: Library, object_: SavedObject, state: Json, scope: Scope) -> Question:
    if state["type"] not in {TILES, *PICTURES}:
        raise UnsupportedError(f"charts of type {state['type']} are not drawn here")
    wanted = queries.aggregations(state)
    if not wanted.metrics or (state["type"] in SPLIT and not wanted.buckets):
        raise ObjectError(f"a {state['type']} without a metric or without a bucket")
    user = _searched(library, object_)
    pattern = library.index_pattern(user)
    query = _query(object_, pattern, scope, [user] if user is not object_ else [])
    search = queries.aggregate(wanted, pattern, query, scope)
    picture = _Picture(state, wanted, pattern, Palette.of(object_.embedded("uiStateJSON")), scope)
    return Question([search], lambda found: _aggregated_drawing(picture, found[0]))


@dataclass(frozen=True, slots=True)
class _Picture:
    """Everything that a picture of aggregations needs beside the answer."""

    state: Json
    wanted: Aggregations
    pattern: IndexPattern
    palette: Palette
    scope: Scope


def _aggregated_drawing(picture: _Picture, answer: Json) -> Json:
    found = rows.result(picture.wanted, answer, picture.pattern.formats, picture.scope)
    if picture.state["type"] == TILES:  # no event is a number too: 0
        return lists.tiles(
            picture.state["params"], found, rows.trend(picture.wanted, answer, picture.scope)
        )
    return PICTURES[picture.state["type"]](picture, found) if found.rows else EMPTY


PICTURES: dict[str, Callable[[_Picture, rows.Result], Json]] = {
    "area": lambda p, found: charts.two_axes("area", found, p.palette, p.scope),
    "heatmap": lambda p, found: charts.heat_map(found, p.palette, p.scope),
    "histogram": lambda p, found: charts.two_axes("histogram", found, p.palette, p.scope),
    "horizontal_bar": lambda p, found: lists.bars(found, p.palette),
    "line": lambda p, found: charts.two_axes("line", found, p.palette, p.scope),
    "pie": lambda p, found: charts.ring(found, p.palette),
    "table": lambda p, found: lists.table(found, p.palette),
}
"""How each type of visualisation is drawn that shows rows."""

SPLIT = set(PICTURES) - {"table"}  # what makes no sense for a single number


def _searched(library: Library, object_: SavedObject) -> SavedObject:
    """The saved search that a visualisation is built on, else the visualisation itself."""
    name = object_.attributes.get("savedSearchRefName")
    return library.get(*object_.reference(name)) if name else object_


def _query(
    object_: SavedObject, pattern: IndexPattern, scope: Scope, more: list[SavedObject] | None = None
) -> Json:
    sources = [filters.search_source(one.attributes) for one in [object_, *(more or [])]]
    clauses = [clause for source in sources for clause in filters.source_clauses(source)]
    return filters.within(scope, pattern.time_field, clauses)


def always(drawing: Json) -> Callable[[list[Json]], Json]:
    """Draws the same, whatever the answers."""
    return lambda _: drawing


def _hits(answer: Json) -> bool:
    return bool(answer["hits"]["total"]["value"])
