"""The logs of hosts, as part of what every account gets."""

from constructs import Construct

from infra.config.hosts import Hosts
from infra.constructs.hosts.agent_association import AgentAssociation
from infra.constructs.hosts.agent_parameters import AgentParameters
from infra.constructs.hosts.host_policy import HostPolicy
from infra.constructs.hosts.hybrid_role import HybridRole


class HostLogs(Construct):
    """Introduces the agent's configurations, the rights of hosts and the association.

    Attributes:
        parameters: The configurations.
        rights: A policy for instance profiles.
        hybrid: The role of machines outside AWS; ``None`` where no account has some.
        agent: Installs and configures the agent.
    """

    def __init__(self, scope: Construct, id_: str, *, config: Hosts) -> None:
        super().__init__(scope, id_)
        self.parameters = AgentParameters(self, "Agent", config=config)
        self.rights = HostPolicy(self, "Host", config=config)
        self.hybrid = (
            HybridRole(self, "Hybrid", policy=self.rights.policy, accounts=config.hybrid_accounts)
            if config.hybrid_accounts
            else None
        )
        self.agent = AgentAssociation(
            self, "Association", config=config, texts=self.parameters.texts
        )
        # A run before them would fail, and the next one is hours away.
        self.agent.node.add_dependency(self.parameters, self.rights)
