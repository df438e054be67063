"""Promises about finding what a laptop must have, on machines made up for the purpose."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from local.machine import Found, Machine, Missing, this_machine
from local.machine.browser import chromium
from local.machine.check import check, line
from local.machine.room import disk, ports
from local.machine.runtimes import java, java_executable, node, npm, python

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "local/machine/find-python.sh"
JAVA_25 = 'openjdk version "25.0.2" 2026-01-20'
JAVA_17 = 'openjdk version "17.0.14" 2025-01-21'
MODULES = "java.base@25.0.2\njava.instrument@25.0.2\n"


def machine_with(answers: Mapping[str, str], commands: Mapping[str, str] | None = None) -> Machine:
    """Make a machine that knows ``answers`` by command line and ``commands`` by name."""
    on_path = commands or {}

    def run(command: Sequence[str]) -> str | None:
        return answers.get(" ".join(command))

    return Machine(
        system="Linux",
        python=(3, 13),
        is_root=False,
        home=Path("/nowhere"),
        environ={},
        which=on_path.get,
        run=run,
        is_free=lambda _port: True,
        free_bytes=lambda _folder: 10 * 2**30,
        bundled_java=None,
    )


BARE = machine_with({})


def knows_java(path: str, version: str, modules: str = MODULES) -> dict[str, str]:
    return {f"{path} -version": version, f"{path} --list-modules": modules}


@pytest.mark.parametrize(
    ("version", "is_enough"), [((3, 11), False), ((3, 12), True), ((3, 13), True), ((3, 15), True)]
)
def test_python_must_be_new_enough(version: tuple[int, int], *, is_enough: bool) -> None:
    assert isinstance(python(replace(BARE, python=version)), Found) is is_enough


def test_node_is_found_with_its_version() -> None:
    machine = machine_with({"/bin/node --version": "v22.11.0\n"}, {"node": "/bin/node"})

    assert node(machine) == Found("Node", Path("/bin/node"), "22.11.0")


@pytest.mark.parametrize(
    ("machine", "problem"),
    [
        (BARE, "no `node` on PATH"),
        (machine_with({}, {"node": "/bin/node"}), "/bin/node does not run"),
        (
            machine_with({"/bin/node --version": "v18.19.0"}, {"node": "/bin/node"}),
            "/bin/node is version 18.19.0",
        ),
    ],
)
def test_node_is_missed_with_the_reason(machine: Machine, problem: str) -> None:
    finding = node(machine)

    assert isinstance(finding, Missing)
    assert finding.advice.startswith(problem)


def test_an_npm_that_does_not_run_is_missed() -> None:
    assert isinstance(npm(machine_with({}, {"npm": "/bin/npm"})), Missing)


def test_an_npm_that_runs_is_found() -> None:
    machine = machine_with({"/bin/npm --version": "11.0.0\n"}, {"npm": "/bin/npm"})

    assert npm(machine) == Found("npm", Path("/bin/npm"), "11.0.0")


def test_java_is_taken_from_the_wish_then_the_wheel_then_the_machine() -> None:
    paths = ["/wish/bin/java", "/wheel/bin/java", "/home/bin/java", "/usr/bin/java"]
    environ = {"OPENSEARCH_JAVA_HOME": "/wish", "JAVA_HOME": "/home"}
    found = []
    for count in range(len(paths)):
        answers = {k: v for path in paths[count:] for k, v in knows_java(path, JAVA_25).items()}
        machine = machine_with(answers, {"java": "/usr/bin/java"})
        machine = replace(machine, environ=environ, bundled_java=Path("/wheel/bin/java"))
        found.append(str(java_executable(machine)))

    assert found == paths


@pytest.mark.parametrize(
    ("version", "modules"), [(JAVA_17, MODULES), (JAVA_25, "java.base@25.0.2\n")]
)
def test_an_old_or_trimmed_java_is_passed_over(version: str, modules: str) -> None:
    answers = knows_java("/bin/java", version, modules)

    assert isinstance(java(machine_with(answers, {"java": "/bin/java"})), Missing)


def test_java_is_reported_with_its_major_version() -> None:
    machine = machine_with(knows_java("/bin/java", JAVA_25), {"java": "/bin/java"})

    assert java(machine) == Found("Java", Path("/bin/java"), "25")


def test_any_of_chromiums_names_will_do() -> None:
    machine = machine_with(
        {"/bin/google-chrome --version": "Google Chrome 141\n"},
        {"google-chrome": "/bin/google-chrome"},
    )

    assert chromium(machine) == Found("Chromium", Path("/bin/google-chrome"), "Google Chrome 141")


def test_a_browser_that_playwright_installed_is_found(tmp_path: Path) -> None:
    browser = tmp_path / ".cache/ms-playwright/chromium-1194/chrome-linux/chrome"
    browser.parent.mkdir(parents=True)
    browser.touch()

    assert chromium(replace(BARE, home=tmp_path)) == Found("Chromium", browser)


@pytest.mark.parametrize(
    ("machine", "cure"),
    [
        (BARE, "playwright install chromium"),
        (machine_with({}, {"apt-get": "/usr/bin/apt-get"}), "playwright install chromium"),
        (
            replace(machine_with({}, {"apt-get": "/usr/bin/apt-get"}), is_root=True),
            "apt-get install chromium",
        ),
    ],
)
def test_the_cure_for_a_missing_browser_can_be_run_as_it_is(machine: Machine, cure: str) -> None:
    finding = chromium(machine)

    assert isinstance(finding, Missing)
    assert f"run `{cure}`" in finding.advice


def test_taken_ports_are_listed() -> None:
    finding = ports(replace(BARE, is_free=lambda port: port == 4566), [9200, 4566, 5601])

    assert finding == Missing("Ports", "in use on 127.0.0.1: 5601, 9200; stop what listens there")


def test_a_listening_port_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        while_listening = this_machine().is_free(port)

    assert (while_listening, this_machine().is_free(port)) == (False, True)


@pytest.mark.parametrize(("needed_gib", "kind"), [(9, Found), (11, Missing)])
def test_the_disk_must_have_room(needed_gib: float, kind: type) -> None:
    assert isinstance(disk(BARE, Path("/data"), needed_gib), kind)


def test_room_is_known_for_a_folder_that_does_not_exist_yet(tmp_path: Path) -> None:
    assert this_machine().free_bytes(tmp_path / "not/yet") > 0


def test_whatever_is_missing_is_said_in_one_line() -> None:
    nothing = replace(
        BARE, python=(3, 9), is_free=lambda _port: False, free_bytes=lambda _folder: 0
    )
    findings = check(nothing, folder=Path("/data"), wanted_ports=[9200], browser=True)

    assert [type(finding) for finding in findings] == [Missing] * 7
    assert all("\n" not in line(finding) for finding in findings)


def test_this_machine_can_run_this_test() -> None:
    assert isinstance(python(this_machine()), Found)


type Shell = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def find_python(tmp_path: Path) -> Shell:
    """Run the script where PATH has a few tools and the commands that a test gives."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sort", "head", "cut", "sh"):
        (tools / tool).symlink_to(shutil.which(tool) or "")

    def run(programs: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        for name, text in programs.items():
            program = tmp_path / name
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text(f"#!/bin/sh\n{text}\n")
            program.chmod(0o755)
        return subprocess.run(  # noqa: S603  our own script
            [tools / "sh", SCRIPT],
            env={"PATH": str(tools), "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def interpreter(minor: int) -> str:
    """Give a program that is this Python, but says it is another version, called by its name."""
    pretend = (
        f"import sys; sys.version_info = (3, {minor}); sys.executable = sys.argv[1];"
        " exec(sys.stdin.read())"
    )
    return f"exec '{sys.executable}' -c '{pretend}' \"$0\""


SHIM = "echo 'pyenv: version not installed' >&2; exit 127"


@pytest.mark.parametrize(
    ("programs", "chosen"),
    [
        ({"bin/python3.13": 13, "bin/python3.12": 12}, "bin/python3.13"),
        ({"bin/python3.12": 12, "bin/python3": 14}, "bin/python3.12"),
        ({"bin/python3": 14}, "bin/python3"),
        ({"bin/python3": 9, "bin/python": 13}, "bin/python"),
        ({".pyenv/versions/3.13.0/bin/python3": 13}, ".pyenv/versions/3.13.0/bin/python3"),
        (
            {"bin/python3": 12, ".pyenv/versions/3.13.0/bin/python3": 13},
            ".pyenv/versions/3.13.0/bin/python3",
        ),
        ({"bin/python3.13": None, "bin/python3": 12}, "bin/python3"),
    ],
)
def test_the_best_python_is_chosen(
    find_python: Shell, tmp_path: Path, programs: dict[str, int | None], chosen: str
) -> None:
    found = find_python(
        {name: SHIM if minor is None else interpreter(minor) for name, minor in programs.items()}
    )

    assert (found.stdout, found.returncode) == (f"{tmp_path / chosen}\n", 0)


def test_uv_is_asked_when_nothing_else_is_there(find_python: Shell) -> None:
    uv = 'case "$2 $3" in "install --quiet") touch "$HOME/got";; *) '
    uv += '[ -e "$HOME/got" ] && echo /uv/python3.13;; esac'
    tools = {"bin/touch": f"exec '{shutil.which('touch')}' \"$@\""}
    found = find_python({"bin/uv": uv, "bin/python3": interpreter(9), **tools})

    assert (found.stdout, found.returncode) == ("/uv/python3.13\n", 0)


@pytest.mark.parametrize("programs", [{}, {"bin/python3": interpreter(11)}])
def test_no_python_is_said_in_one_line(find_python: Shell, programs: dict[str, str]) -> None:
    found = find_python(programs)

    assert (found.stdout, found.returncode) == ("", 1)
    assert found.stderr.count("\n") == 1
    assert "install Python 3.13" in found.stderr


def test_the_script_runs_as_it_lies_there() -> None:
    assert os.access(SCRIPT, os.X_OK)
