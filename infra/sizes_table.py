"""Prints what differs between sizes as Markdown, which is kept as ``docs/deploy/sizes.md``.

``python -m infra.sizes_table > docs/deploy/sizes.md``; a test fails when the file is stale.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from infra.config import DeploymentConfig, config_path, dataset_names
from infra.config.datasets import Dataset
from infra.config.shard_budget import SHARDS_PER_NODE, shards_in_the_end
from infra.permissions_table import Templates, templates
from infra.sizes import HOURS_A_MONTH, MASTERS, drivers, removals

SIZES: Final = ("sandbox", "small", "production")

HEAD = """\
# Sizes

Written by `python -m infra.sizes_table`; do not edit. Three configurations are shipped in
`config/`; a file of your own may mix them, and synthesis refuses what cannot be held.

- **sandbox**: the smallest honest cost, to try and to throw away. One node: when it goes, the index
  goes, and [the archive](../operations/replay.md) has what it was made of.
- **small**: a handful of accounts, all year. It loses a zone without losing a document; two nodes
  hold everything until the third is back.
- **production**: loses a zone without anybody noticing, and keeps old days in warm storage. A warm
  index [is read only](https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ultrawarm.html):
  what comes late for its days, a replay too, is refused and kept as
  [undelivered](../operations/undelivered-documents.md).

From one size to another: change the keys and deploy; no stateful resource is replaced by a change
of size alone, and stacks are named by `stage`, so keep yours. What a domain cannot take back is in
[AWS's list](https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-configuration-changes.html).
"""

COSTS: Final = """
## What is paid for

Quantities of a month of {hours} hours, with nothing in it: multiply them by the prices of your
region for [OpenSearch Service](https://aws.amazon.com/opensearch-service/pricing/),
[Kinesis](https://aws.amazon.com/kinesis/data-streams/pricing/),
[KMS](https://aws.amazon.com/kms/pricing/) and
[CloudWatch](https://aws.amazon.com/cloudwatch/pricing/). What grows with your logs comes on top:
bytes into the stream, records through [Firehose](https://aws.amazon.com/firehose/pricing/) (each
billed as a multiple of 5 KB), time of [Lambda](https://aws.amazon.com/lambda/pricing/), and objects
in [S3](https://aws.amazon.com/s3/pricing/).

"""

REMOVALS: Final = """
## What becomes of it with its stack

`removal` decides for everything that holds logs, keys or people. A sandbox is gone with its stacks,
once its bucket is empty; what is retained stays, costs, and keeps its names, which
[preflight](preflight.md) finds in the way of a new deployment. Destinations stay in
every size, because to delete one
[ends every subscription to it](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteDestination.html);
they cost nothing.

"""

DATASETS: Final = """
## How long

Days until an index goes to warm storage and is deleted; the raw archive has its own days above. A
dataset that is not listed has those of `*`.

"""


class Row(NamedTuple):
    """A line of the first table.

    Attributes:
        what: Its name.
        of: Gives a size's value.
    """

    what: str
    of: Callable[[DeploymentConfig], object]


def _nodes(number: int, kind: str | None) -> str:
    return f"{number} {kind}" if kind else "none"


def _shards(config: DeploymentConfig) -> int:
    return shards_in_the_end(map(config.dataset, dataset_names()), config.search)


def _most_shards(config: DeploymentConfig) -> int:
    return config.search.data_nodes * SHARDS_PER_NODE


def _stream(config: DeploymentConfig) -> str:
    if config.stream.mode == "on_demand":
        return "on demand"
    return f"{config.stream.shards} shard{'s' * (config.stream.shards > 1)}"


def _archive(config: DeploymentConfig) -> str:
    found = config.archive
    ages = (found.infrequent_after_days, found.glacier_after_days, found.expire_after_days)
    return ", ".join(str(days or "never") for days in ages)


def _protection(config: DeploymentConfig) -> str:
    return "protected from deletion" if config.removal == "retain" else "can be deleted"


ROWS: Final[tuple[Row, ...]] = (
    Row("data nodes", lambda c: _nodes(c.search.data_nodes, c.search.instance_type)),
    Row("dedicated masters", lambda c: _nodes(MASTERS, c.search.master_type)),
    Row("warm nodes", lambda c: c.search.warm_nodes or "none"),
    Row("zones", lambda c: f"{c.search.zones}{', one of them standby' * c.search.standby}"),
    Row("copies of a shard", lambda c: 1 + c.search.replicas),
    Row("hot storage, GiB", lambda c: f"{c.search.data_nodes} of {c.search.volume_gib}"),
    Row("hot shards in the end, of most", lambda c: f"{_shards(c)} of {_most_shards(c)}"),
    Row("stream", _stream),
    Row("stream's memory, hours", lambda c: c.stream.retention_hours),
    Row("batches of a shard at once", lambda c: c.function.parallelisation),
    Row("reserved concurrency", lambda c: c.function.reserved_concurrency or "none"),
    Row("Firehose tries again for, seconds", lambda c: c.delivery.retry_seconds),
    Row("archive: infrequent, glacier, expiry, days", _archive),
    Row("rejects and undelivered, days", lambda c: c.archive.reject_expire_after_days),
    Row("our functions' logs, days", lambda c: c.function.log_retention_days),
    Row("stack of the stores", _protection),
)
"""What is chosen; each is a key of the configuration, or follows from some."""


def markdown(deployed: Mapping[str, Templates]) -> str:
    """The whole page.

    Args:
        deployed: Templates by size.
    """
    configs = {size: DeploymentConfig.load(config_path(size)) for size in SIZES}
    chosen = [(row.what, [row.of(config) for config in configs.values()]) for row in ROWS]
    paid = _by_key([drivers(deployed[size]) for size in SIZES])
    removed = _by_key([removals(deployed[size]) for size in SIZES])
    return "".join(
        (
            HEAD,
            "\n## What differs\n\n",
            *_table(chosen),
            DATASETS,
            *_table(_ages(list(configs.values()))),
            COSTS.format(hours=HOURS_A_MONTH),
            *_table(paid),
            REMOVALS,
            *_table(removed),
        )
    )


def _ages(configs: list[DeploymentConfig]) -> list[tuple[str, list[object]]]:
    """The default, then every dataset that a size names."""
    named = sorted({name for config in configs for name in config.datasets})
    return [(f"`{name}`", [_age(c.datasets.get(name), c) for c in configs]) for name in named]


def _age(dataset: Dataset | None, config: DeploymentConfig) -> str:
    found = dataset or config.datasets["*"]
    warm = f"warm {found.warm_after_days}, " if found.warm_after_days else ""
    return f"{found.period}: {warm}deleted {found.delete_after_days or 'never'}"


def _by_key(columns: list[Mapping[str, Any]]) -> list[tuple[str, list[object]]]:
    """Rows of everything that any size has."""
    keys = dict.fromkeys(key for column in columns for key in column)
    return [(key, [column.get(key, "·") for column in columns]) for key in keys]


def _table(rows: list[tuple[str, list[object]]]) -> Iterator[str]:
    yield f"| | {' | '.join(SIZES)} |\n|---{'|---' * len(SIZES)}|\n"
    for what, values in rows:
        yield f"| {what} | {' | '.join(str(value) for value in values)} |\n"


def _print() -> None:
    with TemporaryDirectory() as folder:
        nothing: Mapping[str, Any] = {}
        page = markdown({size: templates(size, Path(folder), nothing) for size in SIZES})
    sys.stdout.write(page)


if __name__ == "__main__":
    _print()
