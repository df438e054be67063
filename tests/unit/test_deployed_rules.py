"""At cold start the function reads its rules and its key, or does not start."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from lambdas.delivery.deployed_rules import deployed_rules, read_key
from logcore.errors import ConfigurationError
from logcore.normalise import NO_RULES

HASH = {"name": "users", "action": "redact", "mode": "hash", "fields": ["user.name"]}


class FakeSecrets:
    """Holds one secret."""

    def __init__(self, **answer: str | bytes) -> None:
        self.answer = answer

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, str | bytes]:
        assert SecretId == "arn"
        return self.answer


@pytest.mark.parametrize("answer", [{"SecretString": "key"}, {"SecretBinary": b"key"}])
def test_a_key_may_be_text_or_bytes(answer: dict[str, str | bytes]) -> None:
    assert read_key(FakeSecrets(**answer), "arn") == b"key"


def test_without_a_file_there_are_no_rules() -> None:
    assert deployed_rules("", None) is NO_RULES


def test_a_bundle_without_the_rules_that_it_should_hold_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        deployed_rules("rules.json", None, tmp_path)


def test_an_empty_secret_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "rules.json").write_text(json.dumps({"*": [HASH]}), encoding="utf-8")

    with pytest.raises(ConfigurationError, match="expected a key of 16 bytes, found 0"):
        deployed_rules("rules.json", read_key(FakeSecrets(SecretString=""), "arn"), tmp_path)
