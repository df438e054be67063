"""The OpenSearch domain: encrypted everywhere, with fine-grained access control."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_opensearchservice as opensearch
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.config.search import Search as SearchConfig
from infra.constructs.access.cognito_login import CognitoLogin
from infra.constructs.common.statements import say_why
from infra.constructs.network.placement import Placement
from infra.constructs.search.dashboards_login import (
    METHODS,
    access_policy,
    identity_center_options,
    saml_options,
)
from infra.constructs.search.domain import Domain
from infra.constructs.search.search_slow_logs import SearchSlowLogs
from infra.names import CENTRAL_LOGS, PRIVATE_DOMAIN

L1 = opensearch.CfnDomain

PFS_POLICY = "Policy-Min-TLS-1-2-PFS-2023-10"
"""TLS 1.2 and newer with forward secrecy:
https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html"""

SMALL = 3
"""Data nodes from which on zones are expected, and dedicated masters above it; three data nodes in
three zones elect a master among themselves and lose one zone:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-dedicatedmasternodes.html"""


class SearchDomain(Domain):
    """A domain whose master user is a role that only the setup function may take.

    Built on the L1, because the L2 sets its access policy with a function of CDK's own, whose log
    group nobody named. Its access policy lets the account's roles knock; what each may do is said
    by its IAM policy first and by the roles inside OpenSearch second.

    In a VPC or not, it stays where it was made. So the one in a VPC has another name, because
    CloudFormation replaces nothing that has a name of its own.

    Attributes:
        domain: The domain.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: SearchConfig,
        key: kms.IKey,
        log_retention_days: int,
        removal: cdk.RemovalPolicy,
        role_path: str = "/",
        cognito: CognitoLogin | None = None,
        place: Placement | None = None,
    ) -> None:
        super().__init__(scope, id_, role_path=role_path)
        stack = cdk.Stack.of(self)
        name = PRIVATE_DOMAIN if place else CENTRAL_LOGS
        self.arn = domain_arn(stack, private=place is not None)
        self.master = self._master()
        slow_logs = SearchSlowLogs(self, "SlowLogs", domain=name, retention_days=log_retention_days)
        self.domain = L1(
            self,
            "Domain",
            domain_name=name,
            engine_version=config.engine_version,
            access_policies=access_policy(self.arn, stack.account, config.login),
            advanced_options={
                "rest.action.multi.allow_explicit_index": "true",  # Firehose asks for it
                "override_main_response_version": "false",
            },
            advanced_security_options=L1.AdvancedSecurityOptionsInputProperty(
                enabled=True,
                internal_user_database_enabled=False,
                master_user_options=L1.MasterUserOptionsProperty(
                    master_user_arn=self.master.role_arn
                ),
                saml_options=saml_options(config.login),
            ),
            cluster_config=cluster(config),
            cognito_options=cognito.options if cognito else None,
            domain_endpoint_options=L1.DomainEndpointOptionsProperty(
                enforce_https=True, tls_security_policy=PFS_POLICY
            ),
            ebs_options=L1.EBSOptionsProperty(
                ebs_enabled=True, volume_size=config.volume_gib, volume_type="gp3"
            ),
            encryption_at_rest_options=L1.EncryptionAtRestOptionsProperty(
                enabled=True, kms_key_id=key.key_id
            ),
            identity_center_options=identity_center_options(config.login),
            log_publishing_options=slow_logs.options,
            node_to_node_encryption_options=L1.NodeToNodeEncryptionOptionsProperty(enabled=True),
            off_peak_window_options=L1.OffPeakWindowOptionsProperty(enabled=True),
            software_update_options=L1.SoftwareUpdateOptionsProperty(
                auto_software_update_enabled=True
            ),
            vpc_options=_in_vpc(place) if place else None,
        )
        self.domain.apply_removal_policy(removal)
        self.domain.add_resource_dependency(slow_logs.policy)
        if cognito:
            self._let_in(cognito)
        _acknowledge(self.domain, config, private=place is not None)
        self.endpoint = f"https://{self.domain.attr_domain_endpoint}"

    def _let_in(self, cognito: CognitoLogin) -> None:
        """Make the domain after the directory, and let its people send what Dashboards sends."""
        cognito.hold_back(self.domain)
        if cognito.roles:
            self.grant_http(cognito.roles.analysts, *METHODS, why="UseDashboards")
            self.grant_http(cognito.roles.authors, *METHODS, why="UseDashboards")

    def _master(self) -> iam.Role:
        """The master user's role, which nobody but the setup function may take."""
        role = iam.Role(
            self,
            "Master",
            assumed_by=iam.AccountPrincipal(cdk.Stack.of(self).account).with_conditions(
                {"ArnEquals": {"aws:PrincipalArn": self.setup_role_arn}}
            ),
            description="Master user of the log domain; taken for role mappings only",
        )
        say_why(role, "AssumeRolePolicyDocument", "OnlyTheSetupFunction")
        self.grant_http(role, "Get", "Put", why="MapRolesAndKeepRetention")
        return role


def cluster(config: SearchConfig) -> L1.ClusterConfigProperty:
    """The nodes, by kind."""
    zones = L1.ZoneAwarenessConfigProperty(availability_zone_count=config.zones)
    return L1.ClusterConfigProperty(
        instance_count=config.data_nodes,
        instance_type=config.instance_type,
        zone_awareness_enabled=config.zones > 1,
        zone_awareness_config=zones if config.zones > 1 else None,
        multi_az_with_standby_enabled=config.standby,
        dedicated_master_enabled=config.master_type is not None,
        dedicated_master_count=3 if config.master_type else None,
        dedicated_master_type=config.master_type,
        warm_enabled=config.warm_nodes > 0,
        warm_count=config.warm_nodes or None,
        warm_type="ultrawarm1.medium.search" if config.warm_nodes else None,
        cold_storage_options=L1.ColdStorageOptionsProperty(enabled=True)
        if config.cold_storage
        else None,
    )


def _in_vpc(place: Placement) -> L1.VPCOptionsProperty:
    """A network interface for each node, in as many subnets as there are zones.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
    """
    return L1.VPCOptionsProperty(
        security_group_ids=list(place.security_group_ids), subnet_ids=list(place.subnet_ids)
    )


def _acknowledge(domain: L1, config: SearchConfig, *, private: bool) -> None:
    """Why the domain is reached by signed requests, and why a small one may be small."""
    if not private:
        acknowledge(
            domain,
            "AwsSolutions-OS1",
            "Every request is signed and checked by IAM and by the roles inside OpenSearch; "
            "functions and Firehose need no network of their own, analysts no tunnel",
        )
    acknowledge(
        domain,
        "AwsSolutions-OS3",
        "Access is by role: functions and Firehose have no addresses that could be listed",
    )
    if config.data_nodes < SMALL:
        small = f"{config.data_nodes} data nodes: a sandbox, whose loss the raw archive makes good"
        acknowledge(domain, "AwsSolutions-OS4", small)
        acknowledge(domain, "AwsSolutions-OS7", small)
    elif config.data_nodes == config.zones == SMALL and not config.master_type:
        acknowledge(
            domain,
            "AwsSolutions-OS4",
            "Three data nodes in three zones are a quorum without masters of their own",
        )


def domain_arn(stack: cdk.Stack, *, private: bool) -> str:
    """ARN of the domain of a stack, by its fixed name: who comes before it can name it."""
    name = PRIVATE_DOMAIN if private else CENTRAL_LOGS
    return stack.format_arn(service="es", resource="domain", resource_name=name)
