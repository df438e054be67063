"""The organisation, and what its management account has handed to the central one."""

from ops.answer import Answer, error, ok, warning
from ops.refusal import DENIED, unless
from ops.view import View

STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com"
"""Service principal under which StackSets are delegated."""

SERVICE_CATALOG = "servicecatalog.amazonaws.com"
"""Service principal under which portfolios are."""

NO_PORTFOLIOS = {"OperationNotSupportedException", "ResourceNotFoundException"}
"""Codes by which Service Catalog refuses who may not ask."""

NO_ADMINISTRATOR = {"InvalidOperationException", "ValidationError"}
"""Codes by which CloudFormation refuses ``CallAs``."""


def organisation(_region: str, view: View) -> Answer:
    """The configured organisation is the account's own, or its doors would admit nobody.

    Reference: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html
    """
    wanted = view.config.the_organisation
    organizations = view.client("organizations")
    answer = unless({"AWSOrganizationsNotInUseException"}, organizations.describe_organization)
    if answer is None:
        return error("none", f"{wanted}, as configured", "aws organizations create-organization")
    found = answer["Organization"]
    if found["Id"] != wanted:
        return error(found["Id"], f"{wanted}, as configured", f'organisation = "{found["Id"]}"')
    if view.config.members.units and found["FeatureSet"] != "ALL":
        return error(
            f"feature set {found['FeatureSet']}",
            "all features, without which there are no StackSets by units",
            "aws organizations enable-all-features, in the management account",
        )
    return ok(found["Id"])


def readable_accounts(_region: str, view: View) -> Answer:
    """The organisation's accounts can be listed from here, for ``[enrichment.organisation]``.

    Reference: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
    """
    organizations = view.client("organizations")
    if unless(DENIED, lambda: organizations.list_accounts(MaxResults=1)) is None:
        return warning(
            "the accounts cannot be listed from here",
            "a delegated administrator of any service (and organizations:ListAccounts for you)",
            f"{_register(view)}, or [enrichment.organisation] enabled = false",
        )
    return ok("the accounts can be listed")


def trusted_access(_region: str, view: View) -> Answer:
    """StackSets may act in the organisation.

    Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeOrganizationsAccess.html
    """
    stack_sets = view.client("cloudformation")
    told = unless(
        NO_ADMINISTRATOR,
        lambda: stack_sets.describe_organizations_access(CallAs="DELEGATED_ADMIN"),
    )
    found = told["Status"] if told else ""
    if found == "ENABLED":
        return ok(found)
    return error(
        found or "not told to who is no delegated administrator",
        "ENABLED",
        "aws cloudformation activate-organizations-access, in the management account",
    )


def administrator(_region: str, view: View) -> Answer:
    """The central account is a delegated administrator of StackSets."""
    return administers(STACK_SETS, view)


def administers(service: str, view: View) -> Answer:
    """The central account is a delegated administrator of a service.

    Only who is one, or the management account, may ask: a refusal can mean either.

    Reference: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedAdministrators.html
    """
    pages = view.client("organizations").get_paginator("list_delegated_administrators")
    listed = unless(DENIED, lambda: list(pages.paginate(ServicePrincipal=service)))
    if listed is None:
        return error(
            "who is, may not be asked from here",
            f"{view.config.central.account}, and organizations:ListDelegatedAdministrators for you",
            _register(view, service),
        )
    found = [known["Id"] for page in listed for known in page["DelegatedAdministrators"]]
    if view.config.central.account in found:
        return ok(", ".join(found))
    return error(
        ", ".join(found) or "no account",
        f"{view.config.central.account} among them",
        _register(view, service),
    )


def portfolio_administrator(_region: str, view: View) -> Answer:
    """The central account may share portfolios with units.

    Reference: https://docs.aws.amazon.com/servicecatalog/latest/adminguide/catalogs_portfolios_sharing.html
    """
    return administers(SERVICE_CATALOG, view)


def portfolio_access(_region: str, view: View) -> Answer:
    """Service Catalog may act in the organisation.

    Reference: https://docs.aws.amazon.com/servicecatalog/latest/dg/API_GetAWSOrganizationsAccessStatus.html
    """
    catalogue = view.client("servicecatalog")
    told = unless(NO_PORTFOLIOS, catalogue.get_aws_organizations_access_status)
    found = told["AccessStatus"] if told else ""
    if found == "ENABLED":
        return ok(found)
    return error(
        found or "not told to who is no delegated administrator",
        "ENABLED",
        "aws servicecatalog enable-aws-organizations-access, in the management account",
    )


def _register(view: View, service: str = STACK_SETS) -> str:
    return (
        f"aws organizations register-delegated-administrator --account-id "
        f"{view.config.central.account} --service-principal {service}, "
        "in the management account"
    )
