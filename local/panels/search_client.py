"""Sends every search of a page in one request.

Reference: https://docs.opensearch.org/latest/api-reference/search-apis/multi-search/
"""

import json
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from local.panels.errors import SearchError
from local.panels.filters import Json
from local.panels.queries import Search

TIMEOUT_S = 30  # a laptop under load answers late; longer than this, a reader has given up


@dataclass(frozen=True, slots=True)
class SearchClient:
    """Talks to the search server at ``url``, such as ``http://127.0.0.1:9200``.

    Raises:
        ValueError: ``url`` is neither http nor https.
    """

    url: str

    def __post_init__(self) -> None:
        """Refuse what is no web address."""
        if urlsplit(self.url).scheme not in {"http", "https"}:
            raise ValueError(f"search server {self.url}; expected http:// or https://")

    def answers(self, searches: list[Search]) -> list[Json | SearchError]:
        """Each search's response, in order; an error where the server refused that search.

        Raises:
            SearchError: the server did not answer, or refused the whole request.
        """
        if not searches:
            return []
        lines = [line for search in searches for line in _lines(search)]
        found = self._post("/_msearch", "".join(f"{json.dumps(line)}\n" for line in lines))
        return [_answer(response) for response in found["responses"]]

    def _post(self, path: str, body: str) -> Json:
        request = Request(  # noqa: S310  the scheme is checked at construction
            self.url.rstrip("/") + path,
            data=body.encode(),
            headers={"Content-Type": "application/x-ndjson"},
        )
        try:
            with urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310  the same
                found: Json = json.load(response)
        except HTTPError as error:
            with error:
                text = error.read(500).decode(errors="replace")
            raise SearchError(f"the search server answered {error.code}: {text}") from error
        except (OSError, HTTPException, ValueError) as error:
            raise SearchError(f"no answer from the search server at {self.url}: {error}") from error
        return found


def _lines(search: Search) -> list[Json]:
    header = {"index": search.index, "ignore_unavailable": True, "allow_no_indices": True}
    return [header, search.body]


def _answer(response: Json) -> Json | SearchError:
    error = response.get("error")
    if error:
        return SearchError(f"the search was refused: {_cause(error)}")
    failed = response.get("_shards", {}).get("failures")
    return SearchError(f"the search failed: {_cause(failed[0]['reason'])}") if failed else response


def _cause(error: Json) -> str:
    """The reason that helps: that of the root cause, where there is one."""
    roots = error.get("root_cause") or [error]
    return f"{roots[0].get('reason') or roots[0].get('type')}"
