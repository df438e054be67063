"""What a service writes to a stream by itself: lines of text without any envelope.

CloudFront's real-time logs come so:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html
"""

from logcore.record import LogRecord, Origin

ORIGIN = Origin(transport="unknown")
"""Nothing says which account, region or log group a bare line comes from."""


def records(data: bytes) -> list[LogRecord]:
    """The lines of a payload that is text, in order, without empty ones; none where it is not.

    Their time is zero: a source that recognises them has to find it in the line.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return []
    lines = (line.rstrip("\r") for line in text.split("\n"))
    return [LogRecord("", 0, line, ORIGIN) for line in lines if line and "\0" not in line]
