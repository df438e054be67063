"""What a deployment is brought in tests, and the VPC that it is told to be in."""

from typing import Any

from infra.config import DeploymentConfig
from infra.config.existing import ExistingDomain, ExistingVpc, Key
from infra.config.network import Network

ACCOUNT, REGION = "111111111111", "us-east-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
STREAM = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/example-stream"
BUCKET = "example-archive"
DOMAIN = ExistingDomain(
    arn=f"arn:aws:es:{REGION}:{ACCOUNT}:domain/example",
    endpoint="https://vpc-example.us-east-1.es.amazonaws.com",
    master_role=f"arn:aws:iam::{ACCOUNT}:role/example-master",
)
VPC = ExistingVpc(vpc="vpc-0123456789abcdef0", subnets=("subnet-0123456789abcdef0",))
MADE = Network(cidr="10.20.0.0/22", reader_cidrs=("192.0.2.0/24",))


def brought(config: DeploymentConfig) -> dict[str, Any]:
    """The sections of a configuration, with everything in them that can be brought."""
    return {
        "key": Key(existing=KEY),
        "stream": config.stream.model_copy(update={"existing": STREAM}),
        "archive": config.archive.model_copy(update={"existing": BUCKET}),
        "search": config.search.model_copy(update={"existing": DOMAIN}),
        "network": Network(existing=VPC),
    }
