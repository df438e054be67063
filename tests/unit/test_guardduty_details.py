"""What a GuardDuty finding is about, in any spelling and with any part missing or odd."""

import json
from typing import Any

import pytest

from logcore.record import Document, LogRecord, Origin
from logcore.sources.guardduty import parse
from tests.unit.guardduty_records import malformed

HASH = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"
FINDING: dict[str, Any] = {"id": "f1", "type": "Execution:Runtime/X", "severity": 8}


def parsed(finding: dict[str, Any]) -> Document:
    origin = Origin(transport="cloudwatch_logs", account="222222222222", log_group="x")
    return parse(LogRecord("0", 0, json.dumps(finding), origin))


def document(**parts: Any) -> Document:
    return parsed(FINDING | parts)


@pytest.mark.parametrize(
    ("section", "details", "name"),
    [
        ("accessKeyDetails", {"accessKeyId": "ASIA1"}, "ASIA1"),
        ("instanceDetails", {"instanceId": "i-1"}, "i-1"),
        ("s3BucketDetails", [{"arn": "arn:aws:s3:::b", "name": "b"}], "arn:aws:s3:::b"),
        ("eksClusterDetails", {"name": "shop"}, "shop"),
        ("ecsClusterDetails", {"arn": "arn:ecs", "name": "shop"}, "arn:ecs"),
        ("rdsDbInstanceDetails", {"dbInstanceIdentifier": "orders"}, "orders"),
        ("rdsLimitlessDbDetails", {"dbShardGroupArn": "arn:rds"}, "arn:rds"),
        ("lambdaDetails", {"functionName": "orders"}, "orders"),
        ("ebsSnapshotDetails", {"snapshotArn": "arn:snap"}, "arn:snap"),
        ("ec2ImageDetails", {"imageArn": "arn:ami"}, "arn:ami"),
        ("recoveryPointDetails", {"recoveryPointArn": "arn:rp"}, "arn:rp"),
        ("bedrockGuardrailDetails", {"guardrailArn": "arn:g"}, "arn:g"),
        ("modelDetails", [{"modelId": "m"}], "m"),
    ],
)
def test_every_kind_of_resource_is_named(section: str, details: object, name: str) -> None:
    found = document(resource={"resourceType": "X", section: details})

    assert found["guardduty"]["resources"] == [name]
    assert found["guardduty"]["resource_type"] == "X"


def test_an_instance_is_cloud_instance_and_host_with_all_its_addresses() -> None:
    interface = {
        "privateIpAddress": "10.0.1.5",
        "privateIpAddresses": [{"privateIpAddress": "10.0.1.6"}],
        "ipv6Addresses": ["2001:db8::5"],
        "publicIp": "203.0.113.7",
        "privateDnsName": "ip-10-0-1-5.internal",
        "publicDnsName": "",
    }
    instance = {"instanceId": "i-1", "instanceType": "t4g.small", "networkInterfaces": [interface]}
    found = document(resource={"instanceDetails": instance})

    assert found["cloud"]["instance"]["id"] == found["host"]["id"] == "i-1"
    assert found["cloud"]["machine"]["type"] == found["host"]["type"] == "t4g.small"
    assert found["host"]["ip"] == ["10.0.1.5", "10.0.1.6", "2001:db8::5"]
    assert found["related"]["ip"] == ["10.0.1.5", "10.0.1.6", "2001:db8::5", "203.0.113.7"]
    assert found["related"]["hosts"] == ["i-1", "ip-10-0-1-5.internal"]


CONTAINER = {"id": "c-1", "name": "app", "image": "example.com/app:1"}


@pytest.mark.parametrize(
    "resource",
    [
        {"containerDetails": CONTAINER},
        {"kubernetesDetails": {"kubernetesWorkloadDetails": {"containers": [CONTAINER, {}]}}},
        {"ecsClusterDetails": {"taskDetails": {"containers": [CONTAINER]}}},
    ],
)
def test_the_container_is_found_in_every_kind_of_workload(resource: dict[str, Any]) -> None:
    container = document(resource=resource)["container"]

    assert container == {"id": "c-1", "name": "app", "image": {"name": "example.com/app:1"}}


