"""What enrichment asks comes from S3, stays when it cannot be read, and changes between batches."""

import io
import json
from concurrent.futures import Executor, Future
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.response import StreamingBody

from lambdas.enrichment.assembly import MOST_MIB, open_enrichment
from lambdas.enrichment.enrichment import Enrichment
from lambdas.normalise.settings import Settings
from local.bench.mmdb import mmdb
from logcore.record import Document, Origin

ORIGIN = Origin(transport="cloudwatch_logs")
TAKEN = 1_772_366_400_000  # 2026-03-01T12:00:00Z
SNAPSHOT_KEY = "s3://archive/enrichment/organisation.json"
CITY = {
    "203.0.113.0/24": {
        "city": {"names": {"en": "Berlin"}},
        "country": {"iso_code": "DE", "names": {"en": "Germany"}},
        "location": {"latitude": 52.52, "longitude": 13.4},
    },
    "2001:db8::/32": {"country": {"iso_code": "FR", "names": {"en": "France"}}},
}
ASN = {"203.0.113.0/24": {"autonomous_system_number": 64500}}


class FakeS3:
    """Keeps objects by address, with a tag that changes with the content."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes | Exception] = {}
        self.asked: list[str] = []
        self.given: list[str] = []

    def get_object(self, *, Bucket: str, Key: str, IfNoneMatch: str = "") -> dict[str, Any]:
        uri = f"s3://{Bucket}/{Key}"
        self.asked.append(uri)
        content = self.objects.get(uri, refusal("NoSuchKey", 404))
        if isinstance(content, Exception):
            raise content
        tag = f'"{hash(content)}"'
        if tag == IfNoneMatch:
            raise refusal("304", 304)
        self.given.append(uri)
        return {
            "ETag": tag,
            "Body": StreamingBody(io.BytesIO(content), len(content)),
            "ContentLength": len(content),
        }


def refusal(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetObject")


class Later(Executor):
    """Runs what it is given when it is told to, as a thread would some time."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append(lambda: future.set_result(fn(*args, **kwargs)))
        return future

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop()()


class World:
    """A deployment's enrichment with a clock that the test moves."""

    def __init__(self, *enrichers: str, **objects: list[str]) -> None:
        self.s3 = FakeS3()
        self.later = Later()
        self.now_s = 0.0
        self._settings = Settings(
            delivery_stream="",
            endpoint="",
            index="",
            sinks={},
            reject_bucket="",
            reject_prefix="",
            keep_original=(),
            overrides={},
            source_options={},
            rules_file="",
            redaction_key="",
            account="111111111111",
            own_logs="/central-logs/",
            enrichers=enrichers,
            enrichment_objects=objects,
            environment_tags=("environment",),
            refresh_seconds=600,
            stale_after_seconds=3_600,
        )

    def open(self) -> Enrichment:
        return open_enrichment(
            self._settings,
            self.s3,  # type: ignore[arg-type]  # a fake of boto3's client
            executor=self.later,
            clock=lambda: self.now_s,
        )

    def pass_refresh(self, enrichment: Enrichment) -> None:
        """Ten minutes later: one batch starts the reading, the next one finds it done."""
        self.now_s += 600
        enrichment.refresh()
        self.later.run()
        enrichment.refresh()


def snapshot(path: str, taken_at: str = "2026-03-01T12:00:00Z") -> bytes:
    unit = {"id": "ou-1", "path": path}
    whole = {
        "version": 1,
        "taken_at": taken_at,
        "organisation": "o-exampleorgid",
        "accounts": {"222222222222": {"name": "shop", "unit": unit, "tags": {}}},
    }
    return json.dumps(whole).encode()


def organised() -> World:
    world = World("organisation", organisation=[SNAPSHOT_KEY])
    world.s3.objects[SNAPSHOT_KEY] = snapshot("Root/Sandbox")
    return world


def shown(enrichment: Enrichment, **document: Any) -> Document:
    for enrich in enrichment.enrichers:
        enrich(document, ORIGIN)
    return document


def unit(enrichment: Enrichment, account: str = "222222222222") -> Any:
    document = shown(enrichment, cloud={"account": {"id": account}})
    return document.get("aws", {}).get("account", {}).get("unit", {}).get("path")


def test_an_account_moved_to_another_unit_is_shown_with_its_new_unit_after_the_refresh() -> None:
    world = organised()
    enrichment = world.open()
    before = unit(enrichment)
    world.s3.objects[SNAPSHOT_KEY] = snapshot("Root/Payments")

    world.pass_refresh(enrichment)

    assert (before, unit(enrichment)) == ("Root/Sandbox", "Root/Payments")


