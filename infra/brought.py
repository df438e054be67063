"""Prints what the policies of brought resources must say: ``python -m infra.brought -c sandbox``.

These are the statements that the deployment would give its own resources. Nobody here changes what
others own, so they are for its owner to put there; ``python -m ops preflight`` looks whether they
are.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from infra.config import DeploymentConfig, config_path
from infra.errors import ConfigError
from infra.names import SETUP_ROLE
from infra.resource_policies import (
    Statement,
    bucket_policy,
    domain_policy,
    key_policy,
    master_rights,
    master_trust,
    partition,
)
from infra.sources import own_trail

NOTHING = "Nothing is brought: the deployment makes its own, and their policies with them."


class Needed(NamedTuple):
    """What one policy must say.

    Attributes:
        section: The configuration's key that names whose policy it is.
        resource: Its ARN.
        policy: Which of its policies.
        statements: What must be in it.
    """

    section: str
    resource: str
    policy: str
    statements: Sequence[Statement]


def needed(config: DeploymentConfig) -> Iterator[Needed]:
    """Every policy of everything that is brought.

    A stream is reached by roles of its own account alone, a VPC by whoever is in it.
    """
    account, region = config.central.account, config.central.region
    if config.key.existing:
        copies = config.members.centralises
        statements = key_policy(
            account,
            region,
            config.bucket_accounts,
            keeps_copies=copies,
            trail_arn=own_trail(config),
        )
        yield Needed("key.existing", config.key.existing, "key policy", statements)
    if config.archive.existing:
        bucket = f"arn:{partition(region)}:s3:::{config.archive.existing}"
        yield Needed("archive.existing", bucket, "bucket policy", bucket_policy(bucket))
    domain = config.search.existing
    if domain:
        may_knock, maps = domain_policy(domain.arn, account), master_rights(domain.arn)
        trust = master_trust(setup_role_arn(config))
        yield Needed("search.existing.arn", domain.arn, "access policy", may_knock)
        master = domain.master_role
        yield Needed("search.existing.master_role", master, "trust policy", trust)
        yield Needed("search.existing.master_role", master, "permissions policy", maps)


def setup_role_arn(config: DeploymentConfig) -> str:
    """The setup function's role, whose name is fixed and whose path is configured."""
    account, path = config.central.account, config.access.role_path
    return f"arn:{partition(config.central.region)}:iam::{account}:role{path}{SETUP_ROLE}"


def as_text(config: DeploymentConfig) -> Iterator[str]:
    """A heading for each policy, and its statements as JSON."""
    found = tuple(needed(config))
    for each in found:
        yield f"{each.section}: {each.policy} of {each.resource}"
        yield json.dumps(list(each.statements), indent=2)
        yield ""
    if not found:
        yield NOTHING


def main(words: Sequence[str]) -> int:
    """Run one command line.

    Raises:
        SystemExit: the words or the configuration are wrong; code 2.
    """
    parser = argparse.ArgumentParser(prog="python -m infra.brought", description=__doc__)
    parser.add_argument("-c", "--config", default="sandbox", help="sandbox, production, or a file")
    given = parser.parse_args(words)
    try:
        config = DeploymentConfig.load(config_path(given.config))
    except ConfigError as wrong:
        parser.error(str(wrong))
    sys.stdout.write("\n".join(as_text(config)).rstrip() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
