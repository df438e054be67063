"""The section of a directory of people in Amazon Cognito.

Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html
"""

import re
from typing import Annotated, Self

from pydantic import StringConstraints, field_validator, model_validator

from infra.config.base import Strict


class Cognito(Strict):
    """A directory of people in Amazon Cognito, made here or given.

    Attributes:
        domain_prefix: First part of the sign-in page's address, unique in the region; for one that
            is made here.
        user_pool_id: A directory that is there, with a sign-in page of its own.
        identity_pool_id: What gives its people roles of IAM, which stand under ``[access]``.
    """

    domain_prefix: (
        Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")] | None
    ) = None
    user_pool_id: Annotated[str, StringConstraints(pattern=r"^[\w-]+_[0-9a-zA-Z]+$")] | None = None
    identity_pool_id: Annotated[str, StringConstraints(pattern=r"^[\w-]+:[0-9a-f-]+$")] | None = (
        None
    )

    @property
    def is_made(self) -> bool:
        """Whether this deployment makes the directory."""
        return self.domain_prefix is not None

    @model_validator(mode="after")
    def _made_or_given(self) -> Self:
        given = (self.user_pool_id, self.identity_pool_id)
        if given.count(None) != (2 if self.is_made else 0):
            raise ValueError(
                "expected domain_prefix, for a directory that is made here, or user_pool_id and "
                f"identity_pool_id; found {', '.join(sorted(self.model_fields_set)) or 'none'}"
            )
        return self

    @model_validator(mode="after")
    def _one_region(self) -> Self:
        places = [
            re.split("[_:]", pool)[0] for pool in (self.user_pool_id, self.identity_pool_id) if pool
        ]
        if len(set(places)) > 1:
            raise ValueError(
                "user_pool_id and identity_pool_id: expected one region, found "
                f"{' and '.join(places)}"
            )
        return self

    @field_validator("domain_prefix")
    @classmethod
    def _no_name_of_aws(cls, value: str | None) -> str | None:
        """Refuse what Cognito refuses.

        Reference: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
        """
        reserved = [word for word in ("aws", "amazon", "cognito") if word in (value or "")]
        if reserved:
            raise ValueError(f"{value}: Cognito takes no prefix with {reserved[0]!r} in it")
        return value
