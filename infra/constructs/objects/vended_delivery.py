"""Where other accounts' resources deliver vended logs to: what stands for the bucket in CloudWatch.

A delivery of vended logs has a source, in the account and region of what is logged, and a
destination, which may be another account's. That of CloudFront is in one region for all, and its
bucket may be anywhere.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-vended-logs-permissions-V2.html
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/vended-logs-crossaccount-example.html
    - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
"""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.names import LOG_DELIVERY
from infra.senders import Senders

FORMAT: Final = "json"
"""One object a line, each value under its field's name, so that any choice of fields is understood;
AWS changes it for no destination that is there."""


class VendedDelivery(Construct):
    """A delivery destination that senders and nobody else may deliver to.

    Attributes:
        destination: Of type ``S3``; its name is ``central-logs``.
    """

    def __init__(self, scope: Construct, id_: str, *, bucket: str, senders: Senders) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": senders.either("OrganisationDelivers", "ListedAccountsDeliver"),
                    "Effect": "Allow",
                    "Principal": senders.principals,
                    "Action": "logs:CreateDelivery",
                    "Resource": delivery_arn(stack.account, stack.region, stack.partition),
                    **senders.callers,
                }
            ],
        }
        self.destination = logs.CfnDeliveryDestination(
            self,
            "Destination",
            name=LOG_DELIVERY,
            destination_resource_arn=f"arn:{stack.partition}:s3:::{bucket}",
            output_format=FORMAT,
            delivery_destination_policy=logs.CfnDeliveryDestination.DestinationPolicyProperty(
                delivery_destination_name=LOG_DELIVERY, delivery_destination_policy=policy
            ),
        )


def delivery_arn(account: str, region: str, partition: str) -> str:
    """The ARN that whoever makes a delivery must type."""
    return f"arn:{partition}:logs:{region}:{account}:delivery-destination:{LOG_DELIVERY}"
