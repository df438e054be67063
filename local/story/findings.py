"""What GuardDuty makes of the incident, and of a bucket that somebody opened that morning."""

from local.story import guardduty
from local.story.clock import Clock
from local.story.entry import Entry, Place
from local.story.organisation import (
    ANALYTICS,
    HOME,
    LEAKED,
    MINE,
    MINER,
    MINING_POOL,
    PLATFORM,
    SCANNER,
    VICTIM,
)


def findings(clock: Clock) -> list[Entry]:
    """One finding with its updates, and the sequence at the end."""
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
