"""What the rules page and the configurations show as examples would be accepted."""

import re
import tomllib
from pathlib import Path

import pytest

from infra.config import DeploymentConfig
from logcore.rules import Rules, tables_in
from logcore.rules.field_test import ALLOWED
from logcore.rules.patterns import NAMED
from logcore.rules.stand_ins import MODES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^# (\[+(?:datasets|redaction).*?)\n\n", re.MULTILINE | re.DOTALL)


def test_the_rules_of_the_page_are_accepted() -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    tables = [tables_in(tomllib.loads(block)) for block in blocks]

    assert [list(table) for table in tables if table] == [["aws.vpcflow", "aws.cloudtrail", "*"]]
    for table in tables:
        Rules(table)


@pytest.mark.parametrize("stage", ["sandbox", "production"])
def test_a_configuration_with_its_examples_switched_on_is_accepted(
    stage: str, tmp_path: Path
) -> None:
    text = (ROOT / "config" / f"{stage}.toml").read_text(encoding="utf-8")
    switched = EXAMPLE.sub(lambda found: found[0].replace("\n# ", "\n")[2:], text)
    path = tmp_path / "switched.toml"
    path.write_text(switched, encoding="utf-8")

    config = DeploymentConfig.load(path)

    assert [rule["name"] for rule in config.rules["aws.vpcflow"]] == ["accepted-internal"]
    assert config.redaction.key_secret


def test_the_page_names_every_operator_pattern_and_mode() -> None:
    operators = {name for names in ALLOWED.values() for name in names}

    absent = [name for name in {*operators, *NAMED, *MODES} if name not in PAGE]
    assert absent == []
