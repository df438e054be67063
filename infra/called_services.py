"""Which services the functions call from within a VPC; told without CDK, for who looks before it.

What AWS itself does for a function needs no way out: it polls streams and queues, sets batches
aside, writes logs and uses the key through the service that stores the data.
"""

from typing import Final

from infra.config import DeploymentConfig

ORGANIZATIONS_REGION: Final = "us-east-1"
"""The one region whose VPCs have an endpoint of AWS Organizations:
https://docs.aws.amazon.com/organizations/latest/userguide/create-vpc-endpoint.html"""

GATEWAY: Final = "s3"
"""The service that is reached by a route and costs nothing:
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html"""


def called_services(config: DeploymentConfig) -> tuple[str, ...]:
    """The services as endpoints call them, ``kinesis-firehose``, sorted."""
    called = {
        "kinesis-firehose": True,
        "organizations": organisation_is_reached(config),
        GATEWAY: True,
        "secretsmanager": reads_secret(config),
        "sqs": bool(config.log_buckets),
        "sts": True,
    }
    return tuple(service for service, is_called in called.items() if is_called)


def reads_secret(config: DeploymentConfig) -> bool:
    """Whether functions that normalise read the key of hashes."""
    return bool(config.rules and config.redaction.key_secret)


def organisation_is_reached(config: DeploymentConfig) -> bool:
    """Whether the snapshot function is in the VPC: where it has an endpoint of Organizations.

    Elsewhere it stays outside. It reads names of accounts, and no log passes it.
    """
    is_made = config.network is not None and config.network.endpoints
    is_there = config.central.region == ORGANIZATIONS_REGION
    return is_made and is_there and config.enrichment.organisation.enabled


def endpoint_name(service: str, region: str) -> str:
    """What EC2 calls a service's endpoints in a region."""
    return f"com.amazonaws.{region}.{service}"
