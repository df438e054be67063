"""The application's line is taken out of its collector's wrapper, and the place is kept."""

import json
from typing import Any

import pytest

from logcore.normalise import Normaliser
from logcore.record import Accepted, Document, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.sources.generic import parse

TASK = "0123456789abcdef0123456789abcdef"
ARN = f"arn:aws:ecs:eu-west-1:222222222222:task/prod/{TASK}"
FIRELENS = {
    "container_id": "0a1b",
    "container_name": "app",
    "ecs_cluster": "prod",
    "ecs_task_arn": ARN,
    "ecs_task_definition": "orders:7",
    "source": "stdout",
}
POD = {"pod_name": "web-1", "namespace_name": "shop", "container_name": "web", "host": "node-1"}
POD_STREAM = f"node-1-application.var.log.containers.web-1_shop_web-{TASK}{TASK}.log"


def parsed(line: object, group: str = "/ecs/orders", stream: str = "") -> Document:
    message = line if isinstance(line, str) else json.dumps(line)
    origin = Origin(transport="cloudwatch_logs", log_group=group, log_stream=stream)
    return parse(LogRecord("0", 1_772_366_460_000, message, origin))


@pytest.mark.parametrize("wrapper", [FIRELENS, {"kubernetes": POD}])
def test_the_line_within_is_read_as_if_it_stood_alone(wrapper: dict[str, Any]) -> None:
    inner = {"level": "warn", "msg": "slow", "order_id": 7}
    document = parsed(wrapper | {"log": json.dumps(inner) + "\n"})

    assert (document["message"], document["log"]["level"]) == ("slow", "warn")
    assert document["generic"] == wrapper | inner


@pytest.mark.parametrize("wrapper", [FIRELENS, {"kubernetes": POD}])
def test_text_within_is_the_message(wrapper: dict[str, Any]) -> None:
    document = parsed(wrapper | {"log": "ERROR refused\r\n"})

    assert (document["message"], document["log"]["level"]) == ("ERROR refused", "error")
    assert document["generic"] == wrapper


def test_a_task_names_cluster_container_and_service() -> None:
    document = parsed(FIRELENS | {"log": "hello"})

    assert document["container"] == {"id": "0a1b", "name": "app"}
    assert document["service"]["name"] == "orders"
    assert document["orchestrator"] == {
        "type": "ecs",
        "cluster": {"name": "prod"},
        "resource": {"type": "task", "id": ARN},
    }


def test_what_the_application_says_of_itself_outweighs_its_collector() -> None:
    inner = {"service": "checkout", "hostname": "web-1", "time": "2026-03-01T12:00:57Z"}
    wrapper = {"kubernetes": POD | {"labels": {"app": "web"}}, "time": "2026-03-01T12:00:58Z"}
    document = parsed(wrapper | {"log": json.dumps(inner)})

    assert document["service"]["name"] == "checkout"
    assert document["host"]["name"] == "web-1"
    assert document["event"]["created"] == "2026-03-01T12:00:57.000Z"


def test_what_the_collector_has_read_already_is_not_read_again() -> None:
    document = parsed({"kubernetes": POD, "log": "raw", "log_processed": {"msg": "read"}})

    assert document["message"] == "read"
    assert document["generic"] == {"kubernetes": POD, "msg": "read"}


def test_the_head_of_a_container_runtimes_line_is_taken_off() -> None:
    document = parsed({"kubernetes": POD, "log": "2026-03-01T12:00:58.1Z stdout F hello"})

    assert document["message"] == "hello"


@pytest.mark.parametrize(
    ("group", "stream", "service", "place"),
    [
        (
            "/ecs/orders",
            f"web/app/{TASK}",
            "ecs",
            {"type": "ecs", "resource": {"type": "task", "id": TASK}},
        ),
        (
            "/aws/containerinsights/prod/application",
            POD_STREAM,
            "eks",
            {
                "type": "kubernetes",
                "cluster": {"name": "prod"},
                "namespace": "shop",
                "resource": {"type": "pod", "name": "web-1"},
            },
        ),
        (
            "/aws/containerinsights/prod/host",
            "node-1-host.secure",
            "eks",
            {"type": "kubernetes", "cluster": {"name": "prod"}},
        ),
        (
            "/aws/ecs/containerinsights/prod/performance",
            "x",
            "ecs",
            {"type": "ecs", "cluster": {"name": "prod"}},
        ),
    ],
)
def test_group_and_stream_say_where_a_bare_line_comes_from(
    group: str, stream: str, service: str, place: dict[str, Any]
) -> None:
    document = parsed("hello", group, stream)

    assert document["orchestrator"] == place
    assert document["cloud"]["service"]["name"] == service


@pytest.mark.parametrize(
    "line",
    [
        {"container_id": "0a1b", "msg": "mine"},
        {"kubernetes": "a word", "log": "mine"},
        {"log": "mine"},
    ],
)
def test_keys_that_an_application_happens_to_use_are_no_wrapper(line: dict[str, Any]) -> None:
    document = parsed(line)

    assert document["generic"] == line
    assert document["message"] == "mine"
    assert "orchestrator" not in document


def test_documents_of_one_stream_share_nothing() -> None:
    first, second = parsed("a", stream=f"web/app/{TASK}"), parsed("b", stream=f"web/app/{TASK}")
    first["orchestrator"]["resource"]["id"] = "changed"

    assert second["orchestrator"]["resource"]["id"] == TASK


@pytest.mark.parametrize("wrapper", [FIRELENS, {"kubernetes": POD}])
def test_a_nest_that_the_wrapper_spells_with_escapes_is_cut_like_any_other(
    wrapper: dict[str, Any],
) -> None:
    nest = json.dumps('{"a":' * 300 + "1" + "}" * 300)
    escaped = nest.replace("{", r"\u007b").replace("}", r"\u007d")
    message = json.dumps(wrapper)[:-1] + f', "log": {escaped}}}'
    origin = Origin(transport="cloudwatch_logs", log_group="/ecs/orders")

    found = Normaliser(Routing(SOURCES))(LogRecord("0", 1_772_366_460_000, message, origin))

    assert isinstance(found, Accepted)
    assert "truncated" in found.document["tags"]
