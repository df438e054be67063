"""The variables an access log may hold, and by which keys people log them.

References: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
"""

import re
from functools import lru_cache

VARIABLES = tuple(
    name
    for line in (
        "accountId apiId authenticate.error authenticate.latency authenticate.status",
        "authorize.error authorize.latency authorize.status authorizer.claims.cognito:username",
        "authorizer.claims.email authorizer.claims.sub authorizer.claims.username authorizer.error",
        "authorizer.integrationLatency authorizer.integrationStatus authorizer.latency",
        "authorizer.principalId authorizer.requestId authorizer.status awsEndpointRequestId",
        "awsEndpointRequestId2 cipherSuite connectedAt connectionId customDomain.basePathMatched",
        "dataProcessed deploymentId domainName domainPrefix error.message error.messageString",
        "error.responseType error.validationErrorString eventType extendedRequestId httpMethod",
        "identity.accountId identity.apiKey identity.apiKeyId identity.caller",
        "identity.clientCert.clientCertPem identity.clientCert.issuerDN",
        "identity.clientCert.serialNumber identity.clientCert.subjectDN",
        "identity.clientCert.validity.notAfter identity.clientCert.validity.notBefore",
        "identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType",
        "identity.cognitoIdentityId identity.cognitoIdentityPoolId identity.principalOrgId",
        "identity.sourceIp identity.user identity.userAgent identity.userArn identity.vpcId",
        "identity.vpceId integration.error integration.integrationStatus integration.latency",
        "integration.requestId integration.status integrationErrorMessage integrationLatency",
        "integrationStatus isCanaryRequest messageId path protocol requestId requestTime",
        "requestTimeEpoch resourceId resourcePath responseLatency responseLength routeKey stage",
        "status tlsVersion waf.error waf.latency waf.status wafResponseCode webaclArn xrayTraceId",
    )
    for name in line.split()
)
"""Their names without ``$context.``."""

ALIASES = {
    "api": "apiId",
    "apikeyid": "identity.apiKeyId",
    "authlatency": "authorizer.latency",
    "bytes": "responseLength",
    "caller": "identity.caller",
    "clientip": "identity.sourceIp",
    "cognitoidentityid": "identity.cognitoIdentityId",
    "domain": "domainName",
    "duration": "responseLatency",
    "email": "authorizer.claims.email",
    "endpointrequestid": "awsEndpointRequestId",
    "errormessage": "error.message",
    "errorresponsetype": "error.responseType",
    "errortype": "error.responseType",
    "host": "domainName",
    "integrationerror": "integration.error",
    "integrationrequestid": "integration.requestId",
    "ip": "identity.sourceIp",
    "ipaddress": "identity.sourceIp",
    "latency": "responseLatency",
    "method": "httpMethod",
    "principalid": "authorizer.principalId",
    "remoteip": "identity.sourceIp",
    "requestid": "requestId",
    "requestmethod": "httpMethod",
    "requestpath": "path",
    "requestprotocol": "protocol",
    "resource": "resourcePath",
    "responsesize": "responseLength",
    "responsestatus": "status",
    "responsetime": "responseLatency",
    "responsetype": "error.responseType",
    "route": "routeKey",
    "sourceip": "identity.sourceIp",
    "stagename": "stage",
    "statuscode": "status",
    "sub": "authorizer.claims.sub",
    "time": "requestTime",
    "timestamp": "requestTime",
    "traceid": "xrayTraceId",
    "uri": "path",
    "user": "identity.user",
    "useragent": "identity.userAgent",
    "userarn": "identity.userArn",
    "username": "authorizer.claims.username",
    "validationerror": "error.validationErrorString",
    "webacl": "webaclArn",
    "xraytraceid": "xrayTraceId",
}
"""Variable by what a key is called once case and punctuation are gone."""

_PUNCTUATION = re.compile(r"[^a-z0-9]")
_CONTAINERS = frozenset("api client context http identity log req request res response".split())  # noqa: SIM905  read as a table
"""Keys of objects that only group others, so that the key within them says all."""


def _bare(key: str) -> str:
    return _PUNCTUATION.sub("", key.lower()).removeprefix("context")


_BY_NAME = ALIASES | {_bare(name): name for name in VARIABLES}


@lru_cache(maxsize=4_096)
def variable_of(key: str) -> str | None:
    """The variable that a key stands for: by its whole path, else by the key in a mere group.

    ``identity.sourceIp``, ``identitySourceIp``, ``source_ip`` and ``client.ip`` are all one.
    """
    if key in VARIABLES:
        return key
    whole = _BY_NAME.get(_bare(key))
    group, _, inner = key.rpartition(".")
    if whole or not group or not {part.lower() for part in group.split(".")} <= _CONTAINERS:
        return whole
    return _BY_NAME.get(_bare(inner))


def is_variable(name: str) -> bool:
    """Whether API Gateway can log such a variable; an authorizer adds whatever it likes."""
    return name in VARIABLES or (name.startswith("authorizer.") and name != "authorizer.")
