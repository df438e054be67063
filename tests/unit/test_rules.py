"""Rules decide in order, count what they do, and are refused before they could do harm."""

from typing import Any

import pytest

from logcore.errors import ConfigurationError
from logcore.normalise import Normaliser
from logcore.record import Accepted, Dropped, Effect, LogRecord, Origin, Outcome, Rejected
from logcore.registry import SOURCES
from logcore.rejects import reject_document
from logcore.routing import Routing
from logcore.rules import Rules, tables_in
from logcore.rules.sampling import is_kept

ORIGIN = Origin(
    transport="cloudwatch_logs",
    account="222222222222",
    region="eu-west-1",
    owner="222222222222",
    log_group="/aws/vpc/flow",
    log_stream="eni-1-all",
)
FLOW = "2 222222222222 eni-1 10.1.2.10 198.51.100.7 43416 443 6 8 {} 1772366400 1772366459 {} OK"
ACCEPTED = {"event.outcome": ["success"]}
REJECTED = {"event.outcome": ["failure"]}


def outcome(*rules: dict[str, Any], number: int = 0, verb: str = "ACCEPT") -> Outcome:
    normalise = Normaliser(Routing(SOURCES), rules=Rules({"aws.vpcflow": rules}))
    return normalise(record(number, verb))


def record(number: int = 0, verb: str = "ACCEPT") -> LogRecord:
    return LogRecord("37", 1_772_366_400_000, FLOW.format(number, verb), ORIGIN)


def rule(name: str, action: str = "drop", **more: Any) -> dict[str, Any]:
    return {"name": name, "action": action, "when": "always", **more}


def test_a_dropped_record_names_its_rule_and_keeps_its_text() -> None:
    found = outcome(rule("quiet", when=ACCEPTED))

    assert found == Dropped(found.record, "vpc_flow", "quiet")
    assert found.record == record()


def test_a_record_that_no_rule_asks_for_is_accepted_as_without_rules() -> None:
    assert outcome(rule("quiet", when=REJECTED)) == outcome()


def test_the_first_rule_that_holds_decides() -> None:
    keep = rule("keep", "sample", rate=1, when=ACCEPTED)

    assert isinstance(outcome(keep, rule("rest")), Accepted)
    assert outcome(rule("rest"), keep)[2] == "rest"


def test_rules_of_the_dataset_come_before_rules_of_all() -> None:
    tables = {"*": [rule("all")], "aws.vpcflow": [rule("mine", when=ACCEPTED)]}
    normalise = Normaliser(Routing(SOURCES), rules=Rules(tables))

    assert normalise(record(verb="ACCEPT"))[2] == "mine"
    assert normalise(record(verb="REJECT"))[2] == "all"


def test_a_dataset_without_rules_has_no_ruleset_to_call() -> None:
    rules = Rules({"aws.vpcflow": [rule("quiet")]})

    assert rules.of("aws.cloudtrail") is None
    assert rules.of("aws.vpcflow") is not None


def test_a_sample_keeps_the_same_events_each_time_and_weighs_them() -> None:
    tenth = rule("tenth", "sample", rate=0.1)
    outcomes = [outcome(tenth, number=n) for n in range(2_000)]
    kept = [found.document for found in outcomes if isinstance(found, Accepted)]

    assert outcomes == [outcome(tenth, number=n) for n in range(2_000)]
    assert 150 < len(kept) < 250
    assert {document["pipeline"]["sample_weight"] for document in kept} == {10.0}


def test_a_higher_rate_keeps_what_a_lower_one_kept() -> None:
    ids = [f"event-{n}" for n in range(1_000)]

    assert {i for i in ids if is_kept(i, 0.1)} < {i for i in ids if is_kept(i, 0.3)}
    assert [is_kept(i, 1) for i in ids] == [True] * 1_000
    assert not any(is_kept(i, 0) for i in ids)


def test_a_dry_run_counts_what_the_rule_would_do_and_does_nothing() -> None:
    mask = rule("pii", "redact", mode="mask", fields=["source.address"], dry_run=True)

    found = outcome(rule("quiet", dry_run=True), mask)

    assert isinstance(found, Accepted)
    assert found.document == outcome().document  # type: ignore[union-attr]  # accepted as well
    assert set(found.effects) == {Effect("would_drop", "quiet"), Effect("would_redact", "pii")}


def test_a_dry_run_counts_only_what_it_would_be_asked_about() -> None:
    exempt = rule("exempt", "sample", rate=1, dry_run=True)
    one, two = rule("one", dry_run=True), rule("two", dry_run=True)

    spared, counted = outcome(exempt, one), outcome(one, two)

    assert isinstance(spared, Accepted)
    assert spared.effects == ()
    assert isinstance(counted, Accepted)
    assert counted.effects == (Effect("would_drop", "one"),)


