"""The configuration that a laptop deploys: the sandbox's own, with what must differ."""

import platform
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import tomli_w

from infra.config import DeploymentConfig
from local.aws.organizations import ROOT_ID
from local.home import REPOSITORY

SANDBOX = REPOSITORY / "config" / "sandbox.toml"

FILES = "central-logs-files"
"""Bucket whose log files the laptop reads."""

ARM = frozenset({"arm64", "aarch64"})


type Onboarding = Literal["list", "units", "centralise"]
"""Whether members are the sandbox's list of accounts or, by a StackSet, the organisation; and
whether CloudWatch copies the organisation's log groups instead of having them subscribed."""


type Sections = Mapping[str, Mapping[str, Any]]
"""Keys of sections that should be different, by section."""

NO_CHANGES: Sections = {}


def of_this_machine() -> dict[str, str]:
    """What ``[function]`` must say where functions run on this machine."""
    return {"architecture": "arm64" if platform.machine() in ARM else "x86_64", "wheels": "host"}


def derive_config(
    file: Path, sink: str, onboarding: Onboarding = "list", changes: Sections = NO_CHANGES
) -> DeploymentConfig:
    """Write the sandbox's configuration with the laptop's differences, and read it back.

    Functions run on this machine, so their wheels are this machine's; sink and onboarding are what
    was asked; and there is a bucket with log files.
    """
    given = tomllib.loads(SANDBOX.read_text(encoding="utf-8"))
    given["function"] |= of_this_machine()
    given["datasets"]["*"]["sink"] = sink
    given["objects"] = {"buckets": [{"name": FILES}], "timeout_seconds": 60}
    if onboarding != "list":
        del given["members"]["accounts"]
        given["members"]["units"] = [ROOT_ID]
    if onboarding == "centralise":
        given["members"]["mode"] = "centralise"
    for section, values in changes.items():
        given[section] = {**given.get(section, {}), **values}
    file.write_text(tomli_w.dumps(given), encoding="utf-8")
    return DeploymentConfig.load(file)
