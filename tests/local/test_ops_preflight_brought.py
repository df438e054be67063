"""Before a deployment with what is brought, or in a VPC: each fault is found, with its fix."""

import json
from pathlib import Path

import pytest

from infra.called_services import called_services
from infra.names import CENTRAL_LOGS, PRIVATE_DOMAIN, stack_name
from ops.checks.search import SERVICE_ROLE
from ops.preflight import CHECKS, IDENTITY, policy
from tests.local import landscape as made
from tests.local.brought_faults import (
    FAULTS,
    Fault,
    bucket_gone,
    endpoint,
    given,
    group,
    no_domain,
    no_way_out,
    open_group,
)
from tests.local.ground import Ground, Json, Places, stack_of
from tests.local.ground_brought import HOME, BroughtGround
from tests.local.stacks import resource
from tests.local.test_ops_preflight import wrong


@pytest.fixture
def brought(places: Places, tmp_path: Path) -> BroughtGround:
    return BroughtGround(*next(places), tmp_path)


@pytest.fixture
def ground(places: Places, tmp_path: Path) -> Ground:
    """With a network that the deployment makes."""
    found = Ground(*next(places), tmp_path)
    found.changes["network"] = {"cidr": "10.20.0.0/22"}
    found.changes["organisation_sources"] = {}
    found.changes["objects"] = {"buckets": [{"name": found.bucket}]}  # none of another region
    return found


def test_everything_that_is_brought_is_ok_in_every_respect(
    brought: BroughtGround, ground: Ground
) -> None:
    found, made_network = brought.look(), ground.look()

    assert wrong(found) == {}
    assert wrong(made_network) == {}
    looked_at = {f.check for f in (*found, *made_network)}
    configs = brought.config(), ground.config()
    asked = {each.name for each in CHECKS if any(each.subjects(config) for config in configs)}
    assert looked_at == {IDENTITY.name, *asked}


def test_the_policy_is_enough_for_what_is_brought(brought: BroughtGround, ground: Ground) -> None:
    for each in (brought, ground):
        rights = policy(each.config())["Statement"]

        assert wrong(each.look(each.as_role(*rights))) == {}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}: {fault.found}")
def test_a_fault_is_found_alone_and_with_its_fix(brought: BroughtGround, fault: Fault) -> None:
    fault.spoil(brought)

    [((check, _), answer)] = wrong(brought.look()).items()

    assert (check, answer.status) == (fault.check, fault.status)
    assert fault.found in answer.found
    assert fault.fix in answer.fix
    assert answer.expected


def test_a_bucket_that_is_gone_has_no_policy_either(brought: BroughtGround) -> None:
    bucket_gone(brought)

    found = {check: answer.found for (check, _), answer in wrong(brought.look()).items()}

    assert found.keys() == {"bucket", "bucket policy"}
    assert found["bucket"] == "no such bucket"


def test_a_domain_that_is_not_there_has_no_policy_either(brought: BroughtGround) -> None:
    no_domain(brought)

    found = {check: answer.found for (check, _), answer in wrong(brought.look()).items()}

    assert found.keys() == {"domain", "domain policy"}
    assert found["domain"].startswith("no domain ")


def test_a_vpc_that_is_not_there_is_named(brought: BroughtGround) -> None:
    given(brought, "network", vpc="vpc-00000000000000000")

    found = wrong(brought.look())

    answer = found["VPC", "vpc-00000000000000000"]
    assert answer.found == "no VPC vpc-00000000000000000"


def test_groups_that_let_https_pass_are_ok(brought: BroughtGround) -> None:
    found = group(brought, brought.vpc)
    open_group(brought, found)
    given(brought, "network", security_groups=[found])

    assert wrong(brought.look()) == {}


def test_endpoints_are_a_way_out_as_well(brought: BroughtGround) -> None:
    no_way_out(brought)
    for service in called_services(brought.config()):
        endpoint(brought, service)

    assert wrong(brought.look()) == {}


def test_endpoints_of_the_deployment_itself_are_not_in_its_way(brought: BroughtGround) -> None:
    given(brought, "network", route_tables=[brought.routes])
    brought.changes["network"]["make_endpoints"] = True
    sts = resource(
        "AWS::EC2::VPCEndpoint",
        VpcId=brought.vpc,
        ServiceName=f"com.amazonaws.{HOME}.sts",
        VpcEndpointType="Interface",
    )
    stack_of(brought, stack_name("sandbox", "pipeline"), HOME, {"Sts": sts})

    assert wrong(brought.look()) == {}


def test_a_condition_that_is_narrower_than_needed_counts_as_missing(
    brought: BroughtGround,
) -> None:
    kms = brought.client("kms")
    document = json.loads(kms.get_key_policy(KeyId=brought.key, PolicyName="default")["Policy"])
    document["Statement"][1]["Condition"] = {"StringEquals": {"aws:SourceAccount": "999999999999"}}
    kms.put_key_policy(KeyId=brought.key, PolicyName="default", Policy=json.dumps(document))

    [((check, _), answer)] = wrong(brought.look()).items()

    assert check == "key policy"
    assert "RulesFillTheQueues" in answer.found