def test_a_dry_run_beside_a_rule_in_force_is_counted_on_the_dropped_record() -> None:
    found = outcome(rule("new", when=ACCEPTED, dry_run=True), rule("old"))

    assert found == Dropped(found.record, "vpc_flow", "old", effects=(Effect("would_drop", "new"),))


def test_conditions_see_the_document_as_it_came_whatever_is_redacted() -> None:
    found = outcome(
        rule("one", "redact", mode="remove", fields=["source.*"]),
        rule("two", "redact", mode="mask", fields=["event.action"], when={"source.port": [43416]}),
    )

    assert isinstance(found, Accepted)
    assert found.effects == (Effect("redacted", "one"), Effect("redacted", "two"))


def test_a_redacted_document_says_so() -> None:
    found = outcome(rule("addresses", "redact", mode="mask", fields=["destination.address"]))

    assert isinstance(found, Accepted)
    assert "redacted" in found.document["tags"]
    assert "destination.ip" in found.document["pipeline"]["redacted"]


def test_a_reject_of_a_redacted_dataset_shows_its_reason_and_not_its_text() -> None:
    rules = Rules({"aws.vpcflow": [rule("a", "redact", mode="mask", fields=["user.name"])]})
    refused = LogRecord("1", 1_772_366_400_000, "secret", ORIGIN)

    def shown(source: str) -> dict[str, Any]:
        reject = Rejected(refused, source, "column_count", "expected 14, found secret")
        return rules.on_reject(reject_document(reject, 0), source)

    assert shown("cloudtrail")["event"]["original"] == "secret"
    for document in (shown("vpc_flow"), shown("unknown")):
        assert document["event"]["reason"] == "column_count"
        assert "secret" not in str(document)
        assert document["pipeline"]["redacted"] == ["event.original", "error.message"]


def test_a_rule_that_is_only_counted_leaves_rejects_alone() -> None:
    mask = rule("a", "redact", mode="mask", fields=["user.name"], dry_run=True)
    document = {"event": {"original": "text"}}

    assert Rules({"*": [mask]}).on_reject(document, "vpc_flow") is document
    assert Rules({}).on_reject(document, "unknown") is document


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"action": "drop", "when": "always"}, "number 1: name: expected"),
        (rule("Upper"), "name: expected small letters"),
        (rule("a", "delete"), "action: expected one of drop, sample, redact, found 'delete'"),
        ({"name": "a", "action": "drop"}, 'when: expected a condition, or when = "always"'),
        ({"name": "a", "action": "sample", "rate": 0.1}, "when: expected a condition"),
        (rule("a", dryrun=True), "did you mean 'dry_run'"),
        (rule("a", dry_run="yes"), "dry_run: expected true or false"),
        (rule("a", rate=0.5), "unknown key 'rate' of drop"),
        (rule("a", "sample"), "rate: expected the share that stays"),
        (rule("a", "sample", rate=0), "above 0 and up to 1, found 0"),
        (rule("a", "sample", rate=1.5), "above 0 and up to 1, found 1.5"),
        (rule("a", "sample", rate=True), "found True"),
        (rule("a", "sample", rate="0.5"), "found '0.5'"),
        (rule("a", when={"sorce.ip": ["10.0.0.1"]}), "sorce.ip: expected a declared field"),
        (rule("a", when={"aws.cloudtrail.x": ["y"]}), "a declared field of aws.vpcflow"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_by_dataset_and_name(
    table: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Rules({"aws.vpcflow": [table]})

    assert refusal.value.detail.startswith('datasets."aws.vpcflow".rules, ')
    assert said in refusal.value.detail


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"aws.vpcfow": [rule("a")]}, "did you mean 'aws.vpcflow'"),
        ({"pipeline.rejects": [rule("a")]}, "no rule is asked about a reject"),
        ({"*": [rule("a")], "aws.vpcflow": [rule("a")]}, "'a' is a rule of \"*\" already"),
        ({"*": [rule("a", when={"aws.vpcflow.x": ["y"]})]}, "field that every dataset has"),
    ],
)
def test_a_rule_in_the_wrong_place_is_refused(tables: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Rules(tables)

    assert said in refusal.value.detail


def test_rules_are_found_in_a_configuration_and_nothing_else_is() -> None:
    tables = {"name": "a"}
    config = {"stage": "sandbox", "datasets": {"*": {}, "generic": {"rules": [tables]}}}

    assert tables_in(config) == {"generic": [tables]}
    assert tables_in({}) == {}
    with pytest.raises(ConfigurationError, match="expected"):
        tables_in({"datasets": {"generic": {"rules": {"name": "a"}}}})
