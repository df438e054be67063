"""What the organisation's watchmen say: findings, judgements, and services' own events."""

from collections.abc import Iterator

from local.story import (
    access_analyzer,
    config,
    health,
    inspector,
    macie,
    macie_job,
    notices,
    securityhub,
)
from local.story.clock import Clock
from local.story.entry import Entry


def told(clock: Clock) -> Iterator[Entry]:
    """All of it, of the incident and of every other day."""
    yield from securityhub.findings(clock)
    yield from inspector.findings(clock)
    yield from config.messages(clock)
    yield from access_analyzer.findings(clock)
    yield from macie.findings(clock)
    yield from macie_job.lines(clock)
    yield from notices.notices(clock)
    yield from health.notices(clock)
