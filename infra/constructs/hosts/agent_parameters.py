"""The agent's configurations, where hosts look for them.

References:
    - https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/download-CloudWatch-Agent-on-EC2-Instance-SSM-first.html
"""

from collections.abc import Mapping
from typing import Final, Literal

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.agent_configuration import agent_configuration
from infra.config.host_files import Platform
from infra.config.hosts import Hosts
from infra.errors import ParameterSizeError
from infra.names import agent_parameter

type Tier = Literal["standard", "advanced"]

LARGEST: Final[Mapping[Tier, int]] = {"standard": 4_096, "advanced": 8_192}
"""Bytes of a parameter's value: https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm"""


class AgentParameters(Construct):
    """A parameter for each platform that something is collected of.

    Attributes:
        parameters: By platform.
        texts: Their values.
    """

    def __init__(self, scope: Construct, id_: str, *, config: Hosts) -> None:
        super().__init__(scope, id_)
        self.texts: Mapping[Platform, str] = {
            platform: agent_configuration(config, platform) for platform in config.platforms
        }
        self.parameters: Mapping[Platform, ssm.CfnParameter] = {
            platform: self._parameter(platform, text, config.parameter_tier)
            for platform, text in self.texts.items()
        }

    def _parameter(self, platform: Platform, text: str, tier: Tier) -> ssm.CfnParameter:
        return ssm.CfnParameter(
            self,
            platform.capitalize(),
            name=agent_parameter(platform),
            description=f"Central logs: what the CloudWatch agent of {platform} collects",
            type="String",
            tier=tier.capitalize(),
            value=fitting(text, platform, tier),
        )


def fitting(text: str, platform: Platform, tier: Tier) -> str:
    """The text, if a parameter of the tier holds it.

    Raises:
        ParameterSizeError: it does not; fewer or shorter files make it smaller.
    """
    size, room = len(text.encode()), LARGEST[tier]
    if size <= room:
        return text
    more = ", or parameter_tier = 'advanced', which AWS charges for" if tier == "standard" else ""
    raise ParameterSizeError(
        f"hosts: the agent's configuration for {platform} takes {size} bytes, a {tier} parameter "
        f"holds {room}; collect fewer files{more}"
    )
