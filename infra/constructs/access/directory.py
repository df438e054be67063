"""A directory of people: who they are, and how they prove it."""

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from constructs import Construct


class Directory(Construct):
    """People whom somebody invited, with a second factor, and a pool that gives them IAM roles.

    Nobody signs up by himself, and Cognito looks out for leaked passwords and strange sign-ins.

    References:
        - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
        - https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html

    Attributes:
        people: The user pool.
        page: Its sign-in page, which a domain asks for.
        identities: The identity pool. OpenSearch Service makes itself known to it.
    """

    def __init__(
        self, scope: Construct, id_: str, *, domain_prefix: str, removal: cdk.RemovalPolicy
    ) -> None:
        super().__init__(scope, id_)
        self.people = cognito.UserPool(
            self,
            "People",
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=removal == cdk.RemovalPolicy.RETAIN,
            feature_plan=cognito.FeaturePlan.PLUS,
            mfa=cognito.Mfa.REQUIRED,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=cognito.PasswordPolicy(
                min_length=14,
                require_digits=True,
                require_lowercase=True,
                require_symbols=True,
                require_uppercase=True,
                temp_password_validity=cdk.Duration.days(3),
            ),
            removal_policy=removal,
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True, email=True),
            standard_threat_protection_mode=cognito.StandardThreatProtectionMode.FULL_FUNCTION,
        )
        self.page = cognito.CfnUserPoolDomain(
            self, "Page", domain=domain_prefix, user_pool_id=self.people.user_pool_id
        )
        self.identities = cognito.CfnIdentityPool(
            self, "Identities", allow_unauthenticated_identities=False
        )
        self.identities.apply_removal_policy(removal)
