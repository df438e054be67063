"""`python -m local.tests`: every suite, what `make test` and CI run.

Two lanes run side by side: what only thinks, and what waits for servers. A suite's output is
printed when it ends; the last line counts them all.
"""

import re
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
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


def _pytest(name: str, *paths: str) -> Suite:
    return Suite(name, ("pytest", "-q", *(f"tests/{path}" for path in paths)))


THINKING = (
    Suite("lint", ("ruff", "check", ".")),
    Suite("format", ("ruff", "format", "--check", ".")),
    Suite("imports", ("lint-imports",)),
    Suite("dashboards", ("python", "-m", "dashboards.compile", "--check")),
    _pytest("unit", "unit"),
    _pytest("sources and contracts", "sources", "contract"),
    _pytest("infrastructure", "infra"),
    Suite("types", ("mypy",)),
)
WAITING = (
    _pytest("the laptop's parts", "local"),
    _pytest("roles inside OpenSearch", "security"),
    _pytest("end to end", "e2e_local"),
)

_printing = Lock()


def main() -> int:
    """Run both lanes; 0 when everything passed."""
    browser = with_browser(this_machine())
    if isinstance(browser, Missing):
        print(browser.advice)  # noqa: T201  a command's output
        return 1
    with ThreadPoolExecutor(2) as pool:
        lanes = [pool.submit(_run_all, lane) for lane in (THINKING, WAITING)]
        results = [result for lane in lanes for result in lane.result()]
    counts: Counter[str] = sum((found for _, found in results), Counter())
    failed = [suite.name for suite, found in results if found["failed"]]
    if failed:
        print(f"failed: {', '.join(failed)}")  # noqa: T201  a command's output
    print(f"{counts['passed']} passed, {counts['failed']} failed")  # noqa: T201  likewise
    return 1 if failed else 0


def _run_all(lane: tuple[Suite, ...]) -> list[tuple[Suite, Counter[str]]]:
    return [(suite, _run(suite)) for suite in lane]


def _run(suite: Suite) -> Counter[str]:
    program, *words = suite.command
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603  the commands above
        [str(BIN / program), *words],
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
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
