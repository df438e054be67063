"""What the firewall understood of the conversation: HTTP, TLS or DNS.

Reference: https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
"""

from typing import Any

from logcore.formats import dns
from logcore.formats.web import domain_parts, size, status_code, tls, url
from logcore.shape import ip, listed, milliseconds, obj, text, unique, utc

_NAME_THE_HOST = frozenset({":authority", "host", "Host"})
_UNKNOWN = frozenset({"UNDETERMINED"})  # a TLS version that Suricata has not seen yet


def application_of(event: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """The parts of the document that follow from the application's protocol."""
    http, hello = obj(event.get("http")), obj(event.get("tls"))
    server_name = _server_name(event)
    host = _host(http) or server_name
    domain = None if ip(host) else host
    answers = _answers(event)
    question, found = _question(event)
    return {
        "host": host,
        "destination": {"domain": domain, **domain_parts(domain)},
        "http": _http(http, malformed),
        "url": _url(http, host, malformed),
        "user_agent": text(http.get("http_user_agent")),
        "dns": {"question": question, "response_code": found, "answers": _columns(answers)},
        "tls": _tls(hello, server_name, malformed),
        "hosts": (domain, server_name, question["name"]),
        "addresses": (ip(host), *(ip(text(answer.get("rdata"))) for answer in answers)),
        "certificate_hash": _fingerprint(event),
    }


def _server_name(event: dict[str, Any]) -> str | None:
    """What the client asked for; ``-`` stands for a hello without a name."""
    name = text(obj(event.get("tls")).get("sni")) or text(event.get("sni"))
    return None if name == "-" else name


def _host(http: dict[str, Any]) -> str | None:
    """The host's name, which HTTP/2 has among the headers of the request."""
    named = text(http.get("hostname"))
    headers = [obj(header) for header in listed(http.get("request_headers"))]
    among = (text(h.get("value")) for h in headers if text(h.get("name")) in _NAME_THE_HOST)
    return named or next(among, None)


def _http(http: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    version = text(http.get("protocol")) or text(http.get("version"))
    return {
        "version": version.removeprefix("HTTP/") if version else None,
        "request": {
            "method": text(http.get("http_method")),
            "referrer": text(http.get("http_refer")),
        },
        "response": {
            "status_code": status_code(http.get("status"), "http.status", malformed),
            "mime_type": text(http.get("http_content_type")),
            "body": {"bytes": size(http.get("length"), "http.length", malformed)},
        },
    }


def _url(http: dict[str, Any], host: str | None, malformed: list[str]) -> dict[str, Any]:
    """Where there is no request, the domain is the name that TLS asked for."""
    original = text(http.get("url"))
    if original and not original.startswith(("/", "http")):  # CONNECT and other forms
        return {"original": original, "domain": host, **domain_parts(host)}
    return url(original, malformed, domain=host)


def _tls(hello: dict[str, Any], server_name: str | None, malformed: list[str]) -> dict[str, Any]:
    version = text(hello.get("version"))
    known = version.replace(" ", "") if version and version not in _UNKNOWN else None
    return {
        **tls(known, None, malformed, "tls.version"),
        "client": {"server_name": server_name, "ja3": text(obj(hello.get("ja3")).get("hash"))},
        "server": {
            "ja3s": text(obj(hello.get("ja3s")).get("hash")),
            "subject": text(hello.get("subject")),
            "issuer": text(hello.get("issuerdn")),
            "not_after": _date(hello.get("notafter")),
        },
    }


def _date(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """Certificates may outlast every clock: such a date stays in the raw entry alone."""
    found = milliseconds(value)
    return None if found is None else utc(found)


def _fingerprint(event: dict[str, Any]) -> str | None:
    """The certificate's hash in lower case without colons."""
    checked = obj(event.get("revocation_check"))
    found = text(obj(event.get("tls")).get("fingerprint")) or text(checked.get("leaf_cert_fpr"))
    return found.replace(":", "").lower() if found else None


def _question(event: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """``dns.question`` and the answer's code, by every shape that Suricata has given them."""
    query = obj(event.get("dns"))
    asked = next((q for q in (*listed(query.get("query")), *listed(query.get("queries")))), query)
    name, kind = dns.host_name(obj(asked).get("rrname")), text(obj(asked).get("rrtype"))
    code = text(obj(query.get("answer")).get("rcode")) or text(query.get("rcode"))
    return dns.question(name, kind), code


def _answers(event: dict[str, Any]) -> list[dict[str, Any]]:
    query = obj(event.get("dns"))
    given = listed(obj(query.get("answer")).get("answers")) or listed(query.get("answers"))
    return [obj(answer) for answer in given]


def _columns(answers: list[dict[str, Any]]) -> dict[str, list[Any] | None]:
    """One list for each field, as the index keeps a list of objects anyway."""
    return {
        field: unique(*(text(answer.get(key)) for answer in answers))
        for field, key in (("data", "rdata"), ("type", "rrtype"), ("name", "rrname"))
    }
