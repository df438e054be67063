"""What rights are for: each use of a deployment, tried, and whether it worked."""

import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError

from infra.names import FUNCTION_LOGS, OBJECTS_QUEUE, ORGANISATION_KEY, UNDELIVERED_PREFIX
from local.aws.process import CLIENT_CONFIG
from local.deploy.config import FILES
from local.laptop import Laptop
from local.story.application import CHECKOUT
from local.story.entry import Place
from local.story.organisation import CENTRAL, HOME, SHOP
from tests.e2e_local.rights import Right

PATIENCE_S = 90.0
AWAY = Place(SHOP, "eu-west-1")
PIPELINE = "CentralLogs-sandbox-pipeline"
FLOW_GROUP = "/aws/vpc/flow"


@dataclass
class Uses:
    """One running deployment.

    Attributes:
        laptop: It.
        rights: All its statements, for uses that take another right away to be seen.
        patience_s: How long something may take before it counts as not working.
    """

    laptop: Laptop
    rights: tuple[Right, ...] = ()
    patience_s: float = PATIENCE_S
    _refused: int = 0
    _number: int = field(default_factory=time.time_ns)

    def line(self) -> bool:
        """A line of a member's log group is in the index, and the function tells of it."""
        marker, said = self._marker("line"), self._lines_of("normalise")
        self._put(CHECKOUT, marker)
        return self._seen(lambda: self._hits(marker) > 0 and self._lines_of("normalise") > said)

    def cold_line(self) -> bool:
        """The same by a function that has just started, which reads its lookups."""
        self._renew("Normalise")
        marker = self._marker("cold")
        self._put(CHECKOUT, marker)
        return self._seen(lambda: self._hits(marker, named=True) > 0)

    def reject(self) -> bool:
        """A line that cannot be understood is kept."""
        kept = self._objects("rejects/")
        self._put(FLOW_GROUP, f"2 {self._marker('malformed')}")
        return self._seen(lambda: self._objects("rejects/") > kept)

    def archived(self) -> bool:
        """What came by the stream is in the archive."""
        kept = self._objects("raw/")
        self._put(CHECKOUT, self._marker("archived"))
        return self._seen(lambda: self._objects("raw/") > kept)

    def event(self) -> bool:
        """An event of a member's bus is in the index."""
        marker = self._marker("event")
        self._announce(marker)
        return self._seen(lambda: self._events(marker) > 0)

    def event_set_aside(self) -> bool:
        """An event that the stream does not take is kept in a queue."""
        self._empty("NormaliseSetAside")
        with self._right("EventsRole", "PutEventsOnTheStream").without():
            self._announce(self._marker("aside"))
            return self._waits("NormaliseSetAside")

    def batch_set_aside(self) -> bool:
        """A batch that fails to its last try is named in a queue."""
        mappings = self.laptop.client("lambda")
        (mapping,) = (
            each
            for each in mappings.list_event_source_mappings()["EventSourceMappings"]
            if "kinesis" in each["EventSourceArn"]
        )
        tries, uuid = mapping["MaximumRetryAttempts"], mapping["UUID"]
        self._empty("NormaliseSetAside")
        mappings.update_event_source_mapping(UUID=uuid, MaximumRetryAttempts=0)
        try:
            with self._right("NormaliseFunctionRole", "DeliverDocuments").without():
                self._put(CHECKOUT, self._marker("aside"))
                return self._waits("NormaliseSetAside")
        finally:
            mappings.update_event_source_mapping(UUID=uuid, MaximumRetryAttempts=tries)

    def file(self) -> bool:
        """A log file is read, what is wrong in it kept, and the function tells of it."""
        marker, said = self._marker("file"), self._lines_of("read_objects")
        kept = self._objects("rejects/")
        self._put_file(f"{marker}\n".encode(), cut=8)
        return self._seen(
            lambda: (
                self._objects("rejects/") > kept
                and self._hits(marker) >= 0
                and self._lines_of("read_objects") > said
            )
        )

    def whole_file(self) -> bool:
        """A log file's lines are in the index."""
        marker = self._marker("whole file")
        self._put_file(f"{marker}\n".encode())
        return self._seen(lambda: self._hits(marker) > 0)

    def cold_file(self) -> bool:
        """The same by a function that has just started."""
        self._renew("ObjectReader")
        marker = self._marker("cold file")
        self._put_file(f"{marker}\n".encode())
        return self._seen(lambda: self._hits(marker, named=True) > 0)

    def notified_file(self) -> bool:
        """A log file that the bucket itself announces is in the index."""
        s3, sqs = self.laptop.client("s3"), self.laptop.client("sqs")
        url = sqs.get_queue_url(QueueName=OBJECTS_QUEUE)["QueueUrl"]
        asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        to_queue = {"QueueArn": asked["Attributes"]["QueueArn"], "Events": ["s3:ObjectCreated:*"]}
        marker = self._marker("notified")
        try:
            s3.put_bucket_notification_configuration(
                Bucket=FILES, NotificationConfiguration={"QueueConfigurations": [to_queue]}
            )
            self._put_file(f"{marker}\n".encode())
            return self._seen(lambda: self._hits(marker) > 0)
        except ClientError:
            return False
        finally:
            s3.put_bucket_notification_configuration(
                Bucket=FILES, NotificationConfiguration={"EventBridgeConfiguration": {}}
            )

    def gone_file(self) -> bool:
        """A log file that was deleted before it could be read is counted as that."""
        sqs, key = self.laptop.client("sqs"), f"AWSLogs/{SHOP}/gone/{time.time_ns()}.log.gz"
        self._marker("gone file")
        gone = self._metric("ObjectsGone")
        detail = {"bucket": {"name": FILES}, "object": {"key": key, "size": 1}}
        announced = {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}
        url = sqs.get_queue_url(QueueName=OBJECTS_QUEUE)["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(announced))
        return self._seen(lambda: self._metric("ObjectsGone") > gone)

    def continued_file(self) -> bool:
        """A log file for which the time does not last is read to its end by later invocations."""
        functions, name = self.laptop.client("lambda"), self._function("ObjectReader")
        before = functions.get_function_configuration(FunctionName=name)["Environment"]
        hurried = before["Variables"] | {"RESERVE_SECONDS": "1000"}
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": hurried}
        )
        try:
            marker = self._marker("continued")
            continued = self._metric("ObjectsContinued")
            self._put_file(f"{marker}\n".encode())
            return self._seen(lambda: self._metric("ObjectsContinued") > continued)
        finally:
            functions.update_function_configuration(FunctionName=name, Environment=before)

    def file_set_aside(self) -> bool:
        """An announcement that the queue does not take is kept in another one."""
        self._empty("ObjectQueueSetAside")
        with self._right("ObjectQueueAnnouncements", "RulesAnnounceObjects").without():
            self._put_file(f"{self._marker('aside')}\n".encode())
            return self._waits("ObjectQueueSetAside")

    def undelivered(self) -> bool:
        """A document that the index refuses is kept, and the delivery stream tells of it."""
        prefix, group = f"{UNDELIVERED_PREFIX}documents/", f"{FUNCTION_LOGS}delivery"
        kept, said = self._objects(prefix), self._lines(group)
        document = {"@timestamp": "never", "event": {"id": "x", "dataset": "generic"}}
        firehose = self.laptop.client("firehose")
        (stream,) = (
            name
            for name in firehose.list_delivery_streams()["DeliveryStreamNames"]
            if "Archive" not in name
        )
        firehose.put_record(
            DeliveryStreamName=stream, Record={"Data": json.dumps(document).encode()}
        )
        return self._seen(lambda: self._objects(prefix) > kept and self._lines(group) > said)

    def archive_told(self) -> bool:
        """What keeps the archive from being written stands in its log."""
        group = f"{FUNCTION_LOGS}archive"
        said = self._lines(group)
        with self._right("RawArchiveRole", "DeliverObjects").without():
            self._put(CHECKOUT, self._marker("unarchived"))
            return self._seen(lambda: self._lines(group) > said, refusals=False)

    def snapshot(self) -> bool:
        """The organisation is read and kept, and the function tells of it."""
        said = self._lines_of("snapshot_organisation")
        if not self._invoked("OrganisationFunction"):
            return False
        return self._seen(lambda: self._lines_of("snapshot_organisation") > said)

    def schedule(self) -> bool:
        """The snapshot is taken by its schedule."""
        self._marker("schedule")
        s3, bucket = self.laptop.client("s3"), self.laptop.output("ArchiveBucket")
        before = s3.get_object(Bucket=bucket, Key=ORGANISATION_KEY)["LastModified"]
        scheduler = self.laptop.client("scheduler")
        found = next(iter(scheduler.list_schedules()["Schedules"]))
        whole = scheduler.get_schedule(Name=found["Name"])
        kept = ("ScheduleExpression", "FlexibleTimeWindow", "Target")
        again = f"again-{time.time_ns()}"
        scheduler.create_schedule(Name=again, **{key: whole[key] for key in kept})
        try:
            return self._seen(
                lambda: s3.get_object(Bucket=bucket, Key=ORGANISATION_KEY)["LastModified"] > before
            )
        finally:
            scheduler.delete_schedule(Name=again)

    def setup(self) -> bool:
        """Roles, templates and dashboards are put into the domain."""
        said = self._lines_of("search_setup")
        if not self._invoked("SearchSetupFunction", {"RequestType": "Update"}):
            return False
        return self._seen(lambda: self._lines_of("search_setup") > said)

    def deployment(self) -> bool:
        """A deployment whose saved objects changed has them put again."""
        api = self.laptop.client("cloudformation")
        body = api.get_template(StackName=PIPELINE)["TemplateBody"]
        template = json.loads(body) if isinstance(body, str) else body
        (custom,) = (
            r for r in template["Resources"].values() if r["Type"] == "Custom::SearchSetup"
        )
        custom["Properties"]["Objects"] = self._marker("objects")
        said = self._lines_of("search_setup_provider")
        api.update_stack(
            StackName=PIPELINE,
            TemplateBody=json.dumps(template),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        ended = self._seen(lambda: not self._state().endswith("_IN_PROGRESS"), refusals=False)
        return (
            ended
            and self._state() == "UPDATE_COMPLETE"
            and self._seen(lambda: self._lines_of("search_setup_provider") > said)
        )

    def alarm(self) -> bool:
        """An alarm reaches its topic."""
        watch = self.laptop.client("cloudwatch")
        (alarm,) = watch.describe_alarms(AlarmNamePrefix=f"{PIPELINE}-Loop")["MetricAlarms"]
        before = len(self.laptop.cloud.refused())
        for state in ("OK", "ALARM", "OK"):
            watch.set_alarm_state(
                AlarmName=alarm["AlarmName"], StateValue=state, StateReason="tried"
            )
        return len(self.laptop.cloud.refused()) == before

    def settle(self) -> None:
        """Let what was held up come to its end, so that the next use begins in quiet."""
        deadline = time.monotonic() + PATIENCE_S
        while not self.laptop.idle() and time.monotonic() < deadline:
            time.sleep(0.1)

    def _marker(self, what: str) -> str:
        self._number += 1
        self._refused = len(self.laptop.cloud.refused())
        return f"{what} {self._number}"

    def _seen(self, found: Callable[[], bool], *, refusals: bool = True) -> bool:
        """Whether something is seen before it is refused, or patience ends."""
        deadline = time.monotonic() + self.patience_s
        while time.monotonic() < deadline:
            if found():
                return True
            if refusals and len(self.laptop.cloud.refused()) > self._refused:
                return False
            time.sleep(0.1)
        return False

    def _right(self, holder: str, why: str) -> Right:
        return next(r for r in self.rights if (r.holder, r.why) == (holder, why))

    def _put(self, group: str, text: str) -> None:
        logs = self.laptop.client("logs", AWAY)
        if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            logs.create_log_group(logGroupName=group)
        stream = f"mine-{time.time_ns()}"
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        event = {"timestamp": time.time_ns() // 1_000_000, "message": text}
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])

    def _announce(self, marker: str) -> None:
        detail = json.dumps({"marker": marker})
        event = {"Source": "aws.health", "DetailType": "AWS Health Event", "Detail": detail}
        self.laptop.client("events", AWAY).put_events(Entries=[event])

    def _put_file(self, content: bytes, *, cut: int = 0) -> None:
        """A packed file, which may lack its end."""
        body = gzip.compress(content)
        key = f"AWSLogs/{SHOP}/checkout/eu-west-1/{time.time_ns()}.log.gz"
        s3 = self.laptop.client("s3")
        s3.put_object(Bucket=FILES, Key=key, Body=body[: len(body) - cut])

    def _hits(self, marker: str, *, named: bool = False) -> int:
        query: list[dict[str, Any]] = [{"match_phrase": {"message": marker}}]
        if named:
            query.append({"exists": {"field": "cloud.account.name"}})
        return self._count(query)

    def _events(self, marker: str) -> int:
        return self._count([{"match_phrase": {"aws.events.detail.marker": marker}}])

    def _count(self, query: list[dict[str, Any]]) -> int:
        self.laptop.search.indices.refresh(index="logs-*")
        body = {"query": {"bool": {"must": query}}}
        return int(self.laptop.search.count(index="logs-*", body=body)["count"])

    def _lines_of(self, function: str) -> int:
        return self._lines(f"{FUNCTION_LOGS}{function}")

    def _lines(self, group: str) -> int:
        pages = self.laptop.client("logs").get_paginator("filter_log_events")
        return sum(len(page["events"]) for page in pages.paginate(logGroupName=group))

    def _metric(self, name: str) -> float:
        now = time.time()
        points = self.laptop.client("cloudwatch").get_metric_statistics(
            Namespace="CentralLogs",
            MetricName=name,
            Dimensions=[{"Name": "service", "Value": "read_objects"}],
            StartTime=now - 3_600,
            EndTime=now + 60,
            Period=3_600,
            Statistics=["Sum"],
        )["Datapoints"]
        return sum(float(point["Sum"]) for point in points)

    def _objects(self, prefix: str) -> int:
        pages = self.laptop.client("s3").get_paginator("list_objects_v2")
        bucket = self.laptop.output("ArchiveBucket")
        return sum(page["KeyCount"] for page in pages.paginate(Bucket=bucket, Prefix=prefix))

    def _empty(self, queue: str) -> None:
        """Have what waits next in a queue be new."""
        self.laptop.client("sqs").purge_queue(QueueUrl=self._queue(queue))

    def _waits(self, queue: str) -> bool:
        """Whether a message comes into a queue, though something was refused on its way."""
        sqs, url = self.laptop.client("sqs"), self._queue(queue)
        return self._seen(lambda: "Messages" in sqs.receive_message(QueueUrl=url), refusals=False)

    def _queue(self, holder: str) -> str:
        listed = self.laptop.client("sqs").list_queues()["QueueUrls"]
        return next(str(url) for url in listed if holder in url)

    def _function(self, holder: str) -> str:
        resources = self.laptop.client("cloudformation").list_stack_resources(StackName=PIPELINE)
        return next(
            str(each["PhysicalResourceId"])
            for each in resources["StackResourceSummaries"]
            if each["ResourceType"] == "AWS::Lambda::Function"
            and each["LogicalResourceId"].startswith(holder)
        )

    def _renew(self, holder: str) -> None:
        """Have the next invocation start a new environment, in which nothing is kept."""
        functions, name = self.laptop.client("lambda"), self._function(holder)
        memory_mib = functions.get_function_configuration(FunctionName=name)["MemorySize"]
        functions.update_function_configuration(FunctionName=name, MemorySize=memory_mib + 1)

    def _invoked(self, holder: str, event: dict[str, str] | None = None) -> bool:
        self._marker("invoked")
        patience = CLIENT_CONFIG.merge(Config(read_timeout=self.patience_s))
        functions = self.laptop.cloud.new_client("lambda", CENTRAL, HOME, patience)
        try:
            answer = functions.invoke(
                FunctionName=self._function(holder), Payload=json.dumps(event or {}).encode()
            )
        except ReadTimeoutError:  # a function that tries again and again does not work either
            return False
        return "FunctionError" not in answer

    def _state(self) -> str:
        (stack,) = self.laptop.client("cloudformation").describe_stacks(StackName=PIPELINE)[
            "Stacks"
        ]
        return str(stack["StackStatus"])
