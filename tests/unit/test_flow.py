"""What flow records have in common: ends, protocols, flags, and the name of a flow."""

import pytest

from logcore.formats import flow


# From the specification's reference data, seed 0:
# https://github.com/corelight/community-id-spec/blob/master/baseline/baseline_deflt.json
@pytest.mark.parametrize(
    ("protocol", "source", "destination", "ports", "expected"),
    [
        (6, "128.232.110.120", "66.35.250.204", (34855, 80), "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        (17, "192.168.1.52", "8.8.8.8", (54585, 53), "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
        (1, "192.168.0.89", "192.168.0.1", (8, 0), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
    ],
)
def test_a_flow_has_the_community_id_of_the_specification(
    protocol: int, source: str, destination: str, ports: tuple[int, int], expected: str
) -> None:
    assert flow.network(source, destination, protocol, ports)["community_id"] == expected


@pytest.mark.parametrize(
    ("protocol", "ports", "is_known"),
    [(6, (None, 80), False), (1, (8, None), False), (47, (None, None), True), (6, (1, 2), True)],
)
def test_only_protocols_without_ports_do_without_them(
    protocol: int, ports: tuple[int | None, int | None], *, is_known: bool
) -> None:
    found = flow.network("10.0.0.1", "10.0.0.2", protocol, ports)["community_id"]

    assert (found is not None) == is_known


@pytest.mark.parametrize("value", ["-1", "1.5", "x", "", "256", "9" * 30])
def test_a_number_beyond_its_bounds_is_named_and_left_out(value: str) -> None:
    malformed: list[str] = []

    assert flow.count(value, "protocol", malformed, highest=255) is None
    assert malformed == ["protocol"]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [("1772366400", "2026-03-01T12:00:00.000Z"), ("0", None), ("soon", None), ("9" * 30, None)],
)
def test_a_moment_is_a_time_that_an_index_takes(seconds: str, expected: str | None) -> None:
    malformed: list[str] = []

    assert flow.moment(seconds, "end", malformed) == expected
    assert malformed == ([] if expected else ["end"])


def test_flags_are_named_by_their_bits() -> None:
    assert flow.flag_names(19) == ("fin", "syn", "ack")
    assert flow.flag_names(0) == ()
