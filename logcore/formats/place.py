"""Points on Earth, as an index takes them."""

from typing import Any

NORTH, EAST = 90.0, 180.0  # degrees; OpenSearch refuses a document whose geo_point passes them


def geo_point(latitude: Any, longitude: Any) -> str | None:  # noqa: ANN401  any JSON
    """``latitude,longitude`` in degrees, which a ``geo_point`` takes as text.

    ``None`` for what is no point, and for 0,0: services write it for a place they do not know.
    """
    if not _is_within(latitude, NORTH) or not _is_within(longitude, EAST):
        return None
    return f"{latitude},{longitude}" if latitude or longitude else None


def _is_within(value: Any, bound: float) -> bool:  # noqa: ANN401  any JSON
    return type(value) in (int, float) and -bound <= value <= bound
