"""Whether people can sign in the way ``[search.login]`` says; metadata is read at synthesis."""

from collections.abc import Callable, Mapping

from infra.config import DeploymentConfig
from ops.answer import Answer, error, ok
from ops.refusal import unless
from ops.view import View

type Look = Callable[[View], Answer]


def ways(config: DeploymentConfig) -> Mapping[str, Look]:
    """What people sign in with, and what looks at it."""
    login = config.search.login
    if login.identity_center:
        arn = login.identity_center.instance_arn
        return {f"Identity Center: {arn}": lambda view: _instance(arn, view)}
    if login.cognito is None:
        return {}
    prefix, pool, identities = (
        login.cognito.domain_prefix or "",
        login.cognito.user_pool_id or "",
        login.cognito.identity_pool_id or "",
    )
    if prefix:
        return {f"sign-in page: {prefix}": lambda view: _page(prefix, view)}
    return {
        f"user pool: {pool}": lambda view: _people(pool, view),
        f"identity pool: {identities}": lambda view: _identities(identities, view),
    }


def there(look: Look, view: View) -> Answer:
    """What people sign in with is there, and complete."""
    return look(view)


def _instance(arn: str, view: View) -> Answer:
    """https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListInstances.html."""
    pages = view.client("sso-admin").get_paginator("list_instances").paginate()
    seen = [found["InstanceArn"] for page in pages for found in page["Instances"]]
    if arn in seen:
        return ok(arn)
    return error(
        f"the account sees {', '.join(seen) or 'no instance'} in {view.config.central.region}",
        f"{arn}; an instance is in one region, and seen by its organisation's accounts",
        "[search.login.identity_center] instance_arn, as aws sso-admin list-instances has it",
    )


def _people(pool: str, view: View) -> Answer:
    """https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html."""
    cognito = view.client("cognito-idp", pool.partition("_")[0])
    found = unless(
        {"ResourceNotFoundException"}, lambda: cognito.describe_user_pool(UserPoolId=pool)
    )
    if found is None:
        return error(f"no user pool {pool}", "a user pool of the account", _KEY)
    described = found["UserPool"]
    if not described.get("Domain") and not described.get("CustomDomain"):
        return error(
            f"{pool} has no sign-in page",
            "one: OpenSearch Service asks for it",
            f"aws cognito-idp create-user-pool-domain --domain NAME --user-pool-id {pool}",
        )
    return ok(described.get("CustomDomain") or described["Domain"])


def _identities(pool: str, view: View) -> Answer:
    """https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentityPool.html."""
    cognito = view.client("cognito-identity", pool.partition(":")[0])
    found = unless(
        {"ResourceNotFoundException"}, lambda: cognito.describe_identity_pool(IdentityPoolId=pool)
    )
    if found is None:
        return error(f"no identity pool {pool}", "an identity pool of the account", _KEY)
    if found["AllowUnauthenticatedIdentities"]:
        return error(
            f"{found['IdentityPoolName']} gives roles to who did not sign in",
            "an identity pool without guests",
            f"aws cognito-identity update-identity-pool --identity-pool-id {pool} "
            f"--identity-pool-name {found['IdentityPoolName']} "
            "--no-allow-unauthenticated-identities",
        )
    return ok(found["IdentityPoolName"])


def _page(prefix: str, view: View) -> Answer:
    """https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolDomain.html."""
    described = view.client("cognito-idp").describe_user_pool_domain(Domain=prefix)
    taken = described.get("DomainDescription", {}).get("UserPoolId")
    if not taken:
        return ok(f"{prefix} is free")
    if ("AWS::Cognito::UserPool", taken) in view.owned("search"):
        return ok(f"{prefix} is this deployment's own")
    return error(
        f"{prefix} is of {taken}",
        f"a prefix that is free in {view.config.central.region}",
        "[search.login.cognito] domain_prefix",
    )


_KEY = (
    "[search.login.cognito] user_pool_id and identity_pool_id, or domain_prefix for pools of ours"
)