@pytest.mark.parametrize(
    "trouble",
    [
        refusal("NoSuchKey", 404),
        refusal("AccessDenied", 403),
        refusal("SlowDown", 503),
        ReadTimeoutError(endpoint_url="https://s3.example.com"),
        b"{",
        b"[]",
        snapshot("Root/Payments").replace(b'"version": 1', b'"version": 9'),
    ],
    ids=str,
)
def test_a_snapshot_that_cannot_be_read_keeps_the_last_one(trouble: bytes | Exception) -> None:
    world = organised()
    enrichment = world.open()
    world.s3.objects[SNAPSHOT_KEY] = trouble

    world.pass_refresh(enrichment)

    facts = enrichment.take(TAKEN)
    assert unit(enrichment) == "Root/Sandbox"
    assert (facts.failures, facts.missing) == (1, 0)
    assert [notice.endswith("the last one stays") for notice in facts.notices] == [True]


def test_trouble_that_lasts_is_counted_each_time_and_said_once_and_its_end_is_said() -> None:
    world = organised()
    enrichment = world.open()
    world.s3.objects[SNAPSHOT_KEY] = refusal("SlowDown", 503)
    world.pass_refresh(enrichment)
    world.pass_refresh(enrichment)
    troubled = enrichment.take(TAKEN)
    world.s3.objects[SNAPSHOT_KEY] = snapshot("Root/Payments")
    world.pass_refresh(enrichment)

    assert (troubled.failures, len(troubled.notices)) == (2, 1)
    assert enrichment.take(TAKEN).notices == [f"{SNAPSHOT_KEY}: can be read again"]


def test_without_a_snapshot_documents_stay_as_they_are_and_it_is_said_once() -> None:
    world = World("organisation", organisation=[SNAPSHOT_KEY])

    enrichment = world.open()

    first, second = enrichment.take(TAKEN), enrichment.take(TAKEN)
    assert unit(enrichment) is None
    assert (first.missing, first.snapshot_age_s) == (1, None)
    assert first.notices == [
        f"{SNAPSHOT_KEY}: absent: NoSuchKey: absent, or not granted; without it"
    ]
    assert (second.missing, second.notices) == (1, [])


def test_the_first_snapshot_is_in_use_from_the_batch_after_it_was_written() -> None:
    world = World("organisation", organisation=[SNAPSHOT_KEY])
    enrichment = world.open()
    world.s3.objects[SNAPSHOT_KEY] = snapshot("Root/Sandbox")
    world.now_s += 5

    enrichment.refresh()

    assert unit(enrichment) == "Root/Sandbox"


def test_what_stays_absent_is_not_looked_for_in_every_batch() -> None:
    world = World("organisation", organisation=[SNAPSHOT_KEY])
    enrichment = world.open()
    for _ in range(10):
        world.now_s += 1
        enrichment.refresh()

    assert len(world.s3.asked) == 3


def test_an_object_that_has_not_changed_is_not_read_again() -> None:
    world = organised()
    enrichment = world.open()
    enrichment.take(TAKEN)

    world.pass_refresh(enrichment)

    assert (len(world.s3.asked), len(world.s3.given)) == (2, 1)
    assert enrichment.take(TAKEN).failures == 0


def test_reading_waits_for_its_time_and_no_batch_waits_for_reading() -> None:
    world = organised()
    enrichment = world.open()
    world.now_s = 599
    enrichment.refresh()
    before_its_time = len(world.later.waiting)
    world.now_s = 600
    enrichment.refresh()
    enrichment.refresh()

    assert (before_its_time, len(world.later.waiting)) == (0, 1)
    assert len(world.s3.asked) == 1


def test_the_snapshots_age_is_told_and_a_stale_one_is_said_once() -> None:
    enrichment = organised().open()

    facts = [enrichment.take(TAKEN + age_s * 1_000) for age_s in (60, 3_601, 3_602)]

    assert [fact.snapshot_age_s for fact in facts] == [60, 3_601, 3_602]
    assert [len(fact.notices) for fact in facts] == [0, 1, 0]
    assert "older than 3600 s" in facts[1].notices[0]


def test_an_unknown_account_is_counted_in_each_batch_and_named_once() -> None:
    enrichment = organised().open()
    facts = []
    for _ in range(2):
        unit(enrichment, account="999999999999")
        facts.append(enrichment.take(TAKEN))

    assert [fact.accounts_unknown for fact in facts] == [1, 1]
    assert facts[0].notices == ["account 999999999999 is not in the organisation's snapshot"]
    assert facts[1].notices == []


