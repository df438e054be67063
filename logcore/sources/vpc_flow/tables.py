"""What the numbers in a flow log line stand for."""

TRANSPORTS = {
    0: "hopopt",
    1: "icmp",
    2: "igmp",
    4: "ipv4",
    6: "tcp",
    8: "egp",
    17: "udp",
    33: "dccp",
    41: "ipv6",
    43: "ipv6-route",
    44: "ipv6-frag",
    46: "rsvp",
    47: "gre",
    50: "esp",
    51: "ah",
    58: "ipv6-icmp",
    59: "ipv6-nonxt",
    60: "ipv6-opts",
    88: "eigrp",
    89: "ospf",
    94: "ipip",
    97: "etherip",
    103: "pim",
    108: "ipcomp",
    112: "vrrp",
    115: "l2tp",
    132: "sctp",
    136: "udplite",
    137: "mpls-in-ip",
}
"""Protocol keyword, lower case, by number: https://www.iana.org/assignments/protocol-numbers"""

TCP_FLAGS = {1: "fin", 2: "syn", 4: "rst", 8: "psh", 16: "ack", 32: "urg", 64: "ece", 128: "cwr"}
"""Name of each bit: RFC 9293, section 3.1. A window's flags are OR-ed together."""

TRAFFIC_PATHS = {
    "1": "same_vpc",
    "2": "internet_or_gateway_endpoint",
    "3": "virtual_private_gateway",
    "4": "vpc_peering_same_region",
    "5": "vpc_peering_other_region",
    "6": "local_gateway",
    "7": "gateway_endpoint",
    "8": "internet_gateway",
}
"""Way that leaving traffic takes, by the number in ``traffic-path``:
https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-fields"""

ACTIONS = {
    "ACCEPT": ("accept", "success", "allowed"),
    "REJECT": ("reject", "failure", "denied"),
}
"""``event.action``, ``event.outcome`` and the ``event.type`` that goes with it."""

LOG_STATUSES = frozenset({"OK", "NODATA", "SKIPDATA"})

DIRECTIONS = frozenset({"ingress", "egress"})
