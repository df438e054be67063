"""Does what is asked, patient with rights that are still on their way."""

import time
from collections.abc import Callable
from typing import Final

from botocore.exceptions import ClientError

from lambdas.enrol_organisation.services import SERVICES, Work

PATIENCE_S: Final = 90  # a new role is known everywhere within a minute
PAUSE_S: Final = 5

ON_THEIR_WAY: Final = frozenset(
    {
        *("AccessDenied", "AccessDeniedException", "InsufficientEncryptionPolicyException"),
        *("InsufficientS3BucketPolicyException", "InvalidCloudWatchLogsLogGroupArnException"),
        "InvalidCloudWatchLogsRoleArnException",
    }
)
"""What services say while a role or a policy that was just made has not reached them."""

type Clock = Callable[[], float]
type Pause = Callable[[float], None]


def run(work: Work, *, clock: Clock = time.monotonic, pause: Pause = time.sleep) -> str:
    """Enrol or leave; says in words what was done.

    Raises:
        KeyError: there is no such service.
        ClientError: AWS refused, or rights did not arrive in time.
        EnrolmentError: some accounts could not be enrolled.
    """
    service = SERVICES[work.request.service]
    if work.request.kind == "Delete":
        return _removed(work)
    deadline = clock() + PATIENCE_S
    while True:
        try:
            return service.enrol(work)
        except ClientError as refused:
            if refused.response["Error"]["Code"] not in ON_THEIR_WAY or clock() >= deadline:
                raise
        pause(PAUSE_S)


def _removed(work: Work) -> str:
    """Leave on what was switched on, unless the deployment said otherwise."""
    if work.settings.when_removed == "keep":
        return f"{work.request.service} stays on; when_removed is keep"
    return SERVICES[work.request.service].leave(work)
