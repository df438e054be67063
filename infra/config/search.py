"""The section that says what the OpenSearch domain is."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from infra.config.base import Strict
from infra.config.existing import ExistingDomain
from infra.config.login import Login

BURSTABLE = ("t2.", "t3.")
"""Instance families without standby and without warm nodes:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/supported-instance-types.html"""


class Search(Strict):
    """The OpenSearch domain; where one is given, what it is like."""

    existing: ExistingDomain | None = None
    engine_version: Annotated[str, StringConstraints(pattern=r"^OpenSearch_\d+\.\d+$")]
    data_nodes: Annotated[int, Field(ge=1, le=80)]
    instance_type: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+\.[a-z0-9]+\.search$")]
    volume_gib: Annotated[int, Field(ge=10, le=24_576)]
    zones: Literal[1, 2, 3] = 1
    standby: bool = False
    master_type: str | None = None
    warm_nodes: Annotated[int, Field(ge=0, le=150)] = 0
    cold_storage: bool = False
    shards: Annotated[int, Field(ge=1, le=64)] = 1
    replicas: Annotated[int, Field(ge=0, le=2)] = 0
    login: Login = Login()

    @model_validator(mode="before")
    @classmethod
    def _analysts_moved(cls, given: Any) -> Any:  # noqa: ANN401  what the file holds, not checked yet
        if isinstance(given, dict) and "analyst_roles" in given:
            raise ValueError("analyst_roles: is analysts under [access] now")
        return given

    @model_validator(mode="after")
    def _own_login(self) -> Self:
        if self.existing and self.login.kind != "none":
            raise ValueError(
                f"login.kind {self.login.kind!r}: the domain under existing has its own way of "
                "signing in; name the roles that it gives people under [access]"
            )
        return self

    @model_validator(mode="after")
    def _nodes_fit(self) -> Self:
        """Refuse what the service would refuse after half an hour.

        Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html
        """
        if self.data_nodes % self.zones:
            raise ValueError(
                f"data_nodes {self.data_nodes}: expected a multiple of zones {self.zones}"
            )
        if self.standby and (self.zones, self.replicas, bool(self.master_type)) != (3, 2, True):
            raise ValueError(
                "standby: expected zones 3 (and so 3 data nodes or more), replicas 2 and a "
                f"master_type; found zones {self.zones}, replicas {self.replicas}, "
                f"master_type {self.master_type}"
            )
        if self.replicas >= self.data_nodes:
            raise ValueError(
                f"replicas {self.replicas}: each copy needs a node of its own, "
                f"expected data_nodes above {self.replicas}, found {self.data_nodes}"
            )
        return self

    @model_validator(mode="after")
    def _tiers_fit(self) -> Self:
        """Refuse tiers that lack what they stand on.

        Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ultrawarm.html
        """
        if self.warm_nodes == 1:
            raise ValueError("warm_nodes 1: expected 0, or 2 and more")
        if self.warm_nodes and not self.master_type:
            raise ValueError(f"warm_nodes {self.warm_nodes}: expected a master_type as well")
        if self.cold_storage and not self.warm_nodes:
            raise ValueError("cold_storage: expected warm_nodes 2 or more, found 0")
        if self.instance_type.startswith(BURSTABLE) and (self.standby or self.warm_nodes):
            raise ValueError(
                f"instance_type {self.instance_type}: T2 and T3 have neither standby nor warm nodes"
            )
        return self
