"""What the search setup function is told by its environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from lambdas.settings import EnvSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(EnvSettings):
    """Settings of the search setup function.

    Attributes:
        endpoint: ``https://`` address of the search domain.
        master_role_arn: The domain's master user; assumed only to create roles and mappings.
        setup_role_arn: The function's own role, which gets the least that the other steps need.
        writer_role_arns: Roles that write documents: the function's sink and Firehose.
        analysts: Backend roles that read logs and use dashboards: ARNs of IAM roles, or groups.
        authors: Backend roles that also save dashboards.
        break_glass: Backend roles that may do everything, in an emergency.
        identity_pool: Pool whose groups choose roles; empty where the deployment made none.
        guest_role_arn: What the pool gives to people in no group; empty likewise.
        index: The one index that sinks write to.
        periods: Index period per dataset, ``day``, ``month`` or ``shared``; ``*`` is the default.
        retention_days: Days after which each stage begins, per dataset, ``shared`` for the index
            that datasets share, ``*`` as the default: ``{"warm": 7, "cold": 30, "delete": 90}``;
            a stage that is absent or 0 is skipped.
        shards: Primary shards of an index.
        replicas: Copies of each shard.
    """

    endpoint: str
    master_role_arn: str
    setup_role_arn: str
    writer_role_arns: tuple[str, ...]
    analysts: tuple[str, ...]
    authors: tuple[str, ...]
    break_glass: tuple[str, ...]
    identity_pool: str
    guest_role_arn: str
    index: str
    periods: Mapping[str, str]
    retention_days: Mapping[str, Mapping[str, int]]
    shards: int
    replicas: int
