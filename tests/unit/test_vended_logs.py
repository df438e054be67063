"""Log groups that AWS's services deliver to by themselves reach their sources.

Whoever sets a delivery up names the group; AWS asks for the beginning ``/aws/vendedlogs/``, because
a resource policy has no room for many other names. The format of a delivery is told by its records.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    - https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html
"""

import pytest

from logcore.record import Origin
from logcore.registry import SOURCES
from logcore.routing import Routing

ROUTING = Routing(SOURCES)


@pytest.mark.parametrize(
    ("log_group", "source"),
    [
        ("/aws/vendedlogs/cloudfront/E2EXAMPLE", "cloudfront"),
        ("/aws/vendedlogs/CloudFront/access", "cloudfront"),
        ("/aws/vendedlogs/elasticloadbalancing/app/shop", "elb"),
        ("/aws/vendedlogs/ElasticLoadBalancing/shop", "elb"),
        ("/aws/vendedlogs/alb/shop", "elb"),
        ("/aws/vendedlogs/nlb-shop", "elb"),
        ("/aws/vendedlogs/s3/example-bucket", "s3access"),
        ("/aws/vendedlogs/S3/example-bucket", "s3access"),
        ("/aws/vendedlogs/securityhub", "securityhub"),
        ("/aws/vendedlogs/vpc/flow", "vpc_flow"),
        ("/aws/vendedlogs/vpc-flow-logs", "vpc_flow"),
        ("/aws/vendedlogs/route53resolver/shop", "route53_resolver"),
        ("/aws/vendedlogs/resolver-query-logs", "route53_resolver"),
        ("aws-waf-logs-shop", "waf"),
    ],
)
def test_a_group_that_a_service_delivers_to_reaches_its_source(log_group: str, source: str) -> None:
    match = ROUTING.claim(Origin(transport="cloudwatch_logs", log_group=log_group))

    assert match is not None
    assert match.source.name == source


@pytest.mark.parametrize("log_group", ["/aws/vendedlogs/pipes/x"])
def test_what_other_services_deliver_is_told_by_its_content(log_group: str) -> None:
    assert ROUTING.claim(Origin(transport="cloudwatch_logs", log_group=log_group)) is None
