"""A deployment goes, senders first, and a scan of everything proves it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.names import CENTRAL_LOGS, SETUP_ROLE, agent_parameter, policy_name
from local.aws.centralisation.destination import PRINCIPAL
from local.aws.organizations import ROOT_ID
from local.aws.process import LocalCloud, free_port
from local.aws.settings import CENTRAL_ACCOUNT, Settings
from logcore.transports.copied_groups import COPIES
from ops.checks.subscriptions import KIND
from tests.local import landscape as made
from tests.local.deployment import HOME, IRELAND, MEMBER, REGIONS, Deployed
from tests.local.ground import Beside, delegate
from tests.local.organisation import MANAGEMENT
from tests.local.pieces import eventually

REMOVE = ("destroy", "--data", "remove", "--yes")
KEEP = ("destroy", "--data", "keep", "--yes")


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path / "cloud.log", Settings(port=free_port())) as running:
        yield running


@pytest.fixture
def deployed(cloud: LocalCloud, tmp_path: Path) -> Deployed:
    found = Deployed(cloud, tmp_path)
    found.deploy()
    found.bootstrap_roles(MEMBER)
    return found


def archive(deployed: Deployed) -> str:
    """Fill the archive: objects, old versions, delete markers; gives the bucket."""
    s3 = deployed.client("s3")
    bucket = deployed.physical("search", "AWS::S3::Bucket")
    for number in range(3):
        s3.put_object(Bucket=bucket, Key="raw/a", Body=b"%d" % number)
    s3.put_object(Bucket=bucket, Key="raw/b", Body=b"b")
    s3.delete_object(Bucket=bucket, Key="raw/b")
    return bucket


def buckets(deployed: Deployed) -> set[str]:
    told = deployed.client("s3").list_buckets()["Buckets"]
    return {bucket["Name"] for bucket in told}


def doors(deployed: Deployed) -> set[str]:
    return {
        region
        for region in REGIONS
        if deployed.client("logs", region).describe_destinations()["destinations"]
    }


def stacks(deployed: Deployed) -> set[str]:
    places = [(region, account) for region in REGIONS for account in (CENTRAL_ACCOUNT, MEMBER)]
    return {name for place in places for name in deployed.names(*place)}


def line_of(deployed: Deployed, words: str) -> int:
    lines = deployed.said.splitlines()
    found = [number for number, line in enumerate(lines) if words in line]
    assert found, (words, deployed.said)
    return found[0]


def test_a_whole_deployment_goes_senders_first_and_nothing_is_left(deployed: Deployed) -> None:
    bucket = archive(deployed)

    code = deployed.run(*REMOVE)

    assert code == 0, deployed.said
    assert stacks(deployed) == set()
    assert doors(deployed) == set()
    assert bucket not in buckets(deployed)
    steps = (
        "deleted  CentralLogs-sandbox-member-222222222222-eu-west-1",
        "nothing moves any more",
        "deleting CentralLogs-sandbox-pipeline",
        f"emptying {bucket}: ",
        "deleting CentralLogs-sandbox-search",
        "deleting AWS::Logs::Destination central-logs (eu-west-1)",
        "going  111111111111  us-east-1  AWS::KMS::Key",
    )
    places = [line_of(deployed, step) for step in steps]
    assert places == sorted(places)


def test_a_second_run_finds_nothing_to_do_and_proves_the_same(deployed: Deployed) -> None:
    deployed.run(*REMOVE)

    assert deployed.run(*REMOVE) == 0
    assert "deleting" not in deployed.said


def test_data_that_is_kept_is_there_and_is_named_with_its_cost(deployed: Deployed) -> None:
    bucket = archive(deployed)
    key = deployed.physical("search", "AWS::KMS::Key")

    code = deployed.run(*KEEP)

    assert code == 0, deployed.said
    assert stacks(deployed) == set()
    assert doors(deployed) == set()
    told = [
        deployed.client("s3").list_object_versions(Bucket=bucket, Prefix=key)
        for key in ("raw/a", "raw/b")
    ]
    assert [len(page["Versions"]) for page in told] == [3, 1]
    assert len(told[1]["DeleteMarkers"]) == 1
    state = deployed.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
    assert state == "Enabled"
    assert deployed.client("opensearch").describe_domain(DomainName=CENTRAL_LOGS)
    kept = [line for line in deployed.said.splitlines() if line.startswith("kept")]
    assert [any(name in line for line in kept) for name in (bucket, key, "Domain")] == [True] * 3
    assert all("https://aws.amazon.com/" in line for line in kept)
    assert not [line for line in deployed.said.splitlines() if line.startswith("left")]


def test_kept_data_can_be_removed_later(deployed: Deployed) -> None:
    bucket = archive(deployed)
    deployed.run(*KEEP)

    code = deployed.run(*REMOVE)

    assert code == 0, deployed.said
    assert bucket not in buckets(deployed)
    assert "7 days at least" in deployed.said
    with pytest.raises(ClientError, match="not found"):
        deployed.client("opensearch").describe_domain(DomainName=CENTRAL_LOGS)


def test_data_of_a_stack_whose_deletion_failed_is_kept_as_well(deployed: Deployed) -> None:
    bucket = archive(deployed)
    deployed.run(*REMOVE, "--dry-run")
    for stack in ("member-111111111111-us-east-1", "door-us-east-1", "pipeline", "search"):
        deployed.client("cloudformation").delete_stack(StackName=f"CentralLogs-sandbox-{stack}")
    before = deployed.names()

    code = deployed.run(*KEEP)

    assert before == {"search"}
    assert code == 0, deployed.said
    assert bucket in buckets(deployed)


class PressedKeyError(Exception):
    """Somebody pressed a key."""


@pytest.mark.parametrize("after", [1, 5, 8])
def test_interrupted_anywhere_and_run_again_it_ends_the_same(
    deployed: Deployed, after: int
) -> None:
    bucket, calls = archive(deployed), iter(range(after))

    def interrupted(service: str, region: str) -> Any:
        client = deployed.as_root(service, region)

        def fail_in_the_end(method: str) -> Any:
            def call(**words: Any) -> Any:
                if next(calls, None) is None:
                    raise PressedKeyError
                return getattr(client, method)(**words)

            return call

        changing = ("delete_stack", "delete_objects", "delete_destination", "assume_role")
        return Beside(client, {name: fail_in_the_end(name) for name in changing})

    with pytest.raises(PressedKeyError):
        deployed.run(*REMOVE, clients=interrupted)

    assert deployed.run(*REMOVE) == 0, deployed.said
    assert stacks(deployed) == set()
    assert doors(deployed) == set()
    assert bucket not in buckets(deployed)


def role(deployed: Deployed) -> None:
    deployed.client("iam").create_role(
        RoleName="CentralLogs-sandbox-pipeline-Old-1ABC", AssumeRolePolicyDocument=made.policy()
    )


def foreign_door(deployed: Deployed) -> None:
    stream = made.stream(deployed.cloud, region="ap-southeast-2")
    writer = made.role(
        deployed.cloud, "logs.amazonaws.com", made.allow("kinesis:PutRecord", stream)
    )
    deployed.client("logs", "ap-southeast-2").put_destination(
        destinationName=CENTRAL_LOGS, targetArn=stream, roleArn=writer
    )


def log_group(deployed: Deployed) -> None:
    deployed.client("logs", "eu-central-1").create_log_group(logGroupName="/central-logs/old")


def old_stack(deployed: Deployed) -> None:
    topic = {"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {}}}}
    deployed.client("cloudformation", "eu-central-1").create_stack(
        StackName="CentralLogs-sandbox-door-eu-central-1", TemplateBody=json.dumps(topic)
    )


def old_bucket(deployed: Deployed) -> None:
    deployed.client("s3").create_bucket(Bucket="centrallogs-sandbox-search-archivebucket-old")


def tagged(deployed: Deployed) -> None:
    deployed.client("sqs").create_queue(
        QueueName="old", tags={"aws:cloudformation:stack-name": "CentralLogs-sandbox-pipeline"}
    )


def alias(deployed: Deployed) -> None:
    kms = deployed.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/central-logs", TargetKeyId=key)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A cloud without a deployment."""
    folder = tmp_path_factory.mktemp("bare")
    with LocalCloud(folder / "cloud.log", Settings(port=free_port())) as running:
        found = Deployed(running, folder)
        found.bootstrap_roles(MEMBER)
        yield found


