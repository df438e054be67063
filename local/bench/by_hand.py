"""CloudTrail's document once more, by hand: what the compiled table is compared with.

It is what one writes with speed in mind and without a compiler: typed parts of the record instead
of the whole, a dictionary without what is absent, the message as it came. Like the compiled table
it leaves to the plain reading whatever is malformed.
"""

from typing import Any

import orjson

from local.bench import trail
from logcore.provenance import Place, event_id
from logcore.record import LogRecord
from logcore.shape import ip, time, unique, utc
from logcore.sources import cloudtrail
from logcore.sources.cloudtrail import actions, actor, origin, target

_HIDDEN = actor.HIDDEN
_NOTHING: dict[str, Any] = {}
_NOBODY, _NO_INSIGHT = trail.Identity(), trail.Insight()
_NO_CONTEXT, _NO_ISSUER = trail.Context(), trail.Issuer()

type Fields = dict[str, Any]
type Decoded = Any
"""A part of the record, or a value of it."""


def written(record: LogRecord, place: Place) -> bytes | None:
    """The document of a record without escapes, as JSON."""
    event = trail.decode(record.message)
    malformed: list[str] = []
    identity = event.userIdentity or _NOBODY
    insight = event.insightDetails or _NO_INSIGHT
    response = event.responseElements or _NOTHING
    action = insight.eventName or event.eventName
    service = origin.service_of(insight.eventSource or event.eventSource)
    read_only = origin.flag(event.readOnly, "readOnly", malformed)
    category = actions.category_of(event.eventCategory, insight.insightType, event.managementEvent)
    code = insight.errorCode or event.errorCode
    kind = actions.classify(service, action, category, read_only, code)
    arns = target.arns_of(event.resources or [])
    acted = target.target_of(event.eventSource, event.requestParameters or _NOTHING, response, arns)
    error = event.errorCode or event.errorMessage
    details = event.serviceEventDetails or _NOTHING
    outcome = actions.outcome_of(category, event.eventName, response, details, error)
    moment = time(event.eventTime, "eventTime", malformed) or utc(record.time_ms)
    user, names = _user(identity, acted)
    source, tls = _source(event.sourceIPAddress), _tls(event.tlsDetails)
    document: Fields = {
        "@timestamp": moment,
        "event": {
            "id": event_id(event.eventID, record),
            "kind": "event",
            "dataset": cloudtrail.DATASET,
            "module": "aws",
        },
        "cloud": {"provider": "aws"},
        "ecs": {"version": "9.0.0"},
        "aws": {"cloudtrail": orjson.Fragment(record.message), **place.carrier},
    }
    called = document["event"]
    _put(called, "category", kind.category)
    _put(called, "type", kind.type)
    _put(called, "action", action)
    _put(called, "provider", insight.eventSource or event.eventSource)
    _put(called, "outcome", outcome)
    _cloud(document["cloud"], event, service, place)
    _put(document["cloud"], "instance", _present(id=acted.instance))
    _put(document, "error", _present(code=code, message=event.errorMessage))
    _put(document, "user", user)
    _put(document, "source", source)
    _put(document, "tls", tls)
    _put(document, "service", _service(identity, acted))
    _put(document, "user_agent", _present(original=event.userAgent))
    _target(document, acted)
    _put(document, "related", _related(source, tls, details, names, acted))
    own = _own(event, identity)
    _put(own, "event_category", category)
    _put(own, "resources", arns)
    own |= _flags(event, identity, malformed)
    if read_only is not None:
        own["read_only"] = read_only
    document["cloudtrail"] = own
    return None if malformed else orjson.dumps(document)


def _put(fields: Fields, name: str, value: Decoded) -> None:
    if value:
        fields[name] = value


def _present(**fields: Decoded) -> Fields:
    return {name: value for name, value in fields.items() if value and value != _HIDDEN}


