"""What a document of CloudTrail needs of a record, as types: decoded by them, the rest is skipped.

Names are CloudTrail's own. Whatever has another type is refused.

Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

# ruff: noqa: N815  # CloudTrail's names
from typing import Any, TypedDict

import msgspec

from logcore.sources.cloudtrail.target import INSTANCE_PARAMETERS, RESOURCE_PARAMETERS

_NAMING = {
    *("userName", "newUserName", "groupName", "functionName", "computerName"),
    *("instanceIds", "instancesSet", *INSTANCE_PARAMETERS),
    *(name for names in RESOURCE_PARAMETERS.values() for name in names),
}
Request: Any = TypedDict("Request", dict.fromkeys(_NAMING, Any), total=False)  # type: ignore[misc]  # made, not declared
"""The request parameters that say what was acted on."""


class Issuer(msgspec.Struct, frozen=True, gc=False):
    """What issued a session."""

    arn: str | None = None
    userName: str | None = None


class Attributes(msgspec.Struct, frozen=True, gc=False):
    """What a session says of itself."""

    mfaAuthenticated: bool | str | None = None


class Context(msgspec.Struct, frozen=True, gc=False):
    """The session of a caller."""

    sessionIssuer: Issuer | None = None
    attributes: Attributes | None = None


class Behalf(msgspec.Struct, frozen=True, gc=False):
    """On whose behalf a call was made."""

    userId: str | None = None


class Identity(msgspec.Struct, frozen=True, gc=False):
    """Who called."""

    type: str | None = None
    arn: str | None = None
    principalId: str | None = None
    userName: str | None = None
    accountId: str | None = None
    accessKeyId: str | None = None
    invokedBy: str | None = None
    sessionContext: Context | None = None
    onBehalfOf: Behalf | None = None


class Insight(msgspec.Struct, frozen=True, gc=False):
    """What an Insight is about."""

    eventName: str | None = None
    eventSource: str | None = None
    errorCode: str | None = None
    insightType: str | None = None
    state: str | None = None


class Tls(msgspec.Struct, frozen=True, gc=False):
    """The connection of a call."""

    tlsVersion: str | None = None
    cipherSuite: str | None = None
    clientProvidedHostHeader: str | None = None


class Additional(msgspec.Struct, frozen=True, gc=False):
    """What only some services say."""

    MFAUsed: bool | str | None = None


class Event(msgspec.Struct, frozen=True, gc=False):
    """A record."""

    eventTime: Any = None
    eventID: str | None = None
    eventName: str | None = None
    eventSource: str | None = None
    eventCategory: str | None = None
    eventType: str | None = None
    managementEvent: bool | str | None = None
    readOnly: bool | str | None = None
    errorCode: str | None = None
    errorMessage: str | None = None
    awsRegion: str | None = None
    recipientAccountId: str | None = None
    sharedEventID: str | None = None
    vpcEndpointId: str | None = None
    sessionCredentialFromConsole: bool | str | None = None
    sourceIPAddress: str | None = None
    userAgent: str | None = None
    userIdentity: Identity | None = None
    insightDetails: Insight | None = None
    tlsDetails: Tls | None = None
    additionalEventData: Additional | None = None
    requestParameters: Request | None = None
    responseElements: dict[str, Any] | None = None
    serviceEventDetails: dict[str, Any] | None = None
    resources: list[Any] | None = None


decode = msgspec.json.Decoder(Event).decode
"""Gives the event of a message."""
