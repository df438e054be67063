"""Says what a user agent is: browser or tool, its version, its device and operating system.

AWS's own agents by a table, all others by the expressions that browser and library authors keep.

Reference: https://github.com/ua-parser/uap-core
"""

from functools import lru_cache
from typing import Any

from ua_parser import parse
from ua_parser.core import OS, Device, UserAgent

from logcore.enrichment.aws_agents import aws_agent
from logcore.enrichment.document import at, fill
from logcore.record import Document, Origin
from logcore.shape import compact

LONGEST = 1_024  # characters that are looked at: what a header adds after that is not its name
DIFFERENT = 8_192  # agents that are remembered; a deployment meets a few thousand
GENERIC_DEVICES = frozenset({"Other", "Spider", "Generic Smartphone", "Generic Feature Phone"})

FAMILIES = {
    "Mac OS X": "macos",
    "Windows": "windows",
    "Linux": "linux",
    "Android": "android",
    "iOS": "ios",
    "iPadOS": "ios",
    "Chrome OS": "chromeos",
    "Ubuntu": "linux",
    "Fedora": "linux",
    "Debian": "linux",
    "Red Hat": "linux",
    "FreeBSD": "freebsd",
}
"""``user_agent.os.family`` by the expressions' name; others are their own in lower case."""


def enrich_user_agent(document: Document, _origin: Origin) -> bool:
    """Add the parts of ``user_agent.original``; what the source said stays."""
    original = at(document, "user_agent", "original")
    if not isinstance(original, str) or not original:
        return False
    found = described(original[:LONGEST])
    added = False
    for part, values in found.items():
        added |= fill(document, values, "user_agent", *filter(None, (part,)))
    return added


@lru_cache(maxsize=DIFFERENT)
def described(text: str) -> dict[str, dict[str, Any]]:
    """The parts of ``user_agent``: its own under the empty name, then ``os`` and ``device``."""
    if known := aws_agent(text):
        return {"": compact({"name": known.name, "version": known.version}), "os": known.os}
    found = parse(text.encode("utf-8", "replace").decode())  # the expressions take no surrogates
    return {"": _agent(found.user_agent), "os": _system(found.os), "device": _device(found.device)}


def _agent(agent: UserAgent | None) -> dict[str, Any]:
    if agent is None:
        return {}
    version = _version(agent.major, agent.minor, agent.patch)
    return compact({"name": agent.family, "version": version})


def _system(system: OS | None) -> dict[str, Any]:
    if system is None:
        return {}
    name, version = system.family, _version(system.major, system.minor, system.patch)
    full = f"{name} {version}" if version else None
    family = FAMILIES.get(name, name.lower())
    return compact({"name": name, "version": version, "full": full, "family": family})


def _device(device: Device | None) -> dict[str, Any]:
    if device is None or device.family in GENERIC_DEVICES:
        return {}
    return {"name": device.family}


def _version(*parts: str | None) -> str | None:
    return ".".join(part for part in parts if part) or None
