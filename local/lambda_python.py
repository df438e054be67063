"""The interpreter that functions run under on a laptop: Python with boto3 and nothing else.

Lambda's own runtime brings boto3; whatever more a function needs must be in its bundle. An
interpreter with this project's packages would hide what a bundle forgot.
"""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from local.home import REPOSITORY
from local.opensearch.lock import exclusive

REQUIREMENTS = REPOSITORY / "requirements" / "runtime.txt"
FOLDER = REPOSITORY / "build" / "lambda-python"


def lambda_python() -> Path:
    """Its path; made at the first call, and again when what it should hold has changed.

    Raises:
        CalledProcessError: uv could not make it; uv's own words are on standard error.
    """
    with exclusive(FOLDER.with_name(f"{FOLDER.name}.lock")):
        return _made()


def _made() -> Path:
    python = FOLDER / "bin" / "python"
    wanted = f"{sys.version}\n{sha256(REQUIREMENTS.read_bytes()).hexdigest()}\n"
    stamp = FOLDER / "made-from.txt"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        _uv("venv", "--clear", "--python", sys.executable, str(FOLDER))
        _uv("pip", "sync", "--require-hashes", "--python", str(python), str(REQUIREMENTS))
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _uv(*arguments: str) -> None:
    uv = Path(sys.prefix) / "bin" / "uv"
    subprocess.run([str(uv), *arguments, "--quiet"], check=True)  # noqa: S603  fixed arguments
