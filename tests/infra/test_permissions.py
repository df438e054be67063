"""Who may do what: every policy is read, says why it is there, and is on the page."""

import json

from app import ROOT
from infra.permissions import PLACES, permissions
from infra.permissions_table import in_words, markdown
from tests.infra.deployment import Deployment

WITHOUT = ("centralisation", "self-service-u", "self-service-eu")
"""Stacks that make something without a policy: rules, portfolios, StackSets."""

REPEATED = "AWS::CloudFormation::StackSet"
"""Its template is that of a stack, as tests of each StackSet hold, and is read there."""

PAGE = ROOT / "docs" / "reference" / "permissions.md"


def test_the_page_is_what_the_templates_say(
    sandbox: Deployment, production: Deployment, options: Deployment
) -> None:
    stacks = [
        {name: template.body for name, template in deployment.templates.items()}
        for deployment in (sandbox, production, options)
    ]

    assert PAGE.read_text(encoding="utf-8") == markdown(*stacks), "run `make reference`"


def test_no_policy_goes_unread(any_deployment: Deployment) -> None:
    unread = {
        resource["Type"]
        for template in any_deployment.templates.values()
        for resource in template.body["Resources"].values()
        if "Effect" in json.dumps(resource) or resource["Type"].endswith("Permission")
    } - {*PLACES, REPEATED}

    assert unread == set()


def test_every_statement_says_why_once_in_its_policy(any_deployment: Deployment) -> None:
    for name, template in any_deployment.templates.items():
        found = [(p.kind, p.holder, p.why) for p in permissions(template.body)]

        assert len(set(found)) == len(found)
        assert found or name.startswith(WITHOUT), "which has no policy"
        assert [one for one in found if not one[2].isalnum()] == []


def test_a_reason_is_read_as_words() -> None:
    assert in_words("PollTheStream") == "poll the stream"
    assert in_words("BucketAnnouncesObjects0") == "bucket announces objects 0"