def located(*databases: bytes) -> tuple[World, Enrichment]:
    uris = [f"s3://geo/{number}.mmdb" for number in range(len(databases))]
    world = World("geo", geo=uris)
    world.s3.objects.update(zip(uris, databases, strict=True))
    return world, world.open()


def test_places_and_networks_come_from_the_deployers_databases() -> None:
    _, enrichment = located(mmdb("GeoLite2-City", CITY), mmdb("GeoLite2-ASN", ASN))

    found = shown(enrichment, source={"ip": "203.0.113.5"}, destination={"ip": "2001:db8::7"})

    assert found["source"]["geo"]["city_name"] == "Berlin"
    assert found["source"]["as"] == {"number": 64500}
    assert found["destination"]["geo"] == {"country_iso_code": "FR", "country_name": "France"}
    assert enrichment.take(TAKEN).by_enricher == {"geo": (1, 0)}


def test_an_address_that_no_database_has_stays_without_a_place() -> None:
    _, enrichment = located(mmdb("GeoLite2-City", CITY))

    assert shown(enrichment, source={"ip": "198.51.100.7"}) == {"source": {"ip": "198.51.100.7"}}


def test_a_newer_database_takes_the_place_of_the_old_one() -> None:
    world, enrichment = located(mmdb("GeoLite2-City", CITY))
    moved = {"203.0.113.0/24": {"country": {"iso_code": "AT"}}}
    world.s3.objects["s3://geo/0.mmdb"] = mmdb("GeoLite2-City", moved)

    world.pass_refresh(enrichment)

    found = shown(enrichment, source={"ip": "203.0.113.5"})
    assert found["source"]["geo"] == {"country_iso_code": "AT"}


@pytest.mark.parametrize(
    "broken",
    [b"", b"no database", mmdb("GeoLite2-City", CITY)[:200], mmdb("Precipitation", CITY)],
    ids=["empty", "text", "cut", "another type"],
)
def test_a_corrupted_database_is_said_and_skipped(broken: bytes) -> None:
    _, enrichment = located(broken)

    facts = enrichment.take(TAKEN)
    assert shown(enrichment, source={"ip": "203.0.113.5"}) == {"source": {"ip": "203.0.113.5"}}
    assert (facts.missing, facts.failures, len(facts.notices)) == (1, 1, 1)


def test_a_database_that_proves_damaged_when_asked_costs_the_place_only() -> None:
    whole = mmdb("GeoLite2-City", CITY)
    at = whole.index(b"Berlin") - 30
    _, enrichment = located(whole[:at] + b"\xff" * 30 + whole[at + 30 :])

    found = [shown(enrichment, source={"ip": "203.0.113.5"}) for _ in range(2)]
    facts = [enrichment.take(TAKEN) for _ in range(2)]

    assert found == [{"source": {"ip": "203.0.113.5"}}] * 2
    assert [["damaged" in notice for notice in fact.notices] for fact in facts] == [[True], []]


def test_an_object_that_is_too_large_is_not_read() -> None:
    world = World("geo", geo=["s3://geo/0.mmdb"])

    class Huge(FakeS3):
        def get_object(self, **asked: Any) -> dict[str, Any]:
            return super().get_object(**asked) | {"ContentLength": MOST_MIB["geo"] * 2**20 + 1}

    world.s3 = Huge()
    world.s3.objects["s3://geo/0.mmdb"] = mmdb("GeoLite2-City", CITY)

    (notice,) = world.open().take(TAKEN).notices

    assert "too_large" in notice


def test_a_list_with_malformed_lines_works_and_names_them() -> None:
    world = World("related", "indicators", indicators=["s3://lists/feeds/example.txt"])
    padding = b"".join(b"198.51.100.%d\n" % n for n in range(256))
    world.s3.objects["s3://lists/feeds/example.txt"] = b"203.0.113.66\nexa mple\n" + padding
    enrichment = world.open()

    found = shown(enrichment, source={"ip": "203.0.113.66"})

    assert found["threat"]["enrichments"][0]["indicator"]["provider"] == "example"
    assert enrichment.take(TAKEN).notices == [
        "s3://lists/feeds/example.txt: 1 malformed: line 2: 'exa mple'"
    ]


def test_an_enricher_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="geoip"):
        World("geoip").open()
