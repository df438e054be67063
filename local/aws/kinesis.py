"""Put a record on a Kinesis stream from inside the local cloud, as another service would.

Reference: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
"""

from ministack.core.arn import parse_arn
from ministack.core.responses import request_scope
from ministack.services import firehose, kinesis

from local.aws import patching
from local.aws.settings import Settings

# 1 MiB of data, MiniStack's limit; CloudWatch Logs itself stays below 1 MB
MAX_RECORD_BYTES = 1_048_576


def kinesis_put(stream_arn: str, partition_key: str, data: bytes) -> str | None:
    """Append ``data`` to the stream in the stream's own account and region.

    Also hands it to every Firehose stream that reads from this stream, which MiniStack's internal
    put leaves out. Gives ``None``, or the reason why the stream did not take the record.
    """
    if len(data) > MAX_RECORD_BYTES:
        return f"a record of {len(data)} bytes exceeds {MAX_RECORD_BYTES} bytes of {stream_arn}"
    arn = parse_arn(stream_arn)
    with request_scope(arn.account_id, arn.region):
        if not kinesis.put_record_internal(stream_arn, partition_key, data):
            return f"stream {stream_arn} does not exist or is not active"
        firehose.ingest_from_kinesis_source(stream_arn, [(partition_key, data)])
    return None


def apply(_settings: Settings) -> None:
    """Check the names this module calls."""
    patching.require(kinesis, "put_record_internal")
    patching.require(firehose, "ingest_from_kinesis_source")
