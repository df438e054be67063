"""Statements that are wider than ``policy_rules`` wants, and why each is right.

By rule, holder and ``Sid``; a test fails when one is not needed any more.
"""

from collections.abc import Mapping
from typing import Final

from tests.infra.policy_rules import Finding

_ROOT = (
    "the key's policy leaves the decision to the account's IAM policies, as AWS makes it for new "
    "keys, and keeps the key manageable: "
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"
)
_WITHOUT_ROLE = (
    "the service writes to the queue as itself, for the accounts that aws:SourceAccount names; "
    "AWS's policy for it has no kms:ViaService: https://docs.aws.amazon.com/AWSSimpleQueueService/"
    "latest/SQSDeveloperGuide/sqs-key-management.html#compatibility-with-aws-services"
)
_COPIES = (
    "CloudWatch Logs uses the key of a log group as itself and sends no source key that its page "
    "names; the encryption context is the ARN of a copied log group of this account: "
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"
)
_KNOCKING = (
    "a caller needs an IAM policy of its own as well, and each request a role inside OpenSearch; "
    "only the account's own roles may knock: "
    "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html"
)
_LAMBDA = (
    "a function takes a role of its own account only, because none can be passed to another: "
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
)
_FIREHOSE = (
    "Firehose documents no source key; it gives the account of the delivery stream as external id: "
    "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#firehose-assume-role"
)
_LOGS = (
    "any account of the organisation may be behind the Destination, so the ARN cannot name one; "
    "whether aws:SourceOrgID is sent is not documented, so it counts where it is, and who may "
    "subscribe is said by the Destination's policy: https://docs.aws.amazon.com/AmazonCloudWatch/"
    "latest/logs/CrossAccountSubscriptions-Kinesis-Account.html"
)
_LISTED = (
    "without an organisation accounts are named one by one, and whom an account lets use its "
    "right is the account's own affair, as on AWS's page for single accounts: "
)
_SUBSCRIBES = (
    f"{_LISTED}https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/"
    "CreateDestination-Account.html"
)
_PUTS = f"{_LISTED}https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html"
_DELIVERS = (
    f"{_LISTED}https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/"
    "AWS-vended-logs-permissions-V2.html"
)
_LOOKS = (
    "Firehose asks for these paths, whose middle is the id of a node or an index by its day: "
    "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es"
)
_EC2_LISTS = (
    "EC2's Describe actions take no resource; each only reads: "
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html"
)
_LAMBDA_INTERFACES = (
    "Lambda documents every resource of account and region and nothing narrower, and so that the "
    "function's own code is denied all of it: "
    "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"
)
_FIREHOSE_INTERFACES = (
    "an interface has no id before it is there: subnets and groups are named beside it when it is "
    "made, and afterwards the VPC is the condition: "
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html"
)
_ORGANISATION = (
    "accounts and units are named by the management account, which the deployment does not "
    "know, and ListAccounts, ListRoots and DescribeOrganization take no resource; each only "
    "reads: https://docs.aws.amazon.com/service-authorization/latest/reference/"
    "list_awsorganizations.html"
)
_LISTS_GROUPS = (
    "DescribeLogGroups lists, and the service asks for it by its documented policy: "
    "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html"
)
_IN_THE_VPC = (
    *("NormaliseFunctionRole", "ObjectReaderFunctionRole"),
    *("OrganisationFunctionRole", "SearchSetupFunctionRole"),
)
_HOST = (
    "a host acts for itself; most of these actions take no resource, and documents and packages "
    "of AWS are no resources of the account. AWS's own policy has them so, and with them every "
    "parameter, which this one has not: https://docs.aws.amazon.com/aws-managed-policy/latest/"
    "reference/AmazonSSMManagedInstanceCore.html"
)
_ORGANIZATIONS = (
    "these actions take no resource, and each only reads: https://docs.aws.amazon.com/"
    "service-authorization/latest/reference/list_awsorganizations.html"
)
_TRAIL_KEY = (
    "CloudTrail uses the key as itself, for the one trail of the condition; this is AWS's policy: "
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
    "create-kms-key-policy-for-cloudtrail.html"
)