def test_a_kubernetes_finding_names_cluster_workload_and_user() -> None:
    workload = {"name": "miner", "type": "pods", "uid": "w-1", "namespace": "shop"}
    user = {"username": "alice", "uid": "u-1", "groups": ["admins", 7]}
    details = {"kubernetesWorkloadDetails": workload, "kubernetesUserDetails": user}
    cluster = {"name": "shop", "arn": "arn:eks", "createdAt": 1.636625755218e9}
    found = document(resource={"eksClusterDetails": cluster, "kubernetesDetails": details})

    assert found["orchestrator"] == {
        "type": "kubernetes",
        "cluster": {"name": "shop", "id": "arn:eks"},
        "namespace": "shop",
        "resource": {"name": "miner", "type": "pods", "id": "w-1"},
    }
    assert found["user"] == {"name": "alice", "id": "u-1", "group": {"name": ["admins"]}}


def test_a_process_is_described_with_its_user_and_its_hash() -> None:
    process = {
        "name": "miner", "executablePath": "/opt/miner", "executableSha256": HASH, "pid": 7,
        "startTime": 1772366280, "pwd": "/opt", "uuid": "p-1", "user": "root", "userId": 0,
    }  # fmt: skip
    found = document(service={"runtimeDetails": {"process": process}})

    assert found["process"]["start"] == "2026-03-01T11:58:00.000Z"
    assert found["process"]["user"] == {"id": "0", "name": "root"}
    assert found["related"]["hash"] == [HASH]


@pytest.mark.parametrize(
    ("service", "resource"),
    [
        (
            {
                "ebsVolumeScanDetails": {
                    "scanDetections": {
                        "threatDetectedByName": {
                            "threatNames": [
                                {"name": "EICAR", "filePaths": [{"filePath": "f", "hash": HASH}]}
                            ]
                        }
                    }
                }
            },
            {},
        ),
        (
            {
                "malwareScanDetails": {
                    "threats": [
                        {"name": "EICAR", "itemPaths": [{"nestedItemPath": "f", "hash": HASH}]}
                    ]
                }
            },
            {},
        ),
        (
            {
                "malwareScanDetails": {
                    "threats": [{"name": "EICAR", "itemDetails": [{"itemPath": "f", "hash": HASH}]}]
                }
            },
            {},
        ),
        (
            {"malwareScanDetails": {"threats": [{"name": "EICAR"}]}},
            {"s3BucketDetails": [{"s3ObjectDetails": [{"key": "f", "hash": HASH}]}]},
        ),
    ],
)
def test_malware_is_named_with_its_file_in_every_kind_of_scan(
    service: dict[str, Any], resource: dict[str, Any]
) -> None:
    found = document(type="Object:S3/MaliciousFile", service=service, resource=resource)

    assert found["event"]["category"] == ["malware"]
    assert found["guardduty"]["threat_names"] == ["EICAR"]
    assert found["file"] == {"path": ["f"], "hash": {"sha256": [HASH]}}
    assert found["related"]["hash"] == [HASH]


def sequence(*addresses: str) -> dict[str, Any]:
    endpoints = [{"ip": a, "port": 443, "connection": {"direction": "INBOUND"}} for a in addresses]
    tactics = {"key": "ATTACK_TACTIC", "values": ["Discovery", "Impact"]}
    techniques = {
        "key": "ATTACK_TECHNIQUE",
        "values": ["T1485 - Data Destruction", "Valid Accounts"],
    }
    return {
        "endpoints": endpoints,
        "sequenceIndicators": [tactics, techniques, {"key": "TOR_IP", "values": ["x"]}],
        "signals": [{"name": "s3:DeleteObject", "severity": None}],
        "resources": [{"uid": "arn:aws:s3:::b"}],
        "actors": [{"user": {"name": "admin", "uid": "AROA:alice"}}],
    }


def test_an_attack_sequence_names_tactics_techniques_signals_and_actor() -> None:
    found = document(service={"action": {}, "detection": {"sequence": sequence("198.51.100.23")}})

    assert found["threat"]["tactic"] == {
        "name": ["Execution", "Discovery", "Impact"],
        "id": ["TA0002", "TA0007", "TA0040"],
    }
    assert found["threat"]["technique"] == {
        "name": ["Data Destruction", "Valid Accounts"],
        "id": ["T1485"],
    }
    assert found["guardduty"]["signals"] == ["s3:DeleteObject"]
    assert found["guardduty"]["resources"] == ["arn:aws:s3:::b"]
    assert found["user"] == {"name": "admin", "id": "AROA:alice"}
    assert found["source"]["ip"] == "198.51.100.23"
    assert found["source"]["port"] == 443


