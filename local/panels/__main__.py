"""Serves the panel page over a running search server: ``python -m local.panels URL``."""

import argparse
import signal
import sys
from pathlib import Path

from local.home import REPOSITORY
from local.panels.errors import PanelError
from local.panels.server import PanelServer

COMPILED = REPOSITORY / "dashboards" / "compiled"
ENDINGS = {signal.SIGINT, signal.SIGTERM}


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m local.panels", description=__doc__)
    parser.add_argument("search_url", help="such as http://127.0.0.1:9200")
    parser.add_argument("--objects", type=Path, default=COMPILED, help="folder of NDJSON files")
    parser.add_argument("--port", type=int, help="a free one by default")
    options = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)  # before any thread, so that all wait for it
    try:
        with PanelServer(options.search_url, options.objects, options.port) as server:
            sys.stdout.write(f"{server.url}\n")
            sys.stdout.flush()
            signal.sigwait(ENDINGS)
    except (PanelError, ValueError) as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