def test_a_wider_statement_in_other_words_is_enough(brought: BroughtGround) -> None:
    kms = brought.client("kms")
    services = [f"{name}.amazonaws.com" for name in ("events", "s3", "cloudwatch", f"logs.{HOME}")]
    statements = [
        made.allow("kms:*") | {"Principal": {"AWS": brought.account}},
        made.allow(["kms:GenerateDataKey*", "kms:De*", "kms:*ncrypt*"])
        | {"Principal": {"Service": services}},
    ]
    kms.put_key_policy(KeyId=brought.key, PolicyName="default", Policy=made.policy(*statements))

    assert wrong(brought.look()) == {}


DOMAIN: Json = resource("AWS::OpenSearchService::Domain", DomainName=CENTRAL_LOGS)


@pytest.mark.parametrize(
    ("removal", "status", "what"),
    [("destroy", "error", "would be deleted"), ("retain", "warning", "would be left behind")],
)
def test_what_the_deployment_made_is_not_parted_with_silently(
    removal: str, status: str, what: str, brought: BroughtGround
) -> None:
    stack_of(brought, stack_name("sandbox", "search"), HOME, {"Domain": DOMAIN})
    brought.changes["removal"] = removal

    [(about, answer)] = wrong(brought.look()).items()

    assert about == ("made before", "[search] existing")
    assert answer.status == status
    assert what in answer.found


def test_a_public_domain_cannot_be_moved_into_a_vpc(ground: Ground) -> None:
    stack_of(ground, stack_name("sandbox", "search"), HOME, {"Domain": DOMAIN})

    [((check, _), answer)] = wrong(ground.look()).items()

    assert (check, answer.status) == ("place of the domain", "error")
    assert answer.found == "central-logs is not in a VPC"
    assert "from-one-to-the-other" in answer.fix


def test_a_public_domain_may_stay_while_another_one_is_made(ground: Ground) -> None:
    stack_of(ground, stack_name("sandbox", "search"), HOME, {"Domain": DOMAIN})
    ground.changes["network"] = {"cidr": "10.20.0.0/22", "keep_public": True}

    assert wrong(ground.look()) == {}


def test_a_private_domain_cannot_be_moved_out_of_its_vpc(ground: Ground) -> None:
    del ground.changes["network"]
    private = resource("AWS::OpenSearchService::Domain", DomainName=PRIVATE_DOMAIN)
    stack_of(ground, stack_name("sandbox", "search"), HOME, {"Domain": private})

    [((check, _), answer)] = wrong(ground.look()).items()

    assert (check, answer.found) == ("place of the domain", "central-logs-private is in a VPC")


def test_a_private_domain_cannot_be_moved_to_another_vpc(brought: BroughtGround) -> None:
    del brought.changes["search"]
    private = resource(
        "AWS::OpenSearchService::Domain",
        DomainName=PRIVATE_DOMAIN,
        VPCOptions={"SubnetIds": [brought.subnet]},
    )
    stack_of(brought, stack_name("sandbox", "search"), HOME, {"Domain": private})
    del brought.answers["opensearch"]["describe_domain"]

    [((check, _), answer)] = wrong(brought.look()).items()

    assert check == "place of the domain"
    assert answer.found.startswith("central-logs-private is in vpc-")


def test_a_private_domain_that_is_there_is_this_deployments_own(ground: Ground) -> None:
    private = resource("AWS::OpenSearchService::Domain", DomainName=PRIVATE_DOMAIN)
    stack_of(ground, stack_name("sandbox", "search"), HOME, {"Domain": private})

    assert wrong(ground.look()) == {}


def test_a_domain_in_a_vpc_needs_the_role_that_a_public_one_can_do_without(ground: Ground) -> None:
    ground.client("iam").delete_role(RoleName=SERVICE_ROLE)

    [((check, _), answer)] = wrong(ground.look()).items()

    assert (check, answer.status) == ("service-linked role", "error")


def test_a_zone_that_the_region_has_not_is_found(ground: Ground) -> None:
    ground.changes["network"] = {"cidr": "10.20.0.0/22", "zones": ["us-east-1z"]}

    [((check, _), answer)] = wrong(ground.look()).items()

    assert check == "zones"
    assert "us-east-1z" in answer.expected


def test_a_zone_without_an_endpoint_of_a_service_is_found(ground: Ground) -> None:
    found = ground.client("ec2").describe_vpc_endpoint_services()
    for detail in found["ServiceDetails"]:
        if detail["ServiceName"].endswith("kinesis-firehose"):
            detail["AvailabilityZones"] = ["us-east-1b", "us-east-1c"]
    ground.answers["ec2"] = {"describe_vpc_endpoint_services": lambda **_: found}

    [((check, _), answer)] = wrong(ground.look()).items()

    assert check == "zones"
    assert answer.found == "no endpoint of com.amazonaws.us-east-1.kinesis-firehose in us-east-1a"
    assert "us-east-1b, us-east-1c" in answer.fix
