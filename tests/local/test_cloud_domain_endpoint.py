"""Promises of the endpoint at which a local OpenSearch domain answers."""

import gzip
import hashlib
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from opensearchpy import OpenSearch, Urllib3AWSV4SignerAuth, Urllib3HttpConnection

from local.aws.process import LocalCloud, free_port
from local.aws.settings import Settings
from tests.local.fake_opensearch import FakeOpenSearch
from tests.local.pieces import make_function, make_role

DOMAIN = "arn:aws:es:us-east-1:111111111111:domain/central-logs"
ROOT = Credentials("111111111111", "test")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response with its JSON body, ``None`` when it has none."""

    status: int
    body: Any


@dataclass(slots=True)
class Domain:
    """A cloud with one domain and what stands behind it."""

    cloud: LocalCloud
    server: FakeOpenSearch
    ca_file: Path

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.cloud.settings.domain_port}"

    def call(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        *,
        as_: Credentials | None = ROOT,
        service: str = "es",
        headers: dict[str, str] | None = None,
        sent: bytes | None = None,
    ) -> Answer:
        """Sign ``body`` and send it, or ``sent`` in its place; nobody signs without ``as_``."""
        digest = hashlib.sha256(body).hexdigest()
        signed = AWSRequest(
            method,
            self.url + target,
            data=body,
            headers={"X-Amz-Content-SHA256": digest, "Content-Type": "application/json"}
            | (headers or {}),
        )
        if as_ is not None:
            SigV4Auth(as_, service, "us-east-1").add_auth(signed)
        request = urllib.request.Request(  # noqa: S310  our own loopback URL
            self.url + target,
            (body if sent is None else sent) or None,
            dict(signed.headers.items()),
            method=method,
        )
        return self._send(request)

    def _send(self, request: urllib.request.Request) -> Answer:
        trust = ssl.create_default_context(cafile=str(self.ca_file))
        try:
            with urllib.request.urlopen(request, timeout=10, context=trust) as response:  # noqa: S310  same
                return Answer(response.status, json.loads(response.read() or b"null"))
        except urllib.error.HTTPError as error:
            return Answer(error.code, json.loads(error.read() or b"null"))

    def assume(self, name: str, statements: list[Any]) -> Credentials:
        """Credentials of a new role's session."""
        make_role(self.cloud, name, "lambda", statements)
        iam = self.cloud.client("iam")
        trust = json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "111111111111"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        )
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust)
        found = self.cloud.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::111111111111:role/{name}", RoleSessionName="test"
        )["Credentials"]
        return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


@pytest.fixture(scope="module")
def domain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Domain]:
    folder = tmp_path_factory.mktemp("cloud")
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    ca_file, cert_file, key_file = (folder / name for name in ("ca.pem", "cert.pem", "key.pem"))
    authority.cert_pem.write_to_path(ca_file)
    certificate.cert_chain_pems[0].write_to_path(cert_file)
    certificate.private_key_pem.write_to_path(key_file)
    with FakeOpenSearch() as server:
        settings = Settings(
            port=free_port(),
            domain_port=free_port(),
            opensearch_url=server.url,
            ca_file=str(ca_file),
            cert_file=str(cert_file),
            key_file=str(key_file),
        )
        with LocalCloud(folder / "cloud.log", settings) as cloud:
            cloud.client("opensearch").create_domain(DomainName="central-logs")
            yield Domain(cloud, server, ca_file)


@pytest.fixture(autouse=True)
def _nothing_received_yet(domain: Domain) -> None:
    domain.server.received.clear()


def test_the_domain_names_the_endpoint(domain: Domain) -> None:
    described = domain.cloud.client("opensearch").describe_domain(DomainName="central-logs")

    assert described["DomainStatus"]["Endpoint"] == domain.url.removeprefix("https://")


def test_cloudformation_names_the_endpoint(domain: Domain) -> None:
    cloudformation = domain.cloud.client("cloudformation", region="eu-west-1")
    template = {
        "Resources": {
            "Domain": {
                "Type": "AWS::OpenSearchService::Domain",
                "Properties": {"DomainName": "by-template"},
            }
        },
        "Outputs": {"Endpoint": {"Value": {"Fn::GetAtt": ["Domain", "DomainEndpoint"]}}},
    }

    cloudformation.create_stack(StackName="search", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="search")

    [stack] = cloudformation.describe_stacks(StackName="search")["Stacks"]
    assert stack["Outputs"][0]["OutputValue"] == domain.url.removeprefix("https://")


def test_an_unsigned_request_is_forbidden(domain: Domain) -> None:
    answer = domain.call("GET", "/_search", as_=None)

    assert answer.status == 403
    assert answer.body["Message"].startswith("User: anonymous is not authorized to perform: es:ESH")
    assert domain.server.received == []


