"""Waits until nothing moves: nothing arrives, the stream is read, what was buffered is delivered.

CloudWatch knows all of it, a minute or two late; so nothing may have moved for as long as the
longest buffers take, and a little longer.
"""

from collections.abc import Callable, Iterator, Sequence
from math import ceil
from typing import Final

from ops.destroy.choice import HaltError, Run
from ops.destroy.plan import Plan
from ops.refusal import unless
from ops.stacks import Resource

LOOK_SECONDS: Final = 30
LATE_MINUTES: Final = 3
"""How late CloudWatch's values may come."""

LEAST_BUFFER: Final = 60  # seconds, of the raw archive's delivery stream


def await_quiet(run: Run, plan: Plan) -> None:
    """Wait, telling every so often what still moves.

    Raises:
        HaltError: something still moves at the deadline.
    """
    if not run.wait_minutes:
        run.say("not waiting: what is under way is lost")
        return
    moving: list[str] = []
    for passed in run.ticks(LOOK_SECONDS, run.wait_minutes, first=LOOK_SECONDS):
        moving = list(_moving(run, plan))
        if not moving:
            run.say("nothing moves any more")
            return
        run.say(f"{passed / 60:3.0f} min: {'; '.join(moving)}")
    raise HaltError(
        f"after {run.wait_minutes} minutes, {'; '.join(moving)}. python -m ops doctor says what "
        "holds it up; then run this again. --wait-minutes 0 gives up what is under way"
    )


def window_minutes(run: Run) -> int:
    """For how long nothing may have moved: through both buffers, and until CloudWatch knows."""
    function, delivery = run.config.function, run.config.delivery
    seconds = (
        function.batch_window_seconds
        + max(delivery.buffer_seconds, LEAST_BUFFER)
        + delivery.buffer_seconds
    )
    return ceil(seconds / 60) + LATE_MINUTES


def _moving(run: Run, plan: Plan) -> Iterator[str]:
    """What still moves, in words. Data that is to be removed needs no delivery.

    A stream that was brought stays, with what others put on it; it is not waited for.
    """
    for stream in _of(plan, "AWS::Kinesis::Stream"):
        named = {"StreamName": stream.id}
        yield from _arriving(run, "AWS/Kinesis IncomingRecords", named, "arrive on the stream")
    if run.data == "keep":
        for look in (_unread, _buffered, _queued):
            yield from look(run, plan)


def _arriving(run: Run, metric: str, named: dict[str, str], what: str) -> Iterator[str]:
    minutes = window_minutes(run)
    count = sum(run.view.metric(metric, named, "Sum", minutes=minutes))
    if count:
        yield f"{count:.0f} records in {minutes} minutes {what}"


def _unread(run: Run, plan: Plan) -> Iterator[str]:
    """How far the slowest reader is behind. Nobody reads a stream that has no value of it."""
    metric = "AWS/Kinesis GetRecords.IteratorAgeMilliseconds"
    for stream in _of(plan, "AWS::Kinesis::Stream"):
        named = {"StreamName": stream.id}
        late = run.view.metric(metric, named, "Maximum", minutes=window_minutes(run))
        today = run.view.metric("AWS/Kinesis IncomingRecords", named, "Sum", minutes=_DAY)
        if late and late[-1]:
            yield f"the stream is read {late[-1] / 1000:.0f} s late"
        elif any(today) and not late:
            yield "nobody reads the stream, which has records of today"


_DAY: Final = 1_440  # minutes: as many values as CloudWatch gives at once


def _buffered(run: Run, plan: Plan) -> Iterator[str]:
    """What Firehose has taken and may not have written."""
    for stream in _of(plan, "AWS::KinesisFirehose::DeliveryStream"):
        named = {"DeliveryStreamName": stream.id}
        yield from _arriving(run, "AWS/Firehose IncomingRecords", named, f"arrive at {stream.id}")


def _queued(run: Run, plan: Plan) -> Iterator[str]:
    """What queues hold: announced objects, and what was set aside, which goes with its queue."""
    for queue in _of(plan, "AWS::SQS::Queue"):
        count = unless({"AWS.SimpleQueueService.NonExistentQueue"}, _messages(run, queue))
        if count:
            yield f"{count} messages in {queue.id.rpartition('/')[2]}"


def _messages(run: Run, queue: Resource) -> Callable[[], int]:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def count() -> int:
        sqs = run.view.client("sqs", queue.region)
        told = sqs.get_queue_attributes(QueueUrl=queue.id, AttributeNames=names)
        return sum(map(int, told["Attributes"].values()))

    return count


def _of(plan: Plan, type_: str) -> Sequence[Resource]:
    return [
        resource
        for stack in plan.others
        for resource in plan.resources[stack.id]
        if resource.type == type_
    ]
