"""Who changed a bucket so that a policy finding came of it, and from where.

Reference: https://docs.aws.amazon.com/macie/latest/APIReference/findings-describe.html
"""

from typing import Any, NamedTuple

from logcore.formats.place import geo_point
from logcore.shape import integer, ip, obj, text

SECTIONS = {
    "AssumedRole": "assumedRole",
    "AWSAccount": "awsAccount",
    "AWSService": "awsService",
    "FederatedUser": "federatedUser",
    "IAMUser": "iamUser",
    "Root": "root",
}
"""Where ``userIdentity`` describes an identity, by its ``type``."""


class Actor(NamedTuple):
    """The identity behind a change.

    Attributes:
        type: ``AssumedRole``, ``IAMUser``, ``AWSService`` and so on.
        user: ECS ``user``, under the names and ids that CloudTrail's events have.
        names: Every form under which the identity may be looked for.
    """

    type: str | None
    user: dict[str, Any]
    names: tuple[str | None, ...]


def actor_of(policy: dict[str, Any]) -> Actor:
    """Read ``policyDetails``; of a finding without an actor every part is absent."""
    identity = obj(obj(policy.get("actor")).get("userIdentity"))
    kind = text(identity.get("type"))
    details = obj(identity.get(SECTIONS.get(kind or "", "")))
    issuer = obj(obj(details.get("sessionContext")).get("sessionIssuer"))
    arn, principal = text(details.get("arn")), text(details.get("principalId"))
    issuer_name, service = text(issuer.get("userName")), text(details.get("invokedBy"))
    name = issuer_name or text(details.get("userName")) or service
    lasting = text(issuer.get("arn")) or arn or principal
    session = arn.rpartition("/")[2] if arn and ":sts:" in arn else None
    user = {
        "name": name,
        "id": lasting,
        "roles": [issuer_name] if issuer_name and issuer.get("type") == "Role" else None,
    }
    return Actor(kind, user, (name, lasting, arn, principal, session))


def origin_of(policy: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """ECS ``source`` of the change: the address, where on Earth it is, and whose network."""
    actor = obj(policy.get("actor"))
    place = obj(actor.get("ipAddressDetails"))
    owner, country = obj(place.get("ipOwner")), obj(place.get("ipCountry"))
    position = obj(place.get("ipGeoLocation"))
    address, domain = (
        text(place.get("ipAddressV4")),
        text(obj(actor.get("domainDetails")).get("domainName")),
    )
    return {
        "address": address or domain,
        "ip": ip(address),
        "domain": domain,
        "geo": {
            "city_name": text(obj(place.get("ipCity")).get("name")),
            "country_name": text(country.get("name")),
            "country_iso_code": text(country.get("code")),
            "location": geo_point(position.get("lat"), position.get("lon")),
        },
        "as": {
            "number": _as_number(owner, malformed),
            "organization": {"name": text(owner.get("asnOrg")) or text(owner.get("org"))},
        },
    }


def _as_number(owner: dict[str, Any], malformed: list[str]) -> int | None:
    """The number of the network; Macie writes ``-1`` where it knows none."""
    number = integer(owner.get("asn") or None, "ipOwner.asn", malformed)
    return None if number is None or number < 0 else number