def test_of_several_endpoints_of_a_sequence_none_is_the_source() -> None:
    ends = sequence("198.51.100.23", "198.51.100.24")
    found = document(service={"detection": {"sequence": ends}})

    assert "source" not in found
    assert found["related"]["ip"] == ["198.51.100.23", "198.51.100.24"]


def pascal(value: object) -> object:
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: pascal(item) for key, item in value.items()}
    return [pascal(item) for item in value] if isinstance(value, list) else value


def test_both_spellings_give_the_same_document_and_keep_their_own() -> None:
    finding = FINDING | {
        "updatedAt": "2026-03-01T12:05:00.000Z",
        "service": {"detection": {"sequence": sequence("198.51.100.23")}, "count": 2},
        "resource": {"instanceDetails": {"instanceId": "i-1"}},
    }
    spelled = json.loads(json.dumps(pascal(finding)))
    camel, other = parsed(finding), parsed(spelled)

    assert camel.pop("aws") == {"guardduty": finding}
    assert other.pop("aws") == {"guardduty": spelled}
    assert camel == other


@pytest.mark.parametrize(
    ("extra", "sample"),
    [
        ({"sample": True}, True),
        ({"value": '{"sample": true}', "type": "default"}, True),
        ({"value": "{}", "type": "default"}, None),
        ({"sample": False}, False),
    ],
)
def test_a_sample_says_so(extra: dict[str, Any], sample: object) -> None:
    assert document(service={"additionalInfo": extra})["guardduty"].get("sample") is sample


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000Z"),
        (1772366400, "2026-03-01T12:00:00.000Z"),
        (1772366400.5, "2026-03-01T12:00:00.500Z"),
        (1772366400500, "2026-03-01T12:00:00.500Z"),
        ("soon", None),
        (7, None),
        (1e300, None),
        (True, None),
        ([], None),
    ],
)
def test_times_come_as_text_seconds_or_milliseconds(value: object, found: str | None) -> None:
    made = document(createdAt=value)

    assert made["event"].get("created") == found
    assert malformed(made) == ([] if found else ["createdAt"])


@pytest.mark.parametrize(
    ("position", "location"),
    [
        ({"lat": 53, "lon": -6.24}, "53,-6.24"),
        ({"lat": 90.1, "lon": 0}, None),
        ({"lat": 0, "lon": -181}, None),
        ({"lat": "53", "lon": 0}, None),
        ({"lat": True, "lon": 0}, None),
        ({}, None),
        (None, None),
    ],
)
def test_only_a_place_on_earth_is_a_location(position: object, location: str | None) -> None:
    action = {"rdsLoginAttemptAction": {"remoteIpDetails": {"geoLocation": position, "city": "x"}}}
    found = document(service={"action": action})

    assert found.get("source", {}).get("geo", {}).get("location") == location


@pytest.mark.parametrize("other", [None, {}, [], "", "text", 7, True, [None], [[]]])
@pytest.mark.parametrize(
    "path",
    [
        "resource", "service", "service.action", "service.detection", "service.detection.sequence",
        "service.evidence", "service.additionalInfo", "service.runtimeDetails",
        "service.malwareScanDetails", "service.ebsVolumeScanDetails", "resource.instanceDetails",
        "resource.accessKeyDetails", "resource.s3BucketDetails", "resource.eksClusterDetails",
        "resource.kubernetesDetails", "resource.lambdaDetails", "resource.ecsClusterDetails",
        "service.action.networkConnectionAction", "service.action.portProbeAction",
        "service.action.dnsRequestAction", "service.action.awsApiCallAction", "title",
    ],
)  # fmt: skip
def test_any_part_may_be_of_another_shape(path: str, other: object) -> None:
    for key in reversed(path.split(".")):
        other = {key: other}

    assert parsed(FINDING | other)["guardduty"]["finding_id"] == "f1"  # type: ignore[operator]  # an object by now
