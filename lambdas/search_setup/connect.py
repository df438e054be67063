"""Signs in to the domain: as the function itself, and as its master user for the one step."""

import os
from pathlib import Path

import boto3
from botocore.credentials import Credentials
from opensearchpy import OpenSearch

from lambdas.search_client import open_search
from lambdas.search_setup.report import SetupReport
from lambdas.search_setup.settings import Settings
from lambdas.search_setup.steps import Setup

OBJECTS = Path(__file__).parents[2] / "dashboards" / "compiled"


def connect(settings: Settings, report: SetupReport) -> Setup:
    """Everything the steps work with, on the real domain.

    Raises:
        ValueError: the function has no credentials, or the endpoint is no address.
    """
    session = boto3.Session()
    region = session.region_name or os.environ["AWS_REGION"]
    credentials = session.get_credentials()
    if credentials is None:
        raise ValueError("the function has no credentials to sign with")

    def master() -> OpenSearch:
        return open_search(settings.endpoint, _assumed(session, settings.master_role_arn), region)

    return Setup(
        client=open_search(settings.endpoint, credentials, region),
        master=master,
        settings=settings,
        objects=OBJECTS,
        report=report,
        identities=lambda: session.client("cognito-identity"),
    )


def _assumed(session: boto3.Session, role_arn: str) -> Credentials:
    answer = session.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="search-setup")
    given = answer["Credentials"]
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
