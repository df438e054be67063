"""The examples for collectors lose nothing, and what they send is what ``logcore`` reads."""

import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecs as ecs

from logcore.normalise import Normaliser
from logcore.record import Accepted, Document, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from tests.infra.deployment import Template, empty_stack, template_of
from tests.sources.case_files import envelope

EXAMPLES = Path(__file__).parents[2] / "docs" / "deploy" / "examples"
CONFIGURATIONS = sorted(EXAMPLES.glob("*.conf"))

ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "CLUSTER_NAME": "prod",
    "HOST_NAME": "i-0123456789abcdef0_web-1",
    "NODE_NAME": "node-1",
}
CONTAINER = "0123456789abcdef" * 4
POD_FILE = f"web-1_shop_web-{CONTAINER}.log"
POD_TAG = f"application.var.log.containers.{POD_FILE}"
TASK = "0123456789abcdef0123456789abcdef"
LINE = '{"level": "warn", "msg": "slow", "order_id": 7}'

HOST_FILES = {
    "host.messages": ("syslog", "Mar  1 12:00:03 web-1 systemd[1]: Started shop.service."),
    "host.secure": (
        "auth",
        "Mar  1 12:00:03 web-1 sshd[9]: Accepted publickey for ann from 203.0.113.9 port 5 ssh2",
    ),
    "host.nginx.access": (
        "nginx_access",
        '203.0.113.9 - - [01/Mar/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8.5.0"',
    ),
    "host.nginx.error": (
        "nginx_error",
        "2026/03/01 12:00:00 [notice] 1#1: start worker process 29",
    ),
}
"""By tag: the source that is to read it, and a line as the program writes it."""

POD = {
    "pod_name": "web-1",
    "namespace_name": "shop",
    "pod_id": "00000000-0000-4000-8000-000000000001",
    "labels": {"app.kubernetes.io/name": "web-shop"},
    "host": "node-1",
    "container_name": "web",
    "docker_id": CONTAINER,
    "container_image": "shop/web:7",
}
"""What the Kubernetes filter adds."""

each_configuration = pytest.mark.parametrize(
    "configuration", CONFIGURATIONS, ids=lambda path: path.stem
)


class Section(NamedTuple):
    """A section of a configuration of Fluent Bit, whose keys are compared without case."""

    kind: str
    values: Mapping[str, str]


def sections(configuration: Path, kind: str = "") -> list[Section]:
    """The sections of a kind, or all, with the environment's values in their places."""
    text = configuration.read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]
    found = list(_sections(lines))
    return [section for section in found if kind in {"", section.kind}]


def _sections(lines: list[str]) -> Iterator[Section]:
    starts = [number for number, line in enumerate(lines) if line[0] == "["]
    assert starts[0] == 0
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        pairs = [line.split(None, 1) for line in lines[start + 1 : end]]
        values = {key.lower(): _filled(value) for key, value in pairs}
        assert len(values) == len(pairs)
        yield Section(lines[start].strip("[]"), values)


def _filled(value: str) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda name: ENVIRONMENT[name[1]], value)


def output_of(configuration: Path, tag: str) -> Section:
    """The one output that a tag matches."""
    (found,) = (
        output
        for output in sections(configuration, "OUTPUT")
        if fnmatchcase(tag, output.values["match"])
    )
    return found


def sent(output: Mapping[str, str], tag: str, record: Mapping[str, Any]) -> Document:
    """The document of what the output for CloudWatch Logs makes of a record."""
    key = output.get("log_key")
    message = record[key] if key else json.dumps(record)
    stream = output["log_stream_prefix"] + tag
    return document({"logGroup": output["log_group_name"], "logStream": stream}, message)


def document(origin: dict[str, str], message: str) -> Document:
    (found,) = Normaliser(Routing(SOURCES)).payload(envelope(origin, [message]))
    assert isinstance(found, Accepted)
    return found.document


