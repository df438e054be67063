"""The ECS document of one flow through a transit gateway."""

from typing import Any

from logcore.formats.flow import (
    ALL_FLAGS,
    DIRECTIONS,
    HIGHEST_PROTOCOL,
    count,
    end,
    flag_names,
    moment,
    network,
)
from logcore.record import Document
from logcore.shape import compact, unique

type Flow = dict[str, str]
"""The columns that hold something, by field name with underscores."""

type Losses = dict[str, int | None]
"""Packets lost by reason, as far as the format has the columns; ``None`` for an unreadable one."""

LOSSES = ("no_route", "blackhole", "mtu_exceeded", "ttl_expired")
"""Why a transit gateway drops packets; the ends of the columns that count them."""


def flow_document(flow: Flow) -> Document:
    """Shape one flow. A value that cannot be understood costs its own field and no other.

    ``bytes`` and ``packets`` are totals over the window from ``start`` to ``end``, which are Unix
    seconds in the line. A window without traffic (``NODATA``) or with lost data (``SKIPDATA``)
    names neither ends nor totals.
    """
    malformed: list[str] = []
    totals = {name: count(flow.get(name), name, malformed) for name in ("bytes", "packets")}
    source = end(flow.get("srcaddr"), flow.get("srcport"), ("srcaddr", "srcport"), malformed)
    destination = end(flow.get("dstaddr"), flow.get("dstport"), ("dstaddr", "dstport"), malformed)
    number = count(flow.get("protocol"), "protocol", malformed, highest=HIGHEST_PROTOCOL)
    start, stop = (moment(flow.get(name), name, malformed) for name in ("start", "end"))
    lost = _lost(flow, malformed)
    document = compact(
        {
            "@timestamp": stop,
            "event": {**_event(flow, lost), "start": start, "end": stop},
            "cloud": {
                "account": {"id": flow.get("account_id")},
                "region": flow.get("region"),
                "service": {"name": "transitgateway"},
            },
            "source": {**source, **totals},
            "destination": destination,
            "network": {
                **network(
                    source["ip"], destination["ip"], number, (source["port"], destination["port"])
                ),
                **totals,
                "direction": _direction(flow, malformed),
            },
            "observer": {"name": flow.get("tgw_id"), "type": "router", "vendor": "AWS"},
            "related": {"ip": unique(source["ip"], destination["ip"])},
            "tgwflow": {**_promoted(flow), **_flags(flow, malformed), **_losses(lost)},
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"tgwflow": flow}
    return document


def _event(flow: Flow, lost: Losses) -> dict[str, Any]:
    """``event``: a transit gateway allows or denies nothing, it passes packets on or loses them."""
    is_flow = flow.get("log_status") not in {"NODATA", "SKIPDATA"}
    reasons = [reason for reason, packets in lost.items() if packets]
    known = "unknown" if None in lost.values() else "success"
    return {
        "kind": "event",
        "category": ["network"],
        "type": ["connection"] if is_flow else ["info"],
        "outcome": ("failure" if reasons else known) if lost and is_flow else None,
        "reason": ", ".join(reasons) or None,
    }


def _lost(flow: Flow, malformed: list[str]) -> Losses:
    names = {reason: f"packets_lost_{reason}" for reason in LOSSES}
    return {r: count(flow[name], name, malformed) for r, name in names.items() if name in flow}


def _losses(lost: Losses) -> dict[str, int | None]:
    known = [packets for packets in lost.values() if packets is not None]
    return {
        "packets_lost": sum(known) if known else None,
        **{f"packets_lost_{reason}": packets for reason, packets in lost.items()},
    }


def _direction(flow: Flow, malformed: list[str]) -> str | None:
    direction = flow.get("flow_direction")
    if direction is None or direction in DIRECTIONS:
        return direction
    malformed.append("flow_direction")
    return None


def _flags(flow: Flow, malformed: list[str]) -> dict[str, Any]:
    flags = count(flow.get("tcp_flags"), "tcp_flags", malformed, highest=ALL_FLAGS)
    return {"tcp_flags": list(flag_names(flags or 0))}


def _promoted(flow: Flow) -> dict[str, Any]:
    """What dashboards aggregate and ECS has no field for; declared in ``fields.toml``."""
    return {
        "attachment_id": flow.get("tgw_attachment_id"),
        "pair_attachment_id": flow.get("tgw_pair_attachment_id"),
        "src_account_id": flow.get("tgw_src_vpc_account_id"),
        "dst_account_id": flow.get("tgw_dst_vpc_account_id"),
        "src_vpc_id": flow.get("tgw_src_vpc_id"),
        "dst_vpc_id": flow.get("tgw_dst_vpc_id"),
        "src_az_id": flow.get("tgw_src_az_id"),
        "dst_az_id": flow.get("tgw_dst_az_id"),
        "pkt_src_aws_service": flow.get("pkt_src_aws_service"),
        "pkt_dst_aws_service": flow.get("pkt_dst_aws_service"),
        "log_status": flow.get("log_status"),
    }
