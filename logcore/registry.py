"""Every source this pipeline knows. Adding one is a folder under ``sources`` and a line here."""

from logcore.source import Source
from logcore.sources import cloudtrail, generic, guardduty, vpc_flow

SOURCES: tuple[Source, ...] = (
    cloudtrail.SOURCE,
    guardduty.SOURCE,
    vpc_flow.SOURCE,
    generic.SOURCE,  # the last one takes whatever no other source claims
)
"""In order of precedence."""

REJECTS = "pipeline.rejects"
"""Dataset of the documents that stand for rejected records."""
