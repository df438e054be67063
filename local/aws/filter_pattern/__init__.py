"""CloudWatch Logs' filter pattern language: text to a predicate over log messages.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from collections.abc import Callable
from functools import lru_cache

from local.aws.filter_pattern.columns import compile_columns
from local.aws.filter_pattern.json_events import compile_json
from local.aws.filter_pattern.terms import compile_terms

__all__ = ["compile_pattern"]

MAX_CHARACTERS = 1024  # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> Callable[[str], bool]:
    """Give the predicate that says whether a log message matches the pattern.

    ``{ ... }`` looks into JSON messages, ``[ ... ]`` into columns, anything else for terms; the
    empty pattern matches every message.

    Raises:
        ValueError: CloudWatch Logs would refuse the pattern; the message quotes the bad part.
    """
    pattern = text.strip()
    if len(pattern) > MAX_CHARACTERS:
        raise ValueError(f"a pattern of {len(pattern)} characters exceeds {MAX_CHARACTERS}")
    if pattern.startswith("{"):
        return compile_json(_inside(pattern, "{}"))
    if pattern.startswith("["):
        return compile_columns(_inside(pattern, "[]"))
    return compile_terms(pattern)


def _inside(pattern: str, brackets: str) -> str:
    if not pattern.endswith(brackets[1]):
        raise ValueError(f"{pattern!r} opens with {brackets[0]!r} and lacks {brackets[1]!r}")
    return pattern[1:-1]
