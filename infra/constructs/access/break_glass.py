"""The role for an emergency, and the alarm that says it was used."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config.access import BreakGlass as BreakGlassConfig
from infra.constructs.common.statements import say_why

WITH_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
"""Rules leave out calls that CloudTrail counts as reading, and AssumeRole is one:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html"""


class BreakGlass(Construct):
    """A role that named users may take with a second factor, in the central region only.

    STS is called in any region, and CloudTrail tells the bus of the region that was called: a role
    that could be taken elsewhere would be taken unheard. The rule needs a trail that logs the
    account's management events; without one EventBridge hears of no call.

    References:
        - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
        - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion

    Attributes:
        role: The role; it may do nothing until it is let.
        topic: Where each use is told.
    """

    def __init__(
        self, scope: Construct, id_: str, *, config: BreakGlassConfig, key: kms.IKey
    ) -> None:
        super().__init__(scope, id_)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=_with_a_second_factor(config, cdk.Stack.of(self).region),
            description="Central logs: everything inside the log domain, in an emergency",
            max_session_duration=cdk.Duration.hours(config.session_hours),
        )
        say_why(self.role, "AssumeRolePolicyDocument", "NamedUsersInAnEmergency")
        self.topic = sns.Topic(
            self, "Used", display_name="Central logs: break glass", enforce_ssl=True, master_key=key
        )
        for number, address in enumerate(config.notify):
            sns.CfnSubscription(
                self,
                f"Hears{number}",
                topic_arn=self.topic.topic_arn,
                protocol="email",
                endpoint=address,
            )
        self._tell_each_use()

    def _tell_each_use(self) -> None:
        """Calls of AssumeRole, granted or not, and the console's change of role."""
        rule = events.CfnRule(
            self,
            "Rule",
            description="Central logs: somebody took the break-glass role, or tried",
            event_pattern=uses_of(self.role.role_arn, self.role.role_name),
            state=WITH_READS,
            targets=[
                events.CfnRule.TargetProperty(
                    arn=self.topic.topic_arn, id="Used", input_transformer=_MESSAGE
                )
            ],
        )
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="TheRuleTellsEachUse",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
            )
        )
        say_why(self.topic.node.find_child("Policy"), "PolicyDocument", "RefuseWithoutTls")


def uses_of(role_arn: str, role_name: str) -> dict[str, object]:
    """The pattern of events that say that somebody took a role, or tried.

    A change of role in the console is an event of the sign-in service, whose user is the role's
    session.

    Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
    """
    called = {
        "eventSource": ["sts.amazonaws.com"],
        "eventName": ["AssumeRole"],
        "requestParameters": {"roleArn": [role_arn]},
    }
    switched = {
        "eventSource": ["signin.amazonaws.com"],
        "eventName": ["SwitchRole"],
        "userIdentity": {"arn": [{"wildcard": f"*:assumed-role/{role_name}/*"}]},
    }
    return {"detail": {"$or": [called, switched]}}


_MESSAGE = events.CfnRule.InputTransformerProperty(
    input_paths_map={
        "who": "$.detail.userIdentity.arn",
        "what": "$.detail.eventName",
        "from": "$.detail.sourceIPAddress",
        "when": "$.detail.eventTime",
        "error": "$.detail.errorCode",
    },
    input_template=(
        '"Break glass: <who> called <what> at <when> from <from>. Error, where it was refused: '
        '<error>. What to do: docs/deploy/access.md, break glass."'
    ),
)


def _with_a_second_factor(config: BreakGlassConfig, region: str) -> iam.IPrincipal:
    """The users, each by its name.

    Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
    """
    named = iam.CompositePrincipal(*(iam.ArnPrincipal(arn) for arn in config.principals))
    return named.with_conditions(
        {
            "Bool": {"aws:MultiFactorAuthPresent": "true"},
            "StringEquals": {"aws:RequestedRegion": region},
        }
    )
