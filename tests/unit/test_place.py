"""A point on Earth is one that an index takes, and one that somebody knows."""

import pytest

from logcore.formats.place import geo_point


def test_a_point_is_latitude_before_longitude() -> None:
    assert geo_point(53.33, -6.24) == "53.33,-6.24"


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(0, 0), (0.0, 0.0), (90.1, 0), (0, -180.1), (None, 1), ("1", 1), (True, 1), (float("nan"), 1)],
)
def test_what_is_no_place_is_none(latitude: object, longitude: object) -> None:
    assert geo_point(latitude, longitude) is None


def test_a_point_on_the_equator_is_one() -> None:
    assert geo_point(0, 9.5) == "0,9.5"
