"""Rules for what a deployment is given that need more than one section."""

from infra.config.archive import Archive
from infra.config.existing import Key, check_arn
from infra.config.objects import Objects
from infra.config.search import Search
from infra.config.stream import Central, Stream
from infra.names import ARCHIVE_PREFIX, ENRICHMENT_PREFIX, REJECT_PREFIX, UNDELIVERED_PREFIX

OWN_PREFIXES = (ARCHIVE_PREFIX, REJECT_PREFIX, UNDELIVERED_PREFIX, ENRICHMENT_PREFIX)
"""What the pipeline itself writes to the archive's bucket."""


def check_given_places(central: Central, key: Key, stream: Stream, search: Search) -> None:
    """Check that everything that is given is the central account's, and in its region.

    Raises:
        ValueError: something is another's.
    """
    given = {"key.existing": key.existing, "stream.existing": stream.existing}
    if search.existing:
        given["search.existing.arn"] = search.existing.arn
        given["search.existing.master_role"] = search.existing.master_role
    for name, arn in given.items():
        check_arn(name, arn, central.account, central.region)


def check_encryption(key: Key, stream: Stream) -> None:
    """Check that a stream that is given comes with the key that it is encrypted with.

    Raises:
        ValueError: it would be encrypted with another key than roles may use.
    """
    if stream.existing and not key.existing:
        raise ValueError(
            "stream.existing: expected key.existing as well, the key that the stream is encrypted "
            "with: a key that comes with the deployment it cannot be"
        )


def check_not_read(archive: Archive, objects: Objects) -> None:
    """Check that the pipeline reads no log files that it writes itself, without end.

    Raises:
        ValueError: a log bucket is the archive's, at or above a prefix that is written.
    """
    for bucket in objects.buckets:
        own = next((p for p in OWN_PREFIXES if _overlap(p, bucket.prefix)), None)
        if bucket.name == archive.existing and own:
            raise ValueError(
                f"objects.buckets: {bucket.name}/{bucket.prefix} has what the pipeline itself "
                f"writes below {own}, and would read for ever; expected another prefix"
            )


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
