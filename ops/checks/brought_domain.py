"""Whether the domain that the deployment is given can hold it."""

from collections.abc import Mapping
from typing import Any, Final

from infra.config import DeploymentConfig
from infra.config.existing import ExistingDomain
from ops.answer import Answer, error, ok, warning
from ops.brought_policy import policy_answer
from ops.refusal import unless
from ops.view import View

LEAST: Final = (2, 7)
"""The version that brought ``flat_object``, which holds what a source says beside ECS:
https://docs.opensearch.org/latest/mappings/supported-field-types/flat-object/"""

NO_DOMAIN: Final = {"ResourceNotFoundException"}
MAKES_ONE: Final = "without [search] existing the deployment makes one"


def domains(config: DeploymentConfig) -> Mapping[str, ExistingDomain]:
    """The domain, by the configuration's name for it."""
    return {"[search] existing": config.search.existing} if config.search.existing else {}


def domain_usable(domain: ExistingDomain, view: View) -> Answer:
    """The domain is there, new enough, and guarded as one of the deployment's own is.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomain.html
    """
    found = described(domain, view)
    if found is None:
        return error(
            f"no domain {domain.name}",
            f"a domain of this account and region; {MAKES_ONE}",
            "the right [search] existing",
        )
    return (
        _state(found)
        or _version(found)
        or _guarded(found, domain)
        or _address(found, domain)
        or _placed(found, view)
        or ok(f"{found['EngineVersion']}, guarded by roles")
    )


def domain_policy(domain: ExistingDomain, view: View) -> Answer:
    """The domain's access policy lets the account's roles knock."""
    found = described(domain, view) or {}
    return policy_answer(view, "access policy", found.get("AccessPolicies") or "{}")


def master_role(domain: ExistingDomain, view: View) -> Answer:
    """The setup function's role may become the role that maps roles inside the domain.

    Whether that role may map roles there is known inside the domain alone.

    Reference: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
    """
    iam, name = view.client("iam"), domain.master_role.rpartition("/")[2]
    found = unless({"NoSuchEntity"}, lambda: iam.get_role(RoleName=name))
    if found is None:
        return error(
            f"no role {name}",
            "a role that is mapped to all_access inside the domain, or is its master user",
            f"aws iam create-role --role-name {name}, and map it",
        )
    return policy_answer(view, "trust policy", found["Role"]["AssumeRolePolicyDocument"])


def described(domain: ExistingDomain, view: View) -> Mapping[str, Any] | None:
    """The service's word on the domain; ``None`` where there is none."""
    opensearch = view.client("opensearch")
    found = unless(NO_DOMAIN, lambda: opensearch.describe_domain(DomainName=domain.name))
    return found["DomainStatus"] if found else None


def _state(found: Mapping[str, Any]) -> Answer | None:
    if found.get("Deleted"):
        return error("being deleted", "a domain that stays", "the right [search] existing")
    if not found.get("Created"):
        return error("being made", "a domain that is ready", "try again when it is")
    return None


def _version(found: Mapping[str, Any]) -> Answer | None:
    engine, _, number = found["EngineVersion"].partition("_")
    version = tuple(map(int, number.split(".")))
    if engine == "OpenSearch" and version >= LEAST:
        return None
    return error(
        found["EngineVersion"],
        f"OpenSearch_{LEAST[0]}.{LEAST[1]} or newer, for the type flat_object",
        f"aws opensearch upgrade-domain --domain-name {found['DomainName']} --target-version …",
    )


def _guarded(found: Mapping[str, Any], domain: ExistingDomain) -> Answer | None:
    """Everything that the deployment switches on for its own, the first that is off."""
    change = f"aws opensearch update-domain-config --domain-name {domain.name}"
    explicit = found.get("AdvancedOptions", {}).get("rest.action.multi.allow_explicit_index")
    guards = (
        (
            found.get("AdvancedSecurityOptions", {}).get("Enabled"),
            "fine-grained access control",
            f"{change} --advanced-security-options Enabled=true,…",
        ),
        (
            found.get("DomainEndpointOptions", {}).get("EnforceHTTPS"),
            "HTTPS alone",
            f"{change} --domain-endpoint-options EnforceHTTPS=true",
        ),
        (
            found.get("EncryptionAtRestOptions", {}).get("Enabled"),
            "encryption at rest",
            f"{change} --encryption-at-rest-options Enabled=true",
        ),
        (
            found.get("NodeToNodeEncryptionOptions", {}).get("Enabled"),
            "encryption between nodes",
            f"{change} --node-to-node-encryption-options Enabled=true",
        ),
        (
            explicit != "false",
            "indices named in requests, as Firehose names them",
            f"{change} --advanced-options rest.action.multi.allow_explicit_index=true",
        ),
    )
    off = next(((what, fix) for is_on, what, fix in guards if not is_on), None)
    return error(f"without {off[0]}", f"a domain with {off[0]}", off[1]) if off else None


def _address(found: Mapping[str, Any], domain: ExistingDomain) -> Answer | None:
    own = found.get("DomainEndpointOptions", {}).get("CustomEndpoint")
    known = [*found.get("Endpoints", {}).values(), found.get("Endpoint"), own]
    host = domain.endpoint.removeprefix("https://")
    if host in known:
        return None
    shown = next((name for name in known if name), "no address")
    return error(
        f"{host} is none of its addresses",
        f"one of them: {shown}",
        f'[search] existing.endpoint = "https://{shown}"',
    )


def _placed(found: Mapping[str, Any], view: View) -> Answer | None:
    """In the same VPC as the functions, or neither in any."""
    network, vpc = view.config.network, found.get("VPCOptions", {}).get("VPCId", "")
    if bool(vpc) != bool(network):
        return error(
            f"in {vpc}" if vpc else "not in a VPC",
            "functions and Firehose beside it: they reach it from nowhere else"
            if vpc
            else "no [network]: functions within have no way to a public endpoint",
            f'[network] existing.vpc = "{vpc}"' if vpc else "leave [network] out",
        )
    given = network.existing if network else None
    if vpc and given and vpc != given.vpc:
        return warning(
            f"in {vpc}, functions in {given.vpc}",
            "one VPC, or two that are peered and resolve each other's names",
            f'[network] existing.vpc = "{vpc}"',
        )
    return None
