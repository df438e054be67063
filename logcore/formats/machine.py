"""What the names of log groups and streams say about the machine that a line is from.

References: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.cloudwatchlogs.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
"""

import re

BEANSTALK = "/aws/elasticbeanstalk/"
_INSTANCE = re.compile(r"(?:.*[/_.-])?(i-(?:[0-9a-f]{17}|[0-9a-f]{8}))(?:[/_.-].*)?")


def environment(log_group: str) -> str | None:
    """``shop-prod`` of ``/aws/elasticbeanstalk/shop-prod/var/log/nginx/access.log``.

    ``None`` for groups that are not Elastic Beanstalk's.
    """
    if not log_group.startswith(BEANSTALK):
        return None
    return log_group.removeprefix(BEANSTALK).partition("/")[0] or None


def instance(log_stream: str) -> str | None:
    """The EC2 instance whose id the stream's name is, or has as a part, as the agent names them."""
    match = _INSTANCE.fullmatch(log_stream)
    return match[1] if match else None
