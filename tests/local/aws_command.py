"""Commands as the guides and the tools print them, run by the ``aws`` command itself."""

import os
import subprocess
import sys
from pathlib import Path

from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_REGION
from local.deploy.environment import environment

BIN = str(Path(sys.executable).parent)


def shell(cloud: LocalCloud, account: str, command: str) -> str:
    """Run one line of a shell as the root of an account; gives what it printed."""
    given = environment(cloud.endpoint, account, CENTRAL_REGION)
    done = subprocess.run(  # noqa: S603  lines of this project's own
        ["/bin/sh", "-c", command],
        env={**given, "PATH": os.pathsep.join((BIN, given["PATH"])), "AWS_PAGER": ""},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout
