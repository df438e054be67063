"""What a key says about account and region, in every shape that AWS's services write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logcore.objects.keys import Place, place_of

GOVERNMENT = Place("222222222222", "us-gov-west-1")
IRELAND = Place("222222222222", "eu-west-1")
HIVE = "AWSLogs/aws-account-id=222222222222"
HOME = "AWSLogs/222222222222"


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (f"{HOME}/CloudTrail/eu-west-1/2026/03/01/222222222222_CloudTrail_x.json.gz", IRELAND),
        (f"logs/{HOME}/CloudTrail-Insight/eu-west-1/2026/03/01/x.json.gz", IRELAND),
        (f"{HOME}/CloudTrail-Digest/eu-west-1/2026/03/01/x.json.gz", IRELAND),
        ("a/b/AWSLogs/o-exampleorgid/222222222222/CloudTrail/eu-west-1/2026/03/01/x.gz", IRELAND),
        (f"{HOME}/elasticloadbalancing/eu-west-1/2026/03/01/x.log.gz", IRELAND),
        (f"{HOME}/vpcflowlogs/eu-west-1/2026/03/01/12/x.log.gz", IRELAND),
        (f"{HIVE}/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/x.log.gz", IRELAND),
        (f"{HOME}/WAFLogs/eu-west-1/shop/2026/03/01/12/00/x.log.gz", IRELAND),
        (f"{HOME}/WAFLogs/cloudfront/shop/2026/03/01/12/00/x.gz", Place("222222222222")),
        (f"{HOME}/vpcdnsquerylogs/vpc-0a1b2c3d/2026/03/01/x.log.gz", Place("222222222222")),
        (f"{HOME}/network-firewall/alert/eu-west-1/edge/2026/03/01/12/x.log.gz", IRELAND),
        (f"{HOME}/Config/eu-west-1/2026/3/1/ConfigHistory/x.json.gz", IRELAND),
        (f"{HOME}/GuardDuty/us-gov-west-1/2026/03/01/x.jsonl.gz", GOVERNMENT),
        (f"{HOME}/CloudFront/E2EXAMPLE/2026/03/01/12/x.gz", Place("222222222222")),
        (f"{HOME}/ELBAccessLogTestFile", Place("222222222222")),
        ("s3/222222222222/eu-west-1/b/2026/03/01/2026-03-01-12-00-00-0A1B2C3D4E5F6071", IRELAND),
        ("222222222222/eu-west-1/bucket/2026/03/01/2026-03-01-12-00-00-0A1B2C3D4E5F6071", IRELAND),
        ("s3/2026-03-01-12-00-00-0A1B2C3D4E5F6071", Place()),
        ("cdn/E2EXAMPLE.2026-03-01-12.a1b2c3d4.gz", Place()),
        ("AWSLogs/22222222222/CloudTrail/eu-west-1/x", Place()),
        ("AWSLogs/o-exampleorgid", Place()),
        ("AWSLogs", Place()),
        ("AWSLogsOfOurs/222222222222/CloudTrail/eu-west-1/x", Place()),
        (f"{HOME}/a/b/c/d/eu-west-1/x", Place("222222222222")),
        ("", Place()),
    ],
)
def test_a_key_says_account_and_region_where_its_writer_put_them(key: str, place: Place) -> None:
    assert place_of(key) == place


@given(st.text())
def test_any_key_has_a_place(key: str) -> None:
    account, region = place_of(key)

    assert len(account) in {0, 12}
    assert region == "" or region in key