def _user(identity: Decoded, acted: target.Target) -> tuple[Fields, list[str] | None]:
    context = identity.sessionContext or _NO_CONTEXT
    issuer = context.sessionIssuer or _NO_ISSUER
    behalf = identity.onBehalfOf
    arn, principal = _shown(identity.arn), _shown(identity.principalId)
    name = actor.name_of(identity.type, _shown(identity.userName), _shown(issuer.userName))
    on_behalf = behalf.userId if behalf else None
    user_id = actor.lasting_id(identity.type, arn, principal, _shown(issuer.arn), on_behalf)
    session = actor.session_of(arn)
    user = _present(id=user_id, name=name, email=actor.email_of(name, session))
    if arn:
        user["entity"] = {"id": arn}
    other = _present(id=acted.user_id, name=acted.user_name)
    if acted.user_arn:
        other["entity"] = {"id": acted.user_arn}
    _put(user, "target", other)
    _put(user, "changes", _present(name=acted.new_user_name))
    names = unique(
        *(name, user_id, arn, principal, session, actor.before_at(session)),
        *(acted.user_name, acted.new_user_name, acted.user_id),
    )
    return user, names


def _shown(value: str | None) -> str | None:
    return None if value == _HIDDEN else value


def _cloud(cloud: Fields, event: Decoded, service: str | None, place: Place) -> None:
    own = actor.account_of(event.userIdentity.accountId) if event.userIdentity else None
    account = own or event.recipientAccountId or place.account
    if account:
        cloud["account"] = {"id": account}
    _put(cloud, "region", event.awsRegion or place.region)
    _put(cloud, "service", _present(name=service))


def _source(address: str | None) -> Fields:
    domain = origin.host_name(address)
    parts = origin.registered_of(domain)
    return _present(
        address=address,
        ip=ip(address),
        domain=domain,
        registered_domain=parts.domain,
        subdomain=parts.subdomain,
        top_level_domain=parts.suffix,
    )


def _tls(details: Decoded) -> Fields:
    found = origin.tls_of(details.tlsVersion) if details else None
    if not found or not found.version:
        return {}
    tls = _present(
        version_protocol=found.protocol, version=found.version, cipher=details.cipherSuite
    )
    _put(tls, "client", _present(server_name=details.clientProvidedHostHeader))
    return tls


def _service(identity: Decoded, acted: target.Target) -> Fields:
    service = _present(name=actor.acting_service(identity.type, identity.invokedBy))
    if service:
        service["entity"] = {"id": service["name"]}
    if acted.function:
        service["target"] = {"entity": {"id": acted.function}}
    return service


def _target(document: Fields, acted: target.Target) -> None:
    if acted is target.NOTHING:
        return
    _put(document, "group", _present(id=acted.group_id, name=acted.group_name))
    if acted.instance:
        document["host"] = {"target": {"id": acted.instance, "entity": {"id": acted.instance}}}
    if acted.resource:
        document["entity"] = {"target": {"id": acted.resource}}


def _related(
    source: Fields, tls: Fields, details: Fields, names: list[str] | None, acted: target.Target
) -> Fields:
    related: Fields = {}
    server = tls.get("client", _NOTHING).get("server_name")
    of_service = details.get("sourceIpAddress")
    _put(related, "ip", unique(source.get("ip"), ip(of_service) if of_service else None))
    hosts = origin.foreign_host(source.get("domain")), origin.foreign_host(server)
    _put(related, "hosts", origin.hosts_of(acted.hosts, *hosts))
    _put(related, "user", names)
    return related


def _own(event: Decoded, identity: Decoded) -> Fields:
    own = _present(
        event_type=event.eventType,
        access_key_id=identity.accessKeyId,
        session_name=actor.session_of(_shown(identity.arn)),
        recipient_account_id=event.recipientAccountId,
        shared_event_id=event.sharedEventID,
        vpc_endpoint_id=event.vpcEndpointId,
    )
    _put(own, "user_identity", _present(type=identity.type, invoked_by=identity.invokedBy))
    insight = event.insightDetails
    if insight:
        _put(own, "insight", _present(type=insight.insightType, state=insight.state))
    return own


def _flags(event: Decoded, identity: Decoded, malformed: list[str]) -> Fields:
    context = identity.sessionContext or _NO_CONTEXT
    used = event.additionalEventData.MFAUsed if event.additionalEventData else None
    of_session = context.attributes.mfaAuthenticated if context.attributes else None
    console = event.sessionCredentialFromConsole
    flags = {
        "mfa": actor.mfa_of(used, of_session, malformed),
        "from_console": origin.flag(console, "sessionCredentialFromConsole", malformed),
    }
    return {name: flag for name, flag in flags.items() if flag is not None}
