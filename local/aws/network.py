# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""EC2's catalogue of endpoints, with the services of this project that MiniStack leaves out.

Reference: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
"""

from typing import Final

from ministack.services import ec2

from local.aws import patching
from local.aws.settings import Settings

LEFT_OUT: Final = ("kinesis-firehose", "organizations")


def apply(_settings: Settings) -> None:
    """Offer them beside MiniStack's own.

    Raises:
        ValueError: MiniStack offers one itself.
    """
    patching.require(ec2, "_VPCE_INTERFACE_SERVICES")
    known = set(LEFT_OUT) & set(ec2._VPCE_INTERFACE_SERVICES)
    if known:
        raise ValueError(f"MiniStack knows endpoints of {', '.join(sorted(known))}: drop ours")
    patching.wrap(ec2, "_VPCE_INTERFACE_SERVICES", lambda theirs: (*theirs, *LEFT_OUT))
