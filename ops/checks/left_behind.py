"""Whether a change of the configuration would part the deployment from what it made and holds."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from infra.config import DeploymentConfig
from infra.names import CENTRAL_LOGS, PRIVATE_DOMAIN
from ops.answer import Answer, error, ok, warning
from ops.view import View

DOMAIN: Final = "AWS::OpenSearchService::Domain"
GUIDE: Final = "docs/deploy/network.md#from-one-to-the-other"


class Made(NamedTuple):
    """Where the deployment has what it now is brought.

    Attributes:
        stack: The stack that made it.
        type: What CloudFormation calls it.
    """

    stack: str
    type: str


SECTIONS: Final[Mapping[str, Made]] = {
    "key": Made("search", "AWS::KMS::Key"),
    "archive": Made("search", "AWS::S3::Bucket"),
    "search": Made("search", DOMAIN),
    "stream": Made("pipeline", "AWS::Kinesis::Stream"),
}


def brought(config: DeploymentConfig) -> Mapping[str, Made]:
    """Every section that is brought something."""
    return {
        f"[{section}] existing": made
        for section, made in SECTIONS.items()
        if getattr(config, section).existing
    }


def still_made(made: Made, view: View) -> Answer:
    """No stack of this deployment has one that would go when another one is brought.

    Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    """
    found = [id_ for kind, id_ in view.owned(made.stack) if kind == made.type]
    if not found:
        return ok("the deployment has none of its own")
    stays = view.config.removal == "retain"
    answer = warning if stays else error
    return answer(
        f"{found[0]} is the deployment's own, and would be {'left behind' if stays else 'deleted'}",
        "nothing that holds logs any more, or another deployment",
        "copy or replay what it holds first (docs/deploy/bring-your-own.md), or leave existing out",
    )


def domain_stays(_region: str, view: View) -> Answer:
    """The domain is where the configuration says, because it cannot be moved.

    References:
        - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html#migrating-public-to-vpc
        - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-opensearchservice-domain.html
    """
    owned = sorted(id_ for kind, id_ in view.owned("search") if kind == DOMAIN)
    network = view.config.network
    wanted = PRIVATE_DOMAIN if network else CENTRAL_LOGS
    if not owned or (network and network.keep_public):
        return ok("no domain has to move")
    if wanted not in owned:
        return _another(
            f"{owned[0]} is {'not in a VPC' if network else 'in a VPC'}",
            "in a VPC" if network else "with a public endpoint",
        )
    given = network.existing if network else None
    vpc = _vpc_of(wanted, view) if given else ""
    if given and vpc != given.vpc:
        return _another(f"{wanted} is in {vpc}", f"in {given.vpc}")
    return ok(wanted)


def _another(found: str, wanted: str) -> Answer:
    return error(
        found,
        f"a domain {wanted}: it cannot be moved, so a new and empty one would be made",
        f"leave [network] as it was, or move by {GUIDE}",
    )


def _vpc_of(domain: str, view: View) -> str:
    """https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomain.html."""
    status = view.client("opensearch").describe_domain(DomainName=domain)["DomainStatus"]
    return str(status.get("VPCOptions", {}).get("VPCId", "no VPC"))
