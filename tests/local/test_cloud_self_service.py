"""Products launched as plain stacks, checks and remediation, in the local cloud's accounts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.config import DeploymentConfig
from infra.config.access import Access
from infra.member_template import template_text
from infra.names import CENTRAL_LOGS, READ_LOG_GROUPS_ROLE
from infra.settings import check_settings
from infra.stacks.application import ApplicationStack
from infra.stacks.door import DoorStack
from infra.stacks.log_group_rules import LogGroupRulesStack
from infra.stacks.self_service_roles import SelfServiceRolesStack
from lambdas.check_log_groups.check import Request, check
from lambdas.remediate_log_group import script
from local.aws.process import CLIENT_CONFIG, LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION
from tests.infra.deployment import FLAGS, listed, statements
from tests.local import landscape as made
from tests.local.landscape import MEMBER, OTHER_MEMBER
from tests.local.organisation import Organisation, app, ended, place, reasons
from tests.local.pieces import eventually
from tests.unit.test_config import write

HOME = CENTRAL_REGION
CHECK_ROLE = f"central-logs-check-log-groups-{HOME}"
ASKED = Request(MEMBER, "pipeline", "2026-03-01T12:00:00.000Z", "token")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cloud")


@pytest.fixture(scope="module")
def cloud(folder: Path) -> Iterator[LocalCloud]:
    with LocalCloud(folder / "cloud.log") as running:
        yield running


@pytest.fixture(scope="module")
def config(folder: Path) -> DeploymentConfig:
    chosen = {
        "members": {"accounts": [MEMBER], "regions": [HOME]},
        "self_service": {
            "units": ["r-ex4m"],
            "principals": ["arn:aws:iam:::role/developers-*"],
            "rules": {"excluded": ["/scratch/*"], "key_alias": "alias/log-groups"},
        },
    }
    return DeploymentConfig.load(write(folder, "sandbox", chosen))


@pytest.fixture(scope="module")
def central(cloud: LocalCloud, config: DeploymentConfig, folder: Path) -> Organisation:
    """The central account with a stream and the region's door."""
    organisation = Organisation(cloud, folder)
    organisation.put(DoorStack(app(), "Door", config=config, env=place(HOME)), HOME)
    return organisation


def launch(cloud: LocalCloud, account: str, **parameters: str) -> str:
    """Launch the application product's template as a plain stack; gives why it failed, if so."""
    body = template_text(
        lambda a, synthesizer: ApplicationStack(
            a,
            "Application",
            central=CENTRAL_ACCOUNT,
            retentions=(30, 90),
            synthesizer=synthesizer,
        ),
        Access(),
        FLAGS,
    )
    api, name = cloud.client("cloudformation", account), made.name("SC-launch")
    given = {"Application": "shop", "Owner": "team@example.com", **parameters}
    api.create_stack(
        StackName=name,
        TemplateBody=body,
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in given.items()],
    )
    state = eventually(lambda: ended(api, name), f"the end of {name}")
    return "" if state == "CREATE_COMPLETE" else reasons(api, name)


def written(cloud: LocalCloud, account: str, group: str) -> None:
    cloud.client("logs", account).create_log_stream(logGroupName=group, logStreamName="s")
    made.log(cloud, account, group, "hello")


def arrived(central: Organisation, group: str) -> list[Any]:
    found = made.envelopes(central.cloud, central.stream)
    return [envelope for envelope in found if envelope["logGroup"] == group]


def described(cloud: LocalCloud, account: str, group: str) -> Any:
    logs = cloud.client("logs", account)
    (found,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    return found


def test_a_line_of_a_new_log_group_arrives_with_its_region(central: Organisation) -> None:
    cloud, group = central.cloud, made.name("/shop/checkout")
    assert launch(cloud, MEMBER, LogGroupName=group, Subscription="filter") == ""
    written(cloud, MEMBER, group)

    (envelope,) = arrived(central, group)
    assert envelope["owner"] == MEMBER
    assert envelope["subscriptionFilters"] == [f"{CENTRAL_LOGS}-{HOME}"]
    assert described(cloud, MEMBER, group)["retentionInDays"] == 90
    assert ":key/" in described(cloud, MEMBER, group)["kmsKeyId"]


def test_a_line_of_an_existing_log_group_arrives(central: Organisation) -> None:
    cloud, group = central.cloud, made.log_group(central.cloud, MEMBER)
    assert (
        launch(cloud, MEMBER, LogGroupName=group, LogGroup="existing", Subscription="filter") == ""
    )
    made.log(cloud, MEMBER, group, "hello")

    assert len(arrived(central, group)) == 1
    assert "kmsKeyId" not in described(cloud, MEMBER, group)


def test_where_the_account_policy_sends_it_a_launch_makes_the_log_group_alone(
    central: Organisation,
) -> None:
    cloud, group, key = central.cloud, made.name("/shop/stock"), made_key(central.cloud)
    assert launch(cloud, MEMBER, LogGroupName=group, RetentionInDays="30", KeyArn=key) == ""

    logs = cloud.client("logs", MEMBER)
    assert logs.describe_subscription_filters(logGroupName=group)["subscriptionFilters"] == []
    assert described(cloud, MEMBER, group)["kmsKeyId"] == key
    assert described(cloud, MEMBER, group)["retentionInDays"] == 30


def made_key(cloud: LocalCloud) -> str:
    arn: str = cloud.client("kms", MEMBER).create_key()["KeyMetadata"]["Arn"]
    return arn


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"LogGroup": "existing"}, "would send it twice"),
        (
            {
                "LogGroup": "existing",
                "Subscription": "filter",
                "KeyArn": f"arn:aws:kms:us-east-1:{MEMBER}:key/1",
            },
            "keeps its key",
        ),
        ({"LogGroupName": "/central-logs/normalise"}, "LogGroupName"),
        ({"RetentionInDays": "91"}, "RetentionInDays"),
    ],
)
def test_a_launch_that_would_send_twice_or_change_nothing_is_refused(
    parameters: dict[str, str], complaint: str, cloud: LocalCloud
) -> None:
    with pytest.raises(ClientError, match=complaint):
        launch(cloud, MEMBER, **{"LogGroupName": "/shop/refused", **parameters})


