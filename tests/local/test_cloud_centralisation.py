"""What the local cloud copies by centralisation rules, from where, to where, and how."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.aws.organizations import unit_id
from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT, ORGANISATION_ID
from tests.local import landscape as made
from tests.local.centralised import (
    HOME,
    IRELAND,
    NAMED,
    create,
    delete_rules,
    key,
    logs_may_use,
    messages,
    ours,
    prepare,
    rule,
    settings,
)
from tests.local.landscape import MEMBER, OTHER_MEMBER, OUTSIDER, Json


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    log = tmp_path_factory.mktemp("cloud") / "cloud.log"
    with LocalCloud(log, settings()) as running:
        prepare(running)
        yield running


@pytest.fixture
def api(cloud: LocalCloud) -> Iterator[Any]:
    """The central account's client; the rules that a test makes end with it."""
    yield cloud.client("observabilityadmin")
    delete_rules(cloud)


def test_what_arrives_after_the_rule_is_in_the_group_of_the_same_name(
    cloud: LocalCloud, api: Any
) -> None:
    group = made.log_group(cloud, MEMBER, IRELAND)
    made.log(cloud, MEMBER, group, "before", region=IRELAND)
    create(api, rule())
    made.log(cloud, MEMBER, group, "first", "second", region=IRELAND)

    stream = f"s_{MEMBER}_{IRELAND}"
    assert messages(cloud, group) == [(stream, "first"), (stream, "second")]


def test_groups_of_one_name_are_merged_and_their_streams_kept_apart(
    cloud: LocalCloud, api: Any
) -> None:
    create(api, rule())
    group = made.log_group(cloud, MEMBER)
    logs = cloud.client("logs", OTHER_MEMBER)
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    made.log(cloud, MEMBER, group, "of one")
    made.log(cloud, OTHER_MEMBER, group, "of another")

    assert sorted(messages(cloud, group)) == [
        (f"s_{MEMBER}_{HOME}", "of one"),
        (f"s_{OTHER_MEMBER}_{HOME}", "of another"),
    ]


@pytest.mark.parametrize(
    ("scope", "copied"),
    [
        ("*", {MEMBER, OTHER_MEMBER}),
        (f"OrganizationId = '{ORGANISATION_ID}'", {MEMBER, OTHER_MEMBER}),
        ("OrganizationId = 'o-someoneelse'", set()),
        (f"OrganizationUnitId IN ('{unit_id('Workloads')}')", {MEMBER}),
        (f"OrganizationUnitId = '{unit_id('Sandbox')}'", {OTHER_MEMBER}),
        (f"AccountId IN ('{OTHER_MEMBER}', '{OUTSIDER}')", {OTHER_MEMBER}),
        (f"AccountId = '{MEMBER}' OR AccountId = '{OTHER_MEMBER}'", {MEMBER, OTHER_MEMBER}),
    ],
)
def test_a_scope_says_whose_groups_are_copied(
    cloud: LocalCloud, api: Any, scope: str, copied: set[str]
) -> None:
    create(api, rule(scope=scope))
    groups = {a: made.log_group(cloud, a) for a in (MEMBER, OTHER_MEMBER, OUTSIDER)}
    for account, group in groups.items():
        made.log(cloud, account, group, "hello")

    assert {account for account, group in groups.items() if messages(cloud, group)} == copied


def test_other_regions_are_left_alone(cloud: LocalCloud, api: Any) -> None:
    create(api, rule(regions=(HOME,)))
    group = made.log_group(cloud, MEMBER, IRELAND)
    made.log(cloud, MEMBER, group, "hello", region=IRELAND)

    assert messages(cloud, group) == []


def test_groups_are_selected_by_their_names(cloud: LocalCloud, api: Any) -> None:
    create(api, rule(groups="LogGroupName NOT LIKE '/app/left%' AND LogGroupName LIKE '/app/%'"))
    groups = ["/app/taken", "/app/left-out", "/other"]
    logs = cloud.client("logs", MEMBER)
    for group in groups:
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="s")
        made.log(cloud, MEMBER, group, "hello")

    assert [group for group in groups if messages(cloud, group)] == ["/app/taken"]


def test_copies_are_never_copied(cloud: LocalCloud, api: Any) -> None:
    create(api, rule())
    create(api, rule(region=IRELAND), "and-back")
    group = made.log_group(cloud, MEMBER)
    made.log(cloud, MEMBER, group, "hello")

    stream = f"s_{MEMBER}_{HOME}"
    assert messages(cloud, group) == [(stream, "hello")]
    assert messages(cloud, group, region=IRELAND) == [(stream, "hello")]


def test_a_group_is_never_copied_onto_itself(cloud: LocalCloud, api: Any) -> None:
    create(api, rule())
    group = made.log_group(cloud, CENTRAL_ACCOUNT)
    made.log(cloud, CENTRAL_ACCOUNT, group, "hello")

    assert messages(cloud, group) == [("s", "hello")]


