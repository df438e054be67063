"""Every source this pipeline knows. Adding one is a folder under ``sources`` and a line here."""

from logcore.source import Source
from logcore.sources import (
    apigateway,
    cloudfront,
    cloudtrail,
    elb,
    events,
    firewall,
    generic,
    guardduty,
    inspector,
    route53_public,
    route53_resolver,
    s3access,
    securityhub,
    transit_gateway,
    vpc_flow,
    waf,
)

SOURCES: tuple[Source, ...] = (
    cloudtrail.SOURCE,
    guardduty.SOURCE,
    transit_gateway.SOURCE,  # before vpc_flow, whose patterns hold its groups' names too
    vpc_flow.SOURCE,
    cloudfront.SOURCE,
    s3access.SOURCE,
    elb.SOURCE,
    apigateway.SOURCE,
    waf.SOURCE,
    firewall.SOURCE,
    route53_resolver.SOURCE,
    route53_public.SOURCE,
    inspector.SOURCE,
    securityhub.SOURCE,
    events.SOURCE,  # whatever EventBridge brings that no source above claims
    generic.SOURCE,  # the last one takes whatever no other source claims
)
"""In order of precedence."""

REJECTS = "pipeline.rejects"
"""Dataset of the documents that stand for rejected records."""
