"""The fixed names of what stands for log files in S3: see ``ops.checks.names``."""

from collections.abc import Iterator
from typing import Final

from botocore.exceptions import ClientError

from infra.config import DeploymentConfig
from infra.names import LOG_DELIVERY, OBJECTS_BUS, OBJECTS_ROLE
from ops.checks.claims.claim import Claim, Kind
from ops.checks.claims.kinds import bus, role
from ops.refusal import DENIED, code, unless
from ops.view import View

ANOTHERS: Final = "another account's"
"""How the finding of a bucket begins that is somebody else's."""


def log_file_claims(config: DeploymentConfig) -> Iterator[tuple[str, Claim]]:
    """By what and where: the reader's role, the bus, each region's bucket and destination."""
    home = config.central.region
    if config.log_buckets:
        yield "reader's role", Claim(role(OBJECTS_ROLE, "pipeline"), home)
    if any(bucket.region != home for bucket in config.log_buckets):
        yield "announcements' bus", Claim(bus(OBJECTS_BUS, "pipeline"), home)
    for bucket in config.made_buckets:
        region = str(bucket.region)
        kind = BUCKET._replace(name=bucket.name, stack=f"files-{region}")
        yield "log bucket", Claim(kind, region)
    for region in config.log_file_regions if config.made_buckets else ():
        yield "delivery destination", Claim(DELIVERY._replace(stack=f"files-{region}"), region)


def _bucket(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html.

    Names are shared by everybody: one that may not be looked at is another account's.
    """
    (name,) = [b.name for b in view.config.made_buckets if b.region == region]
    s3 = view.client("s3", region)
    try:
        found = unless({"404", "NoSuchBucket"}, lambda: s3.head_bucket(Bucket=name))
    except ClientError as refused:
        if code(refused) not in DENIED:
            raise
        return f"{ANOTHERS} {name}"
    return f"s3://{name}" if found else ""


def _delivery(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetDeliveryDestination.html."""
    logs = view.client("logs", region)
    found = unless(
        {"ResourceNotFoundException"}, lambda: logs.get_delivery_destination(name=LOG_DELIVERY)
    )
    return str(found["deliveryDestination"]["arn"]) if found else ""


BUCKET = Kind(
    "",  # it has the region in it
    "AWS::S3::Bucket",
    "files",
    _bucket,
    "where it is this account's and nobody needs what it holds: aws s3 rb --force s3://{name}; "
    "else leave [objects.central] out",
)
DELIVERY = Kind(
    LOG_DELIVERY,
    "AWS::Logs::DeliveryDestination",
    "files",
    _delivery,
    "aws logs delete-delivery-destination --name {name} --region {region}, after the "
    "deliveries that have it",
)
