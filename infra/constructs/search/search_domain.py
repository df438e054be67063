"""The OpenSearch domain: encrypted everywhere, with fine-grained access control."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_opensearchservice as opensearch
from constructs import Construct

from infra.acknowledge import acknowledge, acknowledge_wildcard
from infra.config.search import Search as SearchConfig
from infra.constructs.access.cognito_login import CognitoLogin
from infra.constructs.common.statements import allow, say_why
from infra.constructs.search.dashboards_login import (
    METHODS,
    access_policy,
    identity_center_options,
    saml_options,
)
from infra.constructs.search.search_slow_logs import SearchSlowLogs
from infra.names import CENTRAL_LOGS, SETUP_ROLE

L1 = opensearch.CfnDomain

PFS_POLICY = "Policy-Min-TLS-1-2-PFS-2023-10"
"""TLS 1.2 and newer with forward secrecy:
https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html"""

SMALL = 3
"""Data nodes from which on zones are expected, and dedicated masters above it; three data nodes in
three zones elect a master among themselves and lose one zone:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-dedicatedmasternodes.html"""


class SearchDomain(Construct):
    """A domain whose master user is a role that only the setup function may take.

    Built on the L1, because the L2 sets its access policy with a function of CDK's own, whose log
    group nobody named. Its access policy lets the account's roles knock; what each may do is said
    by its IAM policy first and by the roles inside OpenSearch second.

    Attributes:
        domain: The domain.
        master: Role of the master user; nobody may assume it until somebody is let.
        setup_role_arn: The setup function's role, by its fixed name: its stack comes later.
        arn: ARN of the domain.
        endpoint: ``https://`` address.
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
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.arn = domain_arn(stack)
        self.setup_role_arn = stack.format_arn(
            service="iam",
            region="",
            resource="role",
            resource_name=f"{role_path.removeprefix('/')}{SETUP_ROLE}",
        )
        self.master = iam.Role(
            self,
            "Master",
            assumed_by=iam.AccountPrincipal(stack.account).with_conditions(
                {"ArnEquals": {"aws:PrincipalArn": self.setup_role_arn}}
            ),
            description="Master user of the log domain; taken for role mappings only",
        )
        say_why(self.master, "AssumeRolePolicyDocument", "OnlyTheSetupFunction")
        slow_logs = SearchSlowLogs(
            self, "SlowLogs", domain_arn=self.arn, retention_days=log_retention_days
        )
        self.domain = L1(
            self,
            "Domain",
            domain_name=CENTRAL_LOGS,
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
        )
        self.domain.apply_removal_policy(removal)
        self.domain.add_resource_dependency(slow_logs.policy)
        if cognito:
            self._let_in(cognito)
        _acknowledge(self.domain, config)
        self.endpoint = f"https://{self.domain.attr_domain_endpoint}"

    def _let_in(self, cognito: CognitoLogin) -> None:
        """Make the domain after the directory, and let its people send what Dashboards sends."""
        cognito.hold_back(self.domain)
        if cognito.roles:
            self.grant_http(cognito.roles.analysts, *METHODS, why="UseDashboards")
            self.grant_http(cognito.roles.authors, *METHODS, why="UseDashboards")

    def grant_http(self, role: iam.Role, *methods: str, why: str) -> None:
        """Let a role send requests; the roles inside OpenSearch say what they may do.

        Args:
            role: Who sends them.
            methods: HTTP methods as the service names its actions: ``Get``, ``Put``, ``Post``.
            why: What for; the statement's ``Sid``.
        """
        acknowledge_wildcard(
            role, f"{self.arn}/*", "Every path of the one domain; roles inside OpenSearch narrow it"
        )
        allow(role, why, [f"es:ESHttp{method}" for method in methods], [f"{self.arn}/*"])


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


def _acknowledge(domain: L1, config: SearchConfig) -> None:
    """Why the domain is reached by signed requests, and why a small one may be small."""
    acknowledge(
        domain,
        "AwsSolutions-OS1",
        "Every request is signed and checked by IAM and by the roles inside OpenSearch; functions "
        "and Firehose need no network of their own, analysts no tunnel",
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


def domain_arn(stack: cdk.Stack) -> str:
    """ARN of the domain of a stack, by its fixed name: who comes before it can name it."""
    return stack.format_arn(service="es", resource="domain", resource_name=CENTRAL_LOGS)