def setup_role(deployed: Deployed) -> None:
    deployed.client("iam").create_role(RoleName=SETUP_ROLE, AssumeRolePolicyDocument=made.policy())


def of_hosts(deployed: Deployed) -> None:
    deployed.changes["hosts"] = {"enabled": True}
    deployed.client("ssm").put_parameter(Name=agent_parameter("linux"), Value="{}", Type="String")


def reset(deployed: Deployed) -> None:
    """Take away what the tests below plant."""
    iam, logs = deployed.client("iam"), deployed.client("logs", "eu-central-1")
    for found in iam.list_roles()["Roles"]:
        if found["RoleName"].startswith(("CentralLogs-", CENTRAL_LOGS)):
            iam.delete_role(RoleName=found["RoleName"])
    for group in logs.describe_log_groups()["logGroups"]:
        logs.delete_log_group(logGroupName=group["logGroupName"])
    sydney = deployed.client("logs", "ap-southeast-2")
    for door in sydney.describe_destinations()["destinations"]:
        sydney.delete_destination(destinationName=door["destinationName"])
    for name in buckets(deployed):
        deployed.client("s3").delete_bucket(Bucket=name)
    sqs, kms = deployed.client("sqs"), deployed.client("kms")
    for url in sqs.list_queues().get("QueueUrls", []):
        sqs.delete_queue(QueueUrl=url)
    if deployed.changes.pop("hosts", None):
        deployed.client("ssm").delete_parameter(Name=agent_parameter("linux"))
    for found in kms.list_aliases()["Aliases"]:
        if not found["AliasName"].startswith("alias/aws/"):
            kms.delete_alias(AliasName=found["AliasName"])


