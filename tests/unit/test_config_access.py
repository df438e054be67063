"""What a config may not ask of access: who is named how, how one signs in, what is locked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.config import DeploymentConfig
from infra.config.saml import LARGEST_METADATA
from tests.unit.test_config import Refuse, refuse, write

__all__ = ["refuse"]  # a fixture

ROLE = "arn:aws:iam::111111111111:role/LogAnalyst"
USER = "arn:aws:iam::111111111111:user/on-call"
GROUP_ID = "1a2b3c4d5e-11111111-2222-3333-4444-555555555555"
INSTANCE = {"instance_arn": "arn:aws:sso:::instance/ssoins-0123456789abcdef"}
POOLS = {
    "user_pool_id": "eu-west-1_AbCdEfGhI",
    "identity_pool_id": "eu-west-1:11111111-2222-3333-4444-555555555555",
}
IDP = "https://idp.example.com/metadata"
METADATA = f"""\
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{IDP}">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
      Location="https://idp.example.com/sso"/>
  </IDPSSODescriptor>
</EntityDescriptor>
"""
SAML: Mapping[str, Any] = {"metadata_file": "idp.xml", "entity_id": IDP}


def login(**values: Any) -> dict[str, Any]:
    return {"search": {"login": values}}


def saml(**values: Any) -> dict[str, Any]:
    return login(kind="saml", saml={**SAML, **values})


def cognito(**values: Any) -> dict[str, Any]:
    return login(kind="cognito", cognito=values)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the configuration lies, with the provider's metadata beside it."""
    (tmp_path / "idp.xml").write_text(METADATA, encoding="utf-8")
    return tmp_path


def loaded(folder: Path, changes: dict[str, Any], stage: str = "sandbox") -> DeploymentConfig:
    return DeploymentConfig.load(write(folder, stage, changes))


@pytest.mark.parametrize("values", [{"principals": [USER]}, {"notify": ["security@example.com"]}])
def test_break_glass_is_heard_by_somebody(values: dict[str, Any], refuse: Refuse) -> None:
    assert "nobody would hear" in refuse({"access": {"break_glass": values}})


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"principals": [ROLE], "notify": ["a@example.com"]}, "principals.0"),
        ({"principals": ["arn:aws:iam::111111111111:root"]}, "principals.0"),
        ({"principals": [USER], "notify": ["example.com"]}, "notify.0"),
        ({"session_hours": 0}, "session_hours"),
        ({"session_hours": 13}, "session_hours"),
    ],
)
def test_break_glass_is_for_named_users_and_hours(
    values: dict[str, Any], key: str, refuse: Refuse
) -> None:
    assert f"access.break_glass.{key}: " in refuse({"access": {"break_glass": values}})


def test_an_author_is_an_analyst_already(refuse: Refuse) -> None:
    message = refuse({"access": {"analysts": [ROLE], "authors": [ROLE]}})

    assert f"analysts, authors: named twice: {ROLE}" in message


def test_who_still_has_the_old_key_is_told_the_new_one(refuse: Refuse) -> None:
    assert "is analysts under [access] now" in refuse({"search": {"analyst_roles": [ROLE]}})


@pytest.mark.parametrize("path", ["platform/", "/platform", "/a b/", "//"])
def test_a_path_begins_and_ends_with_a_slash(path: str, refuse: Refuse) -> None:
    assert "access.role_path: " in refuse({"access": {"role_path": path}})


@pytest.mark.parametrize("name", ["developer-boundary", "teams/developer", "a" * 128])
def test_a_boundary_by_its_name_is_one_in_each_account(name: str, folder: Path) -> None:
    access = loaded(folder, {"access": {"permission_boundary": name}}).access

    found = access.boundary_arn("aws", "222222222222")

    assert found == f"arn:aws:iam::222222222222:policy/{name}"


def test_a_boundary_of_aws_is_in_every_account(folder: Path) -> None:
    arn = "arn:aws:iam::aws:policy/PowerUserAccess"

    access = loaded(folder, {"access": {"permission_boundary": arn}}).access

    assert access.boundary_arn("aws", "222222222222") == arn


