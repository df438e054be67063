"""What a domain is told of the way in which people sign in to its Dashboards.

References:
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-opensearchservice-domain-samloptions.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-opensearchservice-domain-identitycenteroptions.html
"""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_opensearchservice as opensearch

from infra.config.login import Login
from infra.resource_policies import domain_policy

L1 = opensearch.CfnDomain

METHODS = ("Delete", "Get", "Head", "Patch", "Post", "Put")
"""HTTP methods as the service names its actions."""


def saml_options(login: Login) -> L1.SAMLOptionsProperty | None:
    """The identity provider, where people sign in with one."""
    saml = login.saml
    if saml is None:
        return None
    return L1.SAMLOptionsProperty(
        enabled=True,
        idp=L1.IdpProperty(entity_id=saml.entity_id, metadata_content=saml.metadata),
        master_backend_role=saml.master_group,
        roles_key=saml.roles_key,
        session_timeout_minutes=saml.session_minutes,
        subject_key=saml.subject_key or None,
    )


def identity_center_options(login: Login) -> L1.IdentityCenterOptionsProperty | None:
    """The instance whose identities the domain takes, where it takes some."""
    center = login.identity_center
    if center is None:
        return None
    return L1.IdentityCenterOptionsProperty(
        enabled_api_access=True,
        identity_center_instance_arn=center.instance_arn,
        roles_key=center.roles_key,
        subject_key=center.subject_key,
    )


def access_policy(domain_arn: str, account: str, login: Login) -> iam.PolicyDocument:
    """Who may knock: roles of the account, and with SAML every browser, at Dashboards only.

    A browser that signed in with SAML signs no request, so none would pass otherwise; what it may
    do is said by its session and the roles inside OpenSearch.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/saml.html#saml-domain-access
    """
    statements = [
        iam.PolicyStatement.from_json(statement) for statement in domain_policy(domain_arn, account)
    ]
    if login.kind == "saml":
        browsers = iam.PolicyStatement(
            sid="BrowsersMayKnockAtDashboards",
            principals=[iam.AnyPrincipal()],
            actions=[f"es:ESHttp{method}" for method in METHODS],
            resources=[f"{domain_arn}/_dashboards", f"{domain_arn}/_dashboards/*"],
        )
        statements.append(browsers)
    return iam.PolicyDocument(statements=statements)
