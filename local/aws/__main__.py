"""``python -m local.aws --port 4566``: MiniStack with every extension, on 127.0.0.1 only.

MiniStack reads its environment when it is imported, so the extensions are imported late.
"""

import argparse
import asyncio
import atexit
import importlib
import logging
import os
import signal
import sys
import threading
from dataclasses import replace
from typing import Any

from local.aws.patching import PatchTargetMissingError
from local.aws.settings import PREFIX, Settings

EXTENSIONS = (
    "roles",
    "service_linked_roles",
    "refusals",
    "kinesis",
    "s3",
    "key_use",
    "resharding",
    "lambda_runtime",
    "lambda_log",
    "alarms",
    "firehose",
    "esm",
    "esm_queue",
    "logs",
    "systems_manager",
    "events",
    "network",
    "cloudformation",
    "organizations",
    "control_policies",
    "stack_sets",
    "centralisation",
    "organisation_trails",
    "enrolment",
    "scheduler",
    "domain_endpoint",
    "idle",
)

DRAIN_SECONDS = 15.0  # what is buffered may still be delivered; then the process ends regardless
KEEP_ALIVE_SECONDS = 75.0  # MiniStack's own value


def main() -> None:
    """Run until SIGTERM, SIGINT or, when told so, the end of standard input."""
    arguments = _arguments()
    settings = _settings(arguments)
    os.environ.update(settings.to_env())
    try:
        _extend(settings)
        asyncio.run(_serve(settings, until_input_ends=arguments.until_input_ends))
    except (PatchTargetMissingError, OSError) as error:
        sys.exit(f"local.aws cannot start: {error}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.aws", description="The local cloud.")
    parser.add_argument("--port", type=int, help=f"TCP port, instead of {PREFIX}PORT")
    parser.add_argument(
        "--until-input-ends",
        action="store_true",
        help="end when standard input does, which is how a parent's death is noticed",
    )
    return parser.parse_args()


def _settings(arguments: argparse.Namespace) -> Settings:
    if arguments.port is None and PREFIX + "PORT" not in os.environ:
        sys.exit(f"local.aws cannot start: give --port or {PREFIX}PORT")
    port = arguments.port or int(os.environ[PREFIX + "PORT"])
    return replace(Settings.from_env({PREFIX + "PORT": "0"} | dict(os.environ)), port=port)


def _extend(settings: Settings) -> None:
    for name in EXTENSIONS:
        importlib.import_module(f"local.aws.{name}").apply(settings)


async def _serve(settings: Settings, *, until_input_ends: bool) -> None:
    """Serve, then end at once: MiniStack leaves threads that would keep the process for minutes."""
    from hypercorn.asyncio import serve  # noqa: PLC0415  after the environment is set
    from hypercorn.config import Config  # noqa: PLC0415  same
    from ministack import app as gateway  # noqa: PLC0415  same

    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    if until_input_ends:
        _start_daemon(_await_input_end, loop, ended)
    config = Config()
    config.bind = [f"127.0.0.1:{settings.port}"]
    config.keep_alive_timeout = KEEP_ALIVE_SECONDS
    config.graceful_timeout = 0.5

    async def asked_to_end() -> None:
        await ended.wait()
        _start_watchdog()

    await serve(gateway.app, config, shutdown_trigger=asked_to_end)
    _end()


def _await_input_end(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    sys.stdin.buffer.read()
    loop.call_soon_threadsafe(ended.set)


def _start_watchdog() -> None:
    """End the process for good when a request or a buffer does not let it end."""
    watchdog = threading.Timer(DRAIN_SECONDS, os._exit, (1,))
    watchdog.daemon = True
    watchdog.start()


def _end() -> None:
    from ministack.core import lambda_runtime  # noqa: PLC0415  after the environment is set

    atexit._run_exitfuncs()  # noqa: SLF001  a normal exit first joins threads that may never end
    lambda_runtime.reset()
    logging.shutdown()
    os._exit(0)


def _start_daemon(target: Any, *arguments: Any) -> None:  # noqa: ANN401  passed on to the thread
    threading.Thread(target=target, args=arguments, daemon=True).start()


if __name__ == "__main__":
    main()
