"""What becomes of stateful resources when their stack goes."""

import aws_cdk as cdk

from infra.config import DeploymentConfig


def removal_policy(config: DeploymentConfig) -> cdk.RemovalPolicy:
    """Retain what production holds; let a sandbox go."""
    if config.removal == "retain":
        return cdk.RemovalPolicy.RETAIN
    return cdk.RemovalPolicy.DESTROY