def test_a_signed_request_without_the_permission_is_forbidden(domain: Domain) -> None:
    reader = domain.assume("reader", [("es:ESHttpGet", f"{DOMAIN}/*")])

    answer = domain.call("POST", "/_bulk", b"{}\n", as_=reader)

    assert answer.status == 403
    assert (
        "User: arn:aws:sts::111111111111:assumed-role/reader/test is not authorized to perform: "
        "es:ESHttpPost" in answer.body["Message"]
    )
    assert domain.server.received == []


def test_a_permission_is_for_a_path(domain: Domain) -> None:
    narrow = domain.assume("narrow", [("es:ESHttpGet", f"{DOMAIN}/logs-*")])

    assert domain.call("GET", "/logs-a%2Fb/_search?size=1", as_=narrow).status == 200
    assert domain.call("GET", "/secrets/_search", as_=narrow).status == 403


def test_who_may_passes_as_the_role_and_with_the_body_as_it_is(domain: Domain) -> None:
    writer = domain.assume("writer", [("es:ESHttpPost", f"{DOMAIN}/*")])
    packed = gzip.compress(b'{"n": 1}')

    answer = domain.call(
        "POST",
        "/logs-inbox/_doc?refresh=true",
        packed,
        as_=writer,
        headers={"Content-Encoding": "gzip", "x-proxy-user": "admin", "x-proxy-roles": "admin"},
    )

    assert answer.status == 200
    [request] = domain.server.received
    assert request.target == "/logs-inbox/_doc?refresh=true"
    assert request.body == packed
    assert request.headers["content-encoding"] == "gzip"
    assert request.headers["x-proxy-user"] == "arn:aws:iam::111111111111:role/writer"
    assert request.headers["x-proxy-roles"] == "arn:aws:iam::111111111111:role/writer"
    assert "authorization" not in request.headers


def test_the_domains_own_policy_can_let_a_role_in(domain: Domain) -> None:
    guest = domain.assume("guest", [("logs:*", "*")])
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111111111111:role/guest"},
                "Action": "es:ESHttpHead",
                "Resource": f"{DOMAIN}/*",
            }
        ],
    }
    before = domain.call("HEAD", "/logs-inbox", as_=guest)

    domain.cloud.client("opensearch").update_domain_config(
        DomainName="central-logs", AccessPolicies=json.dumps(policy)
    )

    assert before.status == 403
    assert domain.call("HEAD", "/logs-inbox", as_=guest).status == 200


def test_a_wrong_secret_is_forbidden(domain: Domain) -> None:
    known = domain.assume("known", [("es:*", "*")])

    answer = domain.call("GET", "/", as_=Credentials(known.access_key, "wrong", known.token))

    assert answer.status == 403
    assert "signature" in answer.body["Message"]


def test_a_signature_for_another_service_is_forbidden(domain: Domain) -> None:
    answer = domain.call("GET", "/", service="s3")

    assert answer.status == 403
    assert "'es'" in answer.body["Message"]


def test_a_body_that_is_not_the_signed_one_is_forbidden(domain: Domain) -> None:
    answer = domain.call("POST", "/_bulk", b'{"n": 1}', sent=b'{"n": 2}')

    assert answer.status == 403
    assert "x-amz-content-sha256" in answer.body["Message"]


def test_the_servers_own_answer_comes_back(domain: Domain) -> None:
    domain.server.request_status = [404]

    assert domain.call("GET", "/nowhere") == Answer(404, {"status": 404})


def test_opensearch_py_signs_what_the_endpoint_accepts(domain: Domain) -> None:
    writer = domain.assume("client", [("es:ESHttp*", f"{DOMAIN}/*")])
    client = OpenSearch(
        domain.url,
        http_auth=Urllib3AWSV4SignerAuth(writer, "us-east-1", "es"),
        connection_class=Urllib3HttpConnection,
        ca_certs=str(domain.ca_file),
        http_compress=True,
    )

    answer = client.bulk(
        body=[{"index": {"_index": "logs-inbox"}}, {"n": 1}],
        params={"filter_path": "items.*.status,errors", "refresh": "true"},
    )
    client.close()

    assert answer["items"] == [{"index": {"status": 201}}]


def test_a_function_trusts_the_endpoint_without_settings_of_its_own(domain: Domain) -> None:
    source = f"""
    import ssl, urllib.error, urllib.request
    def handler(event, context):
        try:
            urllib.request.urlopen("{domain.url}/")
        except urllib.error.HTTPError as error:
            return error.code
    """
    role = make_role(domain.cloud, "trusting", "lambda", [("logs:*", "*")])
    make_function(domain.cloud, "trusting", role, source)

    answer = domain.cloud.client("lambda").invoke(FunctionName="trusting", Payload=b"{}")

    assert json.load(answer["Payload"]) == 403
