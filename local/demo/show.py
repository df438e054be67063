"""Progress on the terminal: a line per stage, with the seconds it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Stages:
    """Draws the stages of a run. Labels that come from side by side work get a line each."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=console,
        )
        self._lines: dict[str, int] = {}

    @contextmanager
    def shown(self) -> Iterator["Stages"]:
        """Draw while the block runs; what is unfinished at its end is left as it is."""
        with self._progress:
            yield self
            self.finish()

    def say(self, what: str, share: float | None) -> None:
        """Note what goes on now, and how far it is (0 to 1) where that is known."""
        line = self._lines.get(what)
        if line is None:
            self._lines[what] = line = self._progress.add_task(what, total=None)
        if share is not None:
            self._progress.update(line, total=1.0, completed=share)  # type: ignore[arg-type]  # rich's TaskID is an int

    @contextmanager
    def stage(self, what: str) -> Iterator[None]:
        """Draw one stage from its begin to its end."""
        started = time.monotonic()
        self.say(what, None)
        yield
        self.say(what, 1.0)
        if not self._console.is_terminal:  # a log has no spinner to look at
            self._console.print(f"{what}: {time.monotonic() - started:.1f} s")

    def finish(self) -> None:
        """Mark every line as done."""
        for what in self._lines:
            self.say(what, 1.0)
