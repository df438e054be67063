"""Who acts in a CloudTrail record, and on whom or what."""

from typing import Any

import pytest

from logcore.sources.cloudtrail.target import RESOURCE_PARAMETERS
from tests.unit.cloudtrail_records import HIDDEN, document

USER = "arn:aws:iam::222222222222:user/alice"
ROLE = "arn:aws:iam::222222222222:role/admin"
SESSION = "arn:aws:sts::222222222222:assumed-role/admin/alice@example.com"


@pytest.mark.parametrize(
    ("identity", "user_id", "name"),
    [
        (
            {"type": "Root", "arn": "arn:aws:iam::222222222222:root"},
            "arn:aws:iam::222222222222:root",
            None,
        ),
        (
            {"type": "IAMUser", "arn": USER, "userName": "alice", "principalId": "AIDA"},
            USER,
            "alice",
        ),
        ({"type": "IAMUser", "userName": "alice", "principalId": "AIDA"}, "AIDA", "alice"),
        (
            {
                "type": "AssumedRole",
                "arn": SESSION,
                "principalId": "AROA:alice",
                "sessionContext": {"sessionIssuer": {"arn": ROLE, "userName": "admin"}},
            },
            ROLE,
            "admin",
        ),
        (
            {"type": "AssumedRole", "arn": SESSION, "sessionContext": {"sessionIssuer": {}}},
            SESSION,
            None,
        ),
        ({"type": "AssumedRole", "arn": SESSION, "sessionContext": None}, SESSION, None),
        (
            {
                "type": "FederatedUser",
                "principalId": "222222222222:bob",
                "sessionContext": {"sessionIssuer": {"arn": USER, "userName": "alice"}},
            },
            "222222222222:bob",
            "alice",
        ),
        ({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "92a2"}}, "92a2", None),
        ({"type": "SAMLUser", "principalId": "x:dora", "userName": "dora"}, "x:dora", "dora"),
        (
            {"type": "WebIdentityUser", "principalId": "idp:app:1", "userName": "1"},
            "idp:app:1",
            "1",
        ),
        ({"type": "AWSAccount", "principalId": "AIDACAROL"}, "AIDACAROL", None),
        ({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, None, None),
        ({"type": "Unknown", "principalId": "p"}, "p", None),
    ],
)
def test_each_type_of_identity_has_its_lasting_id_and_name(
    identity: dict[str, Any], user_id: str | None, name: str | None
) -> None:
    found = document(userIdentity=identity)

    assert (found.get("user", {}).get("id"), found.get("user", {}).get("name")) == (user_id, name)
    assert found["cloudtrail"]["user_identity"]["type"] == identity["type"]


def test_a_role_session_is_found_under_every_form_of_its_name() -> None:
    issuer = {"arn": ROLE, "userName": "admin"}
    found = document(
        userIdentity={
            "type": "AssumedRole",
            "arn": SESSION,
            "principalId": "AROA:alice@example.com",
            "sessionContext": {"sessionIssuer": issuer},
        }
    )

    assert set(found["related"]["user"]) == {
        "admin", ROLE, SESSION, "AROA:alice@example.com", "alice@example.com", "alice",
    }  # fmt: skip
    assert found["user"]["email"] == "alice@example.com"
    assert found["user"]["entity"]["id"] == SESSION


def test_a_service_that_acts_by_itself_is_the_service() -> None:
    found = document(userIdentity={"type": "AWSService", "invokedBy": "ec2.amazonaws.com"})

    assert found["service"] == {"name": "ec2.amazonaws.com", "entity": {"id": "ec2.amazonaws.com"}}


def test_a_withheld_name_is_nobodys_name() -> None:
    found = document(
        userIdentity={"type": "IAMUser", "userName": HIDDEN, "arn": HIDDEN, "accountId": HIDDEN},
        requestParameters={"userName": HIDDEN},
    )

    assert "user" not in found
    assert "related" not in found
    assert found["aws"]["cloudtrail"]["userIdentity"]["userName"] == HIDDEN


@pytest.mark.parametrize("account", ["ANONYMOUS_PRINCIPAL", "twelve_chars", "", None, 222222222222])
def test_an_account_is_twelve_digits_or_the_recipients(account: object) -> None:
    found = document(userIdentity={"accountId": account}, recipientAccountId="333333333333")

    assert found["cloud"]["account"]["id"] == "333333333333"


def test_the_callers_account_comes_before_the_recipients() -> None:
    found = document(userIdentity={"accountId": "222222222222"}, recipientAccountId="333333333333")

    assert found["cloud"]["account"]["id"] == "222222222222"
    assert found["cloudtrail"]["recipient_account_id"] == "333333333333"


