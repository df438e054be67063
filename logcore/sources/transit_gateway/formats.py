"""Which column of a transit gateway's line is which field.

Reference: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html#flow-log-records
"""

from logcore.formats.flow_formats import FlowFields

AWS_ORDER = [
    name
    for line in (
        "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id",
        "tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id",
        "tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr",
        "dstaddr srcport dstport protocol packets bytes start end log-status type",
        "packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded",
        "packets-lost-ttl-expired tcp-flags region flow-direction pkt-src-aws-service",
        "pkt-dst-aws-service",
    )
    for name in line.split()
]
"""Every field there is, which is the default format as well."""

FIELDS = FlowFields(
    source="transit_gateway",
    known=frozenset(AWS_ORDER),
    telling_apart=frozenset(AWS_ORDER[16:21])  # both ends and the protocol
    | {"tgw-attachment-id", "flow-direction", "start", "end"},
)
DEFAULT = FIELDS.format_of(AWS_ORDER)
