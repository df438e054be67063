"""Everything a deployment may choose, typed and checked before a single construct exists."""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from infra.errors import ConfigError
from logcore.errors import ConfigurationError
from logcore.registry import REJECTS, SOURCES
from logcore.routing import Routing

AccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
OrganisationId = Annotated[str, StringConstraints(pattern=r"^o-[a-z0-9]{10,32}$")]
RoleArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$")]
Days = Annotated[int, Field(ge=0, le=3_650)]

DEFAULT = "*"
"""The key that stands for every dataset that is not named."""


class Strict(BaseModel):
    """Base of config sections: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Central(Strict):
    """The account that logs come together in."""

    account: AccountId
    region: Region


class Members(Strict):
    """The accounts that logs come from. Each is onboarded in every region."""

    accounts: tuple[AccountId, ...]
    regions: Annotated[tuple[Region, ...], Field(min_length=1)]


class Stream(Strict):
    """The Kinesis stream that everything passes.

    Limits: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
    """

    mode: Literal["provisioned", "on_demand"]
    shards: Annotated[int, Field(ge=1, le=500)] = 1
    retention_hours: Annotated[int, Field(ge=24, le=8_760)] = 24


class Function(Strict):
    """The normalise function.

    Limits: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
    """

    architecture: Literal["arm64", "x86_64"] = "arm64"
    wheels: Literal["lambda", "host"] = "lambda"
    memory_mib: Annotated[int, Field(ge=128, le=10_240)] = 1_769
    timeout_seconds: Annotated[int, Field(ge=10, le=900)] = 120
    batch_size: Annotated[int, Field(ge=1, le=10_000)] = 500
    batch_window_seconds: Annotated[int, Field(ge=0, le=300)] = 5
    parallelisation: Annotated[int, Field(ge=1, le=10)] = 1
    retry_attempts: Annotated[int, Field(ge=0, le=10_000)] = 8
    reserved_concurrency: Annotated[int, Field(ge=1)] | None = None
    log_retention_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 180, 365] = 30


class Delivery(Strict):
    """Firehose on its way to OpenSearch.

    Limits: https://docs.aws.amazon.com/firehose/latest/APIReference/API_AmazonopensearchserviceBufferingHints.html
    """

    buffer_seconds: Annotated[int, Field(ge=0, le=900)] = 60
    buffer_mib: Annotated[int, Field(ge=1, le=100)] = 5
    retry_seconds: Annotated[int, Field(ge=0, le=7_200)] = 3_600


class Search(Strict):
    """The OpenSearch domain."""

    engine_version: Annotated[str, StringConstraints(pattern=r"^OpenSearch_\d+\.\d+$")]
    data_nodes: Annotated[int, Field(ge=1, le=80)]
    instance_type: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+\.[a-z0-9]+\.search$")]
    volume_gib: Annotated[int, Field(ge=10, le=24_576)]
    zones: Literal[1, 2, 3] = 1
    standby: bool = False
    master_type: str | None = None
    warm_nodes: Annotated[int, Field(ge=0, le=150)] = 0
    shards: Annotated[int, Field(ge=1, le=64)] = 1
    replicas: Annotated[int, Field(ge=0, le=2)] = 0
    analyst_roles: tuple[RoleArn, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        """Refuse what the service would refuse after half an hour.

        Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html
        """
        if self.data_nodes % self.zones:
            raise ValueError(
                f"data_nodes {self.data_nodes}: expected a multiple of zones {self.zones}"
            )
        if self.standby and (self.zones, self.replicas, bool(self.master_type)) != (3, 2, True):
            raise ValueError(
                "standby: expected zones 3, replicas 2 and a master_type; found "
                f"zones {self.zones}, replicas {self.replicas}, master_type {self.master_type}"
            )
        if self.replicas >= self.data_nodes:
            raise ValueError(
                f"replicas {self.replicas}: each copy needs a node of its own, "
                f"expected data_nodes above {self.replicas}, found {self.data_nodes}"
            )
        return self


class Archive(Strict):
    """The bucket with the untouched records; 0 days means never."""

    infrequent_after_days: Annotated[int, Field(ge=0)] = 0
    glacier_after_days: Annotated[int, Field(ge=0)] = 0
    expire_after_days: Annotated[int, Field(ge=0)] = 0
    reject_expire_after_days: Annotated[int, Field(ge=0)] = 90


class Dataset(Strict):
    """How one dataset is delivered and how long it stays; days count from the index's age."""

    sink: Literal["firehose", "direct"] = "firehose"
    period: Literal["day", "month"] = "day"
    keep_original: bool = False
    warm_after_days: Days = 0
    cold_after_days: Days = 0
    delete_after_days: Days = 0

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        stages = [
            d for d in (self.warm_after_days, self.cold_after_days, self.delete_after_days) if d
        ]
        if stages != sorted(stages):
            raise ValueError(f"warm, cold, delete: expected growing ages, found {stages} days")
        return self


