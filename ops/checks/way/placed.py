"""What each stop of the way is called: made by the deployment, or brought to it."""

from infra.names import CENTRAL_LOGS, KEY_ALIAS, PRIVATE_DOMAIN
from ops.stacks import one
from ops.view import View


def key_id(view: View) -> str:
    """The key's ARN, or its alias where the deployment makes it."""
    return view.config.key.existing or KEY_ALIAS


def stream_name(view: View) -> str:
    """The stream's name."""
    return view.config.stream.name


def bucket_name(view: View) -> str:
    """The archive's bucket; empty where the deployment has not made it."""
    return view.config.archive.existing or one(view, "AWS::S3::Bucket", "ArchiveBucket")


def domain_name(view: View) -> str:
    """The domain's name."""
    existing = view.config.search.existing
    if existing:
        return existing.arn.rpartition("/")[2]
    return PRIVATE_DOMAIN if view.config.network else CENTRAL_LOGS
