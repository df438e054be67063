"""The incident: a leaked access key, reconnaissance, a mined instance, and how it ended."""

import random

from local.story import cloudtrail, dns, guardduty, vpc_flow, web
from local.story.clock import Clock
from local.story.cloudtrail import Call
from local.story.entry import Entry, Place
from local.story.organisation import (
    ANALYTICS,
    HOME,
    LEAKED,
    MINE,
    MINER,
    MINING_POOL,
    PEOPLE,
    PLATFORM,
    SCANNER,
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
        *web.probing(chance, Place(PLATFORM, HOME), clock),
        *_reconnaissance(chance, clock),
        *_takeover(chance, clock),
        *vpc_flow.mining(chance, MINE, clock),
        *dns.mining(chance, MINE, clock),
        *_findings(clock),
        *_response(chance, clock),
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


def _findings(clock: Clock) -> list[Entry]:
    """What GuardDuty makes of it: one finding with its updates, and the sequence at the end."""
    scanned = guardduty.instance("i-0a1b2c3d4e5f60718", "10.20.1.30", "t4g.medium")
    first_ms = clock.hours_before_end(2.1)
    mining = [
        guardduty.finding(
            MINE,
            first_ms + number * 900_000,
            number=5,
            kind="CryptoCurrency:EC2/BitcoinTool.B",
            severity=8.0,
            title=f"{MINER} talks to an address that is known for mining",
            resource=guardduty.miner(),
            action=guardduty.connection(MINING_POOL, 3333),
            count=1 + number * 15,
            first_ms=first_ms,
        )
        for number in range(4)
    ]
    key = guardduty.access_key()
    return [
        guardduty.finding(
            Place(PLATFORM, HOME), clock.hours_before_end(3.3), number=1,
            kind="Recon:EC2/PortProbeUnprotectedPort", severity=2.0,
            title="An unprotected port is being probed",
            resource=scanned, action=guardduty.port_probe(SCANNER, 22),
        ),
        guardduty.finding(
            VICTIM, clock.hours_before_end(2.9), number=2,
            kind="UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom", severity=5.0,
            title=f"{LEAKED.name} calls from an address on a threat list",
            resource=key, action=guardduty.api_call("sts", "GetCallerIdentity", LEAKED.address),
        ),
        guardduty.finding(
            VICTIM, clock.hours_before_end(2.7), number=3,
            kind="Recon:IAMUser/MaliciousIPCaller.Custom", severity=5.0,
            title=f"{LEAKED.name} looks around from an address on a threat list",
            resource=key,
            action=guardduty.api_call("iam", "ListUsers", LEAKED.address, "AccessDenied"),
        ),
        guardduty.finding(
            MINE, clock.hours_before_end(2.15), number=4,
            kind="CryptoCurrency:EC2/BitcoinTool.B!DNS", severity=8.0,
            title=f"{MINER} asks for a domain that is known for mining",
            resource=guardduty.miner(), action=guardduty.name_lookup("pool.example.com"),
        ),
        *mining,
        guardduty.finding(
            VICTIM, clock.hours_before_end(1.2), number=6,
            kind="AttackSequence:IAM/CompromisedCredentials", severity=9.0,
            title="A sequence of actions shows that credentials are compromised",
            resource={"resourceType": "AttackSequence"}, action=None,
        ),
        guardduty.finding(
            Place(ANALYTICS, HOME), clock.hours_before_end(9.5), number=7,
            kind="Policy:S3/BucketBlockPublicAccessDisabled", severity=2.0,
            title="Public access was allowed for a bucket",
            resource={"resourceType": "S3Bucket", "s3BucketDetails": [{
                "name": "example-analytics-exports", "type": "Destination",
                "arn": "arn:aws:s3:::example-analytics-exports"}]},
            action=guardduty.api_call("s3", "PutBucketPublicAccessBlock", "198.51.100.23"),
        ),
    ]  # fmt: skip
