"""Every source this pipeline knows. Adding one is a folder under ``sources`` and a line here."""

from logcore.source import Source
from logcore.sources import (
    cloudfront,
    cloudtrail,
    codebuild,
    eks,
    elb,
    events,
    generic,
    guardduty,
    inspector,
    lambda_platform,
    rds,
    route53_public,
    route53_resolver,
    s3access,
    securityhub,
    step_functions,
    vpc_flow,
    waf,
)

SOURCES: tuple[Source, ...] = (
    cloudtrail.SOURCE,
    guardduty.SOURCE,
    vpc_flow.SOURCE,
    cloudfront.SOURCE,
    s3access.SOURCE,
    elb.SOURCE,
    waf.SOURCE,
    route53_resolver.SOURCE,
    route53_public.SOURCE,
    inspector.SOURCE,
    eks.SOURCE,
    lambda_platform.SOURCE,
    rds.SOURCE,
    codebuild.SOURCE,
    step_functions.SOURCE,
    securityhub.SOURCE,
    events.SOURCE,  # whatever EventBridge brings that no source above claims
    generic.SOURCE,  # the last one takes whatever no other source claims
)
"""In order of precedence."""

REJECTS = "pipeline.rejects"
"""Dataset of the documents that stand for rejected records."""
