"""How people get in, where the local cloud can play it: groups choose roles, uses are heard."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.constructs.access.break_glass import uses_of
from lambdas.search_setup.groups import NoProviderError, map_groups
from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION
from tests.local import landscape as made

ROLE = "arn:aws:iam::111111111111:role/BreakGlass"
SESSION = "arn:aws:sts::111111111111:assumed-role/BreakGlass/on-call"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


def client(cloud: LocalCloud, service: str) -> Any:
    return cloud.client(service, CENTRAL_ACCOUNT, CENTRAL_REGION)


def identity_pool(cloud: LocalCloud, *providers: str) -> str:
    """A pool as OpenSearch Service leaves it: with an app client of a user pool."""
    people = client(cloud, "cognito-idp").create_user_pool(PoolName=made.name("people"))
    name = f"cognito-idp.{CENTRAL_REGION}.amazonaws.com/{people['UserPool']['Id']}"
    pool: str = client(cloud, "cognito-identity").create_identity_pool(
        IdentityPoolName=made.name("identities"),
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[
            {"ProviderName": name, "ClientId": client_id, "ServerSideTokenCheck": True}
            for client_id in providers
        ],
    )["IdentityPoolId"]
    return pool


def test_groups_choose_the_role_of_who_signs_in(cloud: LocalCloud) -> None:
    guest = made.role(cloud, "cognito-identity.amazonaws.com")
    pool = identity_pool(cloud, "abcdefghijklmnopqrstuvwxyz")

    (provider,) = map_groups(client(cloud, "cognito-identity"), pool, guest)

    found = client(cloud, "cognito-identity").get_identity_pool_roles(IdentityPoolId=pool)
    assert found["Roles"] == {"authenticated": guest}
    assert provider.endswith(":abcdefghijklmnopqrstuvwxyz")
    assert found["RoleMappings"] == {provider: {"Type": "Token", "AmbiguousRoleResolution": "Deny"}}


def test_a_pool_that_the_service_has_not_joined_is_an_error(cloud: LocalCloud) -> None:
    guest = made.role(cloud, "cognito-identity.amazonaws.com")
    pool = identity_pool(cloud)

    with pytest.raises(NoProviderError, match=pool):
        map_groups(client(cloud, "cognito-identity"), pool, guest)


def call(source: str, name: str, **detail: Any) -> dict[str, Any]:
    """An event of CloudTrail, as EventBridge has it."""
    return {
        "id": "11111111-2222-3333-4444-555555555555",
        "detail-type": "AWS API Call via CloudTrail",
        "source": f"aws.{source.partition('.')[0]}",
        "account": CENTRAL_ACCOUNT,
        "time": "2026-11-20T10:00:00Z",
        "region": CENTRAL_REGION,
        "resources": [],
        "detail": {"eventSource": source, "eventName": name, **detail},
    }


TAKEN = call("sts.amazonaws.com", "AssumeRole", requestParameters={"roleArn": ROLE})
REFUSED = call(
    "sts.amazonaws.com",
    "AssumeRole",
    errorCode="AccessDenied",
    requestParameters={"roleArn": ROLE},
)
SWITCHED = call("signin.amazonaws.com", "SwitchRole", userIdentity={"arn": SESSION})
OTHER_ROLE = call("sts.amazonaws.com", "AssumeRole", requestParameters={"roleArn": f"{ROLE}Other"})
OTHER_SWITCH = call(
    "signin.amazonaws.com", "SwitchRole", userIdentity={"arn": SESSION.replace("Break", "Un")}
)
OTHER_CALL = call("sts.amazonaws.com", "GetCallerIdentity", userIdentity={"arn": SESSION})


def is_heard(cloud: LocalCloud, event: dict[str, Any]) -> bool:
    answer = client(cloud, "events").test_event_pattern(
        EventPattern=json.dumps(uses_of(ROLE, "BreakGlass")), Event=json.dumps(event)
    )
    heard: bool = answer["Result"]
    return heard


@pytest.mark.parametrize(
    "event", [TAKEN, REFUSED, SWITCHED], ids=["taken", "refused", "switched to in the console"]
)
def test_each_use_of_break_glass_is_heard(cloud: LocalCloud, event: dict[str, Any]) -> None:
    assert is_heard(cloud, event)


@pytest.mark.parametrize(
    "event",
    [OTHER_ROLE, OTHER_SWITCH, OTHER_CALL],
    ids=["another role", "another switch", "another call"],
)
def test_nothing_else_is_heard(cloud: LocalCloud, event: dict[str, Any]) -> None:
    assert not is_heard(cloud, event)
