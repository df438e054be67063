"""How many shards a deployment holds once every index has reached its age.

A shard costs heap whether it is full or nearly empty, so many datasets with long lives and daily
indices can fill a small domain with next to nothing in it.
"""

from collections.abc import Iterable
from math import ceil

from infra.config.datasets import Dataset
from infra.config.search import Search
from infra.config.shared_home import shared_home

SHARDS_PER_NODE = 1_000
"""Hot shards a data node holds by default (``cluster.max_shards_per_node``):
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html"""

DAYS_OF_PERIOD = {"day": 1, "month": 28, "shared": 28}
"""The shortest that an index spans; a month counts as February."""

LONGEST_LIFE_DAYS = 3_650
"""What "never" counts as: ten years, the longest that a config can say."""


def shards_in_the_end(datasets: Iterable[Dataset], search: Search) -> int:
    """Hot shards of all datasets, copies included.

    An index leaves the data nodes when it goes to warm or is deleted; one more than its days
    hold is counted, because the youngest is there before the oldest goes. The index that datasets
    share counts once.
    """
    copies = search.shards * (1 + search.replicas)
    return sum(
        copies * (ceil(_hot_days(dataset) / DAYS_OF_PERIOD[dataset.period]) + 1)
        for dataset in _homes(tuple(datasets))
    )


def _homes(datasets: tuple[Dataset, ...]) -> list[Dataset]:
    """What has indices of its own: datasets that share nothing, then the shared home."""
    alone = [dataset for dataset in datasets if dataset.period != "shared"]
    shared = shared_home(datasets)
    return [*alone, shared] if shared else alone


def _hot_days(dataset: Dataset) -> int:
    return dataset.warm_after_days or dataset.delete_after_days or LONGEST_LIFE_DAYS
