"""The files that the page is made of, by their address; nothing else is ever read from disk.

Reference: https://vega.github.io/vega/usage/#embed
"""

from dataclasses import dataclass
from pathlib import Path

from local.home import REPOSITORY
from local.panels.errors import PanelError

STATIC = Path(__file__).parent / "static"
NODE_MODULES = REPOSITORY / "node_modules"
LIBRARIES = ("vega", "vega-lite", "vega-embed")

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file and its media type."""

    file: Path
    type: str


def assets() -> dict[str, Asset]:
    """Every file by its path on the server, such as ``/static/page.js``.

    Raises:
        PanelError: the chart library is not installed.
    """
    own = {f"/static/{file.name}": file for file in STATIC.iterdir() if file.suffix in TYPES}
    vendor = {f"/vendor/{name}.min.js": _build(name) for name in LIBRARIES}
    return {path: Asset(file, TYPES[file.suffix]) for path, file in (own | vendor).items()}


def _build(name: str) -> Path:
    file = NODE_MODULES / name / "build" / f"{name}.min.js"
    if not file.is_file():
        raise PanelError(f"the chart library {name} is not installed: run `make setup`")
    return file
