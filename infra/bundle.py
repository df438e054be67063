"""Puts a function's code and its wheels into a folder, without Docker."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from infra.config.stream import Function
from infra.errors import BundleError

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
REQUIREMENTS = ROOT / "requirements" / "lambda.txt"
PYTHON = "3.13"  # the functions' runtime
PLATFORMS = {"arm64": "aarch64-manylinux2014", "x86_64": "x86_64-manylinux2014"}

PACKAGES = {
    "check_log_groups": ("lambdas/check_log_groups",),
    "enrol_organisation": ("logcore", "lambdas/enrol_organisation"),
    "normalise": ("logcore", "lambdas/delivery", "lambdas/enrichment", "lambdas/normalise"),
    "prepare_network": ("logcore", "lambdas/prepare_network"),
    "read_objects": ("logcore", "lambdas/delivery", "lambdas/enrichment", "lambdas/read_objects"),
    "search_setup": ("logcore", "lambdas/search_setup", "dashboards/compiled"),
    "snapshot_organisation": ("logcore", "lambdas/snapshot_organisation"),
}
"""What each function is made of, beside the modules that all functions share."""

LEFT_OUT = shutil.ignore_patterns("__pycache__", "cases", "README.md", "py.typed")


NO_FILES: Mapping[str, str] = {}


class Bundle(Protocol):
    """Gives the folder that holds everything a function needs."""

    def __call__(self, function: str, files: Mapping[str, str] = NO_FILES, /) -> str:
        """The folder of one function, by the name of its package; the same sources, the same.

        Args:
            function: Name of the package.
            files: Text of further files, by name: what a deployment tells this function.
        """
        ...


def code_only(build: Path) -> Bundle:
    """Bundles without wheels, for synthesising without a package index."""

    def bundle(function: str, files: Mapping[str, str] = NO_FILES, /) -> str:
        return str(_stage(function, build, files, lambda _target: None))

    return bundle


def with_wheels(config: Function) -> Bundle:
    """Bundles that can run: code, and the pinned wheels of the functions' platform.

    They are there until this process ends, so that another one may bundle at the same time.
    """
    BUILD.mkdir(exist_ok=True)
    place = TemporaryDirectory(dir=BUILD, prefix="bundles-")

    def bundle(function: str, files: Mapping[str, str] = NO_FILES, /) -> str:
        wheels, build = _wheels(config), Path(place.name)
        return str(_stage(function, build, files, lambda target: _link_all(wheels, target)))

    return bundle


def _stage(
    function: str, build: Path, files: Mapping[str, str], add_wheels: Callable[[Path], None]
) -> Path:
    target = build / "functions" / function
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    add_wheels(target)
    for package in PACKAGES[function]:
        shutil.copytree(ROOT / package, target / package, ignore=LEFT_OUT)
    for module in (ROOT / "lambdas").glob("*.py"):
        shutil.copy2(module, target / "lambdas" / module.name)
    for name, text in files.items():
        (target / name).write_text(text, encoding="utf-8")
    return target


def _wheels(config: Function) -> Path:
    """The folder with the unpacked wheels; installed once per list, platform and Python."""
    host = config.wheels == "host"
    python = "{}.{}".format(*sys.version_info) if host else PYTHON
    platform = [] if host else ["--python-platform", PLATFORMS[config.architecture]]
    pins = REQUIREMENTS.read_bytes() + " ".join([python, *platform]).encode()
    folder = BUILD / "wheels" / sha256(pins).hexdigest()[:16]
    if not folder.is_dir():
        _install(folder, ["--python-version", python, *platform])
    return folder


def _install(folder: Path, target: list[str]) -> None:
    """Install into a folder that appears only when it is complete.

    Raises:
        BundleError: uv is missing, or a wheel could not be had for the platform.
    """
    partial = folder.with_suffix(f".{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    done = subprocess.run(  # noqa: S603  fixed argument list
        [
            *(_uv(), "pip", "install", "--quiet", "--no-deps", "--require-hashes"),
            *("--only-binary", ":all:", *target),
            *("--target", str(partial), "--requirement", str(REQUIREMENTS)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BundleError(f"wheels for {' '.join(target)}: {done.stderr.strip()}")
    if not folder.is_dir():
        partial.rename(folder)
    shutil.rmtree(partial, ignore_errors=True)


def _uv() -> str:
    beside = Path(sys.prefix) / "bin" / "uv"
    found = str(beside) if beside.is_file() else shutil.which("uv")
    if not found:
        raise BundleError("uv was not found beside this Python nor on PATH; run `make setup`")
    return found


def _link_all(wheels: Path, target: Path) -> None:
    shutil.copytree(wheels, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".lock"))