def test_a_boundary_of_one_account_bounds_no_role_of_another(refuse: Refuse) -> None:
    arn = "arn:aws:iam::111111111111:policy/teams/developer"

    message = refuse({"access": {"permission_boundary": arn}})

    assert "222222222222, 333333333333, 444444444444 get roles too" in message
    assert "expected a name, 'teams/developer'" in message


def test_a_boundary_of_one_account_bounds_no_account_of_the_units(refuse: Refuse) -> None:
    arn = "arn:aws:iam::111111111111:policy/developer"
    units = {"accounts": None, "units": ["ou-ab12-1a2b3c4d"]}

    message = refuse({"access": {"permission_boundary": arn}, "members": units})

    assert "the accounts of the units get roles too" in message


def test_a_boundary_of_the_only_account_may_be_named_by_its_arn(folder: Path) -> None:
    arn = "arn:aws:iam::111111111111:policy/developer"
    changes = {"access": {"permission_boundary": arn}, "members": {"accounts": []}}

    assert loaded(folder, changes).access.boundary_arn("aws", "111111111111") == arn


@pytest.mark.parametrize("name", ["", "a" * 129, "dev*", "arn:aws:iam::111111111111:role/x"])
def test_a_boundary_is_a_managed_policy(name: str, refuse: Refuse) -> None:
    assert "access.permission_boundary: " in refuse({"access": {"permission_boundary": name}})


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"kind": "saml"}, "expected [search.login.saml] and no other, found none"),
        ({"kind": "none", "cognito": {"domain_prefix": "logs"}}, "expected no section of a kind"),
        (
            {"kind": "saml", "saml": SAML, "identity_center": INSTANCE},
            "found identity_center, saml",
        ),
    ],
)
def test_there_is_one_way_to_sign_in(
    values: dict[str, Any], found: str, folder: Path, refuse: Refuse
) -> None:
    assert (folder / "idp.xml").exists()
    assert found in refuse({"search": {"login": values}})


@pytest.mark.parametrize("kind", ["none", "cognito"])
def test_groups_need_a_login_that_brings_them(kind: str, refuse: Refuse) -> None:
    section = {"cognito": {"domain_prefix": "logs"}} if kind == "cognito" else {}

    message = refuse(login(kind=kind, analysts=["log-analysts"], **section))

    assert f"kind {kind!r} brings no groups" in message


def test_a_group_is_an_analyst_or_an_author(folder: Path, refuse: Refuse) -> None:
    assert folder
    both = {**saml()["search"]["login"], "analysts": ["logs"], "authors": ["logs"]}

    assert "named twice: logs" in refuse({"search": {"login": both}})


@pytest.mark.parametrize("group", ["*", "log-*", "log?", " logs", "", "a" * 257])
def test_a_group_is_no_pattern(group: str, folder: Path, refuse: Refuse) -> None:
    assert folder
    named = {**saml()["search"]["login"], "analysts": [group]}

    assert "search.login.analysts.0: " in refuse({"search": {"login": named}})


def test_the_providers_metadata_lies_beside_the_configuration(folder: Path) -> None:
    found = loaded(folder, saml()).search.login.saml

    assert found
    assert found.metadata == METADATA
    assert (found.roles_key, found.session_minutes) == ("roles", 60)


@pytest.mark.parametrize("minutes", [1, 1_440])
def test_a_session_lasts_a_minute_to_a_day(minutes: int, folder: Path) -> None:
    found = loaded(folder, saml(session_minutes=minutes)).search.login.saml

    assert found
    assert found.session_minutes == minutes


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"session_minutes": 0}, "session_minutes"),
        ({"session_minutes": 1_441}, "session_minutes"),
        ({"entity_id": "a" * 7}, "entity_id"),
        ({"entity_id": "a" * 513}, "entity_id"),
        ({"metadata_file": "absent.xml"}, "metadata_file"),
        ({"roles_keys": "roles"}, "roles_keys: unknown key, did you mean 'roles_key'?"),
    ],
)
def test_what_aws_takes_of_saml_is_said_by_key(
    values: dict[str, Any], key: str, folder: Path, refuse: Refuse
) -> None:
    assert folder
    assert f"search.login.saml.{key}" in refuse(saml(**values))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "0 bytes, expected 1 to 900000"),
        (METADATA + " " * LARGEST_METADATA, "expected 1 to 900000"),
        ("not xml", "no XML"),
        ("<html/>", "expected an EntityDescriptor"),
        (METADATA.replace("IDPSSO", "SPSSO"), "expected an EntityDescriptor"),
        (METADATA.replace(IDP, "https://other.example.com"), "is of 'https://other.example.com'"),
    ],
    ids=["empty", "too large", "no XML", "no metadata", "of a service", "of another provider"],
)
def test_metadata_that_lets_nobody_in_is_refused(
    text: str, found: str, folder: Path, refuse: Refuse
) -> None:
    (folder / "idp.xml").write_text(text, encoding="utf-8")

    assert found in refuse(saml())


