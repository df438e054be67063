"""What holds for the one index a month that datasets of little volume share.

A document cannot leave an index before the others do, so the index ages with the dataset that
stays longest: a stage begins when it begins for the last of them, and one that any of them never
reaches is left out.
"""

from collections.abc import Iterable

from infra.config.datasets import Dataset


def shared_home(datasets: Iterable[Dataset]) -> Dataset | None:
    """Period and ages of the shared index; ``None`` where no dataset shares it."""
    sharing = [dataset for dataset in datasets if dataset.period == "shared"]
    if not sharing:
        return None
    return Dataset(
        period="shared",
        warm_after_days=_latest(dataset.warm_after_days for dataset in sharing),
        cold_after_days=_latest(dataset.cold_after_days for dataset in sharing),
        delete_after_days=_latest(dataset.delete_after_days for dataset in sharing),
    )


def _latest(ages: Iterable[int]) -> int:
    """The largest of some ages in days, where 0 is never."""
    found = list(ages)
    return max(found) if all(found) else 0
