# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Trusted access and delegated administrators, which MiniStack's Organizations lacks.

References:
    - https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnableAWSServiceAccess.html
    - https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html
    - https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeregisterDelegatedAdministrator.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ActivateOrganizationsAccess.html
"""

from typing import Any

from ministack.core.responses import error_response_json, get_account_id
from ministack.services import organizations

from local.aws.organizations import Answer, belongs, management_account

STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com"
"""Service principal under which StackSets are delegated."""

CLOUDWATCH = "observabilityadmin.amazonaws.com"
"""Service principal under which CloudWatch works for a whole organisation:
https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-cloudwatch.html"""

_trusted: set[str] = set()
_delegated: set[tuple[str, str]] = set()
_appointed: set[tuple[str, str, str]] = set()

type Json = dict[str, Any]
"""A request, under the API's names."""


def trust(service: str) -> None:
    """Let a service act in the organisation's accounts."""
    _trusted.add(service)


def distrust(service: str) -> None:
    """Let it act there no more."""
    _trusted.discard(service)


def is_trusted(service: str) -> bool:
    """Whether it may."""
    return service in _trusted


def is_administrator(account: str, service: str) -> bool:
    """Whether the account may run a service for the organisation, as a member of it."""
    return (account, service) in _delegated


def appoint(account: str, service: str, region: str) -> str:
    """Make an account a service's administrator in a region, as the service's own API does.

    The service gets trusted access by it. Gives why not, or nothing.
    """
    if get_account_id() != management_account():
        return "only the organisation's management account may do this"
    if not belongs(account) or account == management_account():
        return f"{account} is no member account of the organisation"
    trust(service)
    _delegated.add((account, service))
    _appointed.add((account, service, region))
    return ""


def is_appointed(account: str, service: str, region: str) -> bool:
    """Whether the account runs a service for the organisation in a region, or manages it all."""
    return account == management_account() or (account, service, region) in _appointed


def _register(request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    account, service = request["AccountId"], request["ServicePrincipal"]
    if not belongs(account):
        return error_response_json("AccountNotFoundException", f"{account} is no member", 400)
    if account == management_account():
        words = "the management account cannot be a delegated administrator"
        return error_response_json("ConstraintViolationException", words, 400)
    if not is_trusted(service):
        words = f"{service} has no trusted access"
        return error_response_json("ConstraintViolationException", words, 400)
    _delegated.add((account, service))
    return organizations._json(200, {})


def _deregister(request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    found = (request["AccountId"], request["ServicePrincipal"])
    if found not in _delegated:
        words = f"{found[0]} is no delegated administrator of {found[1]}"
        return error_response_json("AccountNotRegisteredException", words, 400)
    _delegated.discard(found)
    for appointed in [each for each in _appointed if each[:2] == found]:
        _appointed.discard(appointed)
    return organizations._json(200, {})


def _enable(request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    trust(request["ServicePrincipal"])
    return organizations._json(200, {})


def _list(request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    wanted = request.get("ServicePrincipal")
    found = sorted({account for account, service in _delegated if wanted in (None, service)})
    return organizations._json(200, {"DelegatedAdministrators": [{"Id": id_} for id_ in found]})


def _disable(request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    distrust(request["ServicePrincipal"])
    return organizations._json(200, {})


def _list_trusted(_request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    listed = [{"ServicePrincipal": service} for service in sorted(_trusted)]
    return organizations._json(200, {"EnabledServicePrincipals": listed})


def for_administrators(answer: Answer) -> Answer:
    """Answer the management account and the delegated administrators of any service."""

    def checked(request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
        caller = get_account_id()
        if caller != management_account() and caller not in {account for account, _ in _delegated}:
            words = "only the management account or a delegated administrator may ask"
            return error_response_json("AccessDeniedException", words, 400)
        return answer(request)

    return checked


def for_the_manager(answer: Answer) -> Answer:
    """Answer the management account alone."""

    def checked(request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
        if get_account_id() != management_account():
            words = "only the organisation's management account may do this"
            return error_response_json("AccessDeniedException", words, 400)
        return answer(request)

    return checked


ACTIONS: dict[str, Answer] = {
    "DeregisterDelegatedAdministrator": for_the_manager(_deregister),
    "DisableAWSServiceAccess": for_the_manager(_disable),
    "EnableAWSServiceAccess": for_the_manager(_enable),
    "ListAWSServiceAccessForOrganization": for_administrators(_list_trusted),
    "RegisterDelegatedAdministrator": for_the_manager(_register),
    "ListDelegatedAdministrators": _list,
}
"""Actions of Organizations that MiniStack does not answer."""
