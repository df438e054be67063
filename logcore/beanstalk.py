"""What the name of an Elastic Beanstalk log group says.

Reference: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.cloudwatchlogs.html
"""

PREFIX = "/aws/elasticbeanstalk/"


def environment(log_group: str) -> str | None:
    """``shop-prod`` of ``/aws/elasticbeanstalk/shop-prod/var/log/nginx/access.log``.

    ``None`` for every other group.
    """
    if not log_group.startswith(PREFIX):
        return None
    return log_group.removeprefix(PREFIX).partition("/")[0] or None
