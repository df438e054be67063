"""Which source a record belongs to: the deployment's word, then patterns, then content."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from logcore.errors import ConfigurationError
from logcore.record import LogRecord, Origin
from logcore.source import Source


class Routing:
    """Finds the source of each record. The last source takes whatever no other claims.

    Args:
        sources: In order of precedence; the last one is the fallback.
        overrides: A deployment's own patterns of log groups, each with the name of a source. They
            win over everything else; the first pattern that matches counts.
        options: Per source name, what a deployment configures it with.

    Raises:
        ConfigurationError: an override or an option names a source that does not exist.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        overrides: Mapping[str, str] | None = None,
        options: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        given = options or {}
        configured = {s.name: s.configured(given.get(s.name, {})) for s in sources}
        for name in (*given, *(overrides or {}).values()):
            if name not in configured:
                known = ", ".join(configured)
                raise ConfigurationError("source_unknown", f"no source {name!r}; known: {known}")
        self.sources: tuple[Source, ...] = tuple(configured.values())
        self.fallback = self.sources[-1]
        self._overrides = [(p, configured[name]) for p, name in (overrides or {}).items()]
        self._claimed = lru_cache(maxsize=4_096)(self._claim)

    def source_for(self, record: LogRecord) -> Source:
        """The source that parses this record; never none."""
        claimed = self._claimed(_where(record.origin))
        if claimed is not None:
            return claimed
        return next((s for s in self.sources if s.recognises(record)), self.fallback)

    def _claim(self, origin: Origin) -> Source | None:
        """The source that everything of this origin belongs to, if a pattern says so."""
        if origin.log_group:
            for pattern, source in self._overrides:
                if fnmatchcase(origin.log_group, pattern):
                    return source
        return next((s for s in self.sources if s.claims(origin)), None)


@lru_cache(maxsize=4_096)
def _where(origin: Origin) -> Origin:
    """What patterns look at: streams come and go by the thousand, groups do not."""
    return replace(origin, log_stream="", account="", owner="", region="")
