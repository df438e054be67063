"""Writes the configuration folder of one local node.

References:
    - https://docs.opensearch.org/latest/install-and-configure/configuring-opensearch/
    - JVM flags: ``config/jvm.options`` of the distribution and what its start script adds
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEAP_FLAGS = ("-Xms", "-Xmx")

JVM_FLAGS = (
    "-XX:+UseG1GC",
    "-XX:-OmitStackTraceInFastThrow",
    "-Xss1m",
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",
    "-Djna.nosys=true",
    "-Dio.netty.noUnsafe=true",
    "-Dio.netty.noKeySetOptimization=true",
    "-Dio.netty.recycler.maxCapacityPerThread=0",
    "-Dio.netty.allocator.numDirectArenas=0",
    "-Dlog4j.shutdownHookEnabled=false",  # the node closes its loggers last
    "-Dlog4j2.disable.jmx=true",
    "-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1",
    "-Djava.locale.providers=CLDR,SPI",  # SPI is ICU: the Thai locale that trimmed runtimes lack
    "-javaagent:agent/opensearch-agent.jar",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    # The distribution also adds jdk.incubator.vector, which trimmed runtimes lack and logs
    # never use, and AlwaysPreTouch, which would take the whole heap from the laptop at once.
)

LOG4J = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %marker%m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where one server keeps its things.

    Attributes:
        root: Holds all below.
    """

    root: Path

    @property
    def config(self) -> Path:
        """``opensearch.yml`` and what it names."""
        return self.root / "config"

    @property
    def log(self) -> Path:
        """Everything the server says."""
        return self.root / "server.log"

    @property
    def ports(self) -> Path:
        """Where the server writes the HTTP addresses it got, one a line (``node.portsfile``)."""
        return self.root / "logs" / "http.ports"

    @property
    def scratch(self) -> Path:
        """Indices and temporary files: what a fresh server throws away."""
        return self.root / "scratch"

    def make(self) -> None:
        """Make what is not there yet, and forget the ports of an earlier run."""
        for folder in (self.config, self.ports.parent, self.scratch / "data", self.scratch / "tmp"):
            folder.mkdir(parents=True, exist_ok=True)
        self.ports.unlink(missing_ok=True)


def write_config(run: RunFolder, *, port: int | None, extra: dict[str, Any]) -> None:
    """Write ``opensearch.yml`` and the logging set-up.

    Args:
        run: Where to.
        port: For HTTP; None takes a free one, which ``run.ports`` then tells.
        extra: More settings, such as those of the security plugin.
    """
    settings = {
        "cluster.name": "central-logs-local",
        "node.name": "local",
        "node.portsfile": True,
        "network.host": "127.0.0.1",
        "http.port": port or 0,
        "transport.port": 0,
        "discovery.type": "single-node",
        "path.data": str(run.scratch / "data"),
        "path.logs": str(run.ports.parent),
        "cluster.default_number_of_replicas": 0,  # a replica on one node never gets assigned
        "cluster.routing.allocation.disk.threshold_enabled": False,  # nearly full laptops are fine
        **extra,
    }
    lines = [f"{name}: {json.dumps(value)}\n" for name, value in settings.items()]
    (run.config / "opensearch.yml").write_text("".join(lines))
    (run.config / "log4j2.properties").write_text(LOG4J)


def command(java: Path, distribution: Path, run: RunFolder, heap: str) -> list[str]:
    """Give what the distribution's start script would run in the end, without its two extra JVMs.

    To be run in ``distribution``. ``heap`` is in the JVM's notation, such as ``1g``.
    """
    return [
        str(java),
        *(f"{flag}{heap}" for flag in HEAP_FLAGS),
        *JVM_FLAGS,
        f"-Djava.io.tmpdir={run.scratch / 'tmp'}",
        f"-XX:ErrorFile={run.root / 'jvm-crash.log'}",
        f"-Dopensearch.path.home={distribution}",
        f"-Dopensearch.path.conf={run.config}",
        "-Dopensearch.distribution.type=zip",
        "-Dopensearch.bundled_jdk=false",
        "-cp",
        f"{distribution / 'lib'}/*",
        "org.opensearch.bootstrap.OpenSearch",
    ]
