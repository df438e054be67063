"""What a log source is: a name, where it comes from, and one pure function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Self

from logcore.provenance import Place
from logcore.record import Document, LogRecord, Origin

SHARED_HOME = "shared"
"""Stands for a dataset in the names of indices, ``logs-shared-<month>``, that several datasets
share; no dataset is called so."""

type Parse = Callable[[LogRecord], Document]
"""Turns one record into a document, or raises ``MalformedError``.

The document is new and belongs to the caller. ``@timestamp``, ``event.id``, ``cloud.account.id``
and ``cloud.region`` may be left out: normalisation then takes them from the record.
"""

type Render = Callable[[LogRecord, Place], bytes | None]
"""Turns one record into its complete document as JSON, the one that ``Parse`` and normalisation
make together, or raises ``MalformedError``; ``None`` leaves the record to them."""


def never(_record: LogRecord) -> bool:
    """Recognises nothing."""
    return False


def _no_header(_line: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of log.

    Attributes:
        name: Folder name under ``logcore/sources`` and stem of its dashboard.
        dataset: ECS ``event.dataset``; names the indices ``logs-<dataset>-<date>``, unless they are
            shared, and the ``flat_object`` field that holds whatever ECS has no name for.
        log_groups: Shell patterns of the CloudWatch log groups this source claims.
        objects: Shell patterns of the keys of S3 objects it claims; ``*`` matches ``/`` as well.
        header: Whether a line names the columns of this source's lines, as the first line of an
            object may; it outweighs the patterns of keys, which several kinds of log share.
        events: Shell patterns of ``<event source>/<detail type>`` it claims from EventBridge.
        recognises: Whether a record that no pattern claims is, by its content, this source's. It is
            shown what has one of the keys or of the marks, and nothing else.
        keys: Of which one stands at the top of every JSON object that ``recognises`` is true for.
        marks: Texts of which one stands in every other message that it is true for.
        reference: Link to the producer's definition of the format.
        parse: Turns one record into a document.
        render: Turns one record into its document's JSON, for a source whose records are many.
        configure: Gives a copy of this source with a deployment's options applied, or raises
            ``ConfigurationError``; ``None`` when the source has no options.
    """

    name: str
    dataset: str
    reference: str
    parse: Parse
    render: Render | None = None
    log_groups: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    header: Callable[[str], bool] = _no_header
    events: tuple[str, ...] = ()
    recognises: Callable[[LogRecord], bool] = never
    keys: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    configure: "Callable[[Mapping[str, Any]], Source] | None" = None

    @property
    def looks_at_content(self) -> bool:
        """Whether it may recognise records that no pattern claims."""
        return self.recognises is not never

    def claims(self, origin: Origin) -> bool:
        """Whether this source owns everything that comes from ``origin``."""
        return self.claiming_pattern(origin) is not None

    def claiming_pattern(self, origin: Origin) -> str | None:
        """The first pattern by which this source owns what comes from ``origin``, if one does."""
        if origin.transport == "eventbridge":
            return _matching(f"{origin.event_source}/{origin.detail_type}", self.events)
        if origin.transport == "s3":
            return _matching(origin.key, self.objects)
        return _matching(origin.log_group, self.log_groups)

    def configured(self, options: Mapping[str, Any]) -> "Source | Self":
        """This source with a deployment's options.

        Raises:
            ConfigurationError: an option is unknown or cannot be used.
        """
        return self.configure(options) if self.configure and options else self


def _matching(name: str, patterns: tuple[str, ...]) -> str | None:
    return next((pattern for pattern in patterns if fnmatchcase(name, pattern)), None)
