"""AWS's words, what they mean for this deployment, and what puts it right.

A row is looked for in order; the first that is found counts, so that the narrow ones come before
the wide. ``tests/unit/test_causes.py`` has the words of AWS that each was written for.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

DOCS: Final = "https://docs.aws.amazon.com"
GUIDE: Final = f"{DOCS}/AWSCloudFormation/latest/UserGuide"
DEPLOY: Final = "node_modules/.bin/cdk deploy --all -c config=…"


class Cause(NamedTuple):
    """What a message of AWS means.

    Attributes:
        words: A part of the message; its groups are filled into the other two.
        means: What has happened.
        fix: What to do.
        link: Where AWS explains it.
    """

    words: re.Pattern[str]
    means: str
    fix: str
    link: str


class Meaning(NamedTuple):
    """A cause with the message's own names in it."""

    means: str
    fix: str
    link: str


def meaning(message: str, causes: Iterable[Cause] | None = None) -> Meaning | None:
    """What a message means; ``None`` where nobody knows yet."""
    for cause in CAUSES if causes is None else causes:
        if found := cause.words.search(message):
            named = {key: text or "…" for key, text in found.groupdict().items()}
            return Meaning(cause.means.format(**named), cause.fix.format(**named), cause.link)
    return None


def _row(words: str, means: str, fix: str, link: str) -> Cause:
    return Cause(re.compile(words, re.IGNORECASE), means, fix, link)


