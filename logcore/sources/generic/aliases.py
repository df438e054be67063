"""Which key of which logger means which ECS field.

Keys are compared without case, ``_`` and ``-``: ``trace_id``, ``traceId`` and ``TraceID`` are one.
A dot goes one object down, or stands in the key itself. Earlier keys win over later ones, and the
ECS name itself, nested or dotted, wins over all: JSON that is ECS already passes through.
"""

from functools import lru_cache

from logcore.fields import field_types, shared_fields
from logcore.sources.generic.values import CONVERTERS

ALIASES = {
    "message": "msg event shortmessage @m renderedmessage formattedmessage @mt messagetemplate"
    " record.message fields.message text log body",
    "log.level": "level severity levelname loglevel lvl @l severitytext severitylevel"
    " record.level.name",
    "log.logger": "logger loggername logger.name sourcecontext properties.sourcecontext category"
    " record.name",
    "log.origin.file.name": "filename sourcefile source.file callerfilename record.file.name"
    " pathname",
    "log.origin.file.line": "lineno line source.line linenumber callerlinenumber record.line",
    "log.origin.function": "funcname source.method source.function func callermethodname"
    " record.function",
    "service.name": "service servicename app appname application applicationname"
    " properties.application resource.service.name resource.attributes.service.name",
    "service.version": "appversion serviceversion applicationversion resource.service.version"
    " resource.attributes.service.version",
    "service.environment": "environment env deployment.environment stage",
    "error.type": "exceptionname exctype err.type err.name error.name exception.class"
    " exception.type exception.exceptionclass exceptionclass thrown.name errortype"
    " exception.name stacktrace.type message.errortype throwable.classname record.exception.type"
    " record.errortype",
    "error.message": "err.message error err exception.message exception.exceptionmessage"
    " errormessage thrown.message stacktrace.value message.errormessage throwable.message"
    " record.exception.value",
    "error.stack_trace": "stacktrace err.stack error.stack exception.stacktrace exception"
    " excinfo stack thrown.extendedstacktrace message.stacktrace @x",
    "error.code": "err.code errorcode",
    "trace.id": "traceid xraytraceid @tr dd.traceid oteltraceid",
    "span.id": "spanid @sp dd.spanid otelspanid",
    "transaction.id": "transactionid",
    "faas.coldstart": "coldstart",
    "faas.execution": "functionrequestid awsrequestid lambdarequestid record.requestid",
    "faas.id": "functionarn",
    "faas.name": "functionname",
    "faas.version": "functionversion",
    "http.request.id": "requestid reqid req.id correlationid request.id properties.requestid",
    "http.request.method": "method httpmethod req.method request.method requestmethod http.method"
    " properties.requestmethod",
    "http.request.referrer": "referer referrer httpreferer req.headers.referer",
    "http.response.status_code": "statuscode http.statuscode res.statuscode response.statuscode"
    " response.status status responsestatus properties.statuscode",
    "http.response.body.bytes": "responsesize bytessent contentlength res.contentlength",
    "http.version": "httpversion http.version",
    "url.original": "url uri requesturi req.url request.url request.uri http.url http.target",
    "url.path": "path requestpath request.path http.path http.route properties.requestpath",
    "user_agent.original": "useragent httpuseragent http.useragent req.headers.useragent"
    " request.useragent",
    "user.id": "userid usr.id",
    "user.name": "username user usr.name",
    "user.email": "useremail usr.email",
    "source.address": "clientip remoteip remoteaddr remoteaddress sourceip req.remoteaddress ip"
    " client.ip http.clientip network.client.ip client.address peeraddress",
    "source.port": "remoteport req.remoteport client.port clientport",
    "host.name": "hostname host machinename properties.machinename",
    "process.pid": "pid processid process record.process.id",
    "process.name": "processname",
    "process.thread.name": "thread threadname record.thread.name",
    "process.thread.id": "threadid tid properties.threadid",
    "event.created": "timestamp time @timestamp ts @t datetime asctime timemillis eventtime"
    " instant.epochsecond timeunixnano record.time.timestamp",
}
"""Keys by ECS field, in order of trust."""

RESERVED = frozenset(
    {
        "@timestamp",  # decides the index: the transport's clock is never years off
        "aws.cloudwatch.log_group",  # this and the rest: normalisation's own word
        "aws.cloudwatch.log_stream",
        "aws.cloudwatch.owner",
        "aws.eventbridge.source",
        "aws.eventbridge.detail_type",
        "cloud.provider",
        "ecs.version",
        "event.category",  # a closed set that applications rarely keep to, like the next two
        "event.kind",
        "event.type",
        "event.dataset",
        "event.id",
        "event.ingested",
        "event.module",
        "event.original",
        "pipeline.malformed",
        "pipeline.source",
        "pipeline.truncated",
        "related.hash",  # lists, where only scalars pass
        "related.hosts",
        "related.ip",
        "related.user",
        "tags",
    }
)
"""Fields that no application may fill."""

TYPES = {
    name: kind
    for name, kind in field_types(*shared_fields()).items()
    if name not in RESERVED and kind in CONVERTERS
}
"""OpenSearch type by the name of each field that an application may fill."""


@lru_cache(maxsize=16_384)
def canonical(key: str, prefix: str = "") -> str:
    """The key without what differs between styles of naming, behind those of its parents."""
    return prefix + key.lower().replace("_", "").replace("-", "")


def _places() -> dict[str, tuple[str, int]]:
    places = {canonical(name): (name, 0) for name in TYPES}
    for name, keys in ALIASES.items():
        for rank, key in enumerate(keys.split(), 1):
            places.setdefault(key, (name, rank))
    return places


PLACES = _places()
"""Field and rank by canonical key; rank 0 is the field's own name."""

WAYS = {name: (tuple(name.split(".")[:-1]), name.rpartition(".")[2]) for name in TYPES}
"""Parents and leaf by field."""

PARENTS = frozenset(key[:dot] for key in PLACES for dot in range(len(key)) if key[dot] == ".")
"""Canonical keys of objects that hold something of interest."""