class DeploymentConfig(Strict):
    """One deployment, as written in ``config/<stage>.toml``."""

    stage: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,19}$")]
    organisation: OrganisationId
    removal: Literal["destroy", "retain"]
    central: Central
    members: Members
    stream: Stream
    function: Function
    delivery: Delivery
    search: Search
    archive: Archive
    datasets: Mapping[str, Dataset]
    event_sources: tuple[str, ...] = ("aws.guardduty",)
    routing: Mapping[str, str] = {}
    sources: Mapping[str, Mapping[str, Any]] = {}

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every account that is onboarded, the central one first."""
        others = (a for a in self.members.accounts if a != self.central.account)
        return (self.central.account, *others)

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region with a door, the central one first."""
        others = (r for r in self.members.regions if r != self.central.region)
        return (self.central.region, *others)

    @model_validator(mode="before")
    @classmethod
    def _inherit(cls, given: Any) -> Any:  # noqa: ANN401  what the file holds, not checked yet
        """What a dataset leaves out, it has from the default."""
        datasets = given.get("datasets") if isinstance(given, dict) else None
        default = datasets.get(DEFAULT) if isinstance(datasets, dict) else None
        if not isinstance(default, dict):
            return given
        full = {k: {**default, **v} if isinstance(v, dict) else v for k, v in datasets.items()}
        return {**given, "datasets": full}

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        known = {DEFAULT, REJECTS, *(source.dataset for source in SOURCES)}
        for dataset in self.datasets:
            if dataset not in known:
                raise ValueError(f"datasets: unknown {dataset!r}{_nearest(dataset, known)}")
        if DEFAULT not in self.datasets:
            raise ValueError(f"datasets: expected a default under {DEFAULT!r}")
        try:
            Routing(SOURCES, overrides=self.routing, options=self.sources)
        except ConfigurationError as error:
            raise ValueError(str(error)) from error
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read and check a config file.

        Raises:
            ConfigError: a key is unknown or a value not allowed; each is named with its file.
        """
        try:
            given = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{path}: {error}") from error
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise ConfigError(_explained(path, error, cls)) from error


def _explained(path: Path, error: ValidationError, model: type[BaseModel]) -> str:
    lines = [f"{path}: {error.error_count()} to put right"]
    for found in error.errors():
        where = ".".join(str(part) for part in found["loc"]) or "file"
        if found["type"] == "extra_forbidden":
            section = _section(model, found["loc"][:-1])
            lines.append(f"  {where}: unknown key{_nearest(str(found['loc'][-1]), section)}")
        else:
            lines.append(f"  {where}: {found['msg']}, found {found['input']!r}"[:400])
    return "\n".join(lines)


def _section(model: type[BaseModel], location: tuple[int | str, ...]) -> set[str]:
    """The keys that the section at this place knows."""
    for part in location:
        field = model.model_fields.get(str(part))
        inner = field.annotation if field else None
        model = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else Dataset
    return set(model.model_fields)


def _nearest(name: str, known: set[str]) -> str:
    near = get_close_matches(name, known, n=1)
    listed = f"; known: {', '.join(sorted(known))}"
    return f", did you mean {near[0]!r}?" if near else listed
