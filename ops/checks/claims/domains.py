"""What a domain takes: its name, and that of the policy by which it writes its slow logs."""

from collections.abc import Iterator

from infra.config import DeploymentConfig
from infra.names import CENTRAL_LOGS, PRIVATE_DOMAIN, slow_logs_policy
from ops.checks.claims.claim import Claim, Kind
from ops.refusal import unless
from ops.view import View


def made_domains(config: DeploymentConfig) -> tuple[str, ...]:
    """The domain that logs go to, and a public one that stays beside it; none if one is brought."""
    if config.search.existing:
        return ()
    if not config.network:
        return (CENTRAL_LOGS,)
    return (PRIVATE_DOMAIN, CENTRAL_LOGS) if config.network.keep_public else (PRIVATE_DOMAIN,)


def domain_claims(config: DeploymentConfig) -> Iterator[tuple[str, Claim]]:
    """Both names of each domain."""
    for what, name in zip(("domain", "public domain"), made_domains(config), strict=False):
        yield what, Claim(_domain(name), config.central.region)
        yield f"slow logs of the {what}", Claim(_policy(name), config.central.region)


def _domain(name: str) -> Kind:
    def look(view: View, region: str) -> str:
        """https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomain.html."""
        opensearch = view.client("opensearch", region)
        found = unless(
            {"ResourceNotFoundException"}, lambda: opensearch.describe_domain(DomainName=name)
        )
        return str(found["DomainStatus"]["ARN"]) if found else ""

    delete = (
        "when nobody needs what it holds: "
        "aws opensearch delete-domain --domain-name {name} --region {region}"
    )
    return Kind(name, "AWS::OpenSearchService::Domain", "search", look, delete)


def _policy(domain: str) -> Kind:
    name = slow_logs_policy(domain)

    def look(view: View, region: str) -> str:
        """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeResourcePolicies.html.

        An account has ten in a region, which are one page.
        """
        listed = view.client("logs", region).describe_resource_policies()["resourcePolicies"]
        return next((f"resource policy {name}" for p in listed if p["policyName"] == name), "")

    delete = "aws logs delete-resource-policy --policy-name {name} --region {region}"
    return Kind(name, "AWS::Logs::ResourcePolicy", "search", look, delete)
