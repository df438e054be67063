"""What is kept costs: how much there is of it, and where AWS says the price."""

from collections.abc import Callable, Mapping
from typing import Final

from ops.refusal import unless
from ops.stacks import Resource
from ops.view import View

GIB: Final = 1_024**3

DAY: Final = 86_400  # seconds

STORAGE: Final = ("StandardStorage", "StandardIAStorage", "GlacierStorage")
"""Classes that the archive uses:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html"""


def cost(view: View, resource: Resource) -> str:
    """What keeping it costs, for people."""
    told = COSTS.get(resource.type)
    return told(view, resource) if told else "nothing by itself"


def _bucket(view: View, resource: Resource) -> str:
    """Its size of yesterday, which is when S3 counts."""
    sizes = [
        values[-1]
        for kind in STORAGE
        if (
            values := view.metric(
                "AWS/S3 BucketSizeBytes",
                {"BucketName": resource.id, "StorageType": kind},
                "Average",
                minutes=3 * 1_440,
                period_seconds=DAY,
            )
        )
    ]
    size = f"{sum(sizes) / GIB:.1f} GiB, and" if sizes else "by GiB and month;"
    return f"{size} less as [archive] expires it: https://aws.amazon.com/s3/pricing/"


def _domain(view: View, resource: Resource) -> str:
    api = view.client("opensearch", resource.region)
    found = unless(
        {"ResourceNotFoundException"}, lambda: api.describe_domain(DomainName=resource.id)
    )
    told = found["DomainStatus"] if found else {}
    nodes, disk = told.get("ClusterConfig", {}), told.get("EBSOptions", {})
    return (
        f"{nodes.get('InstanceCount', 1)} of {nodes.get('InstanceType', 'instance')} and "
        f"{disk.get('VolumeSize', '?')} GiB each, by the hour, whether it is asked or not: "
        "https://aws.amazon.com/opensearch-service/pricing/"
    )


def _key(_view: View, _resource: Resource) -> str:
    return "1 USD a month, more once it has rotated: https://aws.amazon.com/kms/pricing/"


COSTS: Final[Mapping[str, Callable[[View, Resource], str]]] = {
    "AWS::KMS::Key": _key,
    "AWS::OpenSearchService::Domain": _domain,
    "AWS::S3::Bucket": _bucket,
}
