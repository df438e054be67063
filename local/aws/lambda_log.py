# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""What gets into a function's log: what its role may write; Lambda's own lines if it wants them.

MiniStack asks no role, and writes START, END and REPORT around every invocation. A function with
JSON logs and the system log level WARN gets no such line of an invocation that went well; of one
that failed, which Lambda reports at that level, MiniStack's lines stay.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
"""

import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, lambda_svc

from local.aws import patching, roles
from local.aws.refusals import refuse
from local.aws.settings import Settings


def apply(_settings: Settings) -> None:
    """Leave Lambda's own lines out where the function's logging says so."""
    patching.require(
        cloudwatch_logs, "_create_log_group", "_create_log_stream", "_put_log_events", "_log_groups"
    )
    patching.wrap(lambda_svc, "_emit_lambda_logs", _at_level)


def _at_level(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def emit(
        function: dict[str, Any],
        request_id: str,
        text: str,
        error: bool,  # noqa: FBT001  MiniStack's signature
        duration_ms: int,
        **more: Any,  # noqa: ANN401  same
    ) -> None:
        config = function.get("config") or function
        logging = config.get("LoggingConfig") or {}
        if why := _denied(config):
            refuse("lambda", f"the log of {config.get('FunctionName')}: {why}")
            return
        if logging.get("SystemLogLevel") != "WARN" or error:
            original(function, request_id, text, error, duration_ms, **more)
        elif text:
            _write(log_group(config), text.splitlines())

    return emit


def _denied(config: dict[str, Any]) -> str | None:
    """Why the function's role may not write its log, or ``None``; without a role nobody is asked.

    Reference: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    """
    role = config.get("Role", "")
    if ":role/" not in role:
        return None
    group = log_group(config)
    stream = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{group}:log-stream:new"
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        if why := roles.denied(role, action, stream, "lambda.amazonaws.com"):
            return why
    return None


def log_group(config: dict[str, Any]) -> str:
    """Where a function's lines go."""
    own = (config.get("LoggingConfig") or {}).get("LogGroup")
    return str(own or f"/aws/lambda/{config.get('FunctionName')}")


def _write(group: str, lines: list[str]) -> None:
    stream = f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{uuid4().hex}"
    if group not in cloudwatch_logs._log_groups:
        cloudwatch_logs._create_log_group({"logGroupName": group})
    cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    now_ms = time.time_ns() // 1_000_000
    cloudwatch_logs._put_log_events(
        {
            "logGroupName": group,
            "logStreamName": stream,
            "logEvents": [{"timestamp": now_ms, "message": line} for line in lines],
        }
    )
