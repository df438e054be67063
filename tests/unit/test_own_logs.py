"""A loop is cut: what the pipeline wrote itself is dropped unread, and answered once a while."""

import gzip
import json
from typing import Any

import pytest

from lambdas.delivery.delivery import Report
from lambdas.normalise.quiet import PAUSE_S, Quiet
from logcore.errors import ConfigurationError
from logcore.normalise import Normaliser
from logcore.own_logs import OWN_LOGS, OwnLogs
from logcore.record import Accepted, Dropped
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.rules import Rules

HOME, ELSEWHERE = "111111111111", "222222222222"
NORMALISE = Normaliser(Routing(SOURCES), own=OwnLogs(HOME, "/central-logs/"))


def payload(owner: str, group: str, *extra: dict[str, Any]) -> bytes:
    envelope = {
        "messageType": "DATA_MESSAGE",
        "owner": owner,
        "logGroup": group,
        "logStream": "2026/03/01/[$LATEST]1",
        "subscriptionFilters": ["mine"],
        "logEvents": [
            {"id": str(n), "timestamp": 1_772_366_400_000, "message": "a line", **fields}
            for n, fields in enumerate(extra or ({},))
        ],
    }
    return gzip.compress(json.dumps(envelope).encode())


def test_a_line_of_the_pipelines_own_is_dropped_under_its_rule() -> None:
    [outcome] = NORMALISE.payload(payload(HOME, "/central-logs/normalise"))

    assert isinstance(outcome, Dropped)
    assert (outcome.source, outcome.rule) == ("unknown", OWN_LOGS)
    assert outcome.record.message == "a line"


@pytest.mark.parametrize(
    ("owner", "group"),
    [(ELSEWHERE, "/central-logs/normalise"), (HOME, "/central-logs-of-mine"), (HOME, "/apps/web")],
)
def test_other_groups_and_other_accounts_groups_of_that_name_are_kept(
    owner: str, group: str
) -> None:
    [outcome] = NORMALISE.payload(payload(owner, group))

    assert isinstance(outcome, Accepted)


def test_a_copy_of_an_own_group_is_known_by_the_account_that_wrote_it() -> None:
    """Centralisation copies log groups; each record says whose it is."""
    own = {"extractedFields": {"@aws.account": HOME, "@aws.region": "us-east-1"}}
    theirs = {"extractedFields": {"@aws.account": ELSEWHERE, "@aws.region": "us-east-1"}}

    outcomes = NORMALISE.payload(payload("333333333333", "/central-logs/normalise", own, theirs))

    assert [type(outcome) for outcome in outcomes] == [Dropped, Accepted]


def test_a_core_without_an_account_takes_nothing_for_its_own() -> None:
    [outcome] = Normaliser(Routing(SOURCES)).payload(payload("", "/central-logs/normalise"))

    assert isinstance(outcome, Accepted)


def test_no_rule_of_a_deployment_may_have_the_name() -> None:
    rule = {"name": OWN_LOGS, "action": "drop", "when": "always"}

    with pytest.raises(ConfigurationError, match="own-logs' counts the pipeline's own lines"):
        Rules({"generic": [rule]})


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def report(own: int = 0, accepted: int = 0) -> Report:
    found = Report()
    found.dropped.update({("unknown", OWN_LOGS): own} if own else {})
    found.accepted.update({"generic": accepted} if accepted else {})
    found.delivered = accepted
    return found


def test_a_batch_of_own_lines_alone_is_answered_once_a_pause_and_every_one_is_counted() -> None:
    clock = Clock()
    quiet = Quiet(clock)

    first = quiet.hear(report(own=1), 1)
    clock.now += PAUSE_S - 1
    between = [quiet.hear(report(own=2), 1), quiet.hear(report(own=3), 2)]
    clock.now += 1
    last = quiet.hear(report(own=4), 1)

    assert first
    assert (first.report.received, first.payloads) == (1, 1)
    assert between == [None, None]
    assert last
    assert (last.report.dropped.total(), last.payloads) == (9, 4)


def test_a_batch_of_anything_else_is_answered_at_once_with_what_was_held_back() -> None:
    quiet = Quiet(Clock())
    quiet.hear(report(own=1), 1)
    quiet.hear(report(own=2), 1)

    heard = quiet.hear(report(own=1, accepted=5), 1)

    assert heard
    assert (heard.report.dropped.total(), heard.report.accepted.total()) == (3, 5)
    assert heard.report.received == heard.report.delivered + 3
    assert heard.payloads == 2


def test_the_first_own_line_is_answered_at_once_whatever_was_said_before() -> None:
    quiet = Quiet(Clock())

    assert quiet.hear(report(accepted=1), 1)
    assert quiet.hear(report(own=1), 1)


def test_a_batch_without_events_is_answered() -> None:
    quiet = Quiet(Clock())
    quiet.hear(report(own=1), 1)

    assert quiet.hear(Report(), 1)


def test_what_was_answered_is_not_counted_again() -> None:
    quiet = Quiet(Clock())
    quiet.hear(report(own=1), 1)

    heard = quiet.hear(report(accepted=1), 1)

    assert heard
    assert heard.report.received == 1
