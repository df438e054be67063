"""What a reader of one log format finds in an entry, whichever engine wrote it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a database log; what the line does not say is absent.

    Attributes:
        engine: ``mysql`` or ``postgresql``; MariaDB writes as MySQL does.
        action: What happened, in a word: ``query``, ``connect``, ``error``.
        time_ms: The database's own time, in milliseconds since the epoch, UTC.
        started_ms: When the statement began, likewise.
        duration_s: How long the statement or the session took, in seconds.
        outcome: ECS ``event.outcome``; ``None`` where the entry tells of no attempt.
        signs_in: Whether it is about someone who connects.
        signs_out: Whether it is about someone who leaves.
        statement: SQL as it was sent.
        command: Verb of the statement, where the log states it apart.
        level: ``log.level``.
        logger: Part of the server that speaks.
        user: Database user.
        client: Address or name of the client.
        client_port: Its port.
        application: Name that the client gave itself.
        database: Database, or schema of MySQL.
        session: Connection id of MySQL, or process id of PostgreSQL.
        object: Table or other object.
        audit_class: Class of the audit: READ, WRITE, DDL and others.
        error_code: Code of the engine.
        error_message: What went wrong.
        numbers: Counts by the name of their own field.
        tls: Version, as ``TLSv1.3``, and cipher.
        raw: The parts of the line under the log's own names.
        malformed: Names of the parts that could not be understood.
    """

    engine: str | None = None
    action: str | None = None
    time_ms: int | None = None
    started_ms: int | None = None
    duration_s: float | None = None
    outcome: str | None = None
    signs_in: bool = False
    signs_out: bool = False
    statement: str | None = None
    command: str | None = None
    level: str | None = None
    logger: str | None = None
    user: str | None = None
    client: str | None = None
    client_port: int | None = None
    application: str | None = None
    database: str | None = None
    session: str | None = None
    object: str | None = None
    audit_class: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    tls: tuple[str | None, str | None] = (None, None)
    raw: dict[str, Any] = field(default_factory=dict)
    malformed: list[str] = field(default_factory=list)
