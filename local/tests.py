"""`python -m local.tests`: every suite, what `make test` and CI run.

Three suites run side by side, the longest first: most of them wait for servers as often as they
think. A suite's output is printed when it ends; the last line counts them all.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock

from local.home import REPOSITORY
from local.machine import Missing, this_machine
from local.machine.install_browser import with_browser

BIN = Path(sys.prefix) / "bin"


@dataclass(frozen=True, slots=True)
class Suite:
    """One command.

    Attributes:
        name: What it looks at.
        command: Its words; the first one is a program of this environment.
    """

    name: str
    command: tuple[str, ...]


ON_THE_LAPTOP = ("the_whole_way", "page", "every_right_is_needed")
"""Each deploys as a demonstration does."""

LIVES = ("lifecycle", "options", "the_guide")
"""Each begins with an organisation in which nothing is deployed."""


def _pytest(name: str, *paths: str, beside: int = 1) -> Suite:
    """Tests of some folders or files, and how many of the files run side by side."""
    workers = ("-n", str(beside), "--dist", "loadfile") if beside > 1 else ()
    return Suite(name, ("pytest", "-q", *workers, *(f"tests/{path}" for path in paths)))


SUITES = (
    _pytest("the laptop's parts", "local", beside=2),
    _pytest("end to end, on the laptop", *(f"e2e_local/test_{name}.py" for name in ON_THE_LAPTOP)),
    _pytest("end to end, in an organisation", *(f"e2e_local/test_{name}.py" for name in LIVES)),
    _pytest("infrastructure", "infra"),
    _pytest("sources and contracts", "sources", "contract"),
    _pytest("unit", "unit"),
    Suite("types", ("mypy",)),
    _pytest("roles inside OpenSearch", "security"),
    Suite("imports", ("lint-imports",)),
    Suite("dashboards", ("python", "-m", "dashboards.compile", "--check")),
    Suite("lint", ("ruff", "check", ".")),
    Suite("format", ("ruff", "format", "--check", ".")),
)
"""The longest first."""

AT_ONCE = 3

_printing = Lock()


def main() -> int:
    """Run every suite; 0 when everything passed."""
    browser = with_browser(this_machine())
    if isinstance(browser, Missing):
        print(browser.advice)  # noqa: T201  a command's output
        return 1
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = dict(zip(SUITES, pool.map(_run, SUITES), strict=True))
    counts: Counter[str] = sum(results.values(), Counter())
    failed = [suite.name for suite, found in results.items() if found["failed"]]
    if failed:
        print(f"failed: {', '.join(failed)}")  # noqa: T201  a command's output
    print(f"{counts['passed']} passed, {counts['failed']} failed")  # noqa: T201  likewise
    return 1 if failed else 0


def _run(suite: Suite) -> Counter[str]:
    program, *words = suite.command
    folder = mkdtemp(prefix="central-logs-tests-")  # pytest tidies up what others still use
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603  the commands above
        [str(BIN / program), *words],
        cwd=REPOSITORY,
        env={**os.environ, "PYTEST_DEBUG_TEMPROOT": folder},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        shutil.rmtree(folder, ignore_errors=True)
    word = "passed" if done.returncode == 0 else "FAILED"
    with _printing:
        print(f"── {suite.name}: {word} in {time.monotonic() - started:.0f} s", flush=True)  # noqa: T201  a command's output
        print(done.stdout.rstrip(), flush=True)  # noqa: T201  likewise
    return _counted(done.stdout, done.returncode)


def _counted(output: str, code: int) -> Counter[str]:
    """Tests by outcome from pytest's last line; a check without tests counts as one."""
    found = Counter(
        {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error)", output)}
    )
    counts = Counter(passed=found["passed"], failed=found["failed"] + found["error"])
    if code and not counts["failed"]:
        counts["failed"] = 1
    if not code and not counts["passed"]:
        counts["passed"] = 1
    return counts


if __name__ == "__main__":
    sys.exit(main())