_LAUNCH = (
    "Service Catalog documents no source key for launch roles, whose trust names the service "
    "alone; a launch constraint can name a role of the launching account only: "
    "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html"
)
_LAUNCHED = (
    "a launch names its stack, and the stack its resources, when it is made, in any region: "
    "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html"
)
_TEMPLATE = (
    "Service Catalog keeps templates in a bucket of its own and tags them; the tag is the "
    "condition, and a template that is checked belongs to no stack yet: "
    "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html"
)
_ACCOUNT = (
    "an account policy has no ARN, and covers every log group: "
    "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html"
)
_OWN_KEY = (
    "a key has no name before it is made, and its maker administers it; the tag that the product "
    "sets is the condition: https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html"
)
_ANY_GROUP = (
    "any log group of account and region may be found without retention or key: "
    "https://docs.aws.amazon.com/config/latest/developerguide/remediation.html"
)
_ALIAS = (
    "each account has its own key under the alias, which is the condition; to describe is no use "
    "of it: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"
    "#conditions-kms-resource-aliases"
)
_LISTS = (
    "these actions take no resource, or list every log group: "
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html"
)

ACCEPTED: Final[Mapping[Finding, str]] = {
    Finding("anybody", "DoorDestination", "ListedAccountsMaySubscribe"): _SUBSCRIBES,
    Finding("anybody", "EventsBus", "accounts"): _PUTS,
    Finding("anybody", "ObjectBus", "announce999999999999"): _PUTS,
    Finding("anybody", "DeliveryDestination", "ListedAccountsDeliver"): _DELIVERS,
    Finding("every_action", "Key", "PoliciesOfTheAccountDecide"): _ROOT,
    Finding("anybody", "Key", "PoliciesOfTheAccountDecide"): _ROOT,
    Finding("bare_key", "Key", "PoliciesOfTheAccountDecide"): _ROOT,
    Finding("bare_key", "Key", "RulesFillTheQueues"): _WITHOUT_ROLE,
    Finding("bare_key", "Key", "BucketsAnnounceObjects"): _WITHOUT_ROLE,
    Finding("bare_key", "Key", "AlarmsPublish"): (
        "an alarm has no role, CloudWatch writes to the topic as itself, for this account; AWS's "
        "policy for it has no kms:ViaService: https://docs.aws.amazon.com/sns/latest/dg/"
        "sns-key-management.html#compatibility-with-aws-services"
    ),
    Finding("confused_deputy", "Key", "CopiedLogGroupsAreKept"): _COPIES,
    Finding("every_action", "SearchDomain", "RolesOfTheAccountMayKnock"): _KNOCKING,
    Finding("anybody", "SearchDomain", "RolesOfTheAccountMayKnock"): _KNOCKING,
    Finding("every_action", "SearchPrivateDomain", "RolesOfTheAccountMayKnock"): _KNOCKING,
    Finding("anybody", "SearchPrivateDomain", "RolesOfTheAccountMayKnock"): _KNOCKING,
    Finding("confused_deputy", "LogGroupCheckFunctionRole", "RunTheFunction"): _LAMBDA,
    Finding("confused_deputy", "LogGroupCheckFunction", "LogGroupCheckConfigMayAsk"): (
        "Lambda has no permission for the accounts of an organisation, and units hold accounts "
        "that nobody knows; whoever calls gets an answer only through a role in its own account: "
        "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"
    ),
    Finding("wide_resource", "LogGroupCheckFunctionRole", "ReadInTheAccountOfTheRule"): (
        "the role of one name in any account, as long as it is of the organisation: "
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
        "#condition-keys-resourceorgid"
    ),
    Finding("every_resource", "LogGroupReaderRole", "ReadLogGroups"): _LISTS,
    Finding("every_resource", "LogGroupReaderRole", "SayWhatWasFound"): (
        "evaluations take no resource: https://docs.aws.amazon.com/service-authorization/latest/"
        "reference/list_awsconfig.html"
    ),
    Finding("confused_deputy", "LaunchBaselineRole", "LaunchProducts"): _LAUNCH,
    Finding("wide_resource", "LaunchBaselineRole", "LaunchTheStack"): _LAUNCHED,
    Finding("wide_resource", "LaunchBaselineRole", "ForwardEvents"): _LAUNCHED,
    Finding("every_resource", "LaunchBaselineRole", "CheckTheTemplate"): _TEMPLATE,
    Finding("every_resource", "LaunchBaselineRole", "ReadTheTemplate"): _TEMPLATE,
    Finding("every_resource", "LaunchBaselineRole", "SubscribeTheAccount"): _ACCOUNT,
    Finding("every_resource", "LaunchBaselineRole", "SubscribeLogGroups"): _ACCOUNT,
    Finding("confused_deputy", "LaunchApplicationRole", "LaunchProducts"): _LAUNCH,
    Finding("wide_resource", "LaunchApplicationRole", "LaunchTheStack"): _LAUNCHED,
    Finding("every_resource", "LaunchApplicationRole", "CheckTheTemplate"): _TEMPLATE,
    Finding("every_resource", "LaunchApplicationRole", "ReadTheTemplate"): _TEMPLATE,
    Finding("wide_resource", "LaunchApplicationRole", "MakeTheLogGroup"): _LAUNCHED,
    Finding("wide_resource", "LaunchApplicationRole", "SubscribeToTheDoor"): _LAUNCHED,
    Finding("every_resource", "LaunchApplicationRole", "MakeAKey"): _OWN_KEY,
    Finding("bare_key", "LaunchApplicationRole", "MakeAKey"): _OWN_KEY,
    Finding("wide_resource", "LaunchApplicationRole", "KeepTheKey"): _OWN_KEY,
    Finding("bare_key", "LaunchApplicationRole", "KeepTheKey"): _OWN_KEY,
    Finding("wide_resource", "LogGroupsRemediationRole", "FindTheLogGroup"): _ANY_GROUP,
    Finding("wide_resource", "LogGroupsRemediationRole", "SetRetention"): _ANY_GROUP,
    Finding("wide_resource", "LogGroupsRemediationRole", "AssociateTheKey"): _ANY_GROUP,
    Finding("wide_resource", "LogGroupsRemediationRole", "FindTheKeyOfTheAlias"): _ALIAS,
    Finding("bare_key", "LogGroupsRemediationRole", "FindTheKeyOfTheAlias"): _ALIAS,
    Finding("confused_deputy", "NormaliseFunctionRole", "RunTheFunction"): _LAMBDA,
    Finding("confused_deputy", "ObjectReaderFunctionRole", "RunTheFunction"): _LAMBDA,
    Finding("confused_deputy", "OrganisationFunctionRole", "RunTheFunction"): _LAMBDA,
    Finding("confused_deputy", "SearchSetupFunctionRole", "RunTheFunction"): _LAMBDA,
    Finding("confused_deputy", "SearchSetupProviderLogsRole", "RunTheFunction"): _LAMBDA,
    Finding("confused_deputy", "DeliveryStreamRole", "DeliverForThisAccount"): _FIREHOSE,
    Finding("confused_deputy", "RawArchiveRole", "DeliverForThisAccount"): _FIREHOSE,
    Finding("confused_deputy", "DoorRole", "PassOnWhatTheRegionLogs"): _LOGS,
    Finding("wide_resource", "DeliveryStreamRole", "LookAtTheIndex"): _LOOKS,
    Finding("wide_resource", "DoorRole", "EncryptRecords"): (
        "a key in another region has no id that could be known here; its alias is the condition: "
        "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"
        "#conditions-kms-resource-aliases"
    ),
    Finding("wide_resource", "SubscriptionRole", "SendLogEvents"): (
        "the subscription is for every log group of account and region, those of tomorrow too: "
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/"
        "CrossAccountSubscriptions-Kinesis-Account.html"
    ),
    Finding("every_resource", "OrganisationFunctionRole", "ReadTheOrganisation"): _ORGANISATION,
    Finding("every_resource", "EndpointsOrganizations", "ReadTheOrganisation"): _ORGANISATION,
    Finding("confused_deputy", "PreparationFunctionRole", "RunTheFunction"): _LAMBDA,
    Finding("confused_deputy", "PreparationProviderLogsRole", "RunTheFunction"): _LAMBDA,
    Finding("every_resource", "PreparationFunctionRole", "LookAtTheNetwork"): _EC2_LISTS,
    Finding("every_resource", "MadeFlowLogsRole", "FindTheLogGroup"): _LISTS_GROUPS,
    Finding("every_resource", "DeliveryStreamRole", "LookAtTheNetwork"): _EC2_LISTS,
    Finding("wide_resource", "DeliveryStreamRole", "MakeNetworkInterfaces"): _FIREHOSE_INTERFACES,
    Finding("wide_resource", "DeliveryStreamRole", "KeepNetworkInterfaces"): _FIREHOSE_INTERFACES,
    **{Finding("every_resource", role, "LookAtTheNetwork"): _EC2_LISTS for role in _IN_THE_VPC},
    **{
        Finding("wide_resource", role, "KeepNetworkInterfaces"): _LAMBDA_INTERFACES
        for role in _IN_THE_VPC
    },
    Finding("every_resource", "HostsHostPolicy", "BeManaged"): _HOST,
    Finding("every_resource", "HostsHostPolicy", "BeToldWhatIsDue"): _HOST,
    Finding("wide_resource", "HostsHostPolicy", "CompareRetention"): (
        "the agent looks whether a group has its retention; groups are described by a beginning "
        "of their names, for which IAM knows no narrower resource, and only names and settings are "
        "told: https://docs.aws.amazon.com/service-authorization/latest/reference/"
        "list_amazoncloudwatchlogs.html"
    ),
    Finding("every_action", "Key", "TrailEncryptsLogFiles"): _TRAIL_KEY,
    Finding("bare_key", "Key", "TrailLooksAtTheKey"): _TRAIL_KEY,
    Finding("confused_deputy", "EnrolmentFunctionRole", "RunTheFunction"): _LAMBDA,
    Finding("confused_deputy", "EnrolmentProviderLogsRole", "RunTheFunction"): _LAMBDA,
    Finding("every_resource", "ConfigRole", "ListTheAccounts"): _ORGANIZATIONS,
    Finding("every_resource", "EnrolmentFunctionRole", "ListTheAccounts"): _ORGANIZATIONS,
    Finding("every_resource", "EnrolmentFunctionRole", "LookAtTheOrganisation"): _ORGANIZATIONS,
    Finding("every_resource", "EnrolmentFunctionRole", "EnrolInInspector"): (
        "Inspector's actions for accounts take no resource: https://docs.aws.amazon.com/"
        "service-authorization/latest/reference/list_amazoninspector2.html"
    ),
    Finding("every_resource", "EnrolmentFunctionRole", "FindOrMakeTheDetector"): (
        "a detector that is yet to be found or made has no ARN: https://docs.aws.amazon.com/"
        "service-authorization/latest/reference/list_amazonguardduty.html"
    ),
    Finding("every_resource", "EnrolmentFunctionRole", "PrepareSecurityHub"): (
        "a hub and an aggregator that are yet to be made have no ARN: https://docs.aws.amazon.com/"
        "service-authorization/latest/reference/list_awssecurityhub.html"
    ),
    Finding("every_resource", "EnrolmentFunctionRole", "LookAtResourcesOfTheOrganisation"): (
        "the evaluation is the organisation's, its actions take no resource: "
        "https://docs.aws.amazon.com/service-authorization/latest/reference/"
        "list_amazoncloudwatchobservabilityadminservice.html"
    ),
    Finding("wide_resource", "EnrolmentFunctionRole", "ConfigureTheDetector"): (
        "a detector's id is AWS's choice; an account has one in a region: "
        "https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html"
    ),
}
