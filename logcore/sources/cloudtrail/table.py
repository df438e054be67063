"""The document of a CloudTrail record, as a table: see ``logcore.mapping`` for how it is read."""

from logcore.mapping import MALFORMED, RAW, At, First, Of, Table, When
from logcore.provenance import PLACE
from logcore.shape import ip, time
from logcore.sources.cloudtrail.actions import category_of, classify, is_bare, outcome_of
from logcore.sources.cloudtrail.actor import (
    account_of,
    acting_service,
    before_at,
    email_of,
    lasting_id,
    mfa_of,
    name_of,
    session_of,
)
from logcore.sources.cloudtrail.origin import (
    flag,
    foreign_host,
    host_name,
    hosts_of,
    registered_of,
    server_of,
    service_of,
    tls_of,
)
from logcore.sources.cloudtrail.target import arns_of, target_of

CONTEXT = "userIdentity.sessionContext"
ISSUER = f"{CONTEXT}.sessionIssuer"

# An Insight names what it is about inside its details.
action = First(At("insightDetails.eventName"), At("eventName"))
provider = First(At("insightDetails.eventSource"), At("eventSource"))
error_code = First(At("insightDetails.errorCode"), At("errorCode"))
service = Of(service_of, provider)
category = Of(
    category_of,
    At("eventCategory"),
    At("insightDetails.insightType"),
    At("managementEvent", object),
)
read_only = At("readOnly", flag)
kind = Of(classify, service, action, category, read_only, error_code)

actor = At("userIdentity.type")
arn, principal = At("userIdentity.arn"), At("userIdentity.principalId")
name = Of(name_of, actor, At("userIdentity.userName"), At(f"{ISSUER}.userName"))
behalf = At("userIdentity.onBehalfOf.userId")
user_id = Of(lasting_id, actor, arn, principal, At(f"{ISSUER}.arn"), behalf)
session = Of(session_of, arn)
acting = Of(acting_service, actor, At("userIdentity.invokedBy"))

request, response = At("requestParameters", dict), At("responseElements", dict)
service_details = At("serviceEventDetails", dict)
resources = Of(arns_of, At("resources", list))
target = Of(target_of, At("eventSource", object), request, response, resources)

address = At("sourceIPAddress")
domain = Of(host_name, address)
registered = Of(registered_of, domain)
tls = Of(tls_of, At("tlsDetails.tlsVersion"))
server = At("tlsDetails.clientProvidedHostHeader")

DOCUMENT: Table = {
    "@timestamp": At("eventTime", time),
    "event": {
        "id": At("eventID"),
        "kind": "event",
        "category": kind.category,
        "type": kind.type,
        "action": action,
        "provider": provider,
        "outcome": Of(
            outcome_of,
            category,
            At("eventName"),
            response,
            service_details,
            First(At("errorCode", object), At("errorMessage", object)),
        ),
    },
    "cloud": {
        "account": {
            "id": First(Of(account_of, At("userIdentity.accountId")), At("recipientAccountId"))
        },
        "region": At("awsRegion"),
        "service": {"name": service},
        "instance": {"id": target.instance},
    },
    "error": {"code": error_code, "message": At("errorMessage")},
    "user": {
        "id": user_id,
        "name": name,
        "email": Of(email_of, name, session),
        "entity": {"id": arn},
        "target": {
            "id": target.user_id,
            "name": target.user_name,
            "entity": {"id": target.user_arn},
        },
        "changes": {"name": target.new_user_name},
    },
    "group": {"id": target.group_id, "name": target.group_name},
    "service": {
        "name": acting,
        "entity": {"id": acting},
        "target": {"entity": {"id": target.function}},
    },
    "host": {"target": {"id": target.instance, "entity": {"id": target.instance}}},
    "entity": {"target": {"id": target.resource}},
    "source": {
        "address": address,
        "ip": Of(ip, address),
        "domain": domain,
        "registered_domain": registered.domain,
        "subdomain": registered.subdomain,
        "top_level_domain": registered.suffix,
    },
    "user_agent": {"original": At("userAgent")},
    "tls": When(
        tls.version,
        {
            "version_protocol": tls.protocol,
            "version": tls.version,
            "cipher": At("tlsDetails.cipherSuite"),
            "client": {"server_name": server},
        },
    ),
    "related": {
        "ip": [Of(ip, address), Of(ip, At("serviceEventDetails.sourceIpAddress"))],
        "hosts": Of(
            hosts_of, target.hosts, Of(foreign_host, domain), Of(server_of, tls.version, server)
        ),
        "user": [
            *(name, user_id, arn, principal, session, Of(before_at, session)),
            *(target.user_name, target.new_user_name, target.user_id),
        ],
    },
    "cloudtrail": {
        "event_category": category,
        "event_type": At("eventType"),
        "read_only": read_only,
        "user_identity": {"type": actor, "invoked_by": At("userIdentity.invokedBy")},
        "access_key_id": At("userIdentity.accessKeyId"),
        "session_name": session,
        "mfa": Of(
            mfa_of,
            At("additionalEventData.MFAUsed", object),
            At(f"{CONTEXT}.attributes.mfaAuthenticated", object),
            MALFORMED,
        ),
        "from_console": At("sessionCredentialFromConsole", flag),
        "recipient_account_id": At("recipientAccountId"),
        "shared_event_id": At("sharedEventID"),
        "vpc_endpoint_id": At("vpcEndpointId"),
        "resources": resources,
        "insight": {"type": At("insightDetails.insightType"), "state": At("insightDetails.state")},
    },
    "aws": {"cloudtrail": RAW},
}

IS_RECORD = Of(is_bare, At("detail-type", object), action, provider)
"""Whether it is a record and no event around one; what names neither is left to the reading."""

CALLER = (
    *("userIdentity.type", "userIdentity.arn", "userIdentity.principalId", "userIdentity.userName"),
    *("userIdentity.invokedBy", "userIdentity.accessKeyId", "userIdentity.onBehalfOf.userId"),
    *(f"{ISSUER}.arn", f"{ISSUER}.userName", f"{CONTEXT}.attributes.mfaAuthenticated"),
    *("additionalEventData.MFAUsed", "sourceIPAddress"),
)
CALL = (
    *("eventSource", "eventName", "eventCategory", "eventType", "managementEvent", "readOnly"),
    *("errorCode", "insightDetails", "awsRegion", "recipientAccountId", "vpcEndpointId"),
    *("sessionCredentialFromConsole", "userIdentity.accountId", PLACE.account, PLACE.region),
    "detail-type",
)
CLIENT = ("tlsDetails", "userAgent")

RECURRING = ((CALLER, CALL, CLIENT, (target,)),)
"""What comes again and again: who calls from where, what is called, with which client, on what, and
all of this together."""
