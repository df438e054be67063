"""Every source this pipeline knows. Adding one is a folder under ``sources`` and a line here."""

from logcore.source import Source
from logcore.sources import (
    access_analyzer,
    apache_access,
    apache_error,
    apigateway,
    auth,
    beanstalk,
    cloudfront,
    cloudtrail,
    codebuild,
    config,
    eks,
    elb,
    events,
    firewall,
    generic,
    guardduty,
    inspector,
    lambda_platform,
    macie,
    nginx_access,
    nginx_error,
    rds,
    route53_public,
    route53_resolver,
    s3access,
    securityhub,
    step_functions,
    syslog,
    transit_gateway,
    vpc_flow,
    waf,
    windows,
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
    macie.SOURCE,
    access_analyzer.SOURCE,
    eks.SOURCE,
    lambda_platform.SOURCE,
    rds.SOURCE,
    config.SOURCE,
    codebuild.SOURCE,
    step_functions.SOURCE,
    securityhub.SOURCE,
    beanstalk.SOURCE,
    nginx_access.SOURCE,  # before httpd's, whose format it shares
    apache_access.SOURCE,
    nginx_error.SOURCE,
    apache_error.SOURCE,
    auth.SOURCE,
    syslog.SOURCE,
    windows.SOURCE,
    events.SOURCE,  # whatever EventBridge brings that no source above claims
    generic.SOURCE,  # the last one takes whatever no other source claims
)
"""In order of precedence."""

REJECTS = "pipeline.rejects"
"""Dataset of the documents that stand for rejected records."""
