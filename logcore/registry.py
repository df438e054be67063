"""Every source this pipeline knows. Adding one is a folder under ``sources`` and a line here."""

from logcore.source import Source
from logcore.sources import (
    apache_access,
    apache_error,
    auth,
    beanstalk,
    cloudfront,
    cloudtrail,
    elb,
    events,
    generic,
    guardduty,
    inspector,
    nginx_access,
    nginx_error,
    route53_public,
    route53_resolver,
    s3access,
    securityhub,
    syslog,
    vpc_flow,
    waf,
    windows,
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
