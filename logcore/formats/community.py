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
    if protocol in _WITH_PORTS:
        if destination < source or (destination == source and destination_port < source_port):
            source, destination = destination, source
            source_port, destination_port = destination_port, source_port
        pack = _PARTS_AND_PORTS[len(source)]
        parts = pack(_SEED, source, destination, protocol, source_port, destination_port)
    else:
        parts = _without_ports(source, destination, source_port, destination_port, protocol)
    return f"1:{b2a_base64(sha1(parts, usedforsecurity=False).digest(), newline=False).decode()}"


def _without_ports(source: bytes, destination: bytes, kind: int, code: int, protocol: int) -> bytes:
    """What is hashed of messages: an answer counts as its question, any other goes one way."""
    answers = _ANSWERS.get(protocol)
    if answers is None:
        return _PARTS[len(source)](_SEED, *sorted((source, destination)), protocol)
    answer = answers.get(kind, code)
    if kind in answers and (destination, answer) < (source, kind):
        source, destination, kind, answer = destination, source, answer, kind
    return _PARTS_AND_PORTS[len(source)](_SEED, source, destination, protocol, kind, answer)
