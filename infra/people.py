"""By what OpenSearch knows people, for who is told and for who is granted.

It calls each of these a backend role: the ARN of a role of IAM, or a group of the way in which
people sign in.

Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html#fgac-concepts
"""

from typing import NamedTuple

from infra.config import DeploymentConfig
from infra.constructs.access.break_glass import BreakGlass
from infra.constructs.access.cognito_login import CognitoLogin


class People(NamedTuple):
    """Backend roles by what they may do inside the domain."""

    analysts: tuple[str, ...]
    authors: tuple[str, ...]
    break_glass: tuple[str, ...]


def people(
    config: DeploymentConfig, cognito: CognitoLogin | None, break_glass: BreakGlass | None
) -> People:
    """Everybody: roles that the deployment names, groups of its login, and roles made here."""
    login, access = config.search.login, config.access
    made = cognito.roles if cognito else None
    return People(
        analysts=(*access.analysts, *login.analysts, *((made.analysts.role_arn,) if made else ())),
        authors=(*access.authors, *login.authors, *((made.authors.role_arn,) if made else ())),
        break_glass=(break_glass.role.role_arn,) if break_glass else (),
    )
