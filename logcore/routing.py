"""Which source a record belongs to: the deployment's word, then patterns, then content."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from logcore.errors import ConfigurationError
from logcore.record import LogRecord, Origin
from logcore.shape import MOST_KEYS, decoded
from logcore.source import Source

type Why = Literal["override", "header", "pattern", "event", "content", "fallback"]
"""What decided: the deployment, an object's header, a pattern of log groups, of keys or of events,
the message, or nothing."""


class Match(NamedTuple):
    """A source and why a record belongs to it.

    Attributes:
        source: It parses the record.
        why: What decided.
        pattern: The pattern, or header, that matched; empty where none did.
    """

    source: Source
    why: Why
    pattern: str = ""


type _Asked = Sequence[tuple[Callable[[LogRecord], bool], Match]]
"""Who may recognise a record, in order of precedence, each with what it is if they do."""


class Routing:
    """Finds the source of each record. The last source takes whatever no other claims.

    Args:
        sources: In order of precedence; the last one is the fallback.
        overrides: A deployment's own patterns of log groups, or of objects as ``s3://bucket/key``,
            each with the name of a source. They win over everything else; the first pattern that
            matches counts.
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
        self._overrides = [
            (p, Match(configured[name], "override", p)) for p, name in (overrides or {}).items()
        ]
        self._keys = frozenset(key for source in self.sources[:-1] for key in source.keys)
        self._marks = tuple(dict.fromkeys(m for s in self.sources[:-1] for m in s.marks))
        self._with_keys = self._by_keys(tuple(self._keys))
        self._remembered_keys = lru_cache(maxsize=1_024)(self._by_keys)
        self._remembered_marks = lru_cache(maxsize=1_024)(self._by_marks)
        self._unclaimed = Match(self.fallback, "fallback")
        self._claimed = lru_cache(maxsize=4_096)(self._claim)

    def source_for(self, record: LogRecord) -> Source:
        """The source that parses this record; never none."""
        return self.match(record).source

    def match(self, record: LogRecord) -> Match:
        """The source that parses this record, and why."""
        return self.claim(record.origin) or self.by_content(decoded(record))

    def claim(self, origin: Origin) -> Match | None:
        """The source that every record of this origin belongs to, if a pattern says so."""
        return self._claimed(_where(origin))

    def by_content(self, record: LogRecord) -> Match:
        """The source of a record that no pattern claims, as ``decoded`` gives it, and why."""
        for recognises, match in self._asked_of(record):
            if recognises(record):
                return match
        return self._unclaimed

    def is_header(self, line: str) -> bool:
        """Whether a source knows the line as one that names its columns."""
        return any(source.header(line) for source in self.sources)

    def _asked_of(self, record: LogRecord) -> _Asked:
        """Who may recognise a record: an object by its keys, a text by the marks in it.

        What begins as an object and is none, because it was cut off, has no keys to go by.
        """
        message, body = record.message, record.body
        if body.__class__ is dict:
            keys = tuple(body)
            return self._remembered_keys(keys) if len(keys) <= MOST_KEYS else self._by_keys(keys)
        if message.lstrip()[:1] == "{":
            return self._with_keys
        return self._remembered_marks(tuple([mark for mark in self._marks if mark in message]))

    def _by_keys(self, keys: tuple[str, ...]) -> _Asked:
        found = self._keys.intersection(keys)
        return self._asked(lambda source: not found.isdisjoint(source.keys)) if found else ()

    def _by_marks(self, marks: tuple[str, ...]) -> _Asked:
        found = frozenset(marks)
        return self._asked(lambda source: not found.isdisjoint(source.marks))

    def _asked(self, is_possible: Callable[[Source], bool]) -> _Asked:
        """Those sources, in order."""
        return tuple(
            (source.recognises, Match(source, "content"))
            for source in self.sources[:-1]
            if is_possible(source)
        )

    def _claim(self, origin: Origin) -> Match | None:
        if origin.address:
            for pattern, match in self._overrides:
                if fnmatchcase(origin.address, pattern):
                    return match
        if origin.header:
            for source in self.sources:
                if source.header(origin.header):
                    return Match(source, "header", origin.header)
        why: Why = "event" if origin.transport == "eventbridge" else "pattern"
        for source in self.sources:
            found = source.claiming_pattern(origin)
            if found is not None:
                return Match(source, why, found)
        return None


@lru_cache(maxsize=4_096)
def _where(origin: Origin) -> Origin:
    """What patterns look at: streams come and go by the thousand, groups do not."""
    return replace(origin, log_stream="", account="", owner="", region="", etag="")
