"""Community ID v1: one name for a network flow, equal in every tool and for both directions.

Reference: https://github.com/corelight/community-id-spec
"""

from binascii import b2a_base64
from hashlib import sha1
from struct import Struct

_SEED = 0  # the specification's default: one domain for everybody
_PARTS = {n: Struct(f"!H{n}s{n}sBx").pack for n in (4, 16)}
_PARTS_AND_PORTS = {n: Struct(f"!H{n}s{n}sBxHH").pack for n in (4, 16)}
"""What is hashed, by the length of an address."""

_ICMP, _ICMP6 = 1, 58
_WITH_PORTS = frozenset({6, 17, 132})  # TCP, UDP, SCTP
NEEDS_PORTS = _WITH_PORTS | {_ICMP, _ICMP6}
"""Protocols whose flows only ports, or a message's type and code, tell apart."""

# Types of message that answer each other, from Zeek's analyser, which the specification refers to:
# https://github.com/zeek/zeek/blob/master/src/packet_analysis/protocol/icmp/ICMP.cc
_ICMP_PAIRS = ((8, 0), (10, 9), (13, 14), (15, 16), (17, 18))
_ICMP6_PAIRS = ((128, 129), (130, 131), (133, 134), (135, 136), (139, 140), (144, 145))
_ANSWERS = {
    protocol: dict(pairs) | {answer: question for question, answer in pairs}
    for protocol, pairs in ((_ICMP, _ICMP_PAIRS), (_ICMP6, _ICMP6_PAIRS))
}


def community_id(
    source: bytes, destination: bytes, source_port: int, destination_port: int, protocol: int
) -> str:
    """The Community ID of a flow: ``1:`` and 28 characters of base64.

    Args:
        source: Address of one end, packed in network order, 4 or 16 bytes.
        destination: Address of the other end.
        source_port: Port of one end; for ICMP the message's type.
        destination_port: Port of the other end; for ICMP the message's code.
        protocol: IANA number, 0 to 255. Only TCP, UDP, SCTP and ICMP have ports to speak of.
    """
    has_ports = protocol in _WITH_PORTS
    is_one_way = False
    if not has_ports and (answers := _ANSWERS.get(protocol)):
        is_one_way, has_ports = source_port not in answers, True
        destination_port = answers.get(source_port, destination_port)
    left, right = source, destination
    if not is_one_way and (destination, destination_port) < (source, source_port):
        left, right = destination, source
        source_port, destination_port = destination_port, source_port
    length = len(left)
    if has_ports:
        ports = source_port, destination_port
        parts = _PARTS_AND_PORTS[length](_SEED, left, right, protocol, *ports)
    else:
        parts = _PARTS[length](_SEED, left, right, protocol)
    return f"1:{b2a_base64(sha1(parts, usedforsecurity=False).digest(), newline=False).decode()}"
