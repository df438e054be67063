"""What the key of an object says about where its records were written.

References:
    - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
    - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
    - https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
    - https://docs.aws.amazon.com/waf/latest/developerguide/logging-s3.html
    - https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-choosing-target-resource.html
    - https://docs.aws.amazon.com/network-firewall/latest/developerguide/logging-s3.html
    - https://docs.aws.amazon.com/config/latest/developerguide/view-delivery-channel.html
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
    - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
"""

import re
from itertools import islice
from typing import NamedTuple

from logcore.regions import REGION, is_region

_ROOT = "AWSLogs"
_ACCOUNT = re.compile(r"(?:aws-account-id=)?(\d{12})")
_ORGANISATION = re.compile(r"o-[a-z0-9]{10,32}")
_PARTITIONED = re.compile(rf"(?:^|/)(\d{{12}})/({REGION})/[^/]+/\d{{4}}/\d\d/\d\d/")
"""S3 server access logs with date-based partitioning: account, region, bucket, day."""

_DEPTH = 4  # service, type of log, region: no writer puts a region deeper below the account


class Place(NamedTuple):
    """Where records were written; both parts are empty where the key does not say.

    Attributes:
        account: Twelve digits.
        region: Such as ``eu-west-1``.
    """

    account: str = ""
    region: str = ""


def place_of(key: str) -> Place:
    """Account and region from the shapes of key that AWS's services write.

    That is ``[prefix/]AWSLogs/[o-organisation/]account/service/…/region/…``, with or without the
    names that Hive wants (``aws-region=eu-west-1``); some services leave the region out, WAF has
    ``cloudfront`` in its place. Access logs of S3 may have ``account/region/bucket/`` and a date.
    CloudFront's own and all other keys say nothing.
    """
    below = iter(key.split("/"))
    if _ROOT not in below:  # consumes what is before it, too
        found = _PARTITIONED.search(key)
        return Place(*found.groups()) if found else Place()
    account = next(below, "")
    if _ORGANISATION.fullmatch(account):
        account = next(below, "")
    match = _ACCOUNT.fullmatch(account)
    if match is None:
        return Place()
    words = (part.rpartition("=")[2] for part in islice(below, _DEPTH))
    return Place(match.group(1), next(filter(is_region, words), ""))
