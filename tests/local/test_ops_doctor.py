"""After a deployment: a good one lets events through, and each fault is found with its fix."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from infra.names import CENTRAL_LOGS, KEY_ALIAS, ORGANISATION_KEY, policy_name
from local.aws.process import LocalCloud, free_port
from local.aws.settings import CENTRAL_ACCOUNT, Settings
from ops.answer import Answer, Finding
from ops.checks.search import SERVICE_ROLE
from ops.checks.subscriptions import KIND
from ops.doctor import WAY, doctor, policy, stops_at
from ops.view import Clients, View
from tests.local import landscape as made
from tests.local.deployment import HOME, IRELAND, MEMBER, Deployed
from tests.local.ground import Beside, delegate
from tests.local.organisation import MANAGEMENT, ended
from tests.local.pieces import eventually

NO_SETUP = ("setup", HOME)
"""The deployment of these tests has no search server, so setup never ran."""


class Patient(Deployed):
    """A deployment that can be spoilt.

    Attributes:
        answers: What AWS answers where the local cloud cannot, by service and method.
    """

    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        super().__init__(cloud, folder)
        self.answers: dict[str, dict[str, Callable[..., Any]]] = {}

    def as_root(self, service: str, region: str) -> Any:
        client = super().as_root(service, region)
        return Beside(client, self.answers.get(service, {}))

    def look(self, clients: Clients | None = None) -> list[Finding]:
        view = View(config=self.config, clients=clients or self.as_root)
        return list(doctor(view, self.accounts()))

    def errors(self) -> dict[tuple[str, str], Answer]:
        return {(f.check, f.subject): f.answer for f in self.look() if f.answer.status != "ok"}


def organisation() -> str:
    accounts = (CENTRAL_ACCOUNT, MEMBER)
    return json.dumps({a: {"name": f"a{a}", "unit": "", "tags": {}} for a in accounts})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Patient]:
    folder = tmp_path_factory.mktemp("doctor")
    settings = Settings(
        port=free_port(), organisation=organisation(), management_account=MANAGEMENT
    )
    with LocalCloud(folder / "cloud.log", settings) as cloud:
        found = Patient(cloud, folder)
        found.deploy()
        found.bootstrap_roles(MEMBER)
        delegate(cloud, CENTRAL_ACCOUNT)
        found.client("iam").create_role(
            RoleName=SERVICE_ROLE, AssumeRolePolicyDocument=made.policy()
        )
        found.client("s3").put_object(Bucket=archive(found), Key=ORGANISATION_KEY, Body=b"{}")
        found.metric("AWS/Kinesis IncomingRecords", 9.0, StreamName=CENTRAL_LOGS)
        eventually(cloud.idle, "the first messages have passed")
        yield found


@pytest.fixture
def patient(whole: Patient) -> Iterator[Patient]:
    yield whole
    whole.answers.clear()


def archive(patient: Deployed) -> str:
    return patient.physical("search", "AWS::S3::Bucket")


def test_a_good_deployment_lets_events_through(patient: Patient) -> None:
    found = patient.look()

    wrong = {(f.check, f.subject): f.answer for f in found if f.answer.status != "ok"}
    assert wrong.keys() == {NO_SETUP}, wrong
    assert {check.name for check in WAY} <= {f.check for f in found}
    assert ("stacks", f"{MEMBER} · {IRELAND}") in {(f.check, f.subject) for f in found}


class Fault(NamedTuple):
    """One fault on the way: its check, and parts of what is found and of the fix."""

    spoil: Callable[[Patient], Callable[[], object]]
    check: str
    found: str
    fix: str


def answering(service: str, method: str, answer: Callable[[Any], Any]) -> Any:
    """Let AWS answer as it does, with something changed."""

    def spoil(patient: Patient) -> Callable[[], object]:
        client = patient.client(service)

        def call(**words: Any) -> Any:
            return answer(getattr(client, method)(**words))

        patient.answers[service] = {method: call}
        return patient.answers.clear

    return spoil


def metric(name: str, value: float) -> Any:
    """Let CloudWatch have a value."""

    def spoil(patient: Patient) -> Callable[[], object]:
        client = patient.client("cloudwatch")

        def call(**words: Any) -> Any:
            if words["MetricName"] != name:
                return client.get_metric_statistics(**words)
            [statistic] = words["Statistics"]
            return {"Datapoints": [{"Timestamp": datetime.now(UTC), statistic: value}]}

        patient.answers["cloudwatch"] = {"get_metric_statistics": call}
        return patient.answers.clear

    return spoil


def lying(key: str) -> Any:
    """Put an object where none should be."""

    def spoil(patient: Patient) -> Callable[[], object]:
        s3, bucket = patient.client("s3"), archive(patient)
        s3.put_object(Bucket=bucket, Key=key.format(now=datetime.now(UTC)), Body=b"x")

        def clear() -> None:
            for found in s3.list_objects_v2(Bucket=bucket)["Contents"]:
                if found["Key"] != ORGANISATION_KEY:
                    s3.delete_object(Bucket=bucket, Key=found["Key"])

        return clear

    return spoil


def not_subscribed(patient: Patient) -> Callable[[], object]:
    logs = patient.client("logs")
    [there] = logs.describe_account_policies(policyType=KIND)["accountPolicies"]
    logs.delete_account_policy(policyName=policy_name(HOME), policyType=KIND)
    keys = ("policyName", "policyType", "policyDocument", "selectionCriteria")
    return lambda: logs.put_account_policy(**{key: there[key] for key in keys})


def door(**changes: Any) -> Any:
    """Let the Destination be another than it was."""

    def change(answer: Any) -> Any:
        return {"destinations": [found | changes for found in answer["destinations"]]}

    return answering("logs", "describe_destinations", change)


def disabled_key(patient: Patient) -> Callable[[], object]:
    kms = patient.client("kms")
    key = kms.describe_key(KeyId=KEY_ALIAS)["KeyMetadata"]["KeyId"]
    kms.disable_key(KeyId=key)
    return lambda: kms.enable_key(KeyId=key)


def leaving_key(patient: Patient) -> Callable[[], object]:
    kms = patient.client("kms")
    key = kms.describe_key(KeyId=KEY_ALIAS)["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=key)

    def back() -> None:
        kms.cancel_key_deletion(KeyId=key)
        kms.enable_key(KeyId=key)

    return back


def rule_off(patient: Patient) -> Callable[[], object]:
    events = patient.client("events")
    [rule] = events.list_rules(EventBusName=CENTRAL_LOGS)["Rules"]
    named = {"Name": rule["Name"], "EventBusName": CENTRAL_LOGS}
    events.disable_rule(**named)
    return lambda: events.enable_rule(**named)


def reader_off(patient: Patient) -> Callable[[], object]:
    api = patient.client("lambda")
    uuid = patient.physical("pipeline", "AWS::Lambda::EventSourceMapping")
    api.update_event_source_mapping(UUID=uuid, Enabled=False)
    return lambda: api.update_event_source_mapping(UUID=uuid, Enabled=True)


def set_aside(patient: Patient) -> Callable[[], object]:
    sqs, queue = patient.client("sqs"), patient.physical("pipeline", "AWS::SQS::Queue")
    sqs.send_message(QueueUrl=queue, MessageBody="a batch")
    return lambda: sqs.purge_queue(QueueUrl=queue)


def complaint(message: str) -> Any:
    """Let the normalise function say something."""

    def spoil(patient: Patient) -> Callable[[], object]:
        logs, group = patient.client("logs"), "/central-logs/normalise"
        name = made.name("said")
        logs.create_log_stream(logGroupName=group, logStreamName=name)
        logs.put_log_events(
            logGroupName=group,
            logStreamName=name,
            logEvents=[
                {
                    "timestamp": int(datetime.now(UTC).timestamp() * 1000),
                    "message": json.dumps({"level": "ERROR", "message": message}),
                }
            ],
        )
        return lambda: logs.delete_log_stream(logGroupName=group, logStreamName=name)

    return spoil


def gone(service: str, method: str, code: str) -> Any:
    """Let AWS say that it is not there."""

    def spoil(patient: Patient) -> Callable[[], object]:
        def refuse(**_: Any) -> Any:
            error: Any = {"Error": {"Code": code, "Message": "not there"}}
            raise ClientError(error, method)

        patient.answers[service] = {method: refuse}
        return patient.answers.clear

    return spoil


def old_snapshot(answer: Any) -> Any:
    return answer | {"LastModified": answer["LastModified"] - timedelta(hours=30)}


def delivery_status(answer: Any) -> Any:
    told = answer["DeliveryStreamDescription"] | {
        "DeliveryStreamStatus": "CREATING_FAILED",
        "FailureDescription": {"Type": "KMS_ACCESS_DENIED", "Details": "KMS access was denied"},
    }
    return {"DeliveryStreamDescription": told}


FAULTS = [
    Fault(not_subscribed, "subscription", "are not subscribed", "member-111111111111-us-east-1"),
    Fault(
        door(targetArn="arn:aws:kinesis:us-east-1:999999999999:stream/other"),
        "door",
        "to arn",
        "door-us-east-1",
    ),
    Fault(
        door(roleArn="arn:aws:iam::111111111111:role/gone"), "door", "role gone is gone", "door-"
    ),
    Fault(door(accessPolicy="{}"), "door", "does not admit", "door-us-east-1"),
    Fault(door(destinationName="other"), "door", "no Destination", "door-us-east-1"),
    Fault(disabled_key, "key", "is Disabled", "aws kms enable-key"),
    Fault(leaving_key, "key", "is PendingDeletion", "aws kms cancel-key-deletion"),
    Fault(gone("kms", "describe_key", "NotFoundException"), "key", "no alias", "'*-search'"),
    Fault(
        gone("kinesis", "describe_stream_summary", "ResourceNotFoundException"),
        "stream",
        "not there",
        "'*-pipeline'",
    ),
    Fault(
        metric("WriteProvisionedThroughputExceeded", 5.0), "stream", "5 records refused", "shards"
    ),
    Fault(metric("IncomingRecords", 0.0), "stream", "nothing has come", "DeliveryErrors"),
    Fault(
        metric("GetRecords.IteratorAgeMilliseconds", 50_000_000.0),
        "keeping up",
        "833 minutes behind",
        "parallelisation",
    ),
    Fault(metric("FailedInvocations", 2.0), "event hub", "2 events could not", "stream above"),
    Fault(rule_off, "event hub", "is disabled", "aws events enable-rule"),
    Fault(
        answering("events", "list_rules", lambda _: {"Rules": []}),
        "event hub",
        "no rule",
        "'*-pipeline'",
    ),
    Fault(
        lying("undelivered/archive/format/2026/11/25/a"),
        "archive",
        "1 objects below",
        "/central-logs/archive",
    ),
    Fault(
        lying("undelivered/documents/a"), "delivery", "1 objects below", "/central-logs/delivery"
    ),
    Fault(
        lying("rejects/{now:%Y/%m/%d/%H}/1-2-rejected.ndjson.gz"),
        "rejects",
        "1 batches",
        "rejects.md",
    ),
    Fault(
        answering("firehose", "describe_delivery_stream", delivery_status),
        "delivery",
        "KMS access was denied",
        "'*-pipeline'",
    ),
    Fault(reader_off, "reader", "Disabled", "update-event-source-mapping"),
    Fault(
        answering(
            "lambda",
            "get_event_source_mapping",
            lambda answer: answer | {"LastProcessingResult": "PROBLEM: Cannot access stream x"},
        ),
        "reader",
        "PROBLEM: Cannot access stream",
        "python -m ops doctor: key",
    ),
    Fault(
        gone("lambda", "get_event_source_mapping", "ResourceNotFoundException"),
        "reader",
        "no event source mapping",
        "'*-pipeline'",
    ),
    Fault(
        complaint("Task timed out after 30.00 seconds"), "function", "1 errors", "timeout_seconds"
    ),
    Fault(complaint("something nobody knows"), "function", "something nobody", "aws logs tail"),
    Fault(set_aside, "set aside", "1 messages in", "set-aside-batches.md"),
    Fault(metric("ClusterStatus.red", 1.0), "domain", "red", "replay.md"),
    Fault(metric("ClusterStatus.yellow", 1.0), "domain", "yellow", "replicas"),
    Fault(metric("ClusterIndexWritesBlocked", 1.0), "domain", "takes no documents", "volume_gib"),
    Fault(metric("FreeStorageSpace", 1024.0), "domain", "1.0 of 20 GiB", "volume_gib"),
    Fault(
        answering(
            "opensearch",
            "describe_domain",
            lambda answer: {"DomainStatus": answer["DomainStatus"] | {"Processing": True}},
        ),
        "domain",
        "being changed",
        "describe-domain-change-progress",
    ),
    Fault(
        gone("opensearch", "describe_domain", "ResourceNotFoundException"),
        "domain",
        "no domain",
        "'*-search'",
    ),
    Fault(answering("s3", "head_object", old_snapshot), "snapshot", "30 h old", "lambda invoke"),
    Fault(gone("s3", "head_object", "404"), "snapshot", "no snapshot", "lambda invoke"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}: {fault.found}")
def test_a_fault_on_the_way_is_found_with_its_fix(patient: Patient, fault: Fault) -> None:
    restore = fault.spoil(patient)

    wrong = patient.errors()

    restore()
    about = [key for key in wrong if key[0] == fault.check]
    assert about, wrong
    answer = wrong[about[0]]
    assert fault.found in answer.found
    assert fault.fix in answer.fix
    assert answer.expected


def test_the_first_error_on_the_way_is_where_an_event_stops(patient: Patient) -> None:
    restored = [reader_off(patient), set_aside(patient), disabled_key(patient)]

    code, said = patient.run("doctor"), patient.said
    stop = stops_at(patient.look())

    for restore in restored:
        restore()
    assert stop is not None
    assert stop.check == "key"
    assert code == 1
    assert said.endswith("An event gets no further than: key, us-east-1.")


def fail(patient: Patient, name: str, region: str, account: str, resource: Any) -> None:
    """Deploy a stack that fails."""
    api = patient.client("cloudformation", region, account)
    stack = f"CentralLogs-sandbox-{name}"
    api.create_stack(
        StackName=stack,
        TemplateBody=json.dumps({"Resources": {"Stream": resource}}),
        DisableRollback=True,
    )
    eventually(lambda: ended(api, stack), f"the end of {stack}")


AGAIN = {
    "Type": "AWS::Logs::AccountPolicy",
    "Properties": {
        "PolicyName": "a-second-one",
        "PolicyType": KIND,
        "PolicyDocument": json.dumps(
            {"DestinationArn": f"arn:aws:logs:{IRELAND}:{CENTRAL_ACCOUNT}:destination:central-logs"}
        ),
        "SelectionCriteria": 'LogGroupName NOT IN ["/a"]',
    },
}
STRANGE = {
    "Type": "AWS::Logs::Destination",
    "Properties": {
        "DestinationName": "odd",
        "TargetArn": "arn:aws:sqs:eu-central-1:111111111111:queue",
        "RoleArn": "arn:aws:iam::111111111111:role/odd",
    },
}


@pytest.mark.parametrize("account", [CENTRAL_ACCOUNT, MEMBER])
def test_the_failed_events_of_every_stack_are_read_and_translated(
    patient: Patient, account: str
) -> None:
    fail(patient, "door-new", IRELAND, account, AGAIN)

    wrong = patient.errors()

    patient.client("cloudformation", IRELAND, account).delete_stack(
        StackName="CentralLogs-sandbox-door-new"
    )
    [(about, answer)] = [(k, a) for k, a in wrong.items() if k[0] == "stacks"]
    assert about[1] == f"{account} · {IRELAND} · CentralLogs-sandbox-door-new · Stream"
    assert "can have one SUBSCRIPTION_FILTER_POLICY" in answer.found
    assert "subscription policy of somebody else" in answer.expected
    assert "describe-account-policies" in answer.fix
    assert "https://docs.aws.amazon.com/" in answer.fix


def test_words_that_nobody_knows_are_shown_as_they_are(patient: Patient) -> None:
    fail(patient, "door-odd", "eu-central-1", CENTRAL_ACCOUNT, STRANGE)

    wrong = patient.errors()

    patient.client("cloudformation", "eu-central-1").delete_stack(
        StackName="CentralLogs-sandbox-door-odd"
    )
    [(about, answer)] = [(k, a) for k, a in wrong.items() if k[0] == "stacks"]
    assert "eu-central-1" in about[1]
    assert "no entry in ops/failures/causes.py" in answer.expected


def test_members_that_cannot_be_reached_are_left_as_commands(patient: Patient) -> None:
    iam = patient.client("iam", account=MEMBER)
    for region in (HOME, IRELAND):
        name = f"cdk-hnb659fds-deploy-role-{MEMBER}-{region}"
        iam.delete_role_policy(RoleName=name, PolicyName="p")
        iam.delete_role(RoleName=name)

    patient.run("doctor")

    patient.bootstrap_roles(MEMBER, "deploy")
    assert f"{MEMBER}  $ aws cloudformation describe-stacks" in patient.said
    assert f"stacks: {MEMBER}" not in patient.said


def test_the_policy_that_is_printed_is_enough_and_only_reads(patient: Patient) -> None:
    patient.run("doctor", "--policy")
    [statement] = json.loads(patient.said)["Statement"]
    # The local cloud takes the right to list for the right to get one.
    here = made.allow("lambda:ListEventSourceMappings")
    arn = made.role(patient.cloud, CENTRAL_ACCOUNT, statement, here)
    keys = patient.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]

    found = patient.look(patient.with_keys(keys))

    wrong = {(f.check, f.subject): f.answer for f in found if f.answer.status != "ok"}
    assert wrong.keys() == {NO_SETUP}, wrong
    verbs = {
        action.partition(":")[2] for action in policy(patient.config)["Statement"][0]["Action"]
    }
    assert {v for v in verbs if not v.startswith(("Describe", "Get", "List", "Filter"))} == set()


def test_findings_come_as_json(patient: Patient) -> None:
    code = patient.run("doctor", "--json")

    told = json.loads(patient.said)
    [wrong] = [f for f in told["findings"] if f["status"] != "ok"]
    assert code == 1
    assert wrong["check"] == "setup"


def test_in_another_account_nothing_is_looked_at(patient: Patient) -> None:
    code = patient.run(
        "doctor", clients=lambda service, region: patient.client(service, region, MEMBER)
    )

    assert code == 1
    assert patient.said.endswith("Nothing was looked at.")
