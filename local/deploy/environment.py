"""How a command on this machine comes to talk to the local cloud instead of AWS."""

import os


def environment(endpoint: str, account: str, region: str) -> dict[str, str]:
    """The variables with which ``aws``, ``cdk`` and boto3 act as the root of an account.

    Args:
        endpoint: Address of all AWS APIs.
        account: Whose root.
        region: Where, unless a command names another.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    return {
        **kept,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
