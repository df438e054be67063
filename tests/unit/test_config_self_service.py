"""What self-service may choose, and what AWS would refuse later."""

from typing import Any

import pytest

from infra.config.members import Members
from infra.config.self_service import (
    LARGEST_EXCLUSION,
    MOST_PATTERNS,
    LogGroupRules,
    SelfService,
)
from tests.unit.test_config import Refuse, refuse

__all__ = ["refuse"]  # a fixture

WORKLOADS, SECURITY, ROOT = "ou-ex4m-workloads", "ou-ex4m-security", "r-ex4m"
DEVELOPERS = "arn:aws:iam:::role/developers-*"


def chosen(**section: Any) -> dict[str, Any]:
    return {"units": [WORKLOADS], "principals": [DEVELOPERS], **section}


def members(**section: Any) -> Members:
    return Members.model_validate({"regions": ["us-east-1"], **section})


@pytest.mark.parametrize(
    ("section", "complaint"),
    [
        ({"units": [WORKLOADS]}, "found 1 units and 0 principals"),
        ({"principals": [DEVELOPERS]}, "found 0 units and 1 principals"),
        (chosen(units=[ROOT, WORKLOADS]), "the root holds the others"),
        (chosen(units=[WORKLOADS, WORKLOADS]), f"units: named twice: {WORKLOADS}"),
        (chosen(principals=["arn:aws:iam::222222222222:role/x"]), "principals"),
        (chosen(longest_retention_days=91), "longest_retention_days"),
        (chosen(rules={"every_hours": 2}), "every_hours"),
        (chosen(rules={"excluded": ["*"]}), "'*' leaves nothing to look at"),
        (chosen(rules={"key_alias": "log-groups"}), "key_alias"),
        (chosen(rules={"remediation": {"attempts": 26}}), "attempts"),
        (chosen(rules={"remediation": {"error_percentage": 0}}), "error_percentage"),
    ],
)
def test_what_aws_would_refuse_is_refused_by_name(
    refuse: Refuse, section: dict[str, Any], complaint: str
) -> None:
    message = refuse({"self_service": section})

    assert "self_service" in message
    assert complaint in message


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"members": {"mode": "centralise"}}, "members.mode 'subscribe', found 'centralise'"),
        ({"access": {"role_path": "/logs/"}}, "access.role_path '/', found '/logs/'"),
    ],
)
def test_what_its_products_could_not_do_is_refused(
    refuse: Refuse, changes: dict[str, Any], complaint: str
) -> None:
    assert complaint in refuse({"self_service": chosen(), **changes})


def test_ten_patterns_are_taken_and_one_more_refused(refuse: Refuse) -> None:
    names = [f"arn:aws:iam:::role/team-{number}" for number in range(MOST_PATTERNS + 1)]

    assert len(SelfService.model_validate(chosen(principals=names[:10])).principals) == 10
    assert "at most 10 items" in refuse({"self_service": chosen(principals=names)})


def test_an_exclusion_of_2_000_characters_is_taken_and_one_more_refused() -> None:
    def excluded(size: int) -> list[str]:
        longest = ["x" * 510, "y" * 510, "z" * 510]
        return [*longest, "w" * (size - len('["", "", "", ""]') - 3 * 510)]

    LogGroupRules.model_validate({"excluded": excluded(LARGEST_EXCLUSION)})
    with pytest.raises(ValueError, match="2001 characters, 2000 are allowed"):
        LogGroupRules.model_validate({"excluded": excluded(LARGEST_EXCLUSION + 1)})


def test_an_application_chooses_from_what_cloudwatch_takes_up_to_the_longest() -> None:
    found = SelfService(longest_retention_days=90).retentions

    assert found == (1, 3, 5, 7, 14, 30, 60, 90)


@pytest.mark.parametrize(
    ("onboarded", "is_onboarded"),
    [
        ({"units": [WORKLOADS, SECURITY]}, True),
        ({"units": [ROOT]}, True),
        ({"units": [SECURITY]}, False),
        ({"accounts": ["222222222222"]}, False),
        ({"units": [WORKLOADS], "automatic": False}, False),
        (
            {
                "units": [WORKLOADS],
                "account_filter": {"mode": "difference", "accounts": ["222222222222"]},
            },
            False,
        ),
    ],
)
def test_units_are_onboarded_where_each_of_their_accounts_is(
    onboarded: dict[str, Any], *, is_onboarded: bool
) -> None:
    section = SelfService.model_validate(chosen())

    assert section.is_onboarded(members(**onboarded)) is is_onboarded
