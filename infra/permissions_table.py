"""Prints who may do what as Markdown, which is kept as ``docs/reference/permissions.md``.

``python -m infra.permissions_table > docs/reference/permissions.md``; a test fails when the file is
stale.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from app import ROOT, build
from infra.bundle import code_only
from infra.config import DeploymentConfig, config_path
from infra.config.access import Access, BreakGlass
from infra.config.cognito import Cognito
from infra.config.datasets import Redaction
from infra.config.enrichment import Enrichment
from infra.config.hosts import Hosts
from infra.config.login import Login
from infra.config.members import Members
from infra.config.network import Network
from infra.config.objects import Objects
from infra.config.organisation_sources import OrganisationSources
from infra.config.self_service import SelfService
from infra.permissions import Kind, Permission, permissions

type Templates = Mapping[str, Mapping[str, Any]]
"""CloudFormation templates of one deployment by stack, such as ``door-eu-west-1``."""

HEAD = """\
# Who may do what

Written by `python -m infra.permissions_table`; do not edit. These are the statements of every
policy in the templates of `config/sandbox.toml` and `config/production.toml`, and of production
with every option that adds rights. Doors and member stacks are alike in all accounts and regions;
one of each is shown. `<Name>` is a resource by its logical id, and `*` in a key's policy is that
key. The first column is the statement's `Sid`, which IAM shows as well. What is wider than a rule
of `tests/infra/policy_rules.py` wants is listed with its reason in
[accepted.py](../../tests/infra/accepted.py).
"""

KINDS: Final[Mapping[Kind, str]] = {
    "role": "may",
    "managed": "whoever has it may",
    "trust": "is taken by",
    "bucket": "bucket policy",
    "queue": "queue policy",
    "topic": "topic policy",
    "key": "key policy",
    "bus": "event bus policy",
    "destination": "destination policy",
    "delivery": "delivery destination policy",
    "domain": "domain policy",
    "endpoint": "endpoint policy",
    "log": "log group policy",
    "function": "function policy",
}

_KEYS: Final = "arn:aws:kms:us-east-1"

OPTIONS: Final[Mapping[str, Any]] = {
    "network": Network(cidr="10.20.0.0/20", keep_public=True),  # both domains
    "members": Members(accounts=("444444444444",), regions=("us-east-1",), mode="centralise"),
    "enrichment": Enrichment.model_validate(
        {
            "indicators": {
                "bucket": "example-lists",
                "keys": ["domains.txt"],
                "key_arn": f"{_KEYS}:111111111111:key/11111111-2222-3333-4444-555555555555",
            }
        }
    ),
    "objects": Objects.model_validate(
        {
            "central": {"enabled": True},
            "buckets": [
                {"name": "example-org-logs", "prefix": "AWSLogs/"},
                {"name": "example-near-logs", "region": "eu-west-1"},
                {"name": "example-far-logs", "account": "333333333333", "region": "eu-west-1"},
                {
                    "name": "example-edge-logs",
                    "account": "222222222222",
                    "key_arn": f"{_KEYS}:222222222222:key/66666666-7777-8888-9999-000000000000",
                },
            ],
        }
    ),
    "hosts": Hosts(enabled=True, hybrid_accounts=("444444444444",)),
    "access": Access(
        break_glass=BreakGlass(
            principals=("arn:aws:iam::111111111111:user/on-call",),
            notify=("security@example.com",),
        )
    ),
    "search": DeploymentConfig.load(config_path("production")).search.model_copy(
        update={"login": Login(kind="cognito", cognito=Cognito(domain_prefix="example-logs"))}
    ),
    "self_service": SelfService.model_validate(
        {
            "units": ["ou-ex4m-workloads"],
            "principals": ["arn:aws:iam:::role/developers-*"],
            "tag_options": {"environment": ["production", "staging"]},
            "rules": {"key_alias": "alias/log-groups", "excluded": ["/scratch/*"]},
        }
    ),
    "organisation_sources": OrganisationSources.model_validate(
        {
            "management_account": "999999999999",
            "trail": {
                "enabled": True,
                "bucket": "example-org-trail",
                "data_events": ["AWS::S3::Object", "AWS::Lambda::Function"],
                "insights": ["ApiCallRateInsight"],
            },
            "guardduty": {
                "enabled": True,
                "features": {"S3_DATA_EVENTS": "ALL", "RUNTIME_MONITORING": "NEW"},
                "agents": ["EC2_AGENT_MANAGEMENT"],
            },
            "security_hub": {"enabled": True, "targets": ["r-ab12"]},
            "inspector": {"enabled": True},
            "config": {"enabled": True},
            "telemetry": {"kinds": ["vpc_flow", "resolver_queries", "waf", "nlb", "eks"]},
        }
    ),
    "redaction": Redaction(
        key_secret="arn:aws:secretsmanager:us-east-1:111111111111:secret:central-logs/redaction-AbCdEf"  # noqa: S106  a name
    ),
}
"""Sections that bring further statements, each filled once."""


def markdown(sandbox: Templates, production: Templates, options: Templates) -> str:
    """The whole page: a heading for each stack, a table for each policy."""
    deployments = {"sandbox": sandbox, "production": production, "options": options}
    shown = (*_shown({**options, **sandbox}), *_optional(options))
    return HEAD + "".join(_stack(name, deployments) for name in shown)


def templates(stage: str, folder: Path, sections: Mapping[str, Any]) -> Templates:
    """Synthesise a configuration without wheels."""
    config = DeploymentConfig.load(config_path(stage)).model_copy(update=dict(sections))
    prefix = f"CentralLogs-{config.stage}-"
    flags = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    stacks = build(config, code_only(folder), flags=flags).synth().stacks
    return {stack.stack_name.removeprefix(prefix): stack.template for stack in stacks}


def _shown(names: Templates) -> list[str]:
    """The central stacks, those for log files, and of doors and members the last one by name."""
    last = {name.partition("-")[0]: name for name in sorted(names)}
    files = [name for name in sorted(names) if name.startswith("files-")]
    first = [last[kind] for kind in ("network", "search", "pipeline")]
    return [*first, *files, last["door"], last["member"]]


def _optional(names: Templates) -> list[str]:
    """Stacks that only an option brings, of which those of one region are enough."""
    checks = ("log-group-check-us-east-1", "log-group-rules-us-east-1")
    found = ("sources", "self-service-roles", *checks)
    return [name for name in found if name in names]


def _stack(name: str, deployments: Mapping[str, Templates]) -> str:
    rows: dict[Permission, set[str]] = {}
    for deployment, stacks in deployments.items():
        for permission in permissions(stacks.get(name, {"Resources": {}})):
            rows.setdefault(permission, set()).add(deployment)
    ordered = sorted(rows, key=lambda p: (p.holder, p.kind))
    tables = groupby(ordered, key=lambda p: (p.holder, p.kind))
    return f"\n## {name}\n" + "".join(
        "".join(_table(holder, kind, [(p, rows[p]) for p in found]))
        for (holder, kind), found in tables
    )


def _table(holder: str, kind: Kind, rows: list[tuple[Permission, set[str]]]) -> Iterator[str]:
    """A whole table of one deployment says so once."""
    labels = {_only_in(deployments) for _, deployments in rows}
    above = labels.pop() if len(labels) == 1 else ""
    yield f"\n### {holder}: {KINDS[kind]}{above}\n\n| why | who | action | resource | if |\n"
    yield "|---|---|---|---|---|\n"
    for permission, deployments in rows:
        yield _row(permission, _only_in(deployments).removeprefix(above))


def _row(permission: Permission, label: str) -> str:
    actions = _listed(permission.actions)
    when = (f"`{key}` {operator} {_or(values)}" for operator, key, values in permission.conditions)
    cells = (
        in_words(permission.why) + label,
        _listed(permission.who),
        actions if permission.allows else f"**denied** {actions}",
        _listed(permission.resources),
        "<br>".join(when),
    )
    return f"| {' | '.join(cells)} |\n"


def in_words(sid: str) -> str:
    """``PollTheStream`` as "poll the stream"."""
    return re.sub(r"(?<!^)(?=[A-Z])|(?<=[a-z])(?=\d)", " ", sid).lower()


def _only_in(deployments: set[str]) -> str:
    if {"sandbox", "production"} <= deployments:
        return ""
    return " (production)" if "production" in deployments else " (by option)"


def _listed(values: tuple[str, ...]) -> str:
    return "<br>".join(f"`{value}`" for value in values)


def _or(values: tuple[str, ...]) -> str:
    return " or ".join(f"`{value}`" for value in values)


def _print() -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder)
        nothing: Mapping[str, Any] = {}
        page = markdown(
            templates("sandbox", place, nothing),
            templates("production", place, nothing),
            templates("production", place, OPTIONS),
        )
    sys.stdout.write(page)


if __name__ == "__main__":
    _print()
