"""Promises about the local cloud's process: how it starts, what stops it, what it leaves behind."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local.aws.process import REPOSITORY, LocalCloud, StartError, free_port
from local.aws.settings import CENTRAL_ACCOUNT, Settings
from tests.local import landscape as made
from tests.local.pieces import eventually, make_function, make_role

SOURCE = """
    import os
    def handler(event, context):
        return {"pid": os.getpid(), "environment": dict(os.environ)}
"""
BUSY = """
    import os, pathlib, time
    def handler(event, context):
        pathlib.Path(event["file"]).write_text(str(os.getpid()))
        time.sleep(600)
"""
WITHOUT_A_NAME = """
from ministack.services import s3
del s3._resolve_sse_write_headers
from local.aws.__main__ import main
main()
"""
PARENT = """
import sys
from pathlib import Path
from local.aws.process import LocalCloud
from local.aws.settings import Settings
cloud = LocalCloud(Path(sys.argv[1]), Settings(port=int(sys.argv[2])))
cloud.start()
print("started", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "cloud.log"


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health", timeout=5).close()
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def worker(cloud: LocalCloud) -> dict[str, object]:
    """Have a function say what its own process is, which stays warm behind the cloud."""
    name = made.name("worker")
    make_function(cloud, name, make_role(cloud, name, "lambda", [("logs:*", "*")]), SOURCE)
    answer = cloud.client("lambda").invoke(FunctionName=name)["Payload"].read()
    found: dict[str, object] = json.loads(answer)
    return found


def test_a_missing_name_ends_the_start_with_one_line() -> None:
    environment = {**os.environ, **Settings(port=free_port()).to_env()}

    ended = subprocess.run(  # noqa: S603  fixed argument list
        [sys.executable, "-c", WITHOUT_A_NAME],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert line.startswith("local.aws cannot start: ministack.services.s3._resolve_sse_write")


def test_settings_survive_the_environment() -> None:
    settings = Settings(
        port=4566,
        lambda_python="/opt/python",
        domain_port=9243,
        buffer_cap_seconds=0.5,
        allow_aws_sources=False,
    )

    assert Settings.from_env(settings.to_env()) == settings


def test_a_setting_of_the_wrong_type_is_named() -> None:
    with pytest.raises(ValueError, match="LOCAL_AWS_DOMAIN_PORT='many'"):
        Settings.from_env({"LOCAL_AWS_PORT": "1", "LOCAL_AWS_DOMAIN_PORT": "many"})


def test_accounts_are_told_apart_and_iam_is_enforced(log: Path) -> None:
    with LocalCloud(log) as cloud:
        accounts = [
            cloud.client("sts", account).get_caller_identity()["Account"]
            for account in (CENTRAL_ACCOUNT, made.MEMBER)
        ]
        idle = made.session(cloud, made.role(cloud, CENTRAL_ACCOUNT), "kinesis")
        with pytest.raises(ClientError, match="AccessDenied"):
            idle.list_streams()

    assert accounts == [CENTRAL_ACCOUNT, made.MEMBER]


def test_a_taken_port_is_said_at_once(log: Path) -> None:
    with LocalCloud(log) as cloud, pytest.raises(StartError, match=r"port \d+ .* is taken"):
        LocalCloud(log, cloud.settings).start()


def test_stopping_ends_the_process_and_its_functions_and_clears_their_files(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with LocalCloud(log) as cloud:
        pids = [cloud.pid, int(str(worker(cloud)["pid"]))]
        assert set(tmp_path.iterdir()) > {log}

    eventually(lambda: not any(runs(pid) for pid in pids), "the end of all processes")
    assert set(tmp_path.iterdir()) == {log}


def test_stopping_ends_a_function_that_is_busy(log: Path) -> None:
    told = log.with_name("pid")
    with LocalCloud(log) as cloud:
        name = made.name("busy")
        role = make_role(cloud, name, "lambda", [("logs:*", "*")])
        make_function(cloud, name, role, BUSY, Timeout=900)
        cloud.client("lambda").invoke(
            FunctionName=name, InvocationType="Event", Payload=json.dumps({"file": str(told)})
        )
        pid = int(eventually(lambda: told.exists() and told.read_text(), "the function's start"))

    eventually(lambda: not runs(pid), "the end of the function")


def test_a_users_profile_proxy_and_python_path_do_not_reach_in(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "personal")
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    with LocalCloud(log) as cloud:
        environment = worker(cloud)["environment"]

    assert isinstance(environment, dict)
    assert environment.keys() & {"AWS_PROFILE", "HTTP_PROXY"} == set()
    assert "/elsewhere" not in environment.get("PYTHONPATH", "")


def test_a_custom_resource_that_never_answers_does_not_hold_up_the_end(log: Path) -> None:
    cloud = LocalCloud(log)
    cloud.start()
    name = made.name("silent")
    function = make_function(
        cloud, name, make_role(cloud, name, "lambda", [("logs:*", "*")]), SOURCE
    )
    silent = {"Type": "Custom::Silent", "Properties": {"ServiceToken": function}}
    api = cloud.client("cloudformation")
    api.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": {"Silent": silent}}))
    eventually(
        lambda: [
            event
            for event in api.describe_stack_events(StackName=name)["StackEvents"]
            if event["LogicalResourceId"] == "Silent"
        ],
        "the wait for the resource",
    )

    assert cloud.stop() == 0


def test_a_term_signal_ends_the_process(log: Path) -> None:
    with LocalCloud(log) as cloud:
        os.kill(cloud.pid, signal.SIGTERM)

        eventually(lambda: not answers(cloud.settings.port), "the end of the process")


def test_a_killed_parent_leaves_no_cloud_behind(log: Path) -> None:
    port = free_port()
    with subprocess.Popen(  # noqa: S603  fixed argument list
        [sys.executable, "-c", PARENT, str(log), str(port)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"started\n"
        assert answers(port)
        parent.kill()

    eventually(lambda: not answers(port), "the end of the cloud")


def test_nothing_was_refused_in_a_quiet_cloud(log: Path) -> None:
    with LocalCloud(log) as cloud:
        assert cloud.refused() == []
