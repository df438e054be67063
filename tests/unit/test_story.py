"""What the story promises: a whole day that the core makes exactly of what it says."""

from collections import Counter

import pytest

from local.story.clock import DAY_MS
from local.story.day import day
from local.story.entry import REJECTED, BusEvent, LogLine
from local.story.organisation import LEAKED, MEMBERS, MINER, REGIONS, SCANNER
from local.story.record import record_of
from logcore.normalise import Normaliser
from logcore.record import Accepted
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.shape import milliseconds

END_MS = 1_795_000_000_000
STORY = day(END_MS)
normalise = Normaliser(Routing(SOURCES))


OUTCOMES = [(entry, normalise(record_of(entry, n))) for n, entry in enumerate(STORY)]


def test_the_same_end_tells_the_same_story() -> None:
    assert day(END_MS) == STORY


def test_another_day_is_as_long() -> None:
    other = Counter(entry.dataset for entry in day(END_MS + 7 * 3_600_000))

    assert other == Counter(entry.dataset for entry in STORY)


def test_everything_happens_within_24_hours() -> None:
    assert max(e.time_ms for e in STORY) <= END_MS
    assert min(e.time_ms for e in STORY) > END_MS - DAY_MS


def test_the_core_makes_of_each_entry_what_the_story_says() -> None:
    found = Counter(
        (e.dataset, o.document["event"]["dataset"] if isinstance(o, Accepted) else REJECTED)
        for e, o in OUTCOMES
    )

    assert {said for said, _ in found} == {made for _, made in found}
    assert all(said == made for said, made in found)


def test_each_document_names_the_place_it_was_put_in() -> None:
    wrong = [
        entry
        for entry, made in OUTCOMES
        if isinstance(made, Accepted)
        and (made.document["cloud"]["account"]["id"], made.document["cloud"]["region"])
        != entry.place
    ]

    assert wrong == []


def test_no_two_entries_share_an_identity() -> None:
    ids = [o.document["event"]["id"] for _, o in OUTCOMES if isinstance(o, Accepted)]

    assert len(set(ids)) == len(ids)


def test_producers_identities_are_the_documents_identities() -> None:
    found = {
        o.document["event"]["id"] for e, o in OUTCOMES if e.native_id and isinstance(o, Accepted)
    }

    assert found == {entry.native_id for entry in STORY if entry.native_id}


@pytest.mark.parametrize("account", MEMBERS)
@pytest.mark.parametrize("region", REGIONS)
def test_every_member_sends_from_every_region(account: str, region: str) -> None:
    datasets = {e.dataset for e in STORY if e.place == (account, region)}

    assert datasets >= {"aws.cloudtrail", "aws.vpcflow", "generic"}


def test_findings_are_seen_by_the_member_and_by_the_administrator() -> None:
    seen = {(e.dataset, len(set(e.seen_at))) for e in STORY if isinstance(e, BusEvent)}

    assert seen == {
        ("aws.guardduty", 2),
        ("aws.securityhub_findings", 2),
        ("aws.inspector", 2),
        ("aws.macie", 2),
        ("aws.access_analyzer", 1),
        ("aws.config", 1),
        ("aws.events", 1),
    }


def test_the_incident_has_a_smudge_and_a_critical_finding() -> None:
    documents = [o.document for _, o in OUTCOMES if isinstance(o, Accepted)]

    assert any("malformed" in d.get("pipeline", {}) for d in documents)
    assert any(d.get("guardduty", {}).get("severity_label") == "Critical" for d in documents)


@pytest.mark.parametrize(
    ("trace", "witnesses"),
    [
        (
            SCANNER,
            {
                "aws.eks",
                "aws.guardduty",
                "aws.rds",
                "aws.vpcflow",
                "aws.waf",
                "nginx.access",
                "nginx.error",
                "system.auth",
            },
        ),
        (
            MINER,
            {
                "aws.cloudtrail",
                "aws.config",
                "aws.events",
                "aws.guardduty",
                "aws.inspector",
                "aws.route53_resolver_logs",
                "aws.securityhub_findings",
            },
        ),
        (LEAKED.address, {"aws.cloudtrail", "aws.eks", "aws.guardduty"}),
    ],
)
def test_the_incident_leaves_its_traces_in_many_kinds_of_log(
    trace: str, witnesses: set[str]
) -> None:
    found = {
        entry.dataset
        for entry in STORY
        if trace in (entry.message if isinstance(entry, LogLine) else str(entry.detail))
    }

    assert found >= witnesses


def test_a_line_with_a_time_of_its_own_was_written_then() -> None:
    apart = {
        entry.dataset
        for entry, made in OUTCOMES
        if isinstance(made, Accepted)
        and abs((milliseconds(made.document["@timestamp"]) or 0) - entry.time_ms) > 1_000
    }

    assert apart == set()
