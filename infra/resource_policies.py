"""Policies of the resources that can be brought, as data.

What the deployment makes gets them; for what it is given they are printed (``infra.brought``) and
compared with what is there (``ops.checks``), because nobody here may change it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from logcore.transports.copied_groups import COPIES

type Statement = Mapping[str, Any]
"""One statement of a policy, as IAM writes it."""

PARTITIONS: Final = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
"""By the beginning of a region's name, where it is not ``aws``."""


def partition(region: str) -> str:
    """The partition of a region, the second part of an ARN."""
    return next((p for begin, p in PARTITIONS.items() if region.startswith(f"{begin}-")), "aws")


def account_decides(account: str, region: str) -> Statement:
    """The account's IAM policies decide who uses the key.

    Reference: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    return {
        "Sid": "PoliciesOfTheAccountDecide",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition(region)}:iam::{account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def services_encrypt(account: str, announcing_accounts: Sequence[str]) -> list[Statement]:
    """EventBridge, S3 and alarms write to encrypted queues and topics as themselves, by no role.

    References:
        - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#compatibility-with-aws-services
        - https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
    """
    writers = (
        ("RulesFillTheQueues", "events.amazonaws.com", [account]),
        ("AlarmsPublish", "cloudwatch.amazonaws.com", [account]),
        ("BucketsAnnounceObjects", "s3.amazonaws.com", list(announcing_accounts)),
    )
    return [_may_encrypt(why, service, accounts) for why, service, accounts in writers if accounts]


def copies_are_kept(account: str, region: str) -> Statement:
    """CloudWatch Logs uses the key of a log group as itself, and says for which group.

    Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    copies = f"arn:{partition(region)}:logs:{region}:{account}:log-group:{COPIES}*"
    return {
        "Sid": "CopiedLogGroupsAreKept",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{region}.amazonaws.com"},
        "Action": [
            *("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
            *("kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"),
        ],
        "Resource": "*",  # in a key's policy: this key
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": copies}},
    }


def trail_encrypts(trail_arn: str) -> list[Statement]:
    """What CloudTrail does with a trail's key, for that trail only.

    Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    """
    _, partition_, _, _, owner, _ = trail_arn.split(":", 5)
    source = {"aws:SourceArn": trail_arn}
    context = f"arn:{partition_}:cloudtrail:*:{owner}:trail/*"
    common = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Resource": "*",  # in a key's policy: this key
    }
    return [
        {
            "Sid": "TrailEncryptsLogFiles",
            **common,
            "Action": "kms:GenerateDataKey*",
            "Condition": {
                "StringEquals": source,
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": context},
            },
        },
        {
            "Sid": "TrailLooksAtTheKey",
            **common,
            "Action": "kms:DescribeKey",
            "Condition": {"StringEquals": source},
        },
    ]


def key_policy(
    account: str,
    region: str,
    announcing_accounts: Sequence[str],
    *,
    keeps_copies: bool,
    trail_arn: str | None,
) -> list[Statement]:
    """The whole policy of the key."""
    return [
        account_decides(account, region),
        *services_encrypt(account, announcing_accounts),
        *([copies_are_kept(account, region)] if keeps_copies else []),
        *(trail_encrypts(trail_arn) if trail_arn else []),
    ]


def bucket_policy(arn: str) -> list[Statement]:
    """The bucket is reached by current TLS only.

    References:
        - https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
        - https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
    """
    conditions = {
        "RefuseWithoutTls": {"Bool": {"aws:SecureTransport": "false"}},
        "RefuseOldTls": {"NumericLessThan": {"s3:TlsVersion": 1.2}},
    }
    return [
        {
            "Sid": why,
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": condition,
        }
        for why, condition in conditions.items()
    ]


def domain_policy(arn: str, account: str) -> list[Statement]:
    """The account's roles may knock; roles inside OpenSearch say what each may do.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
    """
    return [
        {
            "Sid": "RolesOfTheAccountMayKnock",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{arn.split(':')[1]}:iam::{account}:root"},
            "Action": "es:ESHttp*",
            "Resource": f"{arn}/*",
        }
    ]


def master_trust(setup_role_arn: str) -> list[Statement]:
    """Only the setup function's role, which need not exist yet, becomes the master user.

    Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    _arn, partition_, _iam, _none, account, *_ = setup_role_arn.split(":")
    return [
        {
            "Sid": "OnlyTheSetupFunction",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition_}:iam::{account}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": setup_role_arn}},
        }
    ]


def master_rights(domain_arn: str) -> list[Statement]:
    """What the setup function does as the master user: map roles, keep retention policies."""
    return [
        {
            "Sid": "MapRolesAndKeepRetention",
            "Effect": "Allow",
            "Action": ["es:ESHttpGet", "es:ESHttpPut"],
            "Resource": f"{domain_arn}/*",
        }
    ]


def _may_encrypt(why: str, service: str, accounts: Sequence[str]) -> Statement:
    return {
        "Sid": why,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",  # in a key's policy: this key
        "Condition": {
            "StringEquals": {
                "aws:SourceAccount": accounts[0] if len(accounts) == 1 else list(accounts)
            }
        },
    }