def test_a_pattern_names_the_copies(cloud: LocalCloud, api: Any) -> None:
    create(api, rule(LogGroupNameConfiguration=NAMED))
    group = made.log_group(cloud, MEMBER, IRELAND)
    made.log(cloud, MEMBER, group, "hello", region=IRELAND)

    assert messages(cloud, group) == []
    assert len(messages(cloud, f"/all/{MEMBER}/{IRELAND}#{group}")) == 1


def test_a_backup_is_a_second_copy_in_another_region(cloud: LocalCloud, api: Any) -> None:
    create(api, rule(BackupConfiguration={"Region": IRELAND}))
    group = made.log_group(cloud, MEMBER)
    made.log(cloud, MEMBER, group, "hello")

    assert messages(cloud, group) == messages(cloud, group, region=IRELAND) != []


@pytest.mark.parametrize(("strategy", "copied"), [("ALLOW", 1), ("SKIP", 0)])
def test_encrypted_groups_are_copied_or_skipped(
    cloud: LocalCloud, api: Any, strategy: str, copied: int
) -> None:
    create(api, rule(encrypted=strategy))
    group = encrypted_group(cloud)
    made.log(cloud, MEMBER, group, "secret")

    assert len(messages(cloud, group)) == copied


def encrypted_group(cloud: LocalCloud) -> str:
    group = made.name("/app/encrypted")
    logs = cloud.client("logs", MEMBER)
    key_arn = f"arn:aws:kms:{HOME}:{MEMBER}:key/1"
    logs.create_log_group(logGroupName=group, kmsKeyId=key_arn)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    return group


@pytest.mark.parametrize("scope", ["ENCRYPTED_SOURCE_ONLY", "NEW_DESTINATION_LOG_GROUPS"])
def test_copies_are_encrypted_with_the_rules_key(cloud: LocalCloud, api: Any, scope: str) -> None:
    key_arn = key(cloud, logs_may_use())
    create(api, rule(LogsEncryptionConfiguration=ours(key_arn, EncryptionScope=scope)))
    plain, secret = made.log_group(cloud, MEMBER), encrypted_group(cloud)
    for group in (plain, secret):
        made.log(cloud, MEMBER, group, "hello")

    used = {group: key_of(cloud, group) for group in (plain, secret)}
    every = scope == "NEW_DESTINATION_LOG_GROUPS"
    assert used == {plain: key_arn if every else None, secret: key_arn}


def key_of(cloud: LocalCloud, group: str) -> str | None:
    [found] = cloud.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    key_arn: str | None = found.get("kmsKeyId")
    return key_arn


@pytest.mark.parametrize(
    ("tagged", "statement", "reason"),
    [
        (False, logs_may_use(), "has no tag LogsManaged = true"),
        (True, logs_may_use(IRELAND), "not authorized to perform kms:GenerateDataKey"),
        (True, logs_may_use(groups="/other/*"), "not authorized to perform kms:GenerateDataKey"),
    ],
)
def test_a_key_that_cloudwatch_may_not_use_keeps_copies_away(
    cloud: LocalCloud, api: Any, *, tagged: bool, statement: Json, reason: str
) -> None:
    wanted = ours(
        key(cloud, statement, tagged=tagged), EncryptionScope="NEW_DESTINATION_LOG_GROUPS"
    )
    create(api, rule(LogsEncryptionConfiguration=wanted))
    group = made.log_group(cloud, MEMBER)
    made.log(cloud, MEMBER, group, "hello")

    [why] = made.refusals(cloud, group)
    assert messages(cloud, group) == []
    assert reason in why


@pytest.mark.parametrize(("resolution", "copied"), [("ALLOW", 1), ("SKIP", 0)])
def test_a_group_that_is_there_without_the_key_is_written_to_or_not(
    cloud: LocalCloud, api: Any, resolution: str, copied: int
) -> None:
    wanted = ours(key(cloud, logs_may_use()), EncryptionConflictResolutionStrategy=resolution)
    create(api, rule(LogsEncryptionConfiguration=wanted))
    group = encrypted_group(cloud)
    cloud.client("logs").create_log_group(logGroupName=group)
    made.log(cloud, MEMBER, group, "hello")

    assert len(messages(cloud, group)) == copied
    assert [why for why in made.refusals(cloud, group) if "EncryptionMismatch" not in why] == []
    assert len(made.refusals(cloud, group)) == 1 - copied


def test_a_stream_whose_name_gets_too_long_is_refused(cloud: LocalCloud, api: Any) -> None:
    create(api, rule())
    group, logs = made.log_group(cloud, MEMBER), cloud.client("logs", MEMBER)
    suffix = len(f"_{MEMBER}_{HOME}")
    for length in (512 - suffix, 513 - suffix):
        logs.create_log_stream(logGroupName=group, logStreamName="x" * length)
        logs.put_log_events(
            logGroupName=group,
            logStreamName="x" * length,
            logEvents=[{"timestamp": 1_772_366_400_000, "message": str(length)}],
        )

    assert [text for _, text in messages(cloud, group)] == [str(512 - suffix)]
    [why] = made.refusals(cloud, group)
    assert "InvalidLogStream: 513 characters" in why
