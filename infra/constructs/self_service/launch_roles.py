"""The two launch roles: of the member baseline, and of one application's onboarding."""

import aws_cdk as cdk
from constructs import Construct

from infra.constructs.members.application_onboarding import APPLICATION, KEY_TAG
from infra.constructs.self_service.launch_role import BY_ITS_STACK, LaunchRole
from infra.names import CENTRAL_LOGS, LAUNCH_APPLICATION_ROLE, LAUNCH_BASELINE_ROLE

LOGS, EVENTS = "logs.amazonaws.com", "events.amazonaws.com"

OF_ACCOUNT_POLICIES = ("DeleteAccountPolicy", "DescribeAccountPolicies", "PutAccountPolicy")
OF_RULES = (
    *("DeleteRule", "DescribeRule", "ListTagsForResource", "ListTargetsByRule", "PutRule"),
    *("PutTargets", "RemoveTargets", "TagResource", "UntagResource"),
)
OF_LOG_GROUPS = (
    *("AssociateKmsKey", "CreateLogGroup", "DeleteRetentionPolicy", "DeleteSubscriptionFilter"),
    *("DescribeIndexPolicies", "DescribeLogGroups", "DescribeSubscriptionFilters"),
    *("GetDataProtectionPolicy", "ListTagsForResource", "PutRetentionPolicy"),
    *("PutSubscriptionFilter", "TagResource", "UntagResource"),
)
OF_KEYS = (
    *("DescribeKey", "EnableKeyRotation", "GetKeyPolicy", "GetKeyRotationStatus"),
    *("ListResourceTags", "PutKeyPolicy"),
)


class LaunchRoles(Construct):
    """What each product's stack makes, right by right.

    Neither role deletes a log group or a key: the product leaves both where they are.

    Attributes:
        baseline: Launches what a member gets.
        application: Launches the log group of one application.
    """

    def __init__(self, scope: Construct, id_: str, *, central: str) -> None:
        super().__init__(scope, id_)
        self._stack = cdk.Stack.of(self)
        self.baseline = self._baseline()
        self.application = self._application(central)

    def _baseline(self) -> LaunchRole:
        made = LaunchRole(
            self,
            "Baseline",
            name=LAUNCH_BASELINE_ROLE,
            product="member baseline",
            passed_to=[LOGS, EVENTS],
        )
        whole = "A subscription policy is of the whole account and of every log group in it"
        made.allow("SubscribeTheAccount", "logs", OF_ACCOUNT_POLICIES, "*", whole)
        made.allow("SubscribeLogGroups", "logs", ["PutSubscriptionFilter"], "*", whole)
        rules = self._arn("events", "rule/SC-*")
        made.allow("ForwardEvents", "events", OF_RULES, rules, BY_ITS_STACK)
        return made

    def _application(self, central: str) -> LaunchRole:
        made = LaunchRole(
            self,
            "Application",
            name=LAUNCH_APPLICATION_ROLE,
            product="application onboarding",
            passed_to=[LOGS],
        )
        groups = self._arn("logs", "log-group:*")
        named = "An application names its log group when it is launched"
        made.allow("MakeTheLogGroup", "logs", OF_LOG_GROUPS, groups, named)
        door = f"arn:{self._stack.partition}:logs:*:{central}:destination:{CENTRAL_LOGS}"
        made.allow(
            "SubscribeToTheDoor", "logs", ["PutSubscriptionFilter"], door, "The door of each region"
        )
        key = "A key has no name, and none before it is made"
        making = {"StringEquals": {f"aws:RequestTag/{KEY_TAG}": APPLICATION}}
        keeping = {"StringEquals": {f"aws:ResourceTag/{KEY_TAG}": APPLICATION}}
        keys = self._arn("kms", "key/*")
        made.allow("MakeAKey", "kms", ["CreateKey", "TagResource"], "*", key, conditions=making)
        made.allow("KeepTheKey", "kms", OF_KEYS, keys, key, conditions=keeping)
        return made

    def _arn(self, service: str, resource: str) -> str:
        stack = self._stack
        return f"arn:{stack.partition}:{service}:*:{stack.account}:{resource}"