def test_users_and_groups_acted_on_are_told_apart_from_who_acts() -> None:
    created = document(
        eventName="CreateUser",
        requestParameters={"userName": "bob"},
        responseElements={
            "user": {"userId": "AIDABOB", "arn": "arn:aws:iam::222222222222:user/bob"}
        },
    )
    renamed = document(requestParameters={"userName": "bob", "newUserName": "rob"})
    grouped = document(
        requestParameters={"groupName": "admins"}, responseElements={"group": {"groupId": "AGPA"}}
    )

    assert created["user"]["target"] == {
        "id": "AIDABOB", "name": "bob", "entity": {"id": "arn:aws:iam::222222222222:user/bob"},
    }  # fmt: skip
    assert renamed["user"]["changes"] == {"name": "rob"}
    assert set(renamed["related"]["user"]) == {"bob", "rob"}
    assert grouped["group"] == {"id": "AGPA", "name": "admins"}


def test_a_security_group_is_no_group_of_users() -> None:
    found = document(
        eventSource="ec2.amazonaws.com",
        requestParameters={"groupName": "web"},
        responseElements={"group": {"groupId": "sg-0123456789abcdef0"}},
    )

    assert "group" not in found


@pytest.mark.parametrize(
    "parts",
    [
        {"requestParameters": {"instanceId": "i-0123456789abcdef0"}},
        {"requestParameters": {"target": "i-0123456789abcdef0"}},
        {"requestParameters": {"instanceIds": ["i-0123456789abcdef0"]}},
        {"requestParameters": {"instancesSet": {"items": [{"instanceId": "i-0123456789abcdef0"}]}}},
        {"responseElements": {"instancesSet": {"items": [{"instanceId": "i-0123456789abcdef0"}]}}},
        {"resources": [{"ARN": "arn:aws:ec2:eu-west-1:222222222222:instance/i-0123456789abcdef0"}]},
    ],
)
def test_the_one_instance_is_found_wherever_the_api_puts_it(parts: dict[str, Any]) -> None:
    found = document(**parts)

    assert found["cloud"]["instance"]["id"] == "i-0123456789abcdef0"
    assert found["host"]["target"]["id"] == "i-0123456789abcdef0"
    assert found["related"]["hosts"] == ["i-0123456789abcdef0"]


def test_of_several_instances_none_is_the_one() -> None:
    found = document(
        requestParameters={"instanceIds": ["i-0123456789abcdef0", "i-00000000000000001"]}
    )

    assert "cloud" not in found or "instance" not in found["cloud"]
    assert len(found["related"]["hosts"]) == 2


@pytest.mark.parametrize("service", sorted(RESOURCE_PARAMETERS))
def test_the_thing_acted_on_is_named_by_the_services_own_parameter(service: str) -> None:
    name = RESOURCE_PARAMETERS[service][0]
    found = document(eventSource=f"{service}.amazonaws.com", requestParameters={name: "thing"})

    assert found["entity"]["target"]["id"] == "thing"


@pytest.mark.parametrize(
    ("parts", "mfa"),
    [
        ({"userIdentity": {"sessionContext": {"attributes": {"mfaAuthenticated": "true"}}}}, True),
        (
            {"userIdentity": {"sessionContext": {"attributes": {"mfaAuthenticated": "false"}}}},
            False,
        ),
        ({"additionalEventData": {"MFAUsed": "Yes"}}, True),
        ({"additionalEventData": {"MFAUsed": "No"}}, False),
    ],
)
def test_a_second_factor_is_told_by_session_and_by_sign_in(
    parts: dict[str, Any], mfa: object
) -> None:
    assert document(**parts)["cloudtrail"]["mfa"] is mfa


@pytest.mark.parametrize("other", [None, {}, [], "text", 7])
@pytest.mark.parametrize("name", ["sessionContext", "onBehalfOf", "arn", "userName", "accountId"])
def test_any_part_of_the_identity_may_be_of_another_shape(name: str, other: object) -> None:
    identity = {"type": "AssumedRole", "principalId": "p", name: other}

    assert document(userIdentity=identity)["related"]["user"][-1] in {"p", "text"}


def test_only_the_functions_own_service_names_the_function_acted_on() -> None:
    request = {"functionName": "orders"}
    invoked = document(eventSource="lambda.amazonaws.com", requestParameters=request)
    others = document(eventSource="iot.amazonaws.com", requestParameters=request)

    assert invoked["service"] == {"target": {"entity": {"id": "orders"}}}
    assert "service" not in others
