"""In a VPC: who is there, who may connect to whom, and which calls leave it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.bundle import code_only
from infra.called_services import called_services
from infra.config.datasets import Redaction
from infra.config.existing import ExistingVpc
from infra.config.network import Network
from infra.config.stream import Central
from infra.permissions_table import OPTIONS
from tests.infra.brought import MADE, VPC
from tests.infra.deployment import Deployment, Template, flat, listed, synthesise
from tests.infra.test_app import LINT_IGNORED

PLACED = {
    "NormaliseFunction",
    "ObjectReaderFunction",
    "OrganisationFunction",
    "SearchSetupFunction",
}

BY_AWS_ITSELF = ("ec2:", "es:", "kinesis:", "kms:", "logs:")
"""Actions that no endpoint is for: Lambda or a service takes them for the role, or the domain."""

POLLS = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
SET_ASIDE = "<NormaliseSetAside98779F55.Arn>"


@pytest.fixture(scope="module")
def private(functions: Path) -> Iterator[Deployment]:
    with synthesise(
        "sandbox", code_only(functions), network=MADE, objects=OPTIONS["objects"]
    ) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def network(private: Deployment) -> Template:
    return private.stack("network")


@pytest.fixture(scope="module")
def within(private: Deployment) -> Template:
    return private.stack("pipeline")


def in_vpc(pipeline: Template) -> set[str]:
    return {
        logical_id[: -len("8digits0")]
        for logical_id, function in pipeline.all("AWS::Lambda::Function").items()
        if "VpcConfig" in function["Properties"]
    }


def group(template: Template, name: str) -> Mapping[str, Any]:
    return template.one("AWS::EC2::SecurityGroup", below=f"Groups{name}")


def test_without_the_section_nothing_is_in_a_vpc(deployment: Deployment) -> None:
    kinds = {
        resource["Type"].split("::")[1]
        for template in deployment.templates.values()
        for resource in template.body["Resources"].values()
    }

    assert "network" not in deployment.templates
    assert "EC2" not in kinds
    assert in_vpc(deployment.stack("pipeline")) == set()


def test_the_domain_is_in_as_many_subnets_as_it_has_zones(
    private: Deployment, options: Deployment
) -> None:
    one, three = (
        d.stack("search").one("AWS::OpenSearchService::Domain", below="SearchPrivate")
        for d in (private, options)
    )

    assert len(one["VPCOptions"]["SubnetIds"]) == 1
    assert len(three["VPCOptions"]["SubnetIds"]) == 3
    assert three["ClusterConfig"]["ZoneAwarenessConfig"] == {"AvailabilityZoneCount": 3}


def test_a_domain_in_a_vpc_has_another_name_because_neither_becomes_the_other(
    private: Deployment, sandbox: Deployment
) -> None:
    names = [
        d.stack("search").one("AWS::OpenSearchService::Domain")["DomainName"]
        for d in (private, sandbox)
    ]

    assert names == ["central-logs-private", "central-logs"]


def exports(search: Template) -> set[str]:
    return {
        output["Export"]["Name"] for output in search.body["Outputs"].values() if "Export" in output
    }


def test_a_public_domain_stays_beside_the_private_one_while_it_is_moved(
    sandbox: Deployment, functions: Path
) -> None:
    """CloudFormation deletes no export that is imported, and the pipeline is updated later."""
    moving = MADE.model_copy(update={"keep_public": True})
    with synthesise("sandbox", code_only(functions), network=moving) as deployment:
        search, pipeline = deployment.stack("search"), deployment.stack("pipeline")
        report = AwsSolutionsChecks(deployment.app).validate_scope(deployment.app)
        domains = search.all("AWS::OpenSearchService::Domain")
        groups = [
            g["Properties"]["LogGroupName"] for g in search.all("AWS::Logs::LogGroup").values()
        ]
        found = exports(search)
        endpoint = flat(pipeline.one("Custom::SearchSetup")["Settings"]["ENDPOINT"])
    before = sandbox.stack("search")
    [public] = before.all("AWS::OpenSearchService::Domain")

    assert exports(before) <= found
    assert domains[public] == before.all("AWS::OpenSearchService::Domain")[public]
    assert {d["Properties"]["DomainName"] for d in domains.values()} == {
        "central-logs",
        "central-logs-private",
    }
    assert len(set(groups)) == len(groups) == 4
    assert "SearchPrivate" in endpoint
    assert report.violations == []


def test_who_handles_logs_is_in_the_vpc_and_nobody_else(within: Template) -> None:
    assert in_vpc(within) == PLACED


def test_subnets_lead_nowhere(network: Template) -> None:
    kinds = {resource["Type"] for resource in network.body["Resources"].values()}

    assert not kinds & {
        "AWS::EC2::InternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::Route",
        "AWS::EC2::EIP",
    }
    assert network.one("AWS::EC2::Subnet")["MapPublicIpOnLaunch"] is False


def test_names_within_are_resolved_as_private_endpoints_need_it(network: Template) -> None:
    vpc = network.one("AWS::EC2::VPC")

    assert (vpc["EnableDnsSupport"], vpc["EnableDnsHostnames"]) == (True, True)


def test_zones_are_the_configured_ones_or_the_regions_first(
    private: Deployment, functions: Path
) -> None:
    named = Network(cidr="10.20.0.0/22", zones=("us-east-1c",))
    with synthesise("sandbox", code_only(functions), network=named) as chosen:
        found = chosen.stack("network").one("AWS::EC2::Subnet")["AvailabilityZone"]
    default = private.stack("network").one("AWS::EC2::Subnet")["AvailabilityZone"]

    assert found == "us-east-1c"
    assert default == {"Fn::Select": [0, {"Fn::GetAZs": ""}]}


def test_only_functions_firehose_and_readers_reach_the_domain(network: Template) -> None:
    rules = [
        r["Properties"]
        for r in network.all("AWS::EC2::SecurityGroupIngress").values()
        if flat(r["Properties"]["GroupId"]).startswith("<GroupsDomain")
    ]
    [reader] = group(network, "Domain7")["SecurityGroupIngress"]

    assert {flat(rule["SourceSecurityGroupId"])[:15] for rule in rules} == {
        "<GroupsFunction",
        "<GroupsFirehose",
    }
    assert reader["CidrIp"] == "192.0.2.0/24"
    assert {(r["IpProtocol"], r["FromPort"], r["ToPort"]) for r in (*rules, reader)} == {
        ("tcp", 443, 443)
    }


def test_prefix_lists_reach_the_domain_as_well(functions: Path) -> None:
    listed_readers = Network(cidr="10.20.0.0/22", reader_prefix_lists=("pl-0123456789abcdef0",))
    with synthesise("sandbox", code_only(functions), network=listed_readers) as deployment:
        [reader] = group(deployment.stack("network"), "Domain7")["SecurityGroupIngress"]

    assert reader["SourcePrefixListId"] == "pl-0123456789abcdef0"
    assert "CidrIp" not in reader


def test_nobody_connects_to_everywhere(network: Template) -> None:
    rules = [
        rule
        for found in network.all("AWS::EC2::SecurityGroup").values()
        for rule in found["Properties"]["SecurityGroupEgress"]
    ]

    assert {rule["CidrIp"] for rule in rules if "CidrIp" in rule} == {"127.0.0.1/32"}
    assert len(rules) == 2 + 1 + 3


def test_functions_reach_s3_by_its_prefix_list(network: Template) -> None:
    egress = group(network, "Functions")["SecurityGroupEgress"]

    [s3] = [rule for rule in egress if "DestinationPrefixListId" in rule]
    assert flat(s3["DestinationPrefixListId"]).endswith(".S3PrefixList>")


def test_the_default_group_of_a_vpc_that_is_made_is_closed(network: Template) -> None:
    prepared = network.one("Custom::PrepareNetwork")
    allowed = network.allowed("PreparationFunctionRole")

    assert flat(prepared["Settings"]["CLOSED_GROUP"]).endswith(".DefaultSecurityGroup>")
    revoked = {arn for action, arn in allowed if action.startswith("ec2:Revoke")}
    assert len(revoked) == 1
    assert revoked.pop().endswith(".DefaultSecurityGroup>")


def test_the_flow_log_is_one_that_the_pipeline_never_reads(private: Deployment) -> None:
    flow_log = private.stack("network").one("AWS::EC2::FlowLog")
    policies = [
        template.one("AWS::Logs::AccountPolicy")["SelectionCriteria"]
        for name, template in private.templates.items()
        if name.startswith("member-")
    ]

    assert flow_log["TrafficType"] == "ALL"
    assert policies
    assert all('"/central-logs/network"' in flat(policy) for policy in policies)


def test_a_vpc_without_flow_log_says_so_to_cdk_nag(functions: Path) -> None:
    quiet = Network(cidr="10.20.0.0/22", flow_logs=False)
    with synthesise("sandbox", code_only(functions), network=quiet) as deployment:
        report = AwsSolutionsChecks(deployment.app).validate_scope(deployment.app)
        made = deployment.stack("network").all("AWS::EC2::FlowLog")

    assert made == {}
    assert report.violations == []


def test_every_call_of_a_function_has_an_endpoint_that_lets_it_through(within: Template) -> None:
    needed = {
        (role, action, resource)
        for role in (f"{function}Role" for function in PLACED)
        for action, resource in within.allowed(role)
        if not action.startswith(BY_AWS_ITSELF)
        and action not in POLLS
        and resource not in {SET_ASIDE, "*" if not action.startswith("organizations:") else ""}
    }

    let_through = {
        (flat(role)[1:].partition(".")[0][:-8], action, flat(resource))
        for endpoint in within.all("AWS::EC2::VPCEndpoint").values()
        for statement in endpoint["Properties"]["PolicyDocument"]["Statement"]
        for role in listed(statement["Condition"]["ArnEquals"]["aws:PrincipalArn"])
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }

    assert len(needed) > 10
    assert let_through == needed


def test_only_services_that_are_called_have_an_endpoint(
    private: Deployment, functions: Path
) -> None:
    def services(deployment: Deployment) -> set[str]:
        endpoints = deployment.stack("pipeline").all("AWS::EC2::VPCEndpoint").values()
        found = {e["Properties"]["ServiceName"].split(".", 3)[3] for e in endpoints}
        assert found == set(called_services(deployment.config)), "what preflight looks for"
        return found

    with synthesise("sandbox", code_only(functions), network=MADE) as least:
        fewest = services(least)
    rule = {"name": "hashed", "action": "redact", "fields": ["user.name"], "mode": "hash"}
    redacting = {
        "datasets": {
            "*": private.config.datasets["*"].model_copy(update={"rules": ({**rule, "when": {}},)})
        },
        "redaction": Redaction(key_secret=OPTIONS["redaction"].key_secret),
    }
    with synthesise("sandbox", code_only(functions), network=MADE, **redacting) as deployment:
        most = services(deployment)

    assert fewest == {"kinesis-firehose", "organizations", "s3", "sts"}
    assert services(private) == {*fewest, "sqs"}
    assert most == {*fewest, "secretsmanager"}


def test_where_organizations_has_no_endpoint_the_snapshot_stays_outside(functions: Path) -> None:
    ireland = Central(account="111111111111", region="eu-west-1")
    with synthesise("sandbox", code_only(functions), network=MADE, central=ireland) as deployment:
        pipeline = deployment.stack("pipeline")
        found = in_vpc(pipeline)
        named = [
            e["Properties"]["ServiceName"] for e in pipeline.all("AWS::EC2::VPCEndpoint").values()
        ]

    assert found == {"NormaliseFunction", "SearchSetupFunction"}
    assert not [name for name in named if name.endswith("organizations")]


def test_s3_is_reached_by_the_route_table_and_others_by_a_private_name(
    within: Template,
) -> None:
    by_type = {
        e["Properties"]["ServiceName"].split(".", 3)[3]: e["Properties"]
        for e in within.all("AWS::EC2::VPCEndpoint").values()
    }
    gateway = by_type.pop("s3")

    assert gateway["VpcEndpointType"] == "Gateway"
    assert len(gateway["RouteTableIds"]) == 1
    assert not {"SubnetIds", "SecurityGroupIds", "PrivateDnsEnabled"} & gateway.keys()
    for endpoint in by_type.values():
        assert (endpoint["VpcEndpointType"], endpoint["PrivateDnsEnabled"]) == ("Interface", True)
        assert len(endpoint["SubnetIds"]) == len(endpoint["SecurityGroupIds"]) == 1


def test_the_setup_runs_when_the_endpoints_are_there(within: Template) -> None:
    (setup,) = within.all("Custom::SearchSetup").values()

    assert set(within.all("AWS::EC2::VPCEndpoint")) <= set(setup["DependsOn"])


@pytest.mark.parametrize("function", sorted(PLACED))
def test_lambda_may_keep_interfaces_and_the_functions_code_may_not(
    function: str, within: Template
) -> None:
    policy = within.one("AWS::IAM::Policy", below=f"{function}RoleDefaultPolicy")
    by_why = {s["Sid"]: s for s in policy["PolicyDocument"]["Statement"]}

    keeps, looks = by_why["KeepNetworkInterfaces"], by_why["LookAtTheNetwork"]
    denied = by_why["CodeLeavesInterfacesAlone"]
    assert keeps["Resource"] == "arn:aws:ec2:us-east-1:111111111111:*/*"
    assert denied["Effect"] == "Deny"
    assert {*keeps["Action"], *looks["Action"]} < set(denied["Action"])
    assert denied["Condition"] == {
        "ArnLike": {"lambda:SourceFunctionArn": "arn:aws:lambda:us-east-1:111111111111:function:*"}
    }


def test_firehose_keeps_interfaces_in_its_subnets_and_vpc_only(within: Template) -> None:
    policy = within.one("AWS::IAM::Policy", below="DeliveryStreamRoleDefaultPolicy")
    by_why = {s["Sid"]: s for s in policy["PolicyDocument"]["Statement"]}
    stream = within.one("AWS::KinesisFirehose::DeliveryStream", below="DeliveryStream")
    place = stream["AmazonopensearchserviceDestinationConfiguration"]["VpcConfiguration"]

    made_of = {
        flat(arn).split(":", 5)[5].partition("/")[0]
        for arn in by_why["MakeNetworkInterfaces"]["Resource"]
    }
    assert made_of == {"network-interface", "security-group", "subnet"}
    assert by_why["KeepNetworkInterfaces"]["Condition"]["ArnEquals"].keys() == {"ec2:Vpc"}
    assert flat(place["RoleARN"]).startswith("<DeliveryStreamRole")
    assert len(place["SubnetIds"]) == len(place["SecurityGroupIds"]) == 1


def test_a_given_vpc_gets_groups_and_nothing_else(functions: Path) -> None:
    with synthesise("sandbox", code_only(functions), network=Network(existing=VPC)) as deployment:
        network, pipeline = deployment.stack("network"), deployment.stack("pipeline")
        [service] = [
            rule for rule in group(network, "Functions")["SecurityGroupEgress"] if "CidrIp" in rule
        ]
        kinds = {resource["Type"] for resource in network.body["Resources"].values()}
        endpoints = pipeline.all("AWS::EC2::VPCEndpoint")
        found = in_vpc(pipeline)

    assert kinds == {"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"}
    assert endpoints == {}
    assert service["CidrIp"] == "0.0.0.0/0", "its own ways to AWS's services are not known"
    assert found == {"NormaliseFunction", "SearchSetupFunction"}


def test_a_given_vpc_can_get_endpoints_and_keeps_its_default_group(functions: Path) -> None:
    routed = VPC.model_copy(update={"route_tables": ("rtb-0123456789abcdef0",)})
    given = Network(existing=routed, make_endpoints=True)
    with synthesise("sandbox", code_only(functions), network=given) as deployment:
        network, pipeline = deployment.stack("network"), deployment.stack("pipeline")
        settings = network.one("Custom::PrepareNetwork")["Settings"]
        allowed = network.allowed("PreparationFunctionRole")
        gateway = pipeline.one("AWS::EC2::VPCEndpoint", below="EndpointsS3")

    assert settings == {"CLOSED_GROUP": ""}
    assert not [action for action, _ in allowed if action.startswith("ec2:Revoke")]
    assert gateway["RouteTableIds"] == ["rtb-0123456789abcdef0"]


def test_given_groups_are_everybodys(functions: Path) -> None:
    groups = ("sg-0123456789abcdef0", "sg-0123456789abcdef1")
    grouped = ExistingVpc(vpc=VPC.vpc, subnets=VPC.subnets, security_groups=groups)
    with synthesise(
        "sandbox", code_only(functions), network=Network(existing=grouped)
    ) as deployment:
        domain = deployment.stack("search").one("AWS::OpenSearchService::Domain")
        function = deployment.stack("pipeline").one("AWS::Lambda::Function", below="Normalise")
        made = deployment.stack("network").all("AWS::EC2::SecurityGroup")

    assert domain["VPCOptions"]["SecurityGroupIds"] == list(groups)
    assert function["VpcConfig"]["SecurityGroupIds"] == list(groups)
    assert made == {}


@pytest.mark.parametrize(("stage", "policy"), [("sandbox", "Delete"), ("production", "Retain")])
def test_a_network_stays_where_its_domain_stays(stage: str, policy: str, functions: Path) -> None:
    roomy = Network(cidr="10.20.0.0/20")
    with synthesise(stage, code_only(functions), network=roomy) as deployment:
        network = deployment.stack("network")
        kept = [
            *network.all("AWS::EC2::VPC").values(),
            *network.all("AWS::EC2::Subnet").values(),
            *(
                r
                for k, r in network.all("AWS::EC2::SecurityGroup").items()
                if k.startswith("GroupsDomain")
            ),
        ]

    assert {r["DeletionPolicy"] for r in kept} == {policy}
    assert len(kept) == 2 + deployment.config.search.zones


def test_nag_and_cfn_lint_find_nothing(private: Deployment) -> None:
    report = AwsSolutionsChecks(private.app).validate_scope(private.app)
    lint = [
        f"{match.rule.id} {match.message}"
        for name in ("network", "search", "pipeline")
        for match in lint_file(
            private.stack(name).file,
            ManualArgs(regions=["us-east-1"], ignore_checks=LINT_IGNORED),
        )
    ]

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []
    assert lint == []
