"""Before a deployment: names of options that somebody has are found, and freed by the fix."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app import build
from infra.bundle import code_only
from infra.names import LOG_GROUP_RULES, function_log_group, log_group_rule, stack_name
from ops.answer import Answer
from ops.check import findings
from ops.preflight import CHECKS
from ops.view import View
from tests.infra.deployment import FLAGS
from tests.local import landscape as made
from tests.local.aws_command import shell
from tests.local.deployment import stubs
from tests.local.ground import REGIONS, Ground, Places, stack_of
from tests.local.stacks import Json, resource
from tests.local.taken_names import TAKEN, Taken, config_rule, group

HOME, IRELAND = REGIONS
[NAME] = [check for check in CHECKS if check.name == "name"]


@pytest.fixture
def ground(places: Places, tmp_path: Path) -> Ground:
    found = Ground(*next(places), tmp_path)
    found.changes["hosts"] = {"enabled": True, "hybrid_accounts": "all"}
    return found


def names(ground: Ground, clients: Any = None) -> dict[str, Answer]:
    """What preflight says of each name."""
    view = View(config=ground.config(), clients=clients or ground.as_root)
    return {found.subject: found.answer for found in findings(NAME, view)}


def taken(ground: Ground) -> dict[str, Answer]:
    return {name: answer for name, answer in names(ground).items() if answer.status != "ok"}


def test_every_name_of_a_new_account_is_free(ground: Ground) -> None:
    found = names(ground)

    assert {answer.found.rpartition(" ")[2] for answer in found.values()} == {"free"}
    assert found.keys() >= {each.subject for each in TAKEN}


@pytest.mark.parametrize("case", TAKEN, ids=lambda case: case.subject)
def test_a_name_of_somebody_else_is_found_and_freed_by_the_fix(ground: Ground, case: Taken) -> None:
    case.plant(ground)

    [(subject, answer)] = taken(ground).items()
    assert (subject, answer.status) == (case.subject, "error")
    assert "not of stack CentralLogs-sandbox-" in answer.found
    assert answer.fix.startswith(case.fix)
    assert answer.expected == "a free name: CloudFormation takes over nothing"

    command = re.search(r"aws [^,;]+", answer.fix)
    assert command
    shell(ground.cloud, ground.account, command[0])
    assert taken(ground) == {}


@pytest.mark.parametrize("case", TAKEN, ids=lambda case: case.subject)
def test_a_name_of_an_option_is_not_looked_at_without_it(ground: Ground, case: Taken) -> None:
    ground.changes |= {
        "hosts": {},
        "self_service": {},
        "organisation_sources": {},
        "members": {"accounts": [made.MEMBER], "units": None, "regions": list(REGIONS)},
    }
    always = ("slow logs", "log group normalise")

    found = names(ground)

    assert (case.subject in found) == case.subject.startswith(always)


def test_who_runs_no_stack_sets_is_not_told_so_by_every_name(ground: Ground) -> None:
    ground.changes["central"] = {"account": made.OUTSIDER, "region": HOME}
    ground.secret = ground.secret.replace(ground.account, made.OUTSIDER)
    other = ground.cloud.client

    found = names(ground, lambda s, r: ground.beside(s, other(s, made.OUTSIDER, r)))

    sets = {name: answer for name, answer in found.items() if name.startswith("StackSet")}
    assert [answer.status for answer in sets.values()] == ["ok"] * 3


def test_the_rights_of_the_check_are_enough(ground: Ground) -> None:
    allowed = {"Effect": "Allow", "Action": list(NAME.needs), "Resource": "*"}
    found = names(ground, ground.as_role(allowed))

    assert {answer.status for answer in found.values()} == {"ok"}


def test_what_the_templates_of_the_options_make_is_this_deployments_own(ground: Ground) -> None:
    bodies = templates(ground)
    member = f"member-{ground.account}-{HOME}"
    hosts = {k: r for k, r in bodies[member].items() if k.startswith("Hosts")}
    put(ground, member, hosts)
    put(ground, "self-service-roles", bodies["self-service-roles"])
    put(ground, f"log-group-check-{HOME}", bodies[f"log-group-check-{HOME}"])

    found = names(ground)

    own = {name for name, answer in found.items() if answer.found.endswith("deployment's own")}
    assert own == {
        *(f"hosts' {what} · {HOME}" for what in ("association", "document", "policy")),
        *(f"agent's parameter of {platform} · {HOME}" for platform in ("linux", "windows")),
        f"hybrid role · {HOME}",
        f"launch role of applications · {HOME}",
        f"launch role of the baseline · {HOME}",
        f"role that reads log groups · {HOME}",
        f"role of the check · {HOME}",
        f"check of log groups · {HOME}",
        f"log group check_log_groups · {HOME}",
    }
    assert {answer.status for answer in found.values()} == {"ok"}


def test_rules_and_stack_sets_of_its_stacks_are_its_own(ground: Ground) -> None:
    """Config rules are only recorded in a stack here, and so are put beside it."""
    source = {"Owner": "AWS", "SourceIdentifier": "CLOUDWATCH_LOG_GROUP_ENCRYPTED"}
    rule = resource(
        "AWS::Config::ConfigRule", ConfigRuleName=log_group_rule("retention"), Source=source
    )
    config_rule("retention")(ground)
    stack_of(ground, stack_name("sandbox", f"log-group-rules-{IRELAND}"), IRELAND, {"Rule": rule})
    of_units = resource(
        "AWS::CloudFormation::StackSet",
        StackSetName=LOG_GROUP_RULES,
        PermissionModel="SERVICE_MANAGED",
        CallAs="DELEGATED_ADMIN",
        AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False},
        TemplateBody=json.dumps({"Resources": {}}),
    )
    stack_of(ground, stack_name("sandbox", "self-service-units"), HOME, {"Rules": of_units})

    found = names(ground)

    own = {name for name, answer in found.items() if answer.found.endswith("deployment's own")}
    assert own == {f"Config rule of retention · {IRELAND}", f"StackSet of log-group-rules · {HOME}"}
    assert {answer.status for answer in found.values()} == {"ok"}


def test_a_log_group_whose_name_only_begins_so_is_nobody(ground: Ground) -> None:
    group(f"{function_log_group('normalise')}-old")(ground)

    assert taken(ground) == {}


@cache
def templates(ground: Ground) -> dict[str, Json]:
    """Resources by stack of what the configuration makes."""
    config = ground.config()
    assembly = build(config, code_only(ground.folder / "bundles"), flags=FLAGS).synth()
    prefix = stack_name(config.stage, "")
    return {
        stack.stack_name.removeprefix(prefix): stack.template["Resources"]
        for stack in assembly.stacks
    }


def put(ground: Ground, stack: str, resources: Json) -> None:
    """Deploy resources as a stack of this deployment, functions as stubs."""
    s3 = ground.client("s3")
    bucket = made.name("assets")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="stubs", Body=stubs())
    for each in resources.values():
        if each["Type"] == "AWS::Lambda::Function":
            each["Properties"]["Code"] = {"S3Bucket": bucket, "S3Key": "stubs"}
    stack_of(ground, stack_name("sandbox", stack), HOME, resources)
