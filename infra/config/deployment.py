"""Everything a deployment may choose, typed and checked before a single construct exists."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from infra.config.access import Access, check_boundary
from infra.config.alarms import Alarms
from infra.config.archive import Archive, check_lock
from infra.config.base import Strict
from infra.config.brought import check_encryption, check_given_places, check_not_read
from infra.config.centralise import check_centralise
from infra.config.datasets import Dataset, Redaction
from infra.config.enrichment import Enrichment
from infra.config.existing import Key
from infra.config.explained import explained, nearest
from infra.config.hosts import Hosts, check_hybrid
from infra.config.members import Members, check_places
from infra.config.network import Network, check_network, check_reach
from infra.config.objects import (
    EDGE_REGION,
    LogBucket,
    Objects,
    check_buckets,
    made_buckets,
    named_buckets,
)
from infra.config.organisation_sources import OrganisationSources, check_sources, trail_files
from infra.config.search import Search
from infra.config.self_service import SelfService, check_self_service
from infra.config.shard_budget import SHARDS_PER_NODE, shards_in_the_end
from infra.config.shared_home import shared_home
from infra.config.stream import Central, Delivery, Function, Stream, check_concurrency
from infra.config.without_organisation import check_without_organisation, without_names
from infra.errors import ConfigError
from infra.senders import Senders
from logcore.codec import dump_json
from logcore.errors import ConfigurationError
from logcore.registry import REJECTS, SOURCES
from logcore.routing import Routing
from logcore.rules import Rules

OrganisationId = Annotated[str, StringConstraints(pattern=r"^o-[a-z0-9]{10,32}$")]
EventSource = Annotated[str, StringConstraints(pattern=r"^aws\.[a-z0-9-]+$")]

EVENT_SOURCES = (
    "aws.guardduty",
    "aws.securityhub",
    "aws.inspector2",
    "aws.macie",
    "aws.access-analyzer",
    "aws.config",
    "aws.health",
    "aws.cloudwatch",
    "aws.cloudformation",
    "aws.autoscaling",
    "aws.ec2",
)
"""What members forward unless a deployment names its own sources.

Every source that ``logcore.registry`` claims by its name, and of those that ``events`` reads the
ones that tell what changed without speaking of every task, job or object.
"""

CONFIGS = Path(__file__).parents[2] / "config"

LARGEST_PATTERN = 2_048
"""Characters of a rule's event pattern: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"""

DEFAULT = "*"
"""The key that stands for every dataset that is not named."""


