"""The demonstration, from nothing to a page of dashboards and a table that adds up."""

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import FrameType

from rich.console import Console
from rich.live import Live

from local.aws.process import StartError as CloudStartError
from local.demo import tables
from local.demo.arguments import Arguments
from local.demo.dashboards import dashboards_of
from local.demo.performance import Performance
from local.demo.show import Stages
from local.deploy.cdk import DeployError
from local.home import RUN
from local.laptop import Laptop, laptop
from local.opensearch.errors import ChecksumError, DownloadError, LockedError, UnreachableError
from local.opensearch.errors import StartError as SearchStartError
from local.panels.errors import PanelError
from local.panels.screenshot import take
from local.panels.server import PanelServer
from local.story.application import CHECKOUT
from local.story.player import PutError

EXPECTED = (
    *(ChecksumError, DownloadError, LockedError, UnreachableError, SearchStartError),
    *(CloudStartError, DeployError, PanelError, PutError),
)
"""What can keep a laptop from the demonstration; each message says what to do."""

PICTURE_HEIGHT = 1_050  # CSS pixels: the first rows of the overview, not all of them


def main(arguments: Arguments) -> int:
    """Run it; gives the exit code: 0 when everything adds up, 1 when it does not.

    What keeps it from running is said in a few lines, with the log to look into.
    """
    console = Console()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with ExitStack() as stack:
            return _demonstrate(arguments, console, stack)
    except EXPECTED as error:
        console.print(f"{type(error).__name__}: {error}", style="bold red", highlight=False)
        return 1
    except KeyboardInterrupt:
        console.print("ended")
        return 130 if arguments.once else 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _demonstrate(arguments: Arguments, console: Console, stack: ExitStack) -> int:
    started = time.monotonic()
    with Stages(console).shown() as stages:
        place = stack.enter_context(laptop(arguments.sink, stages.say, arguments.onboarding))
    console.print(f"up after {time.monotonic() - started:.0f} s", style="dim")
    performance = Performance(place, end_ms=time.time_ns() // 1_000_000)
    page = stack.enter_context(
        PanelServer(
            search_url=place.server.url,
            objects=dashboards_of(performance.datasets, RUN / "dashboards"),
            port=arguments.port,
            status=lambda: tables.as_json(performance.balance),
        )
    )
    _play(performance, console)
    if arguments.twice:
        console.print(f"sending all {performance.send_again():,} payloads a second time")
        _settle(performance, console)
    even = _reconcile(performance, place, console)
    if arguments.screenshot:
        take(page.url, arguments.screenshot, height=PICTURE_HEIGHT, whole=False)
        console.print(f"picture: {arguments.screenshot}", highlight=False)
    if arguments.once:
        return 0 if even else 1
    addresses = tables.addresses(page.url, place.cloud.endpoint, place.server.url, CHECKOUT)
    console.print(addresses, highlight=False, soft_wrap=True)
    threading.Event().wait()  # Ctrl-C ends it; lines of one's own do not change the story's balance
    return 0


def _play(performance: Performance, console: Console) -> None:
    """Put the story and draw what arrives meanwhile."""
    with ThreadPoolExecutor(1) as aside:
        playing = aside.submit(performance.play)
        _settle(performance, console, writing=lambda: not playing.done())
        playing.result()


def _settle(
    performance: Performance, console: Console, *, writing: Callable[[], bool] = lambda: False
) -> None:
    with Live(console=console, refresh_per_second=4) as live:
        performance.settle(
            writing=writing, show=lambda now: live.update(tables.live(now, performance.put))
        )


def _reconcile(performance: Performance, place: Laptop, console: Console) -> bool:
    """Print the last word; gives whether everything adds up."""
    refused = place.cloud.refused()
    for refusal in refused:
        console.print(f"{refusal['service']} refused: {refusal['reason']}", style="bold red")
    kept = performance.kept_rejects()
    even = performance.balance.even and not refused and kept == performance.balance.malformed
    console.print(tables.reconciliation(performance.balance, kept))
    return even
