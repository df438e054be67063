"""What ``[hosts]`` names in the central account, which is a member of its own.

Other members have the same names; who deploys there finds them out by ``python -m ops doctor``.
"""

from collections.abc import Iterator

from infra.config import DeploymentConfig
from infra.names import HOSTS, agent_parameter, host_policy_name, hybrid_role_name
from ops.checks.claims.claim import Claim, Kind
from ops.checks.claims.kinds import managed_policy, role
from ops.refusal import unless
from ops.view import View


def host_claims(config: DeploymentConfig) -> Iterator[tuple[str, Claim]]:
    """In each region: document, association, parameters, policy, and the hybrid role if it is."""
    hosts, account = config.hosts, config.central.account
    if not hosts.enabled:
        return
    is_hybrid = hosts.hybrid_accounts == "all" or account in hosts.hybrid_accounts
    for region in config.regions:
        stack = f"member-{account}-{region}"
        yield "hosts' document", Claim(DOCUMENT._replace(stack=stack), region)
        yield "hosts' association", Claim(ASSOCIATION._replace(stack=stack), region)
        for platform in hosts.platforms:
            parameter = _parameter(agent_parameter(platform), stack)
            yield f"agent's parameter of {platform}", Claim(parameter, region)
        yield "hosts' policy", Claim(managed_policy(host_policy_name(region), stack), region)
        if is_hybrid:
            yield "hybrid role", Claim(role(hybrid_role_name(region), stack), region)


def _document(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetDocument.html."""
    ssm = view.client("ssm", region)
    found = unless({"InvalidDocument"}, lambda: ssm.get_document(Name=HOSTS))
    return f"{found['DocumentType']} document {HOSTS}" if found else ""


def _association(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListAssociations.html.

    That such a name is taken once is not said. But one that was left behind means the same hosts,
    and would do everything on them a second time.
    """
    named = [{"key": "AssociationName", "value": HOSTS}]
    listed = view.client("ssm", region).list_associations(AssociationFilterList=named)
    return next((str(a["AssociationId"]) for a in listed["Associations"]), "")


def _parameter(name: str, stack: str) -> Kind:
    def look(view: View, region: str) -> str:
        """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html."""
        ssm = view.client("ssm", region)
        found = unless({"ParameterNotFound"}, lambda: ssm.get_parameter(Name=name))
        return str(found["Parameter"]["ARN"]) if found else ""

    delete = "aws ssm delete-parameter --name {name} --region {region}"
    return Kind(name, "AWS::SSM::Parameter", stack, look, delete)


DOCUMENT = Kind(
    HOSTS,
    "AWS::SSM::Document",
    "member",
    _document,
    "aws ssm delete-document --name {name} --region {region}, after its associations",
)
ASSOCIATION = Kind(
    HOSTS,
    "AWS::SSM::Association",
    "member",
    _association,
    "aws ssm delete-association --association-id {found} --region {region}",
)