class DeploymentConfig(Strict):
    """One deployment, as written in ``config/<stage>.toml``.

    Attributes:
        organisation: Its accounts may send. Left out, those may that the deployment itself
            onboards, and nothing that needs AWS Organizations can be chosen.
    """

    stage: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,19}$")]
    organisation: OrganisationId | None = None
    removal: Literal["destroy", "retain"]
    central: Central
    network: Network | None = None
    key: Key = Key()
    members: Members
    stream: Stream
    function: Function
    delivery: Delivery
    search: Search
    archive: Archive
    access: Access = Access()
    objects: Objects = Objects()
    hosts: Hosts = Hosts()
    datasets: Mapping[str, Dataset]
    enrichment: Enrichment = Enrichment()
    organisation_sources: OrganisationSources = OrganisationSources()
    event_sources: Annotated[tuple[EventSource, ...], Field(min_length=1)] = EVENT_SOURCES
    routing: Mapping[str, str] = {}
    sources: Mapping[str, Mapping[str, Any]] = {}
    redaction: Redaction = Redaction()
    alarms: Alarms = Alarms()
    self_service: SelfService = SelfService()

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every account that the deployment itself onboards, the central one first."""
        others = (a for a in self.members.by_stack if a != self.central.account)
        return (self.central.account, *others)

    @property
    def senders(self) -> Senders:
        """Who may send. Accounts of named buckets announce, and are admitted there alone."""
        if self.organisation:
            return Senders(self.organisation)
        return Senders(accounts=tuple(sorted(self.accounts)))

    @property
    def the_organisation(self) -> str:
        """Its id, for what is refused at load without one.

        Raises:
            ConfigError: there is none.
        """
        if self.organisation is None:
            raise ConfigError("organisation: expected one, 'o-…', found none")
        return self.organisation

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region that members are in, the central one first."""
        others = (r for r in self.members.regions if r != self.central.region)
        return (self.central.region, *others)

    @property
    def doors(self) -> tuple[str, ...]:
        """Every region whose log groups are subscribed, the central one first."""
        return self.regions if self.members.subscribes else self.regions[:1]

    @property
    def log_files(self) -> Objects:
        """The section, with the organisation trail's bucket among those that are named."""
        own = trail_files(self.organisation_sources.trail)
        if not own:
            return self.objects
        return self.objects.model_copy(update={"buckets": (*self.objects.buckets, *own)})

    @property
    def named_buckets(self) -> tuple[LogBucket, ...]:
        """Every bucket of somebody else's whose log files are read, with its account and region."""
        return named_buckets(self.log_files, self.central.account, self.central.region)

    @property
    def made_buckets(self) -> tuple[LogBucket, ...]:
        """The deployment's own buckets for log files, one a region; perhaps none."""
        return made_buckets(self.objects, self.central.account, self.regions)

    @property
    def log_buckets(self) -> tuple[LogBucket, ...]:
        """Every bucket whose log files are read."""
        return (*self.named_buckets, *self.made_buckets)

    @property
    def bucket_accounts(self) -> tuple[str, ...]:
        """Every account with a bucket that may notify the queue itself, sorted."""
        here = self.central.region
        return tuple(sorted({str(b.account) for b in self.named_buckets if b.region == here}))

    @property
    def log_file_regions(self) -> tuple[str, ...]:
        """Every region in which something stands for log files, beside queue and function."""
        central, objects = self.central, self.objects.central
        followed = {str(b.region) for b in self.named_buckets if b.account == central.account}
        made = {str(bucket.region) for bucket in self.made_buckets}
        edge = {EDGE_REGION} if objects.enabled and "cloudfront" in objects.services else set()
        return tuple(sorted((followed - {central.region}) | made | edge))

    def dataset(self, name: str) -> Dataset:
        """What holds for a dataset, whether or not the file names it."""
        return self.datasets.get(name, self.datasets[DEFAULT])

    @property
    def rules(self) -> dict[str, list[Mapping[str, Any]]]:
        """The rules of each dataset that has some, as the file has them."""
        return {name: list(d.rules) for name, d in self.datasets.items() if d.rules}

    @property
    def shared(self) -> Dataset | None:
        """What holds for the index that datasets share; ``None`` where none does."""
        return shared_home(map(self.dataset, dataset_names()))

    @model_validator(mode="before")
    @classmethod
    def _inherit(cls, given: Any) -> Any:  # noqa: ANN401  what the file holds, not checked yet
        """What a dataset leaves out, it has from the default; whose rules hold in addition."""
        datasets = given.get("datasets") if isinstance(given, dict) else None
        default = datasets.get(DEFAULT) if isinstance(datasets, dict) else None
        if not isinstance(datasets, dict) or not isinstance(default, dict):
            return given
        default = {key: value for key, value in default.items() if key != "rules"}
        full = {k: {**default, **v} if isinstance(v, dict) else v for k, v in datasets.items()}
        return {**given, "datasets": full}

    @model_validator(mode="before")
    @classmethod
    def _know_no_names(cls, given: Any) -> Any:  # noqa: ANN401  what the file holds, not checked yet
        """Without an organisation no names of accounts are asked for, unless the file says so."""
        is_alone = isinstance(given, dict) and given.get("organisation") is None
        return without_names(given) if is_alone else given

    @model_validator(mode="after")
    def _organisation_is_there(self) -> Self:
        if self.organisation is None:
            check_without_organisation(
                self.members, self.self_service, self.organisation_sources, self.enrichment
            )
        return self

    @model_validator(mode="after")
    def _sources_fit(self) -> Self:
        size = len(dump_json({"source": self.event_sources}))
        if size > LARGEST_PATTERN:
            raise ValueError(
                f"event_sources: a rule's pattern of {size} characters, "
                f"{LARGEST_PATTERN} are allowed"
            )
        return self

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        known = {DEFAULT, *dataset_names()}
        for dataset in self.datasets:
            if dataset not in known:
                raise ValueError(f"datasets: unknown {dataset!r}{nearest(dataset, known)}")
        if DEFAULT not in self.datasets:
            raise ValueError(f"datasets: expected a default under {DEFAULT!r}")
        try:
            Routing(SOURCES, overrides=self.routing, options=self.sources)
        except ConfigurationError as error:
            raise ValueError(str(error)) from error
        return self

    @model_validator(mode="after")
    def _rules_work(self) -> Self:
        """Compile the rules as the function will; the key's value is not known here."""
        secret = self.redaction.key_secret
        _, _, _, region, account, *_ = f"{secret}:::::".split(":")
        if secret and (account, region) != (self.central.account, self.central.region):
            raise ValueError(
                f"redaction.key_secret: expected a secret of {self.central.account} in "
                f"{self.central.region}, found {secret}"
            )
        try:
            Rules(self.rules, key=secret.encode() or None)
        except ConfigurationError as error:
            raise ValueError(error.detail) from error
        return self

    @model_validator(mode="after")
    def _members_fit(self) -> Self:
        check_places(self.members, self.central.account, self.regions)
        check_centralise(self.members, self.organisation, self.central)
        check_self_service(self.self_service, self.members, self.access)
        return self

    @model_validator(mode="after")
    def _buckets_are_read_once(self) -> Self:
        check_buckets(self.named_buckets, self.made_buckets)
        return self

    @model_validator(mode="after")
    def _concurrency_fits(self) -> Self:
        check_concurrency(self.stream, self.function)
        return self

    @model_validator(mode="after")
    def _brought_fits(self) -> Self:
        check_given_places(self.central, self.key, self.stream, self.search)
        check_encryption(self.key, self.stream)
        check_not_read(self.archive, self.objects)
        return self

    @model_validator(mode="after")
    def _network_fits(self) -> Self:
        if self.network:
            check_network(self.network, self.search, self.central.region)
            check_reach(self.network, self.log_buckets, self.central.region)
        return self

    @model_validator(mode="after")
    def _hosts_fit(self) -> Self:
        check_hybrid(self.hosts, self.accounts, all_are_listed=self.members.units is None)
        return self

    @model_validator(mode="after")
    def _access_fits(self) -> Self:
        check_boundary(self.access, self.accounts, units=bool(self.members.units))
        check_lock(self.archive, self.removal)
        return self

    @model_validator(mode="after")
    def _sources_of_the_organisation_fit(self) -> Self:
        check_sources(self.organisation_sources, self.objects, self.central.account, self.regions)
        return self

    @model_validator(mode="after")
    def _tiers_exist(self) -> Self:
        for name, dataset in self.datasets.items():
            if dataset.warm_after_days and not self.search.warm_nodes:
                raise ValueError(f"datasets.{name}.warm_after_days: search has no warm_nodes")
            if dataset.cold_after_days and not self.search.cold_storage:
                raise ValueError(f"datasets.{name}.cold_after_days: search has no cold_storage")
        return self

    @model_validator(mode="after")
    def _shards_fit(self) -> Self:
        total = shards_in_the_end(map(self.dataset, dataset_names()), self.search)
        room = self.search.data_nodes * SHARDS_PER_NODE
        if total > room:
            raise ValueError(
                f"datasets: {total} shards in the end, {self.search.data_nodes} data nodes hold "
                f"{room}; shorten delete_after_days, use period 'month' or 'shared', or add nodes"
            )
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
            return cls.model_validate(given, context={"folder": path.parent})
        except ValidationError as error:
            raise ConfigError(explained(path, error, cls)) from error


def config_path(chosen: str) -> Path:
    """``sandbox``, ``small`` and ``production`` are files of ``config/``; else it is a path."""
    return Path(chosen) if chosen.endswith(".toml") else CONFIGS / f"{chosen}.toml"


def dataset_names() -> tuple[str, ...]:
    """Every dataset that has indices, rejects included."""
    return (*(source.dataset for source in SOURCES), REJECTS)