CAUSES: Final[tuple[Cause, ...]] = (
    # Rights
    _row(
        r"not authorized to perform: (?P<right>[\w-]+:\w+).*explicit deny in a service control",
        "a service control policy of the organisation forbids {right}",
        "python -m ops preflight names the statement and the condition that leaves the deployment "
        "out of it; the management account changes it",
        f"{DOCS}/organizations/latest/userguide/orgs_manage_policies_scps.html",
    ),
    _row(
        r"User with accountId: (?P<account>\d{12}) is not authorized to perform: "
        r"(?P<right>logs:\w+) on resource: (?P<arn>arn:\S+:destination:[\w-]+)",
        "the Destination does not admit {account}: it is not in the configured organisation, not "
        "listed where there is none, or the door is of an older deployment",
        f"organisation = that of {{account}}, or {{account}} under members.accounts, then {DEPLOY}",
        f"{DOCS}/AmazonCloudWatch/latest/logs/CreateDestination-Account.html",
    ),
    _row(
        r"not authorized to perform: (?P<right>iam:CreateServiceLinkedRole)",
        "whoever deploys may not make the service-linked role of a service",
        "aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com, "
        "by somebody who may",
        f"{DOCS}/opensearch-service/latest/developerguide/slr.html",
    ),
    _row(
        r"User: (?P<who>\S+) is not authorized to perform: (?P<right>[\w-]+:\w+)",
        "{who} has no right to {right}",
        "a deployment: give the bootstrap's execution role {right}; a function: somebody changed "
        f"its role, {DEPLOY}",
        f"{DOCS}/IAM/latest/UserGuide/troubleshoot_access-denied.html",
    ),
    _row(
        r"security token included in the request is (?P<how>invalid|expired)|ExpiredToken",
        "the credentials have run out, or the region is off in that account",
        "new credentials; or aws account enable-region --region-name REGION",
        f"{DOCS}/accounts/latest/reference/manage-acct-regions.html",
    ),
    _row(
        r"Requires capabilities ?: ?\[(?P<capability>\w+)",
        "the stack has roles, and whoever deployed did not say that it may",
        f"{DEPLOY}, which says so; by hand: --capabilities {{capability}}",
        f"{GUIDE}/using-iam-template.html",
    ),
    _row(
        r"Invalid principal in policy",
        "a policy names a role or an account that is not there (any more)",
        "the ARNs under [search] analyst_roles, and the accounts of [members] and [objects]",
        f"{DOCS}/IAM/latest/UserGuide/troubleshoot_iam-policies.html",
    ),
    # Roles that services take
    _row(
        r"Firehose is unable to assume role (?P<role>\S+?)\.? ",
        "the delivery stream's role is too new, or somebody changed who may take it",
        f"{DEPLOY} again; it waits for the role's rights",
        f"{DOCS}/firehose/latest/dev/controlling-access.html",
    ),
    _row(
        r"cannot be assumed by Lambda|unable to assume (?:the )?(?:provided )?role|"
        r"Cannot assume role",
        "a service may not take its role: it is too new, or somebody changed who may take it",
        f"{DEPLOY} again; stays it so, a service control policy denies sts:AssumeRole",
        f"{DOCS}/IAM/latest/UserGuide/troubleshoot_roles.html",
    ),
    _row(
        r"execution role does not have permissions to call (?P<call>\w+) on (?P<service>\w+)|"
        r"Cannot access stream",
        "Lambda may not read its source: the role's rights have not arrived everywhere, or the "
        "key is disabled",
        f"{DEPLOY} again, then python -m ops doctor: key",
        f"{DOCS}/lambda/latest/dg/with-kinesis.html",
    ),
    _row(
        r"must enable a service-linked role",
        "the account has never had a domain in a VPC, and has no role for it",
        "aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com",
        f"{DOCS}/opensearch-service/latest/developerguide/slr.html",
    ),
    # Subscriptions
    _row(
        r"destination (?:\S+ )?does not exist|destination could not be found",
        "the region has no door yet, or the Destination was deleted",
        "node_modules/.bin/cdk deploy 'CentralLogs-*-door-*' -c config=…, then the rest",
        f"{DOCS}/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions-Kinesis-Account.html",
    ),
    _row(
        r"Could not deliver (?:test )?message to ",
        "CloudWatch Logs may not write to the stream: the door's role, or the key behind "
        "alias/central-logs, or the stream is not ACTIVE",
        "python -m ops doctor: key, stream and door; then deploy the region's door again",
        f"{DOCS}/AmazonCloudWatchLogs/latest/APIReference/API_PutDestination.html",
    ),
    _row(
        r"SUBSCRIPTION_FILTER_POLICY|AccountPolicy.*limit exceeded|"
        r"LimitExceeded.*(?:PutAccountPolicy|subscription)|Resource limit exceeded",
        "the account and region has a subscription policy of somebody else, or the log group two "
        "filters",
        "aws logs describe-account-policies --policy-type SUBSCRIPTION_FILTER_POLICY says whose",
        f"{DOCS}/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html",
    ),
    _row(
        r"log group.*(?:not|only).*(?:STANDARD|Infrequent Access)|Infrequent Access.*log group",
        "only log groups of the class STANDARD can be subscribed, and a class cannot be changed",
        "write to a new log group of the class STANDARD",
        f"{DOCS}/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html",
    ),
    # StackSets
    _row(
        r"Account (?P<account>\d{12}) should have '(?P<role>\w+)' role",
        "the StackSet is self-managed, and {account} lacks {role}; this app's are service-managed",
        "aws cloudformation describe-stack-set --stack-set-name central-logs-members "
        "--query StackSet.PermissionModel; delete it if it is SELF_MANAGED, and deploy again",
        f"{GUIDE}/stacksets-prereqs-self-managed.html",
    ),
    _row(
        r"enable organizations access|trusted access|activate.*organizations",
        "StackSets may not act in the organisation",
        "in the management account: aws cloudformation activate-organizations-access",
        f"{GUIDE}/stacksets-orgs-activate-trusted-access.html",
    ),
    _row(
        r"management account or delegated admin",
        "the central account is no delegated administrator of StackSets",
        "in the management account: aws organizations register-delegated-administrator "
        "--service-principal member.org.stacksets.cloudformation.amazonaws.com --account-id …",
        f"{GUIDE}/stacksets-orgs-delegated-admin.html",
    ),
    # Keys
    _row(
        r"(?P<key>arn:\S+:key/[\w-]+) is pending deletion|KMSInvalidState|pending deletion",
        "the key is to be deleted, and until then nobody can use it",
        "aws kms cancel-key-deletion --key-id … && aws kms enable-key --key-id …",
        f"{DOCS}/kms/latest/developerguide/deleting-keys.html",
    ),
    _row(
        r"KMS access (?:was )?denied|KMSAccessDenied|kms key.*(?:disabled|denied)|"
        r"ciphertext refers to a customer master key that does not exist",
        "whoever asks may not use the key: its policy or its state was changed",
        f"aws kms describe-key --key-id alias/central-logs, then {DEPLOY}",
        f"{DOCS}/kms/latest/developerguide/policy-evaluation.html",
    ),
    # Names
    _row(
        r"(?P<what>\S+) already exists in stack (?P<stack>\S+)",
        "another stack has made {what}: {stack}",
        "destroy the other deployment, or choose its stage; one central account holds one",
        f"{GUIDE}/troubleshooting.html",
    ),
    _row(
        r"already exists|AlreadyExists|EntityAlreadyExists|ResourceInUseException",
        "something has that name which no stack of this deployment made, such as what one with "
        'removal = "retain" has left behind',
        "python -m ops preflight names it with the command that frees it",
        f"{GUIDE}/troubleshooting.html",
    ),
    # Quotas
    _row(
        r"ReservedConcurrentExecutions.*below its minimum value of \[(?P<least>\d+)\]",
        "[function] reserved_concurrency leaves fewer than {least} executions to other functions",
        "aws service-quotas request-service-quota-increase --service-code lambda --quota-code "
        "L-B99A9384 --desired-value 1000, or a smaller reserved_concurrency",
        f"{DOCS}/lambda/latest/dg/configuration-concurrency.html",
    ),
    _row(
        r"exceed the shard limit|Shard count for the account",
        "the account has no shards left",
        'raise the quota of Kinesis, or [stream] mode = "on_demand"',
        f"{DOCS}/streams/latest/dev/service-sizes-and-limits.html",
    ),
    _row(
        r"ProvisionedThroughputExceeded",
        "the stream is too small for what arrives",
        'more [stream] shards, or mode = "on_demand"',
        f"{DOCS}/streams/latest/dev/troubleshooting-consumers.html",
    ),
    _row(
        r"Rate exceeded|Throttling|TooManyRequests|Request limit exceeded",
        "AWS was asked too often in too short a time",
        f"{DEPLOY} again, with --concurrency 1",
        f"{GUIDE}/troubleshooting.html",
    ),
    _row(
        r"maximum shards open",
        "OpenSearch holds as many shards as its nodes take",
        'a shorter delete_after_days, period = "month" or "shared", or more data_nodes',
        f"{DOCS}/opensearch-service/latest/developerguide/bp-sharding.html",
    ),
    _row(
        r"LimitExceeded|limit exceeded|quota|maximum number of",
        "a quota of the account is used up; the message names the service",
        "https://console.aws.amazon.com/servicequotas/home, in that region",
        f"{DOCS}/servicequotas/latest/userguide/request-quota-increase.html",
    ),
    # States of stacks
    _row(
        r"is in (?P<state>ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED) state and can ?not",
        "its first deployment failed, and such a stack can only be deleted",
        "aws cloudformation delete-stack --stack-name …, then deploy again",
        f"{GUIDE}/troubleshooting.html",
    ),
    _row(
        r"is in UPDATE_ROLLBACK_FAILED state",
        "taking a change back has failed as well; until that is done, nothing can be deployed",
        "put right what failed, then: aws cloudformation continue-update-rollback --stack-name …",
        f"{GUIDE}/using-cfn-updating-stacks-continueupdaterollback.html",
    ),
    _row(
        r"is in (?P<state>\w+_IN_PROGRESS) state",
        "another deployment is under way",
        "wait for it; aws cloudformation describe-stacks --stack-name … tells when",
        f"{GUIDE}/troubleshooting.html",
    ),
    _row(
        r"TerminationProtection is enabled",
        "the stack is protected against deletion",
        "aws cloudformation update-termination-protection --no-enable-termination-protection "
        "--stack-name …, when nobody needs what it holds",
        f"{GUIDE}/using-cfn-protect-stacks.html",
    ),
    _row(
        r"bucket you tried to delete is not empty|BucketNotEmpty",
        "a bucket with objects or old versions cannot be deleted",
        "python -m ops destroy --data remove empties it, --data keep leaves it",
        f"{DOCS}/AmazonS3/latest/userguide/delete-bucket.html",
    ),
    _row(
        r"Export (?P<export>\S+) cannot be (?:deleted|updated) as it is in use by (?P<stack>\S+)",
        "{stack} still needs what this stack gives",
        f"{DEPLOY}, all stacks at once; to delete, {{stack}} goes first",
        f"{GUIDE}/using-cfn-stack-exports.html",
    ),
    _row(
        r"Template format error|Template validation error|ValidationError.*[Tt]emplate",
        "the template is not one: it was changed by hand, or is too large",
        "make synth; the checks of synthesis name the place",
        f"{GUIDE}/template-formats.html",
    ),
    _row(
        r"cdk-bootstrap/\w+/version|Has the environment been bootstrapped",
        "the account and region is not bootstrapped",
        "node_modules/.bin/cdk bootstrap aws://ACCOUNT/REGION",
        f"{DOCS}/cdk/v2/guide/bootstrapping-env.html",
    ),
    _row(
        r"No such file or directory: .*asset|NoSuchKey|specified key does not exist|"
        r"Error occurred while GetObject",
        "the bootstrap bucket no longer has the function's code",
        f"{DEPLOY} from a fresh checkout, which uploads it again",
        f"{DOCS}/cdk/v2/guide/bootstrapping-env.html",
    ),
    # The domain and its setup
    _row(
        r"change/update is in progress|domain is (?:still )?(?:being )?process|"
        r"Domain .*in processing",
        "the domain is busy with a change of before, or with a software update",
        "aws opensearch describe-domain --domain-name central-logs --query "
        "DomainStatus.Processing; deploy again when it is false",
        f"{DOCS}/opensearch-service/latest/developerguide/managedomains-configuration-changes.html",
    ),
    _row(
        r"Invalid instance type|instance type is not supported|InvalidTypeException",
        "the region or the version does not have the instance type",
        "python -m ops preflight: instance type",
        f"{DOCS}/opensearch-service/latest/developerguide/supported-instance-types.html",
    ),
    _row(
        r"FORBIDDEN/(?:10|12)/|flood-stage watermark|read-only-allow-delete|"
        r"create-index blocked|cluster_block_exception",
        "the domain's disk is nearly full, and it has stopped taking documents",
        "a shorter delete_after_days or a larger volume_gib; the block goes by itself after that",
        f"{DOCS}/opensearch-service/latest/developerguide/handling-errors.html",
    ),
    _row(
        r"no permissions for \[(?P<right>[^\]]+)\]|security_exception",
        "the roles inside OpenSearch do not let the function in",
        f"{DEPLOY}: setup maps the roles again",
        f"{DOCS}/opensearch-service/latest/developerguide/fgac.html",
    ),
    _row(
        r"did not receive a response from your Custom Resource|"
        r"Received response status \[FAILED\] from custom resource",
        "the setup of OpenSearch has failed, and says why in its log",
        "aws logs tail /central-logs/search_setup --since 1h",
        f"{GUIDE}/template-custom-resources.html",
    ),
    # Networks
    _row(
        r"Network interface (?P<eni>\S+) is (?:currently )?in use|has a dependent object|"
        r"has dependencies and cannot be deleted|DependencyViolation",
        "a network interface of a function or of the domain still holds it; AWS takes up to "
        "40 minutes to let go",
        "wait, then python -m ops destroy again; aws ec2 describe-network-interfaces says whose",
        f"{DOCS}/lambda/latest/dg/configuration-vpc.html",
    ),
    # Functions at work
    _row(
        r"Task timed out after (?P<seconds>[\d.]+) seconds",
        "the function ran out of its {seconds} seconds: what it sends to is slow or away",
        "python -m ops doctor: domain; else a longer timeout_seconds or a smaller batch_size",
        f"{DOCS}/lambda/latest/dg/configuration-timeout.html",
    ),
    _row(
        r"signal: killed|Runtime\.OutOfMemory|MemoryError",
        "the function ran out of memory",
        "a larger [function] memory_mib, or a smaller batch_size",
        f"{DOCS}/lambda/latest/dg/configuration-memory.html",
    ),
    _row(
        r"ServiceUnavailableException|Slow down",
        "Firehose takes no more: its quota for direct puts is used up",
        'raise the quota of Firehose, or sink = "direct" for a chatty dataset',
        f"{DOCS}/firehose/latest/dev/limits.html",
    ),
)
