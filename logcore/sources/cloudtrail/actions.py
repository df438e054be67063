"""What kind of event a call is: ECS category and type by API name, and how it ended.

Reference: https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from logcore.codec import Plain


class Kind(NamedTuple):
    """ECS ``event.category`` and ``event.type``."""

    category: tuple[str, ...]
    type: tuple[str, ...]


NAMES: dict[tuple[str, str], str] = {
    ("iam", "user change"): """
        AttachUserPolicy ChangePassword CreateAccessKey CreateVirtualMFADevice DeactivateMFADevice
        DeleteAccessKey DeleteSSHPublicKey DeleteUserPermissionsBoundary DeleteUserPolicy
        DeleteVirtualMFADevice DetachUserPolicy EnableMFADevice PutUserPermissionsBoundary
        PutUserPolicy TagUser UntagUser UpdateAccessKey UpdateLoginProfile UpdateSSHPublicKey
        UpdateUser iam:CreateLoginProfile iam:CreateServiceSpecificCredential
        iam:DeleteLoginProfile iam:DeleteServiceSpecificCredential iam:DeleteSigningCertificate
        iam:ResetServiceSpecificCredential iam:ResyncMFADevice iam:UpdateServiceSpecificCredential
        iam:UpdateSigningCertificate iam:UploadSSHPublicKey iam:UploadSigningCertificate
        cognito-idp:AdminDisableUser cognito-idp:AdminEnableUser cognito-idp:AdminSetUserPassword
        cognito-idp:AdminUpdateUserAttributes""",
    ("iam", "user creation"): "CreateUser cognito-idp:AdminCreateUser cognito-idp:SignUp",
    ("iam", "user deletion"): "DeleteUser cognito-idp:AdminDeleteUser",
    ("iam", "user info"): """
        GetUser GetUserPolicy ListAttachedUserPolicies ListGroupsForUser ListUserPolicies ListUsers
        ListUserTags iam:GetAccessKeyLastUsed iam:GetLoginProfile iam:GetSSHPublicKey
        iam:ListAccessKeys iam:ListMFADevices iam:ListSSHPublicKeys
        iam:ListServiceSpecificCredentials iam:ListSigningCertificates iam:ListVirtualMFADevices
        identitystore:DescribeUser""",
    ("iam", "group change"): """
        AddUserToGroup AttachGroupPolicy DeleteGroupPolicy DetachGroupPolicy PutGroupPolicy
        RemoveUserFromGroup UpdateGroup cognito-idp:AdminAddUserToGroup
        cognito-idp:AdminRemoveUserFromGroup identitystore:CreateGroupMembership
        identitystore:DeleteGroupMembership sso-directory:AddMemberToGroup
        sso-directory:RemoveMemberFromGroup""",
    ("iam", "group creation"): "CreateGroup",
    ("iam", "group deletion"): "DeleteGroup",
    ("iam", "group info"): """
        GetGroup GetGroupPolicy ListAttachedGroupPolicies ListGroupPolicies ListGroups
        identitystore:DescribeGroup identitystore:ListGroupMemberships""",
    ("iam", "admin change"): """
        SetDefaultPolicyVersion SetSecurityTokenServicePreferences UpdateAccountPasswordPolicy
        UpdateRole iam:AddClientIDToOpenIDConnectProvider iam:AddRoleToInstanceProfile
        iam:CreateAccountAlias iam:DeleteAccountAlias iam:DeleteAccountPasswordPolicy
        iam:DeleteRolePermissionsBoundary iam:DeleteRolePolicy iam:DetachRolePolicy
        iam:PutRolePermissionsBoundary iam:PutRolePolicy iam:RemoveRoleFromInstanceProfile
        iam:TagRole iam:UntagRole iam:UpdateAssumeRolePolicy
        iam:UpdateOpenIDConnectProviderThumbprint iam:UpdateRoleDescription iam:UpdateSAMLProvider
        sso:AttachCustomerManagedPolicyReferenceToPermissionSet
        sso:AttachManagedPolicyToPermissionSet sso:CreateAccountAssignment
        sso:DeleteAccountAssignment sso:DeleteInlinePolicyFromPermissionSet
        sso:DetachManagedPolicyFromPermissionSet sso:ProvisionPermissionSet
        sso:PutInlinePolicyToPermissionSet sso:UpdatePermissionSet""",
    ("iam", "admin creation"): """
        CreateKeyPair iam:CreateInstanceProfile iam:CreateOpenIDConnectProvider
        iam:CreatePolicyVersion iam:CreateRole iam:CreateSAMLProvider iam:CreateServiceLinkedRole
        sso:CreatePermissionSet""",
    ("iam", "admin deletion"): """
        iam:DeleteInstanceProfile iam:DeleteOpenIDConnectProvider iam:DeleteRole
        iam:DeleteSAMLProvider iam:DeleteServiceLinkedRole sso:DeletePermissionSet""",
    ("iam", "change"): "AttachRolePolicy",
    ("iam", "creation"): "CreatePolicy",
    ("iam", "deletion"): "iam:DeletePolicy iam:DeletePolicyVersion",
    ("iam", "info"): """
        GetPolicy ListAttachedRolePolicies ListRoles iam:GenerateCredentialReport
        iam:GetAccountAuthorizationDetails iam:GetAccountPasswordPolicy iam:GetAccountSummary
        iam:GetCredentialReport iam:GetInstanceProfile iam:GetPolicyVersion iam:GetRole
        iam:GetRolePolicy iam:ListEntitiesForPolicy iam:ListInstanceProfiles iam:ListPolicies
        iam:ListPolicyVersions iam:ListRolePolicies iam:SimulatePrincipalPolicy""",
    ("authentication", "info"): """
        AssumeRole ConsoleLogin GetCallerIdentity signin:CheckMfa signin:ExitRole
        signin:GetSigninToken signin:PasswordRecoveryCompleted signin:PasswordRecoveryRequested
        signin:RenewRole signin:SwitchRole signin:UserAuthentication signin:CredentialChallenge
        signin:CredentialVerification sso:Authenticate sso:CreateToken sso:Federate
        sso:GetRoleCredentials sts:AssumeRoleWithSAML sts:AssumeRoleWithWebIdentity
        sts:AssumeRoot sts:GetAccessKeyInfo sts:GetFederationToken sts:GetSessionToken
        cognito-idp:AdminInitiateAuth cognito-idp:InitiateAuth cognito-idp:RespondToAuthChallenge
        eks-auth:AssumeRoleForPodIdentity rolesanywhere:CreateSession""",
    ("authentication", "end"): "sso:Logout",
    ("file", "creation"): "CreateBucket CreateDocument s3:CopyObject s3:CreateMultipartUpload",
    ("file", "deletion"): "DeleteBucket DeleteObject s3:AbortMultipartUpload s3:DeleteObjects",
    ("file", "change"): """
        PutObject s3:CompleteMultipartUpload s3:DeleteObjectTagging s3:PutObjectAcl
        s3:PutObjectLegalHold s3:PutObjectRetention s3:PutObjectTagging s3:RestoreObject
        s3:UploadPart s3:UploadPartCopy""",
    ("file", "info"): """
        GetObject HeadObject ListBuckets ListObjects s3:GetObjectAcl s3:GetObjectAttributes
        s3:GetObjectTagging s3:HeadBucket s3:ListMultipartUploads s3:ListObjectVersions
        s3:ListObjectsV2 s3:ListParts s3:SelectObjectContent""",
    ("network", "access"): """
        AuthorizeSecurityGroupIngress ec2:AuthorizeSecurityGroupEgress""",
    ("network", "info"): """
        DescribeSecurityGroups DescribeNetworkInterfaces DescribeVpcs DescribeNetworkAcls
        DescribeLoadBalancers ec2:DescribeAddresses ec2:DescribeFlowLogs
        ec2:DescribeInternetGateways ec2:DescribeNatGateways ec2:DescribeRouteTables
        ec2:DescribeSecurityGroupRules ec2:DescribeSubnets ec2:DescribeVpcEndpoints""",
    ("session", "start"): """
        StartSession CreateControlChannel OpenControlChannel CreateDataChannel OpenDataChannel
        ssm:ResumeSession ec2-instance-connect:OpenTunnel ec2-instance-connect:SendSSHPublicKey
        ec2-instance-connect:SendSerialConsoleSSHPublicKey ecs:ExecuteCommand""",
    ("session", "end"): "TerminateSession",
    ("process", "start"): "SendCommand ssm:StartAutomationExecution ecs:RunTask",
    ("process", "end"): "ecs:StopTask ssm:CancelCommand ssm:StopAutomationExecution",
    ("host", "info"): """
        DescribeInstances DescribeVolumes ListInstanceAssociations ec2:DescribeImages
        ec2:DescribeInstanceStatus ec2:DescribeInstanceTypes ec2:DescribeSnapshots
        ec2:DescribeTags ssm:DescribeInstanceInformation ssm:UpdateInstanceInformation""",
    ("host", "access"): """
        ec2:GetConsoleOutput ec2:GetConsoleScreenshot ec2:GetPasswordData
        ec2:DescribeInstanceAttribute""",
    ("host", "start"): "ec2:RunInstances ec2:StartInstances",
    ("host", "end"): "ec2:StopInstances ec2:TerminateInstances",
    ("host", "change"): """
        ec2:AssociateIamInstanceProfile ec2:AttachVolume ec2:DetachVolume
        ec2:DisassociateIamInstanceProfile ec2:ModifyInstanceAttribute
        ec2:ModifyInstanceMetadataOptions ec2:RebootInstances
        ec2:ReplaceIamInstanceProfileAssociation""",
    ("configuration", "creation"): "CreateTopic",
    ("configuration", "deletion"): "DeleteTrail kms:ScheduleKeyDeletion",
    ("configuration", "change"): """
        Subscribe cloudtrail:StartLogging cloudtrail:StopLogging
        config:StartConfigurationRecorder config:StopConfigurationRecorder
        kms:CancelKeyDeletion lambda:AddPermission20150331v2
        organizations:AcceptHandshake organizations:InviteAccountToOrganization
        organizations:LeaveOrganization organizations:MoveAccount""",
    ("configuration", "info"): "DescribeTrails cloudtrail:GetEventSelectors",
    ("api", "info"): "Converse DescribeRegions Publish bedrock:InvokeModel bedrock:ConverseStream",
    ("api", "access"): """
        secretsmanager:BatchGetSecretValue secretsmanager:GetSecretValue kms:Decrypt
        kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext lambda:Invoke ssm:GetParameter
        ssm:GetParameters ssm:GetParametersByPath""",
    ("database", "info"): """
        DescribeDBInstances ListTables rds:DescribeDBClusters rds:DescribeDBSnapshots
        dynamodb:DescribeTable""",
    ("database", "access"): """
        dynamodb:BatchGetItem dynamodb:ExecuteStatement dynamodb:GetItem dynamodb:Query
        dynamodb:Scan dynamodb:TransactGetItems rds-data:ExecuteStatement
        rds-data:BatchExecuteStatement redshift-data:ExecuteStatement""",
    ("database", "change"): """
        dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:TransactWriteItems
        dynamodb:UpdateItem rds:CreateDBInstance rds:CreateDBSnapshot rds:DeleteDBCluster
        rds:DeleteDBInstance rds:ModifyDBCluster rds:ModifyDBInstance
        rds:ModifyDBSnapshotAttribute rds:RestoreDBInstanceFromDBSnapshot""",
    ("package", "info"): "ListFunctions ecr:DescribeImages",
    ("package", "change"): "ecr:PutImage ecr:BatchDeleteImage",
}
"""API names by ECS category and type; each name stands in one row only."""

KINDS: dict[str, Kind] = {
    name: Kind((category,), tuple(types.split()))
    for (category, types), names in NAMES.items()
    for name in names.split()
}
"""ECS kind by API name. A name with a service in front holds for that service alone."""

VERBS: dict[str, str] = {
    verb: kind
    for kind, verbs in {
        "creation": "Create Register Import Allocate Provision",
        "deletion": "Delete Deregister Release Remove Terminate",
        "change": """
            Accept Add Associate Attach Authorize Cancel Change Deactivate Detach Disable
            Disassociate Enable Modify Put Reject Replace Reset Restore Revoke Set Tag Untag Update
            Upgrade""",
    }.items()
    for verb in verbs.split()
}
"""ECS type by the first word of an API name that is in no table and changes something."""

INFO = Kind((), ("info",))
_FIRST_WORD = re.compile("[A-Z][a-z]+")
_ANSWERS = {"success": Plain("success"), "failure": Plain("failure")}


def category_of(named: str | None, insight: Any, management: Any) -> str | None:  # noqa: ANN401
    """``Management``, ``Data``, ``Insight`` or ``NetworkActivity``; old records only hint at it.

    Args:
        named: ``eventCategory``.
        insight: ``insightDetails``.
        management: ``managementEvent``.
    """
    if named:
        return named
    if insight:
        return "Insight"
    return "Management" if management is True else None


def is_bare(detail_type: Any, action: str | None, provider: str | None) -> bool:  # noqa: ANN401
    """Whether a record names a call and is no EventBridge event around one."""
    return detail_type is None and bool(action or provider)


def outcome_of(
    category: str | None,
    name: str | None,
    response: dict[str, Any],
    service_details: dict[str, Any],
    error: Any,  # noqa: ANN401  any JSON
) -> Plain | None:
    """How the call ended: ``success`` or ``failure``; ``None`` for an Insight, which is no call.

    Sign-in events answer under their own name, ``{"ConsoleLogin": "Failure"}``, in one of the two
    sections; all others fail by having an error.
    """
    if category == "Insight":
        return None
    if response or service_details:
        answer = response.get(name or "") or service_details.get(name or "")
        if isinstance(answer, str) and answer.lower() in _ANSWERS:
            return _ANSWERS[answer.lower()]
    return _ANSWERS["failure" if error else "success"]


@lru_cache(maxsize=16_384)
def classify(
    service: str | None,
    action: str | None,
    category: str | None,
    read_only: bool | None,  # noqa: FBT001  a value of the record like the others
    error: str | None,
) -> Kind:
    """ECS category and type of a call: by table, else by its verb.

    An Insight is about calls and none itself; network activity is a call through a VPC endpoint.

    Args:
        service: Short name, such as ``iam``.
        action: API name, such as ``CreateUser``.
        category: What ``category_of`` says.
        read_only: Whether the call changes nothing; then its verb says nothing.
        error: Its error code; ``VpceAccessDenied`` is the refusal of a VPC endpoint's policy.
    """
    if category == "NetworkActivity":
        verdict = "denied" if error == "VpceAccessDenied" else "allowed"
        return Kind(("network",), ("access", verdict))
    if category == "Insight":
        return INFO
    action = action or ""
    known = KINDS.get(f"{service}:{action}") or KINDS.get(action)
    if known:
        return known
    word = _FIRST_WORD.match(action)
    kind = VERBS.get(word.group()) if word and read_only is not True else None
    if kind is None:
        return INFO
    return Kind(("configuration",) if category == "Management" else (), (kind,))
