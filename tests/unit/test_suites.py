"""`make test` leaves no test out."""

from collections import Counter

from local.home import REPOSITORY
from local.tests import SUITES


def test_each_test_file_belongs_to_one_suite() -> None:
    paths = [REPOSITORY / word for s in SUITES for word in s.command if word.startswith("tests/")]
    run = Counter(
        file for path in paths for file in (path.rglob("test_*.py") if path.is_dir() else [path])
    )

    assert run == Counter((REPOSITORY / "tests").rglob("test_*.py"))
