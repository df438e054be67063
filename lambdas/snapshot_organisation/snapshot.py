"""Takes a snapshot of the organisation and puts it where enrichment finds it."""

from typing import TYPE_CHECKING

from lambdas.snapshot_organisation.organisation import Organizations, read_accounts
from lambdas.snapshot_organisation.settings import Settings
from logcore.codec import dump_json
from logcore.enrichment.organisation import VERSION
from logcore.shape import utc

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class WrongOrganisationError(Exception):
    """The function runs in another organisation than its deployment names, or sees no account."""


def take_snapshot(client: Organizations, s3: "S3Client", settings: Settings, *, now_ms: int) -> int:
    """Read everything, then write it in one piece; gives the number of accounts.

    Whatever fails, fails before anything is written: the last snapshot stays.

    Args:
        client: Of Organizations.
        s3: Takes the snapshot.
        settings: Where to, and of which organisation.
        now_ms: When it is taken, in milliseconds since the epoch.

    Raises:
        WrongOrganisationError: this is not the organisation of the deployment.
        ClientError: the organisation may not be read, or the object not be written.
    """
    found = client.describe_organization()["Organization"]["Id"]
    if found != settings.organisation:
        raise WrongOrganisationError(f"expected {settings.organisation}, found {found}")
    accounts = read_accounts(client)
    if not accounts:
        raise WrongOrganisationError(f"{found} has no account, not even this one")
    snapshot = {
        "version": VERSION,
        "taken_at": utc(now_ms),
        "organisation": found,
        "accounts": accounts,
    }
    s3.put_object(
        Bucket=settings.bucket,
        Key=settings.key,
        Body=dump_json(snapshot),
        ContentType="application/json",
        ChecksumAlgorithm="CRC32",  # a bucket with Object Lock takes nothing without
    )
    return len(accounts)
