"""The whole day: what everybody does, what goes wrong, and what is malformed on purpose."""

import random
from collections.abc import Iterator
from dataclasses import replace

from local.story import (
    application,
    balancer,
    cloudtrail,
    containers,
    dns,
    eks,
    lambda_platform,
    machines,
    nginx,
    rds,
    vpc_flow,
    watchmen,
    web,
)
from local.story.clock import Clock
from local.story.entry import REJECTED, Entry, LogLine, Place
from local.story.incident import incident
from local.story.organisation import (
    ANALYTICS,
    CENTRAL,
    HOME,
    MACHINES,
    PEOPLE,
    PLACES,
    PLATFORM,
    ROOT,
    SHOP,
    VICTIM,
)

CALLS = 320  # CloudTrail records a place
FLOWS = 900  # flow log records a place
LINES = 260  # of a worker's log a place
INVOCATIONS = 65  # of the checkout function a place
VISITS = 220  # requests to the shop a place
QUERIES = 160  # name look-ups a place


def day(end_ms: int, *, seed: int = 20_261_123) -> list[Entry]:
    """Every entry of the 24 hours before ``end_ms``; the same for the same arguments."""
    chance = random.Random(seed)  # noqa: S311  a story, not a secret
    clock = Clock(end_ms)
    entries: list[Entry] = [*incident(chance, clock), *_malformed(chance, clock)]
    for place in (*PLACES, Place(CENTRAL, HOME)):
        entries += _ordinary(chance, place, clock)
    entries += _unusual(chance, clock)
    for place in PLACES:
        entries += _of_the_shop(chance, place, clock)
    entries += watchmen.told(clock)
    return sorted(_distinct(entries), key=lambda entry: entry.time_ms)


def _distinct(entries: list[Entry]) -> Iterator[Entry]:
    """Leave out a flow record that chance made twice: for the pipeline it is one and the same."""
    seen: set[tuple[Place, str]] = set()
    for entry in entries:
        if isinstance(entry, LogLine) and entry.dataset == "aws.vpcflow":
            if (entry.place, entry.message) in seen:
                continue
            seen.add((entry.place, entry.message))
        yield entry


def _ordinary(chance: random.Random, place: Place, clock: Clock) -> Iterator[Entry]:
    weights = [weight for weight, _ in cloudtrail.EVERYDAY]
    calls = [call for _, call in cloudtrail.EVERYDAY]
    share = 1.0 if place.region == HOME else 0.6
    for call in chance.choices(calls, weights, k=int(CALLS * share)):
        human = chance.random() < 0.35  # noqa: PLR2004  a third of all calls are people's
        actor = chance.choice(PEOPLE if human else MACHINES)
        when = clock.busy_moment(chance) if human else clock.any_moment(chance)
        unlucky = chance.random() < 0.03  # noqa: PLR2004  and a few are denied
        error = "AccessDenied" if unlucky else ""
        yield cloudtrail.line(chance, place, when, actor, call, error=error)
    for person in PEOPLE:
        yield cloudtrail.sign_in(chance, place, clock.busy_moment(chance), person, success=True)
    for _ in range(int(FLOWS * share)):
        yield vpc_flow.everyday(chance, place, clock.busy_moment(chance))
    for _ in range(int(FLOWS * share) // 100):
        yield vpc_flow.quiet(place, clock.any_moment(chance), "eni-0c1b2c3d4e5f60713")
    for _ in range(int(LINES * share)):
        yield application.plain(chance, place, clock.any_moment(chance))
    yield from lambda_platform.invocations(chance, place, clock, int(INVOCATIONS * share))
    yield from web.visits(chance, place, clock, int(VISITS * share))
    for _ in range(int(QUERIES * share)):
        yield dns.everyday(chance, place, clock.busy_moment(chance))


def _of_the_shop(chance: random.Random, place: Place, clock: Clock) -> Iterator[Entry]:
    """What runs in the shop's own account and in the platform's: machines, databases, a cluster."""
    if place.account not in {SHOP, PLATFORM}:
        return
    yield from balancer.connections(chance, place, clock)
    yield from balancer.checks(chance, place, clock)
    yield from dns.office(chance, place, clock)
    yield from nginx.noise(place, clock)
    yield from machines.everyday(chance, place, clock)
    yield from rds.everyday(chance, place, clock)
    if place.account == SHOP:
        yield from eks.everyday(chance, place, clock)
        yield from containers.lines(chance, place, clock)


def _unusual(chance: random.Random, clock: Clock) -> list[Entry]:
    """What does not happen every hour and is no incident: a root sign-in, data lost, a smudge."""
    somewhere = Place(ANALYTICS, HOME)
    return [
        cloudtrail.sign_in(chance, somewhere, clock.hours_before_end(9.6), ROOT, success=True),
        vpc_flow.quiet(somewhere, clock.hours_before_end(5.2), "eni-0b1b2c3d4e5f60711", "SKIPDATA"),
        vpc_flow.smudged(somewhere, clock.hours_before_end(4.1)),
        vpc_flow.smudged(PLACES[0], clock.hours_before_end(1.7)),
        *machines.trouble(chance, VICTIM, clock),
    ]


def _malformed(chance: random.Random, clock: Clock) -> list[Entry]:
    """Lines that no parser can read, as they do occur: cut, foreign, of another format."""
    sound = [
        cloudtrail.line(
            chance, place, clock.any_moment(chance), MACHINES[0], cloudtrail.EVERYDAY[0][1]
        )
        for place in PLACES[:3]
    ]
    flow = vpc_flow.everyday(chance, PLACES[1], clock.any_moment(chance))
    texts: list[tuple[LogLine, str]] = [
        (sound[0], sound[0].message[: len(sound[0].message) // 2]),
        (sound[1], f"[{sound[1].message}]"),
        (sound[2], '"trail delivery delayed"'),
        (flow, flow.message.rsplit(" ", 3)[0]),
        (replace(flow, place=PLACES[2]), "version account-id interface-id srcaddr dstaddr"),
        (replace(flow, place=PLACES[5]), "-"),
    ]
    return [replace(line, message=text, dataset=REJECTED, native_id="") for line, text in texts]
