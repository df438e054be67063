"""Promises about what a function of the local cloud finds when it starts."""

import json
import sys
from collections.abc import Iterator

import pytest

from local.aws.process import LocalCloud, free_port
from local.aws.settings import Settings
from tests.local.pieces import make_function, make_role

ROLE = "arn:aws:iam::111111111111:role/worker"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    folder = tmp_path_factory.mktemp("cloud")
    interpreter = folder / "python"
    interpreter.write_text(f'#!/bin/sh\nINTERPRETER=ours exec "{sys.executable}" "$@"\n')
    interpreter.chmod(0o755)
    settings = Settings(port=free_port(), lambda_python=str(interpreter))
    with LocalCloud(folder / "cloud.log", settings) as running:
        make_role(running, "worker", "lambda", [("logs:*", "*")])
        yield running


def test_a_function_runs_on_the_interpreter_of_the_settings(cloud: LocalCloud) -> None:
    source = """
    import os
    def handler(event, context):
        return os.environ["INTERPRETER"]
    """
    make_function(cloud, "interpreted", ROLE, source)

    answer = cloud.client("lambda").invoke(FunctionName="interpreted", Payload=b"{}")

    assert json.load(answer["Payload"]) == "ours"


def test_a_function_has_no_more_rights_than_its_role(cloud: LocalCloud) -> None:
    source = """
    import boto3
    def handler(event, context):
        try:
            boto3.client("s3").list_buckets()
        except Exception as error:
            return str(error)
    """
    make_function(cloud, "curious", ROLE, source)

    answer = cloud.client("lambda").invoke(FunctionName="curious", Payload=b"{}")

    assert "AccessDenied" in json.load(answer["Payload"])


def test_a_function_that_cannot_start_says_why_in_its_log_group(cloud: LocalCloud) -> None:
    make_function(cloud, "broken", ROLE, "import a_module_that_is_not_there")

    cloud.client("lambda").invoke(FunctionName="broken", Payload=b"{}")

    events = cloud.client("logs").filter_log_events(logGroupName="/aws/lambda/broken")["events"]
    text = "\n".join(event["message"] for event in events)
    assert "ModuleNotFoundError: No module named 'a_module_that_is_not_there'" in text
    assert "Traceback" in text


def test_a_function_finds_the_environment_and_the_rights_of_its_role(cloud: LocalCloud) -> None:
    source = """
    import os
    import boto3
    def handler(event, context):
        names = ["AWS_EXECUTION_ENV", "_HANDLER", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "PYTHONPATH"]
        found = {name: os.environ.get(name) for name in names}
        found["root"] = os.environ["LAMBDA_TASK_ROOT"] == os.path.dirname(__file__)
        found["caller"] = boto3.client("sts").get_caller_identity()["Arn"]
        return found
    """
    make_function(cloud, "looking", ROLE, source, MemorySize=256)

    answer = cloud.client("lambda").invoke(FunctionName="looking", Payload=b"{}")

    assert json.load(answer["Payload"]) == {
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "_HANDLER": "index.handler",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "PYTHONPATH": "",
        "root": True,
        "caller": "arn:aws:sts::111111111111:assumed-role/worker/looking",
    }