class KeptEvaluations:
    """Stands for AWS Config, which the local cloud does not play."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, str]] = {}

    def put_evaluations(self, *, Evaluations: list[dict[str, str]], ResultToken: str) -> Any:
        assert ResultToken == "token"
        self.found |= {
            e["ComplianceResourceId"]: (e["ComplianceType"], e.get("Annotation", ""))
            for e in Evaluations
        }
        return {"FailedEvaluations": []}


def session(cloud: LocalCloud, keys: Any, service: str) -> Any:
    maker: Any = boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], HOME
    )
    return maker.client(service, endpoint_url=cloud.endpoint, config=CLIENT_CONFIG)


@pytest.fixture(scope="module")
def reader(cloud: LocalCloud, config: DeploymentConfig) -> Any:
    """A client with the rights of the role in the member, taken by the check's own role."""
    body = template_text(
        lambda a, s: SelfServiceRolesStack(a, "Roles", config=config, synthesizer=s),
        Access(),
        FLAGS,
    )
    api = cloud.client("cloudformation", MEMBER)
    api.create_stack(StackName="roles", TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
    assert eventually(lambda: ended(api, "roles"), "the roles") == "CREATE_COMPLETE"
    return session(cloud, taken(cloud, CHECK_ROLE), "logs")


def taken(cloud: LocalCloud, function_role: str) -> Any:
    """Keys of the reader role, taken by a role of the central account."""
    reader_arn = f"arn:aws:iam::{MEMBER}:role/{READ_LOG_GROUPS_ROLE}"
    iam = cloud.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": CENTRAL_ACCOUNT}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName=function_role, AssumeRolePolicyDocument=made.policy(trust))
    iam.put_role_policy(
        RoleName=function_role,
        PolicyName="p",
        PolicyDocument=made.policy(made.allow("sts:AssumeRole", reader_arn)),
    )
    sts = made.session(cloud, role["Role"]["Arn"], "sts")
    return sts.assume_role(RoleArn=reader_arn, RoleSessionName="check")["Credentials"]


def test_the_check_sees_what_is_sent_and_how_often(
    central: Organisation, reader: Any, config: DeploymentConfig
) -> None:
    cloud = central.cloud
    outside, excluded = made.log_group(cloud, MEMBER), made.name("/scratch/x")
    cloud.client("logs", MEMBER).create_log_group(logGroupName=excluded)
    inside, twice = made.name("/shop/inside"), made.log_group(cloud, MEMBER)
    assert launch(cloud, MEMBER, LogGroupName=inside, Subscription="filter") == ""
    door = check_settings(config, HOME, "aws").door_arn
    for _ in range(2):
        made.subscribe(cloud, MEMBER, twice, door)
    kept = KeptEvaluations()

    check(ASKED, reader, kept, check_settings(config, HOME, "aws"))

    assert kept.found[inside] == ("COMPLIANT", "")
    assert kept.found[excluded] == ("NOT_APPLICABLE", "")
    assert kept.found[outside][0] == "NON_COMPLIANT"
    assert "outside the pipeline" in kept.found[outside][1]
    assert "sent twice" in kept.found[twice][1]


@pytest.mark.usefixtures("reader")
def test_nobody_else_of_the_central_account_takes_the_reader(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        taken(cloud, "somebody-else")


@pytest.mark.usefixtures("reader")
def test_the_reader_changes_nothing(cloud: LocalCloud, reader: Any) -> None:
    group = made.log_group(cloud, MEMBER)

    with pytest.raises(ClientError, match="AccessDenied"):
        reader.put_retention_policy(logGroupName=group, retentionInDays=30)


@pytest.fixture(scope="module")
def key(cloud: LocalCloud) -> str:
    """ARN of the key that the account keeps for its log groups."""
    kms = cloud.client("kms", OTHER_MEMBER)
    made_now = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/log-groups", TargetKeyId=made_now["KeyId"])
    arn: str = made_now["Arn"]
    return arn


@pytest.fixture(scope="module")
def remediation(config: DeploymentConfig) -> list[dict[str, Any]]:
    """What the template lets the document's role do.

    Without the condition on the key's alias, which the local cloud does not know.
    """
    body = template_text(
        lambda a, s: LogGroupRulesStack(a, "Rules", config=config, synthesizer=s), Access(), FLAGS
    )
    references = {"AccountId": OTHER_MEMBER, "Region": HOME, "Partition": "aws"}
    for name, value in references.items():
        body = body.replace(f'{{"Ref":"AWS::{name}"}}', f'"{value}"')
    resources = json.loads(body)["Resources"].values()
    [policy] = (r["Properties"] for r in resources if r["Type"] == "AWS::IAM::Policy")
    return [
        {**one, "Condition": {}, "Resource": "*"} if one["Action"] == "kms:DescribeKey" else one
        for one in statements(policy)
    ]


@pytest.fixture
def automation(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The document's script, whose clients are those of another member."""
    monkeypatch.setattr(boto3, "client", lambda service: cloud.client(service, OTHER_MEMBER))
    return script.script_handler


def payload(group: str, setting: str, **changes: Any) -> dict[str, Any]:
    told = {"RetentionDays": 30, "KeyAlias": "alias/log-groups", "Excluded": ["/central-logs/*"]}
    return {"LogGroup": group, "Setting": setting, **told, **changes}


@pytest.mark.parametrize(
    "form", ["{}", f"arn:aws:logs:{HOME}:{OTHER_MEMBER}:log-group:{{}}:*"], ids=["name", "arn"]
)
def test_a_log_group_gets_its_retention(form: str, cloud: LocalCloud, automation: Any) -> None:
    group = made.log_group(cloud, OTHER_MEMBER)

    done = automation(payload(form.format(group), "retention"), None)

    assert done == {"LogGroup": group, "Done": "30 days"}
    assert described(cloud, OTHER_MEMBER, group)["retentionInDays"] == 30


def test_a_retention_that_somebody_chose_meanwhile_stays(
    cloud: LocalCloud, automation: Any
) -> None:
    group = made.log_group(cloud, OTHER_MEMBER)
    cloud.client("logs", OTHER_MEMBER).put_retention_policy(logGroupName=group, retentionInDays=365)

    assert automation(payload(group, "retention"), None)["Done"] == "nothing: 365 days already"
    assert described(cloud, OTHER_MEMBER, group)["retentionInDays"] == 365


def test_a_log_group_gets_the_key_of_its_account_once(
    cloud: LocalCloud, automation: Any, key: str
) -> None:
    group = made.log_group(cloud, OTHER_MEMBER)

    assert automation(payload(group, "encryption"), None)["Done"] == key
    assert described(cloud, OTHER_MEMBER, group)["kmsKeyId"] == key
    assert automation(payload(group, "encryption"), None)["Done"] == f"nothing: {key} already"


@pytest.mark.parametrize(
    ("group", "done"),
    [("/central-logs/normalise", "nothing: excluded"), ("/gone", "nothing: it is gone")],
)
def test_a_log_group_that_is_excluded_or_gone_is_left_alone(
    group: str, done: str, automation: Any
) -> None:
    assert automation(payload(group, "retention"), None) == {"LogGroup": group, "Done": done}


def test_a_name_that_another_begins_with_is_not_mistaken(
    cloud: LocalCloud, automation: Any
) -> None:
    group = made.log_group(cloud, OTHER_MEMBER)

    assert automation(payload(group[:-1], "retention"), None)["Done"] == "nothing: it is gone"
    assert "retentionInDays" not in described(cloud, OTHER_MEMBER, group)


def remediate(
    cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch, allowed: list[dict[str, Any]]
) -> str:
    """Give a log group both settings with these rights; gives why it failed, if so."""
    group = made.log_group(cloud, OTHER_MEMBER)
    role = made.role(cloud, CENTRAL_ACCOUNT, *allowed, account=OTHER_MEMBER)
    monkeypatch.setattr(boto3, "client", lambda service: made.session(cloud, role, service))
    try:
        for setting in ("retention", "encryption"):
            script.script_handler(payload(group, setting), None)
    except ClientError as refusal:
        return str(refusal)
    return ""


@pytest.mark.usefixtures("key")
def test_each_right_of_the_document_is_needed_to_put_a_log_group_right(
    cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch, remediation: list[dict[str, Any]]
) -> None:
    assert remediate(cloud, monkeypatch, remediation) == ""
    for left_out in remediation:
        others = [each for each in remediation if each != left_out]
        assert f"perform: {listed(left_out['Action'])[0]}" in remediate(cloud, monkeypatch, others)
