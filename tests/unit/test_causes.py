"""AWS's own words, and what doctor makes of them."""

import pytest

from ops.failures.causes import CAUSES, meaning

WORDS = [
    (
        (
            "User: "
            "arn:aws:sts::111111111111:assumed-role/cdk-hnb659fds-cfn-exec-role-11111111111"
            "1-us-east-1/AWSCloudFormation "
            "is not authorized to perform: kinesis:CreateStream on resource: "
            "arn:aws:kinesis:us-east-1:111111111111:stream/central-logs with an explicit "
            "deny in a service control policy"
        ),
        "service control policy of the organisation forbids kinesis:CreateStream",
    ),
    (
        (
            "User with accountId: 222222222222 is not authorized to perform: "
            "logs:PutSubscriptionFilter on resource: "
            "arn:aws:logs:us-east-1:111111111111:destination:central-logs (Service: "
            "CloudWatchLogs, Status Code: 400)"
        ),
        "the Destination does not admit 222222222222",
    ),
    (
        (
            "User: arn:aws:iam::111111111111:user/a is not authorized to perform: "
            "iam:CreateServiceLinkedRole on resource: *"
        ),
        "may not make the service-linked role",
    ),
    (
        (
            "API: iam:CreateRole User: arn:aws:sts::111111111111:assumed-role/a/b is not "
            "authorized to perform: iam:CreateRole on resource: x because no "
            "identity-based policy allows"
        ),
        "has no right to iam:CreateRole",
    ),
    (
        "The security token included in the request is expired",
        "credentials have run out",
    ),
    (
        "The security token included in the request is invalid.",
        "the region is off",
    ),
    (
        "Requires capabilities : [CAPABILITY_NAMED_IAM]",
        "the stack has roles",
    ),
    (
        (
            'Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:role/gone" '
            "(Service: AmazonIdentityManagement; Status Code: 400; Error Code: "
            "MalformedPolicyDocument)"
        ),
        "names a role or an account that is not there",
    ),
    (
        (
            'Resource handler returned message: "Firehose is unable to assume role '
            'arn:aws:iam::111111111111:role/archive. Please check the role provided." '
            "(RequestToken: a77c68cf, HandlerErrorCode: InvalidRequest)"
        ),
        "delivery stream's role is too new",
    ),
    (
        "The role defined for the function cannot be assumed by Lambda.",
        "may not take its role",
    ),
    (
        "Cannot assume role arn:aws:iam::111111111111:role/a",
        "may not take its role",
    ),
    (
        ("The function execution role does not have permissions to call ReceiveMessage on SQS"),
        "Lambda may not read its source",
    ),
    (
        (
            "Cannot access stream "
            "arn:aws:kinesis:us-east-1:111111111111:stream/central-logs. Please ensure "
            "the role can perform the GetRecords, GetShardIterator, DescribeStream, "
            "ListShards, and ListStreams Actions on your stream in IAM."
        ),
        "Lambda may not read its source",
    ),
    (
        (
            'Resource handler returned message: "Invalid request provided: Before you can '
            "proceed, you must enable a service-linked role to give Amazon OpenSearch "
            "Service permissions to access your VPC. (Service: OpenSearch, Status Code: "
            '400)" (RequestToken: a77c68cf, HandlerErrorCode: InvalidRequest)'
        ),
        "never had a domain in a VPC",
    ),
    (
        "The specified destination does not exist.",
        "has no door yet",
    ),
    (
        (
            "Could not deliver test message to specified Destination. Check if the "
            "destination is valid. (Service: AWSLogs; Status Code: 400; Error Code: "
            "InvalidParameterException)"
        ),
        "may not write to the stream",
    ),
    (
        (
            "Could not deliver test message to specified Kinesis stream. Check if the "
            "given kinesis steam is in ACTIVE state."
        ),
        "may not write to the stream",
    ),
    (
        (
            "operation error CloudWatch Logs: PutAccountPolicy, LimitExceededException: "
            "Resource limit exceeded."
        ),
        "subscription policy of somebody else",
    ),
    (
        ("LimitExceededException: Resource limit exceeded. (PutSubscriptionFilter subscription)"),
        "subscription policy of somebody else",
    ),
    (
        "Log group /audit is not of class STANDARD",
        "only log groups of the class STANDARD",
    ),
    (
        (
            "Account 222222222222 should have 'AWSCloudFormationStackSetExecutionRole' "
            "role with trust relationship to Role "
            "'AWSCloudFormationStackSetAdministrationRole'."
        ),
        "222222222222 lacks AWSCloudFormationStackSetExecutionRole",
    ),
    (
        (
            "You must enable organizations access to operate a service managed stack set "
            "(Service: CloudFormation; Error Code: ValidationError)"
        ),
        "StackSets may not act in the organisation",
    ),
    (
        (
            "You must be the management account or delegated admin account of an "
            "organization before operating a SERVICE_MANAGED stack set"
        ),
        "no delegated administrator of StackSets",
    ),
    (
        (
            "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab is pending deletion. "
            "(Service: Kms; Error Code: KMSInvalidStateException)"
        ),
        "the key is to be deleted",
    ),
    (
        ("Lambda was unable to decrypt the environment variables because KMS access was denied."),
        "may not use the key",
    ),
    (
        (
            "The ciphertext refers to a customer master key that does not exist, does not "
            "exist in this region, or you are not allowed to access."
        ),
        "may not use the key",
    ),
    (
        (
            "central-logs already exists in stack "
            "arn:aws:cloudformation:us-east-1:111111111111:stack/CentralLogs-production-pip"
            "eline/1"
        ),
        "CentralLogs-production-pipeline",
    ),
    (
        ("Resource of type 'AWS::Kinesis::Stream' with identifier 'central-logs' already exists."),
        "no stack of this deployment made",
    ),
    (
        (
            "Specified ReservedConcurrentExecutions for function decreases account's "
            "UnreservedConcurrentExecution below its minimum value of [50]."
        ),
        "leaves fewer than 50 executions",
    ),
    (
        (
            "This request would exceed the shard limit for the account 111111111111 in "
            "us-east-1. Current shard count for the account: 500. Limit: 500."
        ),
        "no shards left",
    ),
    (
        "Rate exceeded (Service: AWSLambda; Error Code: TooManyRequests)",
        "asked too often",
    ),
    (
        (
            "this action would add [2] shards, but this cluster currently has "
            "[1000]/[1000] maximum shards open;"
        ),
        "as many shards as its nodes take",
    ),
    (
        "LimitExceededException: You have reached the maximum number of domains",
        "a quota of the account is used up",
    ),
    (
        (
            "Stack:arn:aws:cloudformation:us-east-1:111111111111:stack/CentralLogs-sandbox-"
            "search/1 "
            "is in ROLLBACK_COMPLETE state and can not be updated."
        ),
        "can only be deleted",
    ),
    (
        "Stack a is in ROLLBACK_FAILED state and cannot be updated",
        "can only be deleted",
    ),
    (
        (
            "Stack:arn:aws:cloudformation:us-east-1:111111111111:stack/a/1 is in "
            "UPDATE_ROLLBACK_FAILED state and can not be updated."
        ),
        "taking a change back has failed as well",
    ),
    (
        "Stack a is in UPDATE_IN_PROGRESS state and can not be updated.",
        "under way",
    ),
    (
        "Stack [a] cannot be deleted while TerminationProtection is enabled",
        "protected against deletion",
    ),
    (
        (
            "The bucket you tried to delete is not empty. You must delete all versions in "
            "the bucket. (Service: Amazon S3; Status Code: 409; Error Code: "
            "BucketNotEmpty)"
        ),
        "a bucket with objects or old versions",
    ),
    (
        (
            "Export CentralLogs-sandbox-search:Out cannot be deleted as it is in use by "
            "CentralLogs-sandbox-pipeline"
        ),
        "CentralLogs-sandbox-pipeline still needs",
    ),
    (
        (
            "Template format error: Unresolved resource dependencies [Key] in the "
            "Resources block of the template"
        ),
        "the template is not one",
    ),
    (
        (
            "SSM parameter /cdk-bootstrap/hnb659fds/version not found. Has the "
            "environment been bootstrapped? Please run 'cdk bootstrap'"
        ),
        "not bootstrapped",
    ),
    (
        (
            "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: "
            "The specified key does not exist."
        ),
        "no longer has the function's code",
    ),
    (
        (
            "A change/update is in progress. Please wait for it to complete before "
            "requesting another change."
        ),
        "busy with a change",
    ),
    (
        "Invalid instance type: r9x.large.search",
        "does not have the instance type",
    ),
    (
        (
            '{"type":"cluster_block_exception","reason":"index [logs-inbox] blocked by: '
            "[TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has "
            'read-only-allow-delete block];"}'
        ),
        "disk is nearly full",
    ),
    (
        (
            "no permissions for [indices:data/write/bulk] and User "
            "[name=arn:aws:iam::111111111111:role/a, "
            "backend_roles=[arn:aws:iam::111111111111:role/a], requestedTenant=null]"
        ),
        "roles inside OpenSearch do not let",
    ),
    (
        ("Received response status [FAILED] from custom resource. Message returned: Error: 403"),
        "setup of OpenSearch has failed",
    ),
    (
        (
            "CloudFormation did not receive a response from your Custom Resource. Please "
            "check your logs for requestId [1]."
        ),
        "setup of OpenSearch has failed",
    ),
    (
        ("resource sg-0123456789abcdef0 has a dependent object (Service: Ec2, Status Code: 400)"),
        "a network interface",
    ),
    (
        "Network interface 'eni-0123' is currently in use.",
        "a network interface",
    ),
    (
        "2026-11-25T10:00:00Z 1234 Task timed out after 30.00 seconds",
        "its 30.00 seconds",
    ),
    (
        "RequestId: 1 Error: Runtime exited with error: signal: killed",
        "out of memory",
    ),
    (
        (
            "An error occurred (ServiceUnavailableException) when calling the "
            "PutRecordBatch operation (reached max retries: 4): Slow down."
        ),
        "Firehose takes no more",
    ),
    (
        ("ProvisionedThroughputExceededException: Rate exceeded for shard shardId-000000000000"),
        "the stream is too small",
    ),
]


@pytest.mark.parametrize(("words", "means"), WORDS, ids=range(len(WORDS)))
def test_words_of_aws_are_told_with_cause_fix_and_link(words: str, means: str) -> None:
    found = meaning(words)

    assert found is not None
    assert means in found.means
    assert found.fix
    assert found.link.startswith("https://docs.aws.amazon.com/")


def test_every_row_has_words_of_aws_that_it_is_for() -> None:
    used = {next(cause for cause in CAUSES if cause.words.search(words)) for words, _ in WORDS}

    assert set(CAUSES) - used == set()


def test_words_that_nobody_knows_have_no_meaning() -> None:
    assert meaning("Internal Failure") is None
