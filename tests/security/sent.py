"""Documents as the pipeline sends them."""

import json
from typing import Any

from opensearchpy import OpenSearch

DAY = "2026.11.20"
FLOWS = f"logs-aws.vpcflow-{DAY}"


def document(event_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "@timestamp": "2026-11-20T10:00:00.000Z",
        "event": {"id": event_id, "dataset": "aws.vpcflow", "kind": "event"},
        "source": {"ip": "192.0.2.10"},
        **changes,
    }


def send(client: OpenSearch, *documents: dict[str, Any]) -> list[dict[str, Any]]:
    lines = [line for d in documents for line in ('{"index":{}}', json.dumps(d))]
    answer = client.bulk(body="\n".join(lines) + "\n", index="logs-inbox")
    return [item["index"] for item in answer["items"]]
