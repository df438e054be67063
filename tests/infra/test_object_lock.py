"""A locked archive keeps every object, and what writes to it says a checksum."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from infra.config.archive import Archive as ArchiveConfig
from infra.config.archive import Lock
from infra.constructs.store.archive import Archive
from tests.infra.deployment import Deployment, empty_stack, template_of


@pytest.mark.parametrize(
    ("mode", "said"), [("governance", "GOVERNANCE"), ("compliance", "COMPLIANCE")]
)
def test_every_object_is_locked_from_its_writing_on(mode: str, said: str) -> None:
    stack = empty_stack()
    config = ArchiveConfig(lock=Lock.model_validate({"mode": mode, "days": 30}))
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    Archive(stack, "Archive", config=config, key=key, removal=cdk.RemovalPolicy.RETAIN)

    bucket = template_of(stack).one("AWS::S3::Bucket")

    assert bucket["ObjectLockEnabled"] is True
    assert bucket["ObjectLockConfiguration"] == {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Days": 30, "Mode": said}},
    }
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


def test_without_a_lock_the_bucket_stays_as_it_was(deployment: Deployment) -> None:
    bucket = deployment.stack("search").one("AWS::S3::Bucket")

    assert not {"ObjectLockEnabled", "ObjectLockConfiguration"} & set(bucket)
