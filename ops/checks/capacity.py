"""Whether the account's quotas leave room for the deployment."""

from typing import Final

from ops.answer import Answer, error, ok, warning
from ops.view import View

UNRESERVED_LEAST: Final = 100
"""What Lambda keeps for functions without a reservation:
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"""

RAISED: Final = 1_000
"""What accounts used to begin with, and what one asks for."""

DOMAINS: Final = "L-076D529E"
"""The quota "Domains per Region":
https://docs.aws.amazon.com/general/latest/gr/opensearch-service.html"""

RAISE: Final = "aws service-quotas request-service-quota-increase --service-code"


def streams(region: str, view: View) -> Answer:
    """Kinesis has shards for a provisioned stream, or one more on-demand stream.

    Reference: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeLimits.html
    """
    if any(kind == "AWS::Kinesis::Stream" for kind, _ in view.owned("pipeline")):
        return ok("the stream is there")
    stream, limits = view.config.stream, view.client("kinesis", region).describe_limits()
    is_on_demand = stream.mode == "on_demand"
    unit, needed = ("on-demand streams", 1) if is_on_demand else ("shards", stream.shards)
    used, limit = (
        (limits["OnDemandStreamCount"], limits["OnDemandStreamCountLimit"])
        if is_on_demand
        else (limits["OpenShardCount"], limits["ShardLimit"])
    )
    if used + needed <= limit:
        return ok(f"{used} of {limit} {unit} in use, {needed} needed")
    return error(
        f"{used} of {limit} {unit} in use",
        f"room for {needed}",
        "https://console.aws.amazon.com/servicequotas/home/services/kinesis/quotas, or "
        + ('[stream] mode = "provisioned"' if is_on_demand else "fewer [stream] shards"),
    )


def concurrency(region: str, view: View) -> Answer:
    """Lambda runs as many functions at once as the pipeline reserves, or may need.

    A new account may have no more than ten.

    Reference: https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html
    """
    limits = view.client("lambda", region).get_account_settings()["AccountLimit"]
    limit, free = limits["ConcurrentExecutions"], limits["UnreservedConcurrentExecutions"]
    reserved = view.config.function.reserved_concurrency
    increase = f"{RAISE} lambda --quota-code L-B99A9384 --desired-value {RAISED} --region {region}"
    if reserved and not view.owned("pipeline") and free - reserved < UNRESERVED_LEAST:
        return error(
            f"{free} of {limit} not reserved",
            f"{reserved + UNRESERVED_LEAST}: [function] reserved_concurrency and the "
            f"{UNRESERVED_LEAST} that Lambda keeps free",
            increase,
        )
    needed = _at_once(view)
    if free < needed:
        return warning(f"{free} of {limit} not reserved", f"{needed} at once", increase)
    return ok(f"{free} of {limit} not reserved")


def _at_once(view: View) -> int:
    """Functions without a reservation that run at the same time under load."""
    config, function = view.config, view.config.function
    shards = config.stream.first_shards
    reading = 0 if function.reserved_concurrency else shards * function.parallelisation
    return reading + (config.objects.max_concurrency if config.log_buckets else 0)


def domains(region: str, view: View) -> Answer:
    """OpenSearch Service takes one more domain in the region.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_ListDomainNames.html
    """
    named = view.client("opensearch", region).list_domain_names()["DomainNames"]
    most = quota(view, region, "es", DOMAINS)
    is_there = any(kind == "AWS::OpenSearchService::Domain" for kind, _ in view.owned("search"))
    if is_there or len(named) < most:
        return ok(f"{len(named)} of {most:.0f} domains")
    return error(
        f"{len(named)} of {most:.0f} domains",
        "room for one more",
        f"{RAISE} es --quota-code {DOMAINS} --desired-value {most + 1:.0f} --region {region}",
    )


def quota(view: View, region: str, service: str, code: str) -> float:
    """What the account may have in a region.

    Reference: https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
    """
    quotas = view.client("service-quotas", region)
    told = quotas.get_service_quota(ServiceCode=service, QuotaCode=code)
    return float(told["Quota"]["Value"])
