"""`python -m logcore`: the core on a command line; this module is its only touch of a clock."""

import os
import sys
import time

from logcore import cli

if __name__ == "__main__":
    try:
        code = cli.main(
            sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer, now_ms=time.time_ns() // 1_000_000
        )
        sys.stdout.flush()
    except BrokenPipeError:  # the reader had enough, such as `head`
        # https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)
