"""Whether ``cdk bootstrap`` has been there, and recently enough."""

from ops.answer import Answer, error, ok
from ops.refusal import unless
from ops.view import View

PARAMETER = "/cdk-bootstrap/hnb659fds/version"
"""Where the bootstrap stack says its version:
https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html"""

LEAST = 6
"""What every stack of the app demands by a rule of its template."""


def version(region: str, view: View) -> Answer:
    """The central account is bootstrapped in the region.

    Reference: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
    """
    ssm = view.client("ssm", region)
    there = unless({"ParameterNotFound"}, lambda: ssm.get_parameter(Name=PARAMETER))
    found = there["Parameter"]["Value"] if there else ""
    if found.isdigit() and int(found) >= LEAST:
        return ok(f"version {found}")
    return error(
        f"version {found}" if found else "not bootstrapped",
        f"version {LEAST} or later",
        f"node_modules/.bin/cdk bootstrap aws://{view.config.central.account}/{region}",
    )
