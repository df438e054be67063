"""One application's log group: kept as long as it should be, encrypted, and on its way to the door.

It holds in any account and region. Where the account's subscription policy sends every log group,
it makes the log group alone; else a subscription filter as well. It never does both, and its filter
has one name, so that a second launch for the same log group fails instead of sending it twice.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    - https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
"""

from collections.abc import Sequence
from typing import Final, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from infra.acknowledge import acknowledge, acknowledge_wildcard
from infra.constructs.common.statements import allow, say_why, service_role
from infra.names import policy_name

KEY_TAG: Final = "central-logs:product"
APPLICATION: Final = "application"
"""Tag of a key that this made, by which its launch role knows it again."""

NEW, EXISTING = "new", "existing"
BY_POLICY, BY_FILTER = "account-policy", "filter"

USES = ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext")
RE_ENCRYPTS = ("ReEncryptFrom", "ReEncryptTo")


class ApplicationOnboarding(Construct):
    """A log group by parameters, with a key and a subscription where they are wanted.

    Log group and key stay when the stack goes: what an application logged is not the stack's.

    Attributes:
        log_group: The log group, unless it is there already.
        key: Its key, unless one is given.
        role: CloudWatch Logs shows it to the door's policy, which names an organisation.
        filter: The subscription, where the account has no policy of its own.
    """

    def __init__(
        self, scope: Construct, id_: str, *, destination_arn: str, retentions: Sequence[int]
    ) -> None:
        super().__init__(scope, id_)
        self._parameters(retentions)
        self._conditions()
        self._rules()
        self.key = self._key()
        self.log_group = self._log_group()
        self.role = self._role()
        self.filter = self._filter(destination_arn)

    def _parameters(self, retentions: Sequence[int]) -> None:
        self._asked = Construct(self, "Parameters")
        self._name = self._parameter(
            "LogGroupName",
            "Name of the log group, such as /shop/checkout",
            allowed_pattern=r"^(?!/central-logs/)[\w./#-]{1,512}$",
            constraint_description="letters, digits and _ - / . #, not below /central-logs/",
        )
        self._group = self._parameter(
            "LogGroup",
            "Whether it is made, or is there and is subscribed only",
            allowed_values=[NEW, EXISTING],
            default=NEW,
        )
        self._subscription = self._parameter(
            "Subscription",
            "Whether the account's policy sends it, or a filter of its own",
            allowed_values=[BY_POLICY, BY_FILTER],
            default=BY_POLICY,
        )
        self._retention = self._parameter(
            "RetentionInDays",
            "Days that events stay in a new log group",
            type="Number",
            allowed_values=[str(days) for days in retentions],
            default=str(min(retentions, key=lambda days: abs(days - 90))),
        )
        self._given_key = self._parameter(
            "KeyArn",
            "KMS key of a new log group, which lets CloudWatch Logs use it; empty: one is made",
            allowed_pattern=r"^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+)?$",
            default="",
        )
        said = {"allowed_pattern": r"^[\w .:/=+@-]{1,256}$"}
        self._application = self._parameter("Application", "Tag 'application'", **said)
        self._owner = self._parameter("Owner", "Tag 'owner': a team or an address", **said)

    def _parameter(self, name: str, description: str, **more: object) -> cdk.CfnParameter:
        made = cdk.CfnParameter(self._asked, name, description=description, **more)  # type: ignore[arg-type]  # CDK's own properties, passed on
        made.override_logical_id(name)
        return made

    def _conditions(self) -> None:
        self._is_new = self._condition("IsNew", self._equals(self._group, NEW))
        self._has_filter = self._condition("HasFilter", self._equals(self._subscription, BY_FILTER))
        keyless = cdk.Fn.condition_and(
            self._equals(self._group, NEW), self._equals(self._given_key, "")
        )
        self._makes_key = self._condition("MakesKey", keyless)

    def _condition(self, name: str, expression: cdk.ICfnConditionExpression) -> cdk.CfnCondition:
        made = cdk.CfnCondition(self, name, expression=expression)
        made.override_logical_id(name)
        return made

    def _rules(self) -> None:
        """Without account policy or filter an existing log group would get nothing at all."""
        existing = cdk.CfnRule(
            self,
            "ExistingNeedsFilter",
            rule_condition=self._equals(self._group, EXISTING),
            assertions=[
                cdk.CfnRuleAssertion(
                    assert_=self._equals(self._subscription, BY_FILTER),
                    assert_description=(
                        "An existing log group that the account's policy sends needs no launch: "
                        "a filter beside the policy would send it twice"
                    ),
                ),
                cdk.CfnRuleAssertion(
                    assert_=self._equals(self._given_key, ""),
                    assert_description=(
                        "An existing log group keeps its key; aws logs associate-kms-key sets it"
                    ),
                ),
            ],
        )
        existing.override_logical_id("ExistingNeedsFilter")

    def _equals(self, parameter: cdk.CfnParameter, value: str) -> cdk.ICfnRuleConditionExpression:
        return cdk.Fn.condition_equals(parameter.value_as_string, value)

    def _key(self) -> kms.CfnKey:
        stack = cdk.Stack.of(self)
        made = kms.Key(
            self,
            "Key",
            description="Central logs: an application's log group",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        say_why(made, "KeyPolicy", "PoliciesOfTheAccountDecide")
        group = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:"
        made.add_to_resource_policy(
            iam.PolicyStatement(
                sid="EncryptTheLogGroup",
                principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
                actions=[f"kms:{action}" for action in (*USES, *RE_ENCRYPTS)],
                resources=["*"],  # in a key's policy: this key
                conditions={
                    "ArnEquals": {
                        "kms:EncryptionContext:aws:logs:arn": group + self._name.value_as_string
                    }
                },
            )
        )
        cdk.Tags.of(made).add(KEY_TAG, APPLICATION)
        return cast("kms.CfnKey", _only_if(made, self._makes_key))

    def _log_group(self) -> logs.CfnLogGroup:
        key = cdk.Fn.condition_if(
            self._makes_key.logical_id, self.key.attr_arn, self._given_key.value_as_string
        )
        made = logs.CfnLogGroup(
            self,
            "LogGroup",
            log_group_name=self._name.value_as_string,
            retention_in_days=self._retention.value_as_number,
            kms_key_id=key.to_string(),
            tags=[
                cdk.CfnTag(key="application", value=self._application.value_as_string),
                cdk.CfnTag(key="owner", value=self._owner.value_as_string),
            ],
        )
        made.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        made.cfn_options.condition = self._is_new
        acknowledge(
            made,
            "CloudFormation-Validate::F3031",
            "Without a key's ARN the condition chooses the key that is made",
        )
        return made

    def _role(self) -> iam.Role:
        stack = cdk.Stack.of(self)
        here = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}"
        role = service_role(
            self,
            "logs.amazonaws.com",
            why="SubscribeTheLogGroup",
            description="Central logs: an application's log group may be sent to the Destination",
            conditions={"StringLike": {"aws:SourceArn": f"{here}:*"}},
        )
        group = f"{here}:log-group:{self._name.value_as_string}:*"
        allow(role, "SendLogEvents", ["logs:PutLogEvents"], [group])
        acknowledge_wildcard(role, group, "The streams of one log group, which its writers name")
        for part in (role, role.node.find_child("DefaultPolicy")):
            _only_if(part, self._has_filter)
        return role

    def _filter(self, destination_arn: str) -> logs.CfnSubscriptionFilter:
        name = cdk.Fn.condition_if(
            self._is_new.logical_id, self.log_group.ref, self._name.value_as_string
        )
        made = logs.CfnSubscriptionFilter(
            self,
            "Filter",
            destination_arn=destination_arn,
            distribution="Random",  # by log stream, one busy stream would fill one shard
            filter_name=policy_name(cdk.Stack.of(self).region),
            filter_pattern="",
            log_group_name=name.to_string(),
            role_arn=self.role.role_arn,
        )
        made.cfn_options.condition = self._has_filter
        made.node.add_dependency(self.role.node.find_child("DefaultPolicy"))
        return made


def _only_if(construct: IConstruct, condition: cdk.CfnCondition) -> cdk.CfnResource:
    """Make what a construct stands for only if a condition holds."""
    resource = cast("cdk.CfnResource", construct.node.default_child)
    resource.cfn_options.condition = condition
    return resource
