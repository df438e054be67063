"""A VPC's default group ends up without rules, and S3's prefix list is found."""

from typing import Any

import pytest

from lambdas.prepare_network.network import NoPrefixListError, close_group, s3_prefix_list

ITSELF = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "111111111111"}]}
EVERYWHERE = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


class Ec2:
    """EC2 with one security group and one prefix list; refuses what EC2 refuses."""

    def __init__(self) -> None:
        self.ingress: list[Any] = [ITSELF]
        self.egress: list[Any] = [EVERYWHERE]

    def describe_security_groups(self, *, GroupIds: list[str]) -> Any:
        assert GroupIds == ["sg-1"]
        group = {"IpPermissions": list(self.ingress), "IpPermissionsEgress": list(self.egress)}
        return {"SecurityGroups": [group]}

    def describe_managed_prefix_lists(self, *, Filters: list[dict[str, Any]]) -> Any:
        [only] = Filters
        known = {"com.amazonaws.us-east-1.s3": "pl-63a5400a"}
        found = [known[name] for name in only["Values"] if name in known]
        return {"PrefixLists": [{"PrefixListId": id_} for id_ in found]}

    def revoke_security_group_ingress(self, *, GroupId: str, IpPermissions: Any) -> None:
        self._revoke(GroupId, self.ingress, IpPermissions)

    def revoke_security_group_egress(self, *, GroupId: str, IpPermissions: Any) -> None:
        self._revoke(GroupId, self.egress, IpPermissions)

    def _revoke(self, group: str, rules: list[Any], taken: list[Any]) -> None:
        assert group == "sg-1"
        if not taken:
            raise AssertionError("EC2 answers MissingParameter")
        for rule in taken:
            rules.remove(rule)


def test_the_default_group_loses_every_rule() -> None:
    ec2 = Ec2()

    assert close_group(ec2, "sg-1") == 2
    assert (ec2.ingress, ec2.egress) == ([], [])


def test_closing_it_twice_is_no_error() -> None:
    ec2 = Ec2()
    close_group(ec2, "sg-1")

    assert close_group(ec2, "sg-1") == 0


def test_the_regions_own_list_of_s3_is_found() -> None:
    assert s3_prefix_list(Ec2(), "us-east-1") == "pl-63a5400a"


def test_a_region_without_one_is_named() -> None:
    with pytest.raises(NoPrefixListError, match=r"com\.amazonaws\.xx-test-1\.s3"):
        s3_prefix_list(Ec2(), "xx-test-1")
