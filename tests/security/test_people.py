"""What people may do: analysts look, authors save, break glass does everything but give rights."""

from collections.abc import Callable
from typing import Any

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import AuthorizationException

from local.opensearch import OpenSearchServer
from tests.security.sent import FLOWS, document

type Attempt = Callable[[OpenSearch], Any]

GLOBAL, PRIVATE = "", "__user__"
"""Tenants as Dashboards names them to the server: everybody's, and one's own."""


def save(client: OpenSearch, name: str, tenant: str = GLOBAL) -> Any:
    """Save an object as Dashboards does: into its index, for a tenant."""
    return client.transport.perform_request(
        "PUT",
        f"/.kibana/_doc/{name}",
        params={"refresh": "true"},
        headers={"securitytenant": tenant},
        body={"type": name.partition(":")[0]},
    )


def look(client: OpenSearch, tenant: str = GLOBAL) -> Any:
    """Open the list of saved objects."""
    return client.transport.perform_request(
        "GET", "/.kibana/_search", headers={"securitytenant": tenant}
    )


def see_users(client: OpenSearch) -> Any:
    return client.transport.perform_request("GET", "/_plugins/_security/api/internalusers")


def give_rights(client: OpenSearch) -> Any:
    mapping = {"users": ["analyst", "author", "break-glass"]}
    return client.transport.perform_request(
        "PUT", "/_plugins/_security/api/rolesmapping/all_access", body=mapping
    )


READERS_MUST_NOT: dict[str, Attempt] = {
    "write a document": lambda c: c.index(index=FLOWS, body={"a": 1}),
    "write to the inbox": lambda c: c.index(index="logs-inbox", body=document("forged")),
    "delete a document": lambda c: c.delete(index=FLOWS, id="write-1"),
    "delete by query": lambda c: c.delete_by_query(index=FLOWS, body={"query": {"match_all": {}}}),
    "delete an index": lambda c: c.indices.delete(index=FLOWS),
    "read other indices": lambda c: c.search(index="private"),
    "change settings": lambda c: c.indices.put_settings(
        index=FLOWS, body={"index": {"refresh_interval": "9s"}}
    ),
    "put a template": lambda c: c.indices.put_index_template(
        name="x", body={"index_patterns": ["x-*"]}
    ),
    "see users": see_users,
    "give rights": give_rights,
}
MUST_NOT: dict[str, dict[str, Attempt]] = {
    "analyst": {
        **READERS_MUST_NOT,
        "save a dashboard for everybody": lambda c: save(c, "dashboard:analyst"),
    },
    "author": READERS_MUST_NOT,
    "break-glass": {"see users": see_users, "give rights": give_rights},
    "stranger": {
        "look at dashboards": look,
        "save a dashboard": lambda c: save(c, "dashboard:stranger"),
    },
}
MAY: dict[str, dict[str, Attempt]] = {
    "analyst": {
        "look at everybody's dashboards": look,
        "save a dashboard for himself": lambda c: save(c, "dashboard:mine", PRIVATE),
    },
    "author": {
        "search": lambda c: c.search(index="logs-*"),
        "look at everybody's dashboards": look,
        "save a dashboard for everybody": lambda c: save(c, "dashboard:author"),
        "save an index pattern for everybody": lambda c: save(c, "index-pattern:author"),
    },
    "break-glass": {
        "search": lambda c: c.search(index="logs-*"),
        "read other indices": lambda c: c.search(index="private"),
        "look at everybody's dashboards": look,
        "repair a dashboard": lambda c: save(c, "dashboard:seed"),
        "change settings": lambda c: c.indices.put_settings(
            index=FLOWS, body={"index": {"refresh_interval": "1s"}}
        ),
        "make room": lambda c: c.cluster.put_settings(
            body={"transient": {"cluster.max_shards_per_node": 1_000}}
        ),
        "delete an index": lambda c: c.indices.delete(index="logs-x", ignore_unavailable=True),
    },
}


def cases(table: dict[str, dict[str, Attempt]]) -> list[Any]:
    return [
        pytest.param(user, attempt, id=f"{user}: {what}")
        for user, attempts in table.items()
        for what, attempt in attempts.items()
    ]


@pytest.mark.parametrize(("user", "attempt"), cases(MUST_NOT))
def test_nothing_else_is_allowed(stocked: OpenSearchServer, user: str, attempt: Attempt) -> None:
    with pytest.raises(AuthorizationException):
        attempt(stocked.client(user))


@pytest.mark.parametrize(("user", "attempt"), cases(MAY))
def test_what_people_are_there_for_is_allowed(
    stocked: OpenSearchServer, user: str, attempt: Attempt
) -> None:
    assert attempt(stocked.client(user))


def test_analysts_search_aggregate_and_read_mappings(stocked: OpenSearchServer) -> None:
    analyst = stocked.client("analyst")

    found = analyst.search(
        index="logs-*",
        body={"size": 1, "aggs": {"by": {"terms": {"field": "event.dataset"}}}},
    )
    mapped = analyst.indices.get_mapping(index=FLOWS)
    many = analyst.msearch(body='{"index":"logs-*"}\n{"size":0}\n')

    assert found["aggregations"]["by"]["buckets"]
    assert mapped[FLOWS]["mappings"]["properties"]["source"]["properties"]["ip"] == {"type": "ip"}
    assert many["responses"][0]["status"] == 200
