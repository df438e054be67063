"""Each action of each role is needed: without it, what it is for is refused."""

import json
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from opensearchpy.exceptions import AuthorizationException

from lambdas.search_setup import roles, steps
from lambdas.search_setup.report import SetupReport
from lambdas.search_setup.steps import Setup
from local.opensearch import OpenSearchServer
from tests.security.conftest import OBJECTS, SETTINGS
from tests.security.sent import FLOWS, document
from tests.security.test_people import save

type Use = Callable[[OpenSearchServer], object]

PATIENCE_S = 10
NUMBERS = count()


def write(server: OpenSearchServer, day: str = "2026-11-20") -> None:
    """Send one document with what no mapping knows; its refusal is one of the whole request."""
    sent = document("needed", **{"@timestamp": f"{day}T10:00:00.000Z"}, aws={"vpcflow": {"new": 1}})
    lines = f'{{"index":{{}}}}\n{json.dumps(sent)}\n'
    answer = server.client("delivery").bulk(body=lines, index="logs-inbox")
    item = answer["items"][0]["index"]
    if item["status"] == 403:
        raise AuthorizationException(403, item["error"]["type"], item)
    assert item["status"] in {200, 201}


def write_to_a_new_day(server: OpenSearchServer) -> None:
    write(server, str(date(2024, 1, 1) + timedelta(days=next(NUMBERS))))


def step(taken: Callable[[Setup], None]) -> Use:
    """A step of the setup, as the setup's own role."""

    def use(server: OpenSearchServer) -> None:
        taken(
            Setup(
                client=server.client("setup"),
                master=server.client,
                settings=SETTINGS,
                objects=OBJECTS,
                report=SetupReport(),
                identities=lambda: pytest.fail("no directory was made"),
            )
        )

    return use


def first_inbox(server: OpenSearchServer) -> None:
    server.client().indices.delete(index="logs-inbox", ignore_unavailable=True)
    step(steps.put_inbox)(server)


NEEDED: dict[str, dict[str, Use]] = {
    roles.WRITER: {
        "indices:data/write/bulk": write,
        "cluster:monitor/main": lambda s: s.client("delivery").info(),
        "indices:data/write/index": write,
        "indices:data/write/bulk*": write,
        "indices:admin/create": write_to_a_new_day,
    },
    roles.ANALYST: {
        "read": lambda s: s.client("analyst").search(index="logs-*"),
        "indices:admin/mappings/get": lambda s: s.client("analyst").indices.get_mapping(
            index=FLOWS
        ),
    },
    roles.AUTHOR: {"kibana_all_write": lambda s: save(s.client("author"), "dashboard:needed")},
    roles.SETUP: {
        "cluster_manage_index_templates": step(steps.put_templates),
        "cluster_manage_pipelines": step(steps.put_pipeline),
        "cluster:monitor/nodes/info": step(steps.put_policies),
        "indices:admin/create": first_inbox,
        "indices:admin/mapping/put": step(steps.put_mappings),
        "indices:admin/settings/update": step(steps.put_inbox),
        "indices:admin/get": step(steps.put_inbox),
        "kibana_all_write": lambda s: save(s.client("setup"), "dashboard:setup"),
    },
}
"""What each action is for. Break glass has all of them, for what nobody foresaw."""

KEEPS_BACK = (roles.ANALYST, "kibana_all_read")
"""It takes more than it gives: the server's own role lets its users save for everybody, unless
another one says what they may do there."""


def reduced() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every role, action by action, without it."""
    for name, role in roles.roles().items():
        lists: list[tuple[Any, ...]] = [("cluster_permissions",)]
        for kind in ("index_permissions", "tenant_permissions"):
            lists += [(kind, n, "allowed_actions") for n in range(len(role.get(kind, ())))]
        for path in lists:
            for action in follow(role, path):
                less = deepcopy(role)
                follow(less, path).remove(action)
                yield name, action, less


def follow(role: dict[str, Any], path: tuple[Any, ...]) -> list[str]:
    found: Any = role
    for part in path:
        found = found[part] if isinstance(part, int) else found.get(part, [])
    assert isinstance(found, list)
    return found


REDUCED = [each for each in reduced() if each[0] != roles.BREAK_GLASS and each[:2] != KEEPS_BACK]


def put(server: OpenSearchServer, name: str, role: dict[str, Any]) -> None:
    path = f"/_plugins/_security/api/roles/{name}"
    server.client().transport.perform_request("PUT", path, body=role)


def outcome(use: Use, server: OpenSearchServer) -> str:
    try:
        use(server)
    except AuthorizationException:
        return "refused"
    return "allowed"


def becomes(wanted: str, use: Use, server: OpenSearchServer) -> bool:
    """Whether a use is refused, or allowed, before long: rights take a moment to arrive."""
    deadline = time.monotonic() + PATIENCE_S
    while outcome(use, server) != wanted:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def test_what_each_action_is_for_is_said() -> None:
    named = [(role, action) for role, uses in NEEDED.items() for action in uses]

    assert sorted(named) == sorted((role, action) for role, action, _ in REDUCED)


@pytest.mark.parametrize(
    ("role", "action", "less"), REDUCED, ids=lambda part: part if isinstance(part, str) else ""
)
def test_without_an_action_what_it_is_for_is_refused(
    stocked: OpenSearchServer, role: str, action: str, less: dict[str, Any]
) -> None:
    use = NEEDED[role][action]
    put(stocked, role, less)

    refused = becomes("refused", use, stocked)

    put(stocked, role, roles.roles()[role])
    assert refused
    assert becomes("allowed", use, stocked)


def test_the_right_to_look_at_dashboards_is_what_keeps_analysts_from_saving_them(
    stocked: OpenSearchServer,
) -> None:
    def use(server: OpenSearchServer) -> object:
        return save(server.client("analyst"), "dashboard:needed")

    whole = roles.roles()[roles.ANALYST]
    assert whole["tenant_permissions"][0]["allowed_actions"] == [KEEPS_BACK[1]]
    put(stocked, roles.ANALYST, {**whole, "tenant_permissions": []})

    allowed = becomes("allowed", use, stocked)

    put(stocked, roles.ANALYST, whole)
    assert allowed
    assert becomes("refused", use, stocked)