def test_there_is_an_example_for_hosts_and_for_clusters_with_and_without_the_filter() -> None:
    filters = {path.stem: len(sections(path, "FILTER")) for path in CONFIGURATIONS}

    assert filters == {
        "fluent-bit-host": 0,
        "fluent-bit-kubernetes": 1,
        "fluent-bit-kubernetes-plain": 0,
    }


@each_configuration
def test_what_is_read_is_on_disk_until_it_has_been_taken(configuration: Path) -> None:
    (service,) = sections(configuration, "SERVICE")
    inputs, outputs = (sections(configuration, kind) for kind in ("INPUT", "OUTPUT"))

    assert service.values["storage.path"]
    assert inputs
    for each in inputs:
        assert each.values["name"] == "tail"
        assert each.values["storage.type"] == "filesystem"
        assert each.values["db"].startswith("/var/lib/fluent-bit/")
    for each in outputs:
        assert each.values["name"] == "cloudwatch_logs"
        assert each.values["retry_limit"] == "no_limits"
        assert "storage.total_limit_size" not in each.values  # it discards the oldest
        assert int(each.values["log_retention_days"]) == 30
    assert len({each.values["db"] for each in inputs}) == len(inputs)


@each_configuration
def test_there_are_no_sections_but_these_and_every_tag_has_one_output(configuration: Path) -> None:
    assert {s.kind for s in sections(configuration)} <= {"SERVICE", "INPUT", "FILTER", "OUTPUT"}
    for each in sections(configuration, "INPUT"):
        tag = each.values["tag"].replace("*", f"var.log.containers.{POD_FILE}")
        assert output_of(configuration, tag)


def test_each_file_of_a_host_is_read_by_its_source() -> None:
    configuration = EXAMPLES / "fluent-bit-host.conf"
    assert {s.values["tag"] for s in sections(configuration, "INPUT")} == set(HOST_FILES)

    for tag, (source, line) in HOST_FILES.items():
        output = output_of(configuration, tag).values
        found = sent(output, tag, {"log": line})

        group = Origin(transport="cloudwatch_logs", log_group=output["log_group_name"])
        claimed = Routing(SOURCES).claim(group)
        assert group.log_group.startswith("/hosts/")
        assert claimed is not None
        assert claimed.source.name == source
        assert found["event"]["dataset"] == claimed.source.dataset
        assert found["cloud"]["instance"]["id"] == "i-0123456789abcdef0"


def test_with_the_filter_a_line_of_a_pod_brings_its_place_and_its_labels() -> None:
    configuration = EXAMPLES / "fluent-bit-kubernetes.conf"
    (filter_,) = sections(configuration, "FILTER")
    record = {"time": "2026-03-01T12:00:58Z", "stream": "stdout", "log": LINE, "kubernetes": POD}

    found = sent(output_of(configuration, POD_TAG).values, POD_TAG, record)

    assert (filter_.values["merge_log"], filter_.values["keep_log"]) == ("Off", "On")
    assert POD_TAG.startswith(filter_.values["kube_tag_prefix"])
    assert (found["message"], found["log"]["level"]) == ("slow", "warn")
    assert found["service"]["name"] == "web-shop"
    assert found["orchestrator"]["cluster"] == {"name": "prod"}
    assert found["orchestrator"]["namespace"] == "shop"
    assert found["orchestrator"]["resource"]["name"] == "web-1"
    assert found["container"]["id"] == CONTAINER


def test_without_the_filter_stream_and_group_say_where_a_line_is_from() -> None:
    configuration = EXAMPLES / "fluent-bit-kubernetes-plain.conf"
    record = {"time": "2026-03-01T12:00:58Z", "stream": "stdout", "_p": "F", "log": LINE}

    found = sent(output_of(configuration, POD_TAG).values, POD_TAG, record)

    assert (found["message"], found["log"]["level"]) == ("slow", "warn")
    assert found["orchestrator"]["cluster"] == {"name": "prod"}
    assert found["orchestrator"]["namespace"] == "shop"
    assert found["orchestrator"]["resource"]["name"] == "web-1"
    assert found["container"] == {"name": "web", "id": CONTAINER}


@pytest.fixture(scope="module")
def task() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / "firelens-task.json").read_bytes())
    return found