@pytest.mark.parametrize(
    ("plant", "shown"),
    [
        (role, "role CentralLogs-sandbox-pipeline-Old-1ABC"),
        (foreign_door, "Destination central-logs"),
        (log_group, "log group /central-logs/old"),
        (old_bucket, "bucket centrallogs-sandbox-search-archivebucket-old"),
        (tagged, "tagged arn:aws:sqs:us-east-1:111111111111:old"),
        (alias, "key alias alias/central-logs"),
        (setup_role, "role central-logs-search-setup"),
        (of_hosts, "agent's parameter of linux AmazonCloudWatch-central-logs-linux"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_nobody_can_prove_to_be_ours_is_shown_and_left_alone(
    bare: Deployed, plant: Any, shown: str
) -> None:
    plant(bare)

    first, second = bare.run(*REMOVE), bare.run(*REMOVE)

    assert (first, second) == (1, 1)
    [line] = [line for line in bare.said.splitlines() if line.startswith("left")]
    assert shown in line
    reset(bare)


def test_nothing_is_nothing(bare: Deployed) -> None:
    assert bare.run(*REMOVE) == 0
    assert bare.said.endswith("nothing is left")


def test_a_stack_of_a_region_that_is_no_longer_configured_goes_as_well(bare: Deployed) -> None:
    old_stack(bare)

    assert bare.run(*REMOVE) == 0, bare.said
    assert "deleted  CentralLogs-sandbox-door-eu-central-1" in bare.said


def test_stacks_of_a_stage_whose_name_begins_alike_are_left_alone(bare: Deployed) -> None:
    topic = {"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {}}}}
    api = bare.client("cloudformation")
    for name in ("search", "door-us-east-1"):
        api.create_stack(
            StackName=f"CentralLogs-sandbox-two-{name}", TemplateBody=json.dumps(topic)
        )

    assert bare.run(*REMOVE) == 0, bare.said

    assert bare.names() == {"two-search", "two-door-us-east-1"}


def test_what_another_stack_has_by_now_is_left_alone(deployed: Deployed) -> None:
    deployed.run(*KEEP)
    bucket = next(name for name in buckets(deployed) if name.startswith("centrallogs-"))
    api = deployed.client("cloudformation")
    adopted = {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "Retain",
        "Properties": {"BucketName": bucket},
    }
    api.create_change_set(
        StackName="somebody-elses",
        ChangeSetName="adopt",
        ChangeSetType="IMPORT",
        TemplateBody=json.dumps({"Resources": {"Logs": adopted}}),
        ResourcesToImport=[
            {
                "ResourceType": "AWS::S3::Bucket",
                "LogicalResourceId": "Logs",
                "ResourceIdentifier": {"BucketName": bucket},
            }
        ],
    )
    api.get_waiter("change_set_create_complete").wait(
        StackName="somebody-elses", ChangeSetName="adopt", WaiterConfig={"Delay": 1}
    )
    api.execute_change_set(StackName="somebody-elses", ChangeSetName="adopt")
    api.get_waiter("stack_import_complete").wait(
        StackName="somebody-elses", WaiterConfig={"Delay": 1}
    )

    code = deployed.run(*REMOVE)

    assert code == 1
    assert bucket in buckets(deployed)
    assert f"{bucket}: it is of somebody-elses" in deployed.said


def test_an_account_that_cannot_be_reached_stops_it_before_the_pipeline_goes(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    deployed = Deployed(cloud, tmp_path)
    deployed.deploy()

    code = deployed.run(*REMOVE)

    assert code == 1
    assert "With credentials of other accounts:" in deployed.said
    assert f"{MEMBER}  $ aws cloudformation delete-stack --region {IRELAND}" in deployed.said
    assert {"pipeline", "search"} <= deployed.names()


def test_a_policy_to_the_door_that_no_stack_has_is_deleted_here_and_named_there(
    deployed: Deployed,
) -> None:
    found: Any = {}
    for account in (CENTRAL_ACCOUNT, MEMBER):
        logs = deployed.client("logs", account=account)
        [policy] = logs.describe_account_policies(policyType=KIND)["accountPolicies"]
        name = f"CentralLogs-sandbox-member-{account}-{HOME}"
        deployed.client("cloudformation", account=account).delete_stack(StackName=name)
        found[account] = policy
    for account, policy in found.items():
        document = {"DestinationArn": json.loads(policy["policyDocument"])["DestinationArn"]}
        deployed.client("logs", account=account).put_account_policy(
            policyName=policy_name(HOME),
            policyType=KIND,
            policyDocument=json.dumps(document),
            selectionCriteria=policy["selectionCriteria"],
        )

    code = deployed.run(*REMOVE)

    assert code == 1
    assert (
        f"deleting account policy {policy_name(HOME)} ({CENTRAL_ACCOUNT}, {HOME})" in deployed.said
    )
    assert f"{MEMBER}  $" in deployed.said
    assert {"pipeline", "search"} <= deployed.names()


def test_records_that_still_arrive_stop_it(deployed: Deployed) -> None:
    def arriving(**_: Any) -> Any:
        return {"Datapoints": [{"Timestamp": deployed.clock.now(), "Sum": 7.0, "Maximum": 0.0}]}

    def clients(service: str, region: str) -> Any:
        answers = {"get_metric_statistics": arriving} if service == "cloudwatch" else {}
        return Beside(deployed.as_root(service, region), answers)

    code = deployed.run(*REMOVE, "--wait-minutes", "2", clients=clients)

    assert code == 1
    assert "0 min: 7 records in 6 minutes arrive on the stream" in deployed.said
    assert "STOPPED after 2 minutes" in deployed.said
    assert {"pipeline", "search"} <= deployed.names()


@pytest.mark.parametrize(
    ("metric", "value", "words"),
    [
        ("GetRecords.IteratorAgeMilliseconds", 90_000.0, "the stream is read 90 s late"),
        ("IncomingRecords", 3.0, "arrive on the stream"),
    ],
)
def test_what_is_under_way_is_waited_for_where_data_is_kept(
    deployed: Deployed, metric: str, value: float, words: str
) -> None:
    looks = iter([value] * 2)

    def known(**asked: Any) -> Any:
        [statistic] = asked["Statistics"]
        now = next(looks, 0.0) if asked["MetricName"] == metric else 0.0
        return {"Datapoints": [{"Timestamp": deployed.clock.now(), statistic: now}]}

    def clients(service: str, region: str) -> Any:
        answers = {"get_metric_statistics": known} if service == "cloudwatch" else {}
        return Beside(deployed.as_root(service, region), answers)

    code = deployed.run(*KEEP, clients=clients)

    assert code == 0, deployed.said
    assert line_of(deployed, words) < line_of(deployed, "nothing moves any more")


def test_what_was_set_aside_would_go_with_its_queue_so_it_stops(deployed: Deployed) -> None:
    queue = deployed.physical("pipeline", "AWS::SQS::Queue")
    deployed.client("sqs").send_message(QueueUrl=queue, MessageBody="a batch")

    code = deployed.run(*KEEP)

    assert code == 1
    assert "1 messages in CentralLogs-sandbox-pipeline-NormaliseSetAside" in deployed.said
    assert deployed.run(*KEEP, "--wait-minutes", "0") == 0, deployed.said


def test_what_is_made_to_stay_is_refused_with_what_lifts_it(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    deployed = Deployed(cloud, tmp_path, removal="retain")
    deployed.deploy()
    deployed.bootstrap_roles(MEMBER)
    before = stacks(deployed)

    assert deployed.run(*KEEP) == 1
    assert "--no-enable-termination-protection --stack-name CentralLogs-sandbox-search" in (
        deployed.said
    )
    assert deployed.run(*REMOVE) == 1
    assert "--data remove --lift-protection" in deployed.said
    assert stacks(deployed) == before

    assert deployed.run(*REMOVE, "--lift-protection") == 0, deployed.said
    assert stacks(deployed) == set()
    assert "deleting AWS::Kinesis::Stream central-logs" in deployed.said


def test_without_the_stages_name_nothing_is_done(deployed: Deployed) -> None:
    before = stacks(deployed)

    assert deployed.run("destroy", answers="production") == 1
    assert deployed.said.endswith("nothing was done")
    assert deployed.run("destroy", "--dry-run") == 0
    assert "keep AWS::S3::Bucket centrallogs-sandbox-search-" in deployed.said
    assert stacks(deployed) == before
    assert deployed.run("destroy", answers="sandbox") == 0, deployed.said
    assert stacks(deployed) == set()


def test_in_another_account_nothing_is_begun(bare: Deployed) -> None:
    code = bare.run(*REMOVE, clients=lambda service, region: bare.client(service, region, MEMBER))

    assert code == 2
    assert "credentials of 111111111111" in bare.said


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[LocalCloud]:
    accounts = {a: {"name": f"a{a}", "unit": "", "tags": {}} for a in (CENTRAL_ACCOUNT, MEMBER)}
    settings = Settings(
        port=free_port(), organisation=json.dumps(accounts), management_account=MANAGEMENT
    )
    with LocalCloud(tmp_path / "cloud.log", settings) as cloud:
        delegate(cloud, CENTRAL_ACCOUNT)
        cloud.client("iam").create_service_linked_role(AWSServiceName=PRINCIPAL)
        yield cloud


UNITS = {"accounts": None, "units": [ROOT_ID], "regions": list(REGIONS)}


def test_accounts_of_units_go_by_their_stack_set(organisation: LocalCloud, tmp_path: Path) -> None:
    deployed = Deployed(organisation, tmp_path, members=UNITS)
    deployed.deploy()
    before = policies(deployed)

    code = deployed.run(*REMOVE)

    assert before == set(REGIONS)
    assert code == 0, deployed.said
    assert policies(deployed) == set()
    deleted = line_of(deployed, "deleted  2 stacks of StackSet central-logs-members")
    assert deleted < line_of(deployed, "deleting CentralLogs-sandbox-organisation")


def test_what_cloudwatch_has_copied_goes_after_its_rule(
    organisation: LocalCloud, tmp_path: Path
) -> None:
    deployed = Deployed(organisation, tmp_path, members={**UNITS, "mode": "centralise"})
    deployed.deploy()
    made.log(organisation, MEMBER, made.log_group(organisation, MEMBER), "copied")
    eventually(lambda: copied(deployed), "the copy")

    kept = deployed.run(*KEEP)
    said, still = deployed.said, copied(deployed)
    gone = deployed.run(*REMOVE)

    assert (kept, gone) == (0, 0), deployed.said
    assert len(still) == 1
    assert f"copied log group {still[0]}" in said
    assert copied(deployed) == []


def copied(deployed: Deployed) -> list[str]:
    told = deployed.client("logs").describe_log_groups(logGroupNamePrefix=COPIES)["logGroups"]
    return [group["logGroupName"] for group in told]


def policies(deployed: Deployed) -> set[str]:
    """Regions in which the member is subscribed."""
    return {
        region
        for region in REGIONS
        if deployed.client("logs", region, MEMBER).describe_account_policies(policyType=KIND)[
            "accountPolicies"
        ]
    }
