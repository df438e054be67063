"""What a deployment would send to CloudFormation, in a shape that tests can ask."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from app import ROOT, build
from infra.bundle import Bundle
from infra.config import DeploymentConfig, config_path

FLAGS = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
CENTRAL = cdk.Environment(account="111111111111", region="us-east-1")
IRELAND = cdk.Environment(account="111111111111", region="eu-west-1")

type Resource = Mapping[str, Any]


def statements(policy: Resource) -> list[dict[str, Any]]:
    """What a policy says, its resources as flat text."""
    return [
        {**statement, "Resource": [flat(r) for r in listed(statement["Resource"])]}
        for statement in policy["PolicyDocument"]["Statement"]
    ]


@dataclass(frozen=True)
class Template:
    """One stack's template.

    Attributes:
        body: What CloudFormation gets.
        file: Where it lies, while the deployment of its fixture does.
    """

    body: Mapping[str, Any]
    file: Path

    def all(self, kind: str) -> dict[str, Resource]:
        """Resources of a type, by logical id."""
        return {k: r for k, r in self.body["Resources"].items() if r["Type"] == kind}

    def one(self, kind: str, *, below: str = "") -> dict[str, Any]:
        """Properties of the only resource of a type whose logical id begins like this."""
        (found,) = [r for k, r in self.all(kind).items() if k.startswith(below)]
        properties: dict[str, Any] = found["Properties"]
        return properties

    def allowed(self, role: str) -> set[tuple[str, str]]:
        """Each action that a role may take with each resource, as flat text."""
        policy = self.one("AWS::IAM::Policy", below=f"{role}DefaultPolicy")
        return {
            (action, flat(resource))
            for statement in policy["PolicyDocument"]["Statement"]
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        }


@dataclass(frozen=True)
class Deployment:
    """A whole app.

    Attributes:
        config: What it was made from.
        app: Its construct tree.
        templates: By stack: ``search``, ``door-eu-west-1``, ``member-222222222222-us-east-1``.
    """

    config: DeploymentConfig
    app: cdk.App
    templates: Mapping[str, Template]

    def stack(self, name: str) -> Template:
        """The template of one stack."""
        return self.templates[name]

    def construct(self, name: str) -> cdk.Stack:
        """One stack's construct."""
        found = self.app.node.find_child(f"CentralLogs-{self.config.stage}-{name}")
        assert isinstance(found, cdk.Stack)
        return found


@contextmanager
def synthesise(stage: str, bundle: Bundle, **sections: Any) -> Iterator[Deployment]:
    """Build and synthesise one of the two configurations, perhaps with other sections."""
    config = DeploymentConfig.load(config_path(stage)).model_copy(update=sections)
    app = build(config, bundle, flags=FLAGS)
    assembly = app.synth()
    prefix = f"CentralLogs-{config.stage}-"
    templates = {
        stack.stack_name.removeprefix(prefix): Template(
            stack.template, Path(stack.template_full_path)
        )
        for stack in assembly.stacks
    }
    yield Deployment(config, app, templates)
    shutil.rmtree(assembly.directory)


def empty_stack(env: cdk.Environment = CENTRAL) -> cdk.Stack:
    """A stack to try a construct in, under the feature flags that we deploy with."""
    return cdk.Stack(cdk.App(context=FLAGS), "Test", env=env)


def template_of(stack: cdk.Stack) -> Template:
    """The template of a stack that a test has filled."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    assembly = app.synth()
    artifact = assembly.get_stack_by_name(stack.stack_name)
    template = Template(artifact.template, Path(artifact.template_full_path))
    shutil.rmtree(assembly.directory)
    return template


def flat(value: Any) -> str:
    """References as text: ``<IngestStream404D06C0.Arn>``, exports without their stack's name."""
    match value:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(flat(part) for part in parts)
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{resource}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::ImportValue": name}:
            return f"<{str(name).partition(':')[2]}>"
        case _:
            return str(value)


def listed(value: Any) -> list[Any]:
    """IAM writes a list of one as its element."""
    return value if isinstance(value, list) else [value]