@pytest.fixture(scope="module")
def synthesised() -> Template:
    """The task of the CDK example."""
    file = EXAMPLES / "firelens_task.py"
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stack = empty_stack(cdk.Environment(account="222222222222", region="us-east-1"))
    module.FirelensTask(
        stack,
        "Orders",
        name="orders",
        image=ecs.ContainerImage.from_registry("shop/orders:7"),
        router_image=ecs.ContainerImage.from_registry("shop/fluent-bit:7"),
    )
    return template_of(stack)


def container(task: Mapping[str, Any], name: str) -> dict[str, Any]:
    (found,) = (one for one in task["containerDefinitions"] if one["name"] == name)
    assert isinstance(found, dict)
    return found


def test_the_router_of_a_task_says_which_task_it_is_and_ends_with_it(task: dict[str, Any]) -> None:
    router = container(task, "log_router")

    assert router["essential"]
    assert router["firelensConfiguration"] == {
        "type": "fluentbit",
        "options": {"enable-ecs-log-metadata": "true"},
    }
    assert router["logConfiguration"]["logDriver"] == "awslogs"


def test_a_line_through_firelens_brings_its_task(task: dict[str, Any]) -> None:
    options = container(task, "app")["logConfiguration"]["options"]
    arn = f"arn:aws:ecs:us-east-1:222222222222:task/prod/{TASK}"
    record = {
        "log": LINE,
        "container_id": f"{TASK}-0000000001",
        "container_name": "app",
        "source": "stdout",
        "ecs_cluster": "prod",
        "ecs_task_arn": arn,
        "ecs_task_definition": "orders:7",
    }

    found = sent(options, f"app-firelens-{TASK}", record)

    assert (found["message"], found["log"]["level"]) == ("slow", "warn")
    assert found["service"]["name"] == "orders"
    assert found["orchestrator"]["cluster"] == {"name": "prod"}
    assert found["orchestrator"]["resource"] == {"type": "task", "id": arn}


def test_a_line_of_the_router_itself_brings_its_task_by_its_stream(task: dict[str, Any]) -> None:
    options = container(task, "log_router")["logConfiguration"]["options"]
    stream = f"{options['awslogs-stream-prefix']}/log_router/{TASK}"

    found = document({"logGroup": options["awslogs-group"], "logStream": stream}, "[warn] retry")

    assert found["container"]["name"] == "log_router"
    assert found["orchestrator"]["resource"] == {"type": "task", "id": TASK}


def test_the_task_in_cdk_is_the_task_in_json(task: dict[str, Any], synthesised: Template) -> None:
    definition = synthesised.one("AWS::ECS::TaskDefinition")
    groups = {
        resource["Properties"]["LogGroupName"]: {"Ref": logical_id}
        for logical_id, resource in synthesised.all("AWS::Logs::LogGroup").items()
    }
    made = {one["Name"]: one for one in definition["ContainerDefinitions"]}

    assert set(groups) == {"/ecs/orders", "/ecs/orders-log-router"}
    for wanted in task["containerDefinitions"]:
        found = made[wanted["name"]]["LogConfiguration"]
        options = {
            key: groups.get(value, value)
            for key, value in wanted["logConfiguration"]["options"].items()
        }
        assert found == {"LogDriver": wanted["logConfiguration"]["logDriver"], "Options": options}
    assert made["log_router"]["FirelensConfiguration"] == {
        "Type": "fluentbit",
        "Options": {"enable-ecs-log-metadata": "true"},
    }
    assert {
        r["Properties"]["RetentionInDays"] for r in synthesised.all("AWS::Logs::LogGroup").values()
    } == {30}


def test_the_task_in_cdk_writes_its_own_log_group_only(synthesised: Template) -> None:
    (group,) = (g for g in synthesised.all("AWS::Logs::LogGroup") if "Router" not in g)

    assert synthesised.allowed("OrdersTaskTaskRole") == {
        ("logs:CreateLogStream", f"<{group}.Arn>"),
        ("logs:PutLogEvents", f"<{group}.Arn>"),
    }
