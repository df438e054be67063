"""What a user agent is said to be."""

from typing import Any

import pytest

from logcore.enrichment.user_agent import enrich_user_agent
from logcore.record import Document, Origin

ORIGIN = Origin(transport="unknown")
LINUX = {"name": "Linux", "family": "linux"}


def described(original: str) -> dict[str, Any]:
    document: Document = {"user_agent": {"original": original}}
    enrich_user_agent(document, ORIGIN)
    found: dict[str, Any] = document["user_agent"]
    assert found.pop("original") == original
    return found


@pytest.mark.parametrize(
    ("original", "name", "version"),
    [
        ("aws-cli/2.31.0 Python/3.13.7 Darwin/25.1.0", "aws-cli", "2.31.0"),
        ("[aws-cli/2.17.0 md/awscrt#0.20.11 ua/2.0 os/linux#6.1]", "aws-cli", "2.17.0"),
        ("Boto3/1.41.0 md/Botocore#1.41.0 ua/2.1 os/linux lang/python#3.13", "Boto3", "1.41.0"),
        ("aws-sdk-java/2.20.1 Linux/5.10 OpenJDK_64-Bit", "aws-sdk-java", "2.20.1"),
        ("aws-sdk-go/1.44.0 (go1.17; linux; amd64)", "aws-sdk-go", "1.44.0"),
        ("APN/1.0 HashiCorp/1.0 Terraform/1.13.3 aws-sdk-go-v2/1.39.2", "Terraform", "1.13.3"),
        ("[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.1]", "S3 console", "0.4"),
        ("signin.amazonaws.com", "AWS console", None),
        ("AWS Internal", "AWS Internal", None),
        ("cloudformation.amazonaws.com", "cloudformation.amazonaws.com", None),
        ("ELB-HealthChecker/2.0", "ELB-HealthChecker", "2.0"),
        ("curl/8.4.0", "curl", "8.4.0"),
    ],
)
def test_tools_sdks_and_services_have_their_own_names(
    original: str, name: str, version: str | None
) -> None:
    found = described(original)

    assert (found["name"], found.get("version")) == (name, version)


@pytest.mark.parametrize(
    ("original", "system"),
    [
        ("aws-cli/2.31.0 Python/3.13.7 Darwin/25.1.0", {"name": "Mac OS X", "family": "macos"}),
        ("Boto3/1.41.0 md/Botocore#1.41.0 os/linux lang/python#3.13", LINUX),
        (
            "aws-sdk-go-v2/1.39.2 os/macos#14.5 lang/go#1.25",
            {"name": "Mac OS X", "version": "14.5", "full": "Mac OS X 14.5", "family": "macos"},
        ),
    ],
)
def test_an_sdks_operating_system_is_read_from_its_own_words(
    original: str, system: dict[str, str]
) -> None:
    assert described(original)["os"] == system


def test_a_browser_has_a_name_a_version_a_system_and_a_device() -> None:
    safari = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
        " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
    )

    assert described(safari) == {
        "name": "Mobile Safari",
        "version": "17.5",
        "os": {"name": "iOS", "version": "17.5", "full": "iOS 17.5", "family": "ios"},
        "device": {"name": "iPhone"},
    }


def test_what_nobody_knows_gets_no_name() -> None:
    assert described("-") == {}


def test_what_the_source_said_is_kept() -> None:
    document: Document = {"user_agent": {"original": "curl/8.4.0", "name": "Curl"}}

    enrich_user_agent(document, ORIGIN)

    assert document["user_agent"] == {"original": "curl/8.4.0", "name": "Curl", "version": "8.4.0"}


@pytest.mark.parametrize(
    "hostile",
    [
        "Mozilla/5.0 " + "(" * 100_000,
        "Terraform/" + "1." * 50_000,
        "\x00\x1b[31m\r\n" * 1_000,
        "aws-cli/\ud800",
        "\ud800 " * 10,
        " " * 100_000,
    ],
    ids=len,
)
def test_a_hostile_agent_costs_nothing_but_its_name(hostile: str) -> None:
    found = described(hostile)

    assert all(len(str(part)) < 3_000 for part in found.values())
