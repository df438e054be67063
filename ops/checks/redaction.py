"""Whether the key of hashes is there; its value is not read."""

from collections.abc import Mapping

from infra.config import DeploymentConfig
from ops.answer import Answer, error, ok
from ops.refusal import unless
from ops.view import View


def secrets(config: DeploymentConfig) -> Mapping[str, str]:
    """The secret with the key of hashes, if rules need one."""
    secret = config.redaction.key_secret
    return {"[redaction] key_secret": secret} if secret else {}


def secret_kept(arn: str, view: View) -> Answer:
    """The secret exists and is not about to be deleted.

    Reference: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
    """
    manager = view.client("secretsmanager")
    found = unless({"ResourceNotFoundException"}, lambda: manager.describe_secret(SecretId=arn))
    if found is None:
        return error(
            f"no secret {arn}",
            "a secret of 16 characters or more",
            "aws secretsmanager create-secret --name central-logs/redaction --secret-string "
            '"$(openssl rand -hex 32)", and its ARN as [redaction] key_secret',
        )
    if "DeletedDate" in found:
        return error(
            f"{found['Name']} is deleted on {found['DeletedDate']:%Y-%m-%d}",
            "a secret that stays: hashes of another key match none of before",
            f"aws secretsmanager restore-secret --secret-id {arn}",
        )
    return ok(found["Name"])
