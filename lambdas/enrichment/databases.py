"""Opens MaxMind databases.

Reference: https://maxmind.github.io/MaxMind-DB/
"""

import shutil
from tempfile import NamedTemporaryFile
from typing import IO, Any

import maxminddb

from lambdas.enrichment.reference import Read
from logcore.errors import ReferenceDataError

ANSWERING = ("City", "Country", "ASN", "ISP", "Enterprise")
"""Parts of a ``database_type`` whose records say a place or a network: ``GeoLite2-City``."""


class Database:
    """A database whose damage costs an answer, never an event."""

    def __init__(self, reader: maxminddb.Reader) -> None:
        self._reader = reader
        self._damage = ""
        self._said = False

    def __call__(self, address: str) -> Any:  # noqa: ANN401  a record is any value
        """The record of an address; ``None`` where there is none or it cannot be read."""
        try:
            return self._reader.get(address)
        except maxminddb.InvalidDatabaseError as error:
            self._damage = self._damage or str(error)
        except ValueError:  # an IPv6 address, asked of a database without them
            pass
        return None

    def take_damage(self) -> list[str]:
        """What was found to be wrong while it was asked, the first time that it is."""
        if not self._damage or self._said:
            return []
        self._said = True
        return [f"a database is damaged, some addresses have no place: {self._damage}"]


def open_database(_key: str, content: IO[bytes]) -> Read[Database]:
    """Write a database to the disk, which its reader maps, and open it.

    The file has no name any more when this returns; its room is free again with its reader.

    Raises:
        ReferenceDataError: it is no database, or this Python has not the reader's C extension.
        OSError: the disk is full.
    """
    with NamedTemporaryFile(suffix=".mmdb") as file:
        shutil.copyfileobj(content, file)
        file.flush()
        try:
            reader = maxminddb.open_database(file.name, maxminddb.MODE_MMAP_EXT)
            kind = reader.metadata().database_type
        except (maxminddb.InvalidDatabaseError, ValueError) as error:
            raise ReferenceDataError("no_database", str(error)) from error
    if not any(word in kind for word in ANSWERING):
        known = ", ".join(ANSWERING)
        raise ReferenceDataError("no_database", f"type {kind!r}, expected one of {known}")
    return Read(Database(reader))
