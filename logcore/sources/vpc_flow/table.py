"""The document of one flow, as a table: see ``logcore.mapping`` for how it is read.

Its record is the columns of a line that hold something, by field name with underscores.
"""

from logcore.mapping import MALFORMED, At, Of, Table, When
from logcore.provenance import PLACE, RECORD
from logcore.sources.vpc_flow.columns import (
    account_of,
    address,
    community_of,
    count,
    direction_of,
    flag_names,
    is_egress,
    is_ingress,
    moment,
    own_id,
    path_of,
    port,
    protocol_of,
    verdict_of,
)

verdict = Of(verdict_of, At("action"), At("log_status"), MALFORMED)
start, end = At("start", moment), At("end", moment)
source, source_port = At("srcaddr", address), At("srcport", port)
destination, destination_port = At("dstaddr", address), At("dstport", port)
packet_source, packet_destination = At("pkt_srcaddr", address), At("pkt_dstaddr", address)
protocol = At("protocol", protocol_of)
size, packets = At("bytes", count), At("packets", count)
direction = At("flow_direction", direction_of)
interface = At("interface_id")

DOCUMENT: Table = {
    "@timestamp": end,
    "event": {
        "kind": "event",
        "category": ["network"],
        "type": verdict.type,
        "action": verdict.action,
        "outcome": verdict.outcome,
        "reason": At("reject_reason"),
        "start": start,
        "end": end,
    },
    "source": {
        "address": At("srcaddr"),
        "ip": source.text,
        "port": source_port,
        "bytes": size,
        "packets": packets,
    },
    "destination": {"address": At("dstaddr"), "ip": destination.text, "port": destination_port},
    "network": {
        "type": source.version,
        "iana_number": protocol.number,
        "transport": protocol.keyword,
        "community_id": Of(
            community_of, source, destination, source_port, destination_port, protocol
        ),
        "direction": direction,
        "bytes": size,
        "packets": packets,
    },
    "observer": {
        "ingress": When(Of(is_ingress, direction), {"interface": {"id": interface}}),
        "egress": When(Of(is_egress, direction), {"interface": {"id": interface}}),
    },
    "cloud": {
        "account": {"id": Of(account_of, At("account_id"))},
        "region": At("region"),
        "availability_zone": At("az_id"),
        "instance": {"id": At("instance_id")},
    },
    "container": {"id": At("ecs_container_id")},
    "orchestrator": {
        "cluster": {"id": At("ecs_cluster_arn"), "name": At("ecs_cluster_name")},
        "resource": {
            "id": At("ecs_container_instance_id"),
            "name": At("ecs_container_instance_arn"),
        },
    },
    "service": {"name": At("ecs_service_name")},
    "related": {"ip": [source.text, destination.text, packet_source.text, packet_destination.text]},
    "vpcflow": {
        "interface_id": interface,
        "log_status": At("log_status"),
        "encryption_status": At("encryption_status"),
        "pkt_srcaddr": packet_source.text,
        "pkt_dstaddr": packet_destination.text,
        "pkt_src_aws_service": At("pkt_src_aws_service"),
        "pkt_dst_aws_service": At("pkt_dst_aws_service"),
        "resource_id": At("resource_id"),
        "subnet_id": At("subnet_id"),
        "tcp_flags": At("tcp_flags", flag_names),
        "traffic_path": Of(path_of, At("traffic_path")),
        "vpc_id": At("vpc_id"),
    },
}
"""Without ``aws.vpcflow``: a format adds its own columns there."""

NATURAL = DOCUMENT | {"event": {**DOCUMENT["event"], "id": Of(own_id, RECORD)}}
"""The same with an identity of its own, for lines that say all that tells two flows apart."""

RECURRING = (
    (
        *("version", "account_id", "interface_id", "protocol", "action", "log_status", "type"),
        *("vpc_id", "subnet_id", "instance_id", "region", "az_id", "flow_direction"),
        PLACE,
    ),
)
"""What comes again and again, together: the interface, and what happens there."""
