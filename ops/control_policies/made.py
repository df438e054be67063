"""What CloudFormation calls to make each type of resource that a deployment has.

Only what it calls every time: a policy that denies one of these stops the deployment. A test
compares them with the permissions in each type's schema, and the types with the templates.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
"""

from collections.abc import Mapping
from typing import Final

CREATES: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::CloudFormation::StackSet": (
        "cloudformation:CreateStackInstances",
        "cloudformation:CreateStackSet",
    ),
    "AWS::CloudWatch::Alarm": ("cloudwatch:PutMetricAlarm",),
    "AWS::Cognito::IdentityPool": ("cognito-identity:CreateIdentityPool",),
    "AWS::Cognito::IdentityPoolRoleAttachment": ("cognito-identity:SetIdentityPoolRoles",),
    "AWS::Cognito::UserPool": ("cognito-idp:CreateUserPool",),
    "AWS::Cognito::UserPoolDomain": ("cognito-idp:CreateUserPoolDomain",),
    "AWS::Cognito::UserPoolGroup": ("cognito-idp:CreateGroup",),
    "AWS::Config::ConfigRule": ("config:PutConfigRule",),
    "AWS::Config::ConfigurationAggregator": ("config:PutConfigurationAggregator",),
    "AWS::Config::RemediationConfiguration": ("config:PutRemediationConfigurations",),
    "AWS::EC2::FlowLog": ("ec2:CreateFlowLogs",),
    "AWS::EC2::RouteTable": ("ec2:CreateRouteTable",),
    "AWS::EC2::SecurityGroup": ("ec2:CreateSecurityGroup",),
    "AWS::EC2::SecurityGroupIngress": ("ec2:AuthorizeSecurityGroupIngress",),
    "AWS::EC2::Subnet": ("ec2:CreateSubnet",),
    "AWS::EC2::SubnetRouteTableAssociation": ("ec2:AssociateRouteTable",),
    "AWS::EC2::VPC": ("ec2:CreateVpc",),
    "AWS::EC2::VPCEndpoint": ("ec2:CreateVpcEndpoint",),
    "AWS::Events::EventBus": ("events:CreateEventBus",),
    "AWS::Events::EventBusPolicy": ("events:PutPermission",),
    "AWS::Events::Rule": ("events:PutRule", "events:PutTargets"),
    "AWS::IAM::ManagedPolicy": ("iam:CreatePolicy",),
    "AWS::IAM::Policy": ("iam:PutRolePolicy",),
    "AWS::IAM::Role": ("iam:CreateRole",),
    "AWS::KMS::Alias": ("kms:CreateAlias",),
    "AWS::KMS::Key": ("kms:CreateKey",),
    "AWS::Kinesis::Stream": ("kinesis:CreateStream",),
    "AWS::KinesisFirehose::DeliveryStream": ("firehose:CreateDeliveryStream", "iam:PassRole"),
    "AWS::Lambda::EventSourceMapping": ("lambda:CreateEventSourceMapping",),
    "AWS::Lambda::Function": ("iam:PassRole", "lambda:CreateFunction"),
    "AWS::Lambda::Permission": ("lambda:AddPermission",),
    "AWS::Logs::AccountPolicy": ("logs:PutAccountPolicy",),
    "AWS::Logs::DeliveryDestination": ("logs:PutDeliveryDestination",),
    "AWS::Logs::Destination": ("logs:PutDestination", "logs:PutDestinationPolicy"),
    "AWS::Logs::LogGroup": ("logs:CreateLogGroup",),
    "AWS::Logs::LogStream": ("logs:CreateLogStream",),
    "AWS::Logs::ResourcePolicy": ("logs:PutResourcePolicy",),
    "AWS::ObservabilityAdmin::OrganizationCentralizationRule": (
        "observabilityadmin:CreateCentralizationRuleForOrganization",
    ),
    "AWS::ObservabilityAdmin::OrganizationTelemetryRule": (
        "observabilityadmin:CreateTelemetryRuleForOrganization",
    ),
    "AWS::OpenSearchService::Domain": ("es:CreateDomain",),
    "AWS::S3::Bucket": ("s3:CreateBucket",),
    "AWS::S3::BucketPolicy": ("s3:PutBucketPolicy",),
    "AWS::SNS::Subscription": ("sns:Subscribe",),
    "AWS::SNS::Topic": ("sns:CreateTopic",),
    "AWS::SNS::TopicPolicy": ("sns:SetTopicAttributes",),
    "AWS::SQS::Queue": ("sqs:CreateQueue",),
    "AWS::SQS::QueuePolicy": ("sqs:SetQueueAttributes",),
    "AWS::SSM::Association": ("ssm:CreateAssociation",),
    "AWS::SSM::Document": ("ssm:CreateDocument",),
    "AWS::SSM::Parameter": ("ssm:PutParameter",),
    "AWS::Scheduler::Schedule": ("scheduler:CreateSchedule",),
    "AWS::SecurityHub::ConfigurationPolicy": ("securityhub:CreateConfigurationPolicy",),
    "AWS::SecurityHub::OrganizationConfiguration": ("securityhub:UpdateOrganizationConfiguration",),
    "AWS::SecurityHub::PolicyAssociation": ("securityhub:StartConfigurationPolicyAssociation",),
    "AWS::ServiceCatalog::CloudFormationProduct": ("servicecatalog:CreateProduct",),
    "AWS::ServiceCatalog::LaunchRoleConstraint": ("servicecatalog:CreateConstraint",),
    "AWS::ServiceCatalog::Portfolio": ("servicecatalog:CreatePortfolio",),
    "AWS::ServiceCatalog::PortfolioPrincipalAssociation": (
        "servicecatalog:AssociatePrincipalWithPortfolio",
    ),
    "AWS::ServiceCatalog::PortfolioProductAssociation": (
        "servicecatalog:AssociateProductWithPortfolio",
    ),
    "AWS::ServiceCatalog::TagOption": ("servicecatalog:CreateTagOption",),
    "AWS::ServiceCatalog::TagOptionAssociation": ("servicecatalog:AssociateTagOptionWithResource",),
}
