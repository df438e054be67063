# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Event source mappings from SQS, as far as MiniStack's own need more.

MiniStack polls queues, deletes what was processed and moves to the dead-letter queue what was not;
but it asks no policy whether the function's role may read, and tells nobody what is under way.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.services import lambda_svc, sqs

from local.aws import key_use, patching, roles
from local.aws.refusals import refuse
from local.aws.settings import Settings

_READ = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_SERVICE = "lambda.amazonaws.com"
_told = dict[str, str]()  # why a mapping does not read, by its id, so that it is said once

type Json = dict[str, Any]
"""A mapping, function or queue as MiniStack keeps it, under the API's names."""


def pending() -> dict[str, int]:
    """Messages that could be read now and invocations under way, ``{"lambda:<function>": count}``.

    A message that failed and stays unseen until its next try is not under way.
    """
    counts = dict[str, int]()
    now = time.time()
    for mapping, queue in _mappings():
        unread = sum(message.get("visible_at", 0) <= now for message in list(queue["messages"]))
        if count := unread + lambda_svc._esm_inflight.get(mapping["UUID"], 0):
            counts[f"lambda:{mapping['FunctionName']}"] = count
    return counts


def _mappings() -> Iterator[tuple[Json, Json]]:
    for _account, _region, mapping in lambda_svc._iter_all_esms():
        queue = sqs._queue_by_arn(mapping["EventSourceArn"])
        if queue is not None and str(mapping.get("Enabled", True)).lower() == "true":
            yield mapping, queue


def _as_the_role_may(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Around how many batches of a mapping may run: none, when its role may not read."""

    def concurrency(mapping: Json, function: Json, config: Json, queue: Json | None = None) -> int:
        why = _read_denied(config, (queue or {}).get("attributes", {}))
        if why and _told.get(mapping["UUID"]) != why:
            refuse("lambda", f"mapping {mapping['UUID']} of {mapping['FunctionName']}: {why}")
        _told[mapping["UUID"]] = why or ""
        mapping["LastProcessingResult"] = f"PROBLEM: {why}" if why else "OK"
        allowed: int = original(mapping, function, config, queue)
        return 0 if why else allowed

    return concurrency


def _read_denied(config: Json, queue: Mapping[str, str]) -> str | None:
    for action in _READ:
        if why := roles.denied(config.get("Role", ""), action, queue.get("QueueArn", ""), _SERVICE):
            return why
    return key_use.queue_denied(queue, ("kms:Decrypt",), config.get("Role", ""), _SERVICE)


def apply(_settings: Settings) -> None:
    """Ask the role's policies before a queue is read."""
    patching.require(sqs, "_queue_by_arn")
    patching.require(lambda_svc, "_esm_inflight", "_iter_all_esms")
    patching.wrap(lambda_svc, "_sqs_esm_concurrency", _as_the_role_may)
