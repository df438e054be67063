"""The incident: a leaked access key, reconnaissance, a mined instance, and how it ended."""

import random

from local.story import cloudtrail, dns, eks, machines, nginx, rds, vpc_flow, web
from local.story.clock import Clock
from local.story.cloudtrail import Call
from local.story.entry import Entry, Place
from local.story.findings import findings
from local.story.organisation import (
    HOME,
    LEAKED,
    MINE,
    MINER,
    PEOPLE,
    PLATFORM,
    VICTIM,
)

RECONNAISSANCE = (
    Call("sts", "GetCallerIdentity"),
    Call("iam", "ListUsers"),
    Call("iam", "ListAttachedUserPolicies", {"userName": LEAKED.name}),
    Call("iam", "ListAccessKeys", {"userName": "admin"}),
    Call("s3", "ListBuckets"),
    Call("secretsmanager", "ListSecrets"),
    Call("ec2", "DescribeInstances"),
    Call("ec2", "DescribeVpcs"),
    Call("organizations", "ListAccounts"),
    Call("iam", "CreateUser", {"userName": "support"}, read_only=False),
    Call("iam", "CreateAccessKey", {"userName": "admin"}, read_only=False),
)
ALLOWED = frozenset({"GetCallerIdentity", "DescribeInstances", "DescribeVpcs", "ListBuckets"})


def incident(chance: random.Random, clock: Clock) -> list[Entry]:
    """Every trace that the incident leaves, in no particular order."""
    return [
        *vpc_flow.scan(chance, Place(PLATFORM, HOME), clock),
        *_scanned(chance, Place(PLATFORM, HOME), clock),
        *_reconnaissance(chance, clock),
        *_takeover(chance, clock),
        *vpc_flow.mining(chance, MINE, clock),
        *dns.mining(chance, MINE, clock),
        *eks.looking_around(chance, VICTIM, clock),
        *findings(clock),
        *_response(chance, clock),
    ]


def _scanned(chance: random.Random, place: Place, clock: Clock) -> list[Entry]:
    """What the scanner tries on everything that it finds, past the network's own refusals."""
    return [
        *web.probing(chance, place, clock),
        *nginx.probing(chance, place, clock),
        *machines.guessing(chance, place, clock),
        *rds.guessing(chance, place, clock),
    ]


def _reconnaissance(chance: random.Random, clock: Clock) -> list[Entry]:
    """The stranger with the key looks around, mostly denied, for half an hour."""
    begin = clock.hours_before_end(3.0)
    calls = [call for call in RECONNAISSANCE for _ in range(chance.randrange(2, 7))]
    return [
        cloudtrail.line(
            chance,
            VICTIM,
            begin + number * 30_000 + chance.randrange(20_000),
            LEAKED,
            call,
            error="" if call.name in ALLOWED else "AccessDenied",
        )
        for number, call in enumerate(calls)
    ]


def _takeover(chance: random.Random, clock: Clock) -> list[Entry]:
    """What the key does allow: machines, in a region that nobody uses."""
    asked = {"instanceType": "g5.12xlarge", "minCount": 1, "maxCount": 1}
    given = {"instancesSet": {"items": [{"instanceId": MINER, "instanceType": "g5.12xlarge"}]}}
    run = Call("ec2", "RunInstances", asked, read_only=False)
    return [
        cloudtrail.line(
            chance, MINE, clock.hours_before_end(2.35), LEAKED, run, error="Client.DryRunOperation"
        ),
        cloudtrail.line(chance, MINE, clock.hours_before_end(2.3), LEAKED, run, result=given),
        *(
            cloudtrail.sign_in(
                chance, VICTIM, clock.hours_before_end(2.6) + n * 9_000, LEAKED, success=False
            )
            for n in range(6)
        ),
    ]


def _response(chance: random.Random, clock: Clock) -> list[Entry]:
    """The operator signs in, stops the machine and switches the key off."""
    operator = PEOPLE[2]
    stop = Call(
        "ec2",
        "TerminateInstances",
        {"instancesSet": {"items": [{"instanceId": MINER}]}},
        read_only=False,
    )
    key = {"userName": LEAKED.name, "accessKeyId": LEAKED.key, "status": "Inactive"}
    switch_off = Call("iam", "UpdateAccessKey", key, read_only=False)
    return [
        cloudtrail.sign_in(chance, VICTIM, clock.hours_before_end(0.9), operator, success=True),
        cloudtrail.line(chance, VICTIM, clock.hours_before_end(0.8), operator, switch_off),
        cloudtrail.line(chance, MINE, clock.hours_before_end(0.7), operator, stop),
    ]