def test_metadata_may_be_as_large_as_the_template_has_room_for(folder: Path) -> None:
    padding = " " * (LARGEST_METADATA - len(METADATA))
    (folder / "idp.xml").write_text(METADATA + padding, encoding="utf-8")

    assert loaded(folder, saml()).search.login.kind == "saml"


def test_identity_center_compares_groups_by_what_it_is_told(folder: Path, refuse: Refuse) -> None:
    by_id = login(kind="identity_center", identity_center=INSTANCE, analysts=[GROUP_ID])
    named = {"identity_center": {**INSTANCE, "roles_key": "GroupName"}, "analysts": ["logs"]}

    assert loaded(folder, by_id).search.login.analysts == (GROUP_ID,)
    assert loaded(folder, login(kind="identity_center", **named)).search.login.analysts == ("logs",)
    by_id["search"]["login"]["analysts"] = ["logs"]
    assert "'logs' is no id of a group" in refuse(by_id)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, "found none"),
        ({"domain_prefix": "logs", **POOLS}, "found domain_prefix, identity_pool_id, user_pool_id"),
        ({"user_pool_id": POOLS["user_pool_id"]}, "found user_pool_id"),
        (
            {**POOLS, "user_pool_id": "us-east-1_AbCdEfGhI"},
            "expected one region, found us-east-1 and eu-west-1",
        ),
        ({"domain_prefix": "aws-logs"}, "Cognito takes no prefix with 'aws' in it"),
        ({"domain_prefix": "logs-"}, "domain_prefix"),
        ({"domain_prefix": "l" * 64}, "domain_prefix"),
    ],
)
def test_a_directory_is_made_or_given(values: dict[str, Any], found: str, refuse: Refuse) -> None:
    assert found in refuse(cognito(**values))


@pytest.mark.parametrize("values", [POOLS, {"domain_prefix": "l" * 63}, {"domain_prefix": "l"}])
def test_a_whole_directory_loads(values: dict[str, str], folder: Path) -> None:
    found = loaded(folder, cognito(**values)).search.login.cognito

    assert found
    assert found.is_made == ("domain_prefix" in values)


def locked(mode: str, days: int, **archive: int) -> dict[str, Any]:
    return {"archive": {"lock": {"mode": mode, "days": days}, **archive}}


@pytest.mark.parametrize("key", ["expire_after_days", "reject_expire_after_days"])
def test_nothing_expires_while_it_is_locked(key: str, folder: Path, refuse: Refuse) -> None:
    ages = {"expire_after_days": 0, "reject_expire_after_days": 0}

    message = refuse(locked("governance", 30, **{**ages, key: 29}))

    assert f"{key} 29: objects are locked for 30 days" in message
    assert loaded(folder, locked("governance", 30, **{**ages, key: 30})).archive.lock


@pytest.mark.parametrize("days", [0, 36_501])
def test_a_lock_lasts_a_day_to_a_century(days: int, refuse: Refuse) -> None:
    assert "archive.lock.days: " in refuse(locked("governance", days))


def test_what_nobody_may_delete_cannot_be_destroyed(folder: Path, refuse: Refuse) -> None:
    message = refuse(locked("compliance", 1))

    assert "archive.lock.mode 'compliance' with removal 'destroy'" in message
    assert "expected removal 'retain' or mode 'governance'" in message
    kept = loaded(folder, locked("compliance", 365), stage="production")
    assert kept.archive.lock
