"""What the numbers in a flow log line stand for."""

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
