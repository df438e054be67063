# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Who stores or reads what a customer's key encrypts needs the key as well.

MiniStack enforces IAM on the call itself. What S3, SQS and Kinesis ask KMS for in the caller's name
is not a call there, so it is asked here. What is encrypted stays readable; grants are not played.

References:
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    - https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
"""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import s3, sqs

from local.aws import firehose_access, kinesis_stream, patching, roles
from local.aws.s3 import customer_key
from local.aws.settings import Settings

WRITES_OBJECTS = ("kms:GenerateDataKey",)
READS_OBJECTS = ("kms:Decrypt",)
SENDS_MESSAGES = ("kms:Decrypt", "kms:GenerateDataKey")


def apply(_settings: Settings) -> None:
    """Ask for the key where objects and messages are written and read."""
    patching.require(iam_evaluator, "_verified_key")
    patching.require(s3, "_error")
    patching.require(sqs, "_Err", "_get_q")
    patching.wrap(s3, "_put_object", _with_key(WRITES_OBJECTS))
    patching.wrap(s3, "_get_object", _with_key(READS_OBJECTS))
    for action in ("SendMessage", "SendMessageBatch"):
        patching.wrap_entry(sqs, "_HANDLERS", action, _sent_with_key)


def stream_denied(stream_arn: str, role_arn: str, service: str, source_arn: str) -> str | None:
    """Why a service's role may not put onto a stream for want of its key, or ``None``."""
    key = kinesis_stream.customer_key(kinesis_stream.find(stream_arn))
    if key is None:
        return None
    arn = firehose_access.key_arn(key)
    action = "kms:GenerateDataKey"
    return roles.denied(role_arn, action, arn, service, source_arn=source_arn, through="kinesis")


def queue_denied(
    attributes: Mapping[str, str], actions: Iterable[str], role_arn: str, service: str
) -> str | None:
    """Why a service may not, by a role, use the key of a queue, or ``None``."""
    key = _queue_key(attributes)
    if key is None:
        return None
    arn = firehose_access.key_arn(key)
    refusals = (roles.denied(role_arn, action, arn, service, through="sqs") for action in actions)
    return next(filter(None, refusals), None)


def _queue_key(attributes: Mapping[str, str]) -> str | None:
    """The customer's key of a queue, by ARN, id or alias."""
    key = attributes.get("KmsMasterKeyId")
    return None if not key or key == "alias/aws/sqs" else key


def _with_key(actions: tuple[str, ...]) -> Callable[[Any], Any]:
    def around(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
        def answer(bucket: str, key: str, *more: Any) -> Any:  # noqa: ANN401  same
            if why := _caller_denied(actions, customer_key(bucket), "s3"):
                return s3._error("AccessDenied", why, HTTPStatus.FORBIDDEN)
            return original(bucket, key, *more)

        return answer

    return around


def _sent_with_key(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def send(data: dict[str, Any], url: str) -> dict[str, Any]:
        queue = sqs._get_q(data.get("QueueUrl", url), "sqs:SendMessage")
        own = _queue_key(queue["attributes"])
        if why := _caller_denied(SENDS_MESSAGES, own, "sqs"):
            raise sqs._Err("KmsAccessDenied", why)
        answer: dict[str, Any] = original(data, url)
        return answer

    return send


def _caller_denied(actions: tuple[str, ...], key: str | None, service: str) -> str | None:
    """Why whoever signed the request may not use the key; roots, who sign with none, may."""
    caller = iam_evaluator._verified_key.get()
    if key is None or not caller:
        return None
    arn = firehose_access.key_arn(key)
    refusals = (roles.caller_denied(caller, action, arn, through=service) for action in actions)
    return next(filter(None, refusals), None)
