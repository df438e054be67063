"""What a network needs beside its resources: its default group closed, S3's addresses known."""

from typing import Any, Protocol


class Ec2(Protocol):
    """What is used of boto3's client."""

    def describe_security_groups(self, *, GroupIds: list[str]) -> Any:  # noqa: ANN401, N803  boto3's
        """Groups by id."""
        ...

    def describe_managed_prefix_lists(self, *, Filters: list[dict[str, Any]]) -> Any:  # noqa: ANN401, N803  boto3's
        """Prefix lists by name."""
        ...

    def revoke_security_group_ingress(self, *, GroupId: str, IpPermissions: Any) -> object:  # noqa: ANN401, N803  boto3's
        """Take rules that let in."""
        ...

    def revoke_security_group_egress(self, *, GroupId: str, IpPermissions: Any) -> object:  # noqa: ANN401, N803  boto3's
        """Take rules that let out."""
        ...


class NoPrefixListError(Exception):
    """The region has no prefix list of S3, so no gateway endpoint either."""


def close_group(ec2: Ec2, group: str) -> int:
    """Take every rule from a security group and give how many there were; twice is no error.

    EC2 gives each VPC a group for who names none, with rules that nobody asked for.

    Reference: https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html

    Raises:
        ClientError: the group is gone, or a right is missing.
    """
    [found] = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    if found["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=found["IpPermissions"])
    if found["IpPermissionsEgress"]:
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=found["IpPermissionsEgress"])
    return len(found["IpPermissions"]) + len(found["IpPermissionsEgress"])


def s3_prefix_list(ec2: Ec2, region: str) -> str:
    """Id of the list with the region's addresses of S3, which a rule lets through.

    Reference: https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html

    Raises:
        NoPrefixListError: there is none.
    """
    name = f"com.amazonaws.{region}.s3"
    found = ec2.describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": [name]}]
    )["PrefixLists"]
    if not found:
        raise NoPrefixListError(f"no prefix list {name}")
    return str(found[0]["PrefixListId"])
