"""Says what a user agent is: browser or tool, its version, its device and operating system.

AWS's own agents by a table, all others by the expressions that browser and library authors keep.

Reference: https://github.com/ua-parser/uap-core
"""

from functools import lru_cache
from typing import Any

from ua_parser import parse
from ua_parser.core import OS, Device

from logcore.enrichment.aws_agents import aws_agent
from logcore.enrichment.document import fill
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
    agent = document.get("user_agent")
    if not isinstance(agent, dict):
        return False
    original = agent.get("original")
    if not isinstance(original, str) or not original:
        return False
    return fill(agent, described(original[:LONGEST]))


@lru_cache(maxsize=DIFFERENT)
def described(text: str) -> dict[str, Any]:
    """The parts of ``user_agent`` that a text tells, its own name and version first."""
    if known := aws_agent(text):
        return compact({"name": known.name, "version": known.version, "os": known.os})
    found = parse(text.encode("utf-8", "replace").decode())  # the expressions take no surrogates
    agent = found.user_agent
    return compact(
        {
            "name": agent.family if agent else None,
            "version": _version(agent.major, agent.minor, agent.patch) if agent else None,
            "os": _system(found.os),
            "device": {"name": _device(found.device)},
        }
    )


def _system(system: OS | None) -> dict[str, Any]:
    if system is None:
        return {}
    name, version = system.family, _version(system.major, system.minor, system.patch)
    full = f"{name} {version}" if version else None
    return {
        "name": name,
        "version": version,
        "full": full,
        "family": FAMILIES.get(name, name.lower()),
    }


def _device(device: Device | None) -> str | None:
    return device.family if device and device.family not in GENERIC_DEVICES else None


def _version(*parts: str | None) -> str | None:
    return ".".join(part for part in parts if part) or None
