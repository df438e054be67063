"""Says whether anything is still on its way, so that nobody has to guess how long to wait.

``GET /_local/idle`` gives ``{"idle": true, "pending": {}}``, or what is pending where.
"""

from local.aws import esm_queue, esm_reader, firehose_plane
from local.aws.routes import route
from local.aws.settings import Settings
from local.aws.stack_sets import joining

PATH = "/_local/idle"


def report() -> dict[str, object]:
    """Give ``{"idle": bool, "pending": {place: records}}``.

    Counts in the direction of the data: a record that moves on meanwhile is met again, not missed.
    """
    pending = {**joining.pending(), **esm_queue.pending()}
    pending |= esm_reader.pending()
    pending |= firehose_plane.pending()
    return {"idle": not pending, "pending": pending}


def apply(_settings: Settings) -> None:
    """Answer ``GET /_local/idle``."""
    route("GET", PATH, lambda _request: report())
