"""The one place that names this project's telemetry.

Levels by consequence: INFO, a step finished; WARNING, unexpected and nothing lost; ERROR, data is
at risk or someone must act. Metrics are written per invocation as embedded metric format:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
"""

from typing import Final

NAMESPACE: Final = "CentralLogs"
"""CloudWatch namespace of every metric."""

PAYLOADS_RECEIVED: Final = "PayloadsReceived"
"""Kinesis records read; control messages of CloudWatch Logs included."""

MESSAGES_RECEIVED: Final = "MessagesReceived"
"""Messages about S3 objects that were taken from the queue."""

MESSAGES_IGNORED: Final = "MessagesIgnored"
"""Messages that announce no object to read: tests of a notification, and deletions."""

OBJECTS_RECEIVED: Final = "ObjectsReceived"
"""Objects that messages announced: always read + continued + gone + own + failed."""

OBJECTS_READ: Final = "ObjectsRead"
"""Objects that were read to their end, sound or not."""

OBJECTS_CONTINUED: Final = "ObjectsContinued"
"""Objects that had no time left; a message of our own says where to go on."""

OBJECTS_GONE: Final = "ObjectsGone"
"""Objects that were deleted or replaced before they were read; kept as a reject each."""

OBJECTS_OWN: Final = "ObjectsOwn"
"""Objects of the pipeline's own bucket, never read; each counts as a line of its own."""

OBJECTS_FAILED: Final = "ObjectsFailed"
"""Objects that could not be read or delivered this time; their messages come again."""

EVENTS_RECEIVED: Final = "EventsReceived"
"""Log events found in payloads or objects: always accepted + rejected + dropped."""

EVENTS_ACCEPTED: Final = "EventsAccepted"
"""Events that became documents."""

EVENTS_REJECTED: Final = "EventsRejected"
"""Events that could not become documents; kept in the reject bucket."""

EVENTS_DROPPED: Final = "EventsDropped"
"""Events that a rule kept out of the index, and the pipeline's own; the raw archive has them."""

FIELDS_MALFORMED: Final = "FieldsMalformed"
"""Fields of accepted and dropped events that could not be understood; each cost only itself."""

EVENTS_REDACTED: Final = "EventsRedacted"
"""Accepted events from which a rule took values."""

EVENTS_WOULD_DROP: Final = "EventsWouldDrop"
"""Events that a rule with ``dry_run`` would keep out."""

EVENTS_WOULD_REDACT: Final = "EventsWouldRedact"
"""Events from which a rule with ``dry_run`` would take values."""

DOCUMENTS_DELIVERED: Final = "DocumentsDelivered"
"""Documents that a sink took. Accepted = delivered + refused + undelivered."""

DOCUMENTS_REFUSED: Final = "DocumentsRefused"
"""Documents that the sink will never take (too large, mapping); kept like rejects."""

DOCUMENTS_UNDELIVERED: Final = "DocumentsUndelivered"
"""Documents that the sink did not take this time; their payloads or objects are read again."""

EVENT_AGE: Final = "OldestEventAge"
"""Milliseconds between the oldest event of the batch and its processing."""

ENRICHMENTS_ADDED: Final = "EnrichmentsAdded"
"""Documents that an enricher added to. Accepted = added + skipped, for each enricher."""

ENRICHMENTS_SKIPPED: Final = "EnrichmentsSkipped"
"""Documents that an enricher had nothing to add to."""

ENRICHMENT_OBJECTS_MISSING: Final = "EnrichmentObjectsMissing"
"""Configured snapshots, databases and lists that this environment could never read."""

ENRICHMENT_READ_FAILURES: Final = "EnrichmentReadFailures"
"""Attempts to read one of them that failed; the last one that was read stays in use."""

ACCOUNTS_UNKNOWN: Final = "AccountsUnknown"
"""Accounts of the batch that the organisation's snapshot has not."""

ORGANISATION_SNAPSHOT_AGE: Final = "OrganisationSnapshotAge"
"""Seconds since the organisation's snapshot in use was taken."""

ORGANISATION_ACCOUNTS: Final = "OrganisationAccounts"
"""Accounts in the snapshot that was just written."""

ORGANISATION_SNAPSHOT_DURATION: Final = "OrganisationSnapshotDuration"
"""Milliseconds that reading the organisation took."""
