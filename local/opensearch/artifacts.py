"""Gets a pinned file by its Maven coordinate and refuses it when its SHA-256 differs.

Reference: https://maven.apache.org/pom.html#Maven_Coordinates
"""

import hashlib
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from jgo.maven import MavenContext, PythonResolver

from local.opensearch.errors import ChecksumError, DownloadError
from local.opensearch.lock import exclusive
from local.opensearch.progress import Progress, silent

PINS = Path(__file__).with_name("artifacts.toml")
TIMEOUT_S = 120  # without a byte; the largest file is 160 MB


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of a Maven repository.

    Attributes:
        coordinate: ``group:artifact:version:packaging``.
        sha256: Hexadecimal, lower case.
    """

    coordinate: str
    sha256: str

    @property
    def filename(self) -> str:
        """``artifact-version.packaging``, the name it has in a repository."""
        _, name, version, packaging = self.coordinate.split(":")
        return f"{name}-{version}.{packaging}"


@dataclass(frozen=True, slots=True)
class Pins:
    """What ``artifacts.toml`` says.

    Attributes:
        version: Of the core, such as ``3.8.0``.
    """

    version: str
    core: Artifact
    security: Artifact
    icu: Artifact
    icu_locales: Artifact


type Download = Callable[[Artifact, Path, Progress], Path]
"""Puts an artifact somewhere below the given empty folder and says where."""


def pins(path: Path = PINS) -> Pins:
    """Read the pinned files."""
    table = tomllib.loads(path.read_text())
    version = table.pop("version")
    return Pins(version=version, **{name: Artifact(**pin) for name, pin in table.items()})


def from_maven(artifact: Artifact, folder: Path, progress: Progress) -> Path:
    """Download from Maven Central.

    Raises:
        DownloadError: no network, or no such coordinate.
    """
    group, name, version, packaging = artifact.coordinate.split(":")
    resolver = PythonResolver(progress_callback=_bytes_to_share(progress))
    context = MavenContext(resolver=resolver, repo_cache=folder, timeout=TIMEOUT_S)
    component = context.project(group, name).at_version(version)
    try:
        return Path(component.artifact(packaging=packaging).resolve())
    except (OSError, RuntimeError) as error:  # requests' errors are OSErrors
        raise DownloadError(f"{artifact.coordinate} could not be downloaded: {error}") from error


def fetch(
    artifact: Artifact,
    folder: Path,
    *,
    download: Download = from_maven,
    progress: Progress = silent,
) -> Path:
    """Give the artifact's path in ``folder``, downloaded and checked unless it is there already.

    A file appears under its name only when it is whole and right, and two processes that ask at
    once download once.

    Raises:
        ChecksumError: what came differs from the pin.
        DownloadError: nothing came.
    """
    path = folder / artifact.filename
    with exclusive(folder / f"{artifact.filename}.lock"):
        if not path.exists():
            with tempfile.TemporaryDirectory(dir=folder, prefix=".download-") as scratch:
                found = download(artifact, Path(scratch), progress)
                _check(artifact, found)
                found.replace(path)
    return path


def _check(artifact: Artifact, path: Path) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != artifact.sha256:
        raise ChecksumError(
            f"{artifact.coordinate}: expected SHA-256 {artifact.sha256}, found {found}"
        )


type _Advance = Callable[[int], None]


def _bytes_to_share(progress: Progress) -> Callable[[str, int], AbstractContextManager[_Advance]]:
    """Turn jgo's (file name, total bytes) context, fed with byte counts, into shares."""

    @contextmanager
    def report(filename: str, total: int) -> Iterator[_Advance]:
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            progress(f"Downloading {filename}", done / total)

        yield advance

    return report
