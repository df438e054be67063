"""What the CloudWatch agent is told: one JSON text for Linux, one for Windows.

Each stream is named by instance and machine, since a machine outside AWS has no instance, for
which the agent writes ``i-UNKNOWN``. A log group that the agent makes gets its retention from it.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
"""

import json
from collections.abc import Iterable
from typing import Any, Final

from infra.config.host_files import Collected, Platform
from infra.config.hosts import Hosts

STREAM: Final = "{instance_id}_{hostname}"

type Json = dict[str, Any]
"""One JSON object."""


def agent_configuration(hosts: Hosts, platform: Platform) -> str:
    """The agent's configuration for the hosts of a platform, as compact JSON."""
    found = hosts.collected(platform)
    files = [_file(each) for each in found if not each.is_channel]
    events = [_channel(each, hosts.windows_levels) for each in found if each.is_channel]
    lists = {"files": files, "windows_events": events}
    collected = {name: {"collect_list": entries} for name, entries in lists.items() if entries}
    # Files such as /var/log/secure are for root alone.
    agent = {"agent": {"run_as_user": "root"}} if platform == "linux" else {}
    return json.dumps({**agent, "logs": {"logs_collected": collected}}, separators=(",", ":"))


def _file(collected: Collected) -> Json:
    start = collected.multi_line_start
    more = {"multi_line_start_pattern": start} if start else {}
    return {"file_path": collected.what, **_group(collected), **more}


def _channel(collected: Collected, levels: Iterable[str]) -> Json:
    """As XML, which says more of an event than text, its number and time among them."""
    return {
        "event_name": collected.what,
        "event_levels": list(levels),
        "event_format": "xml",
        **_group(collected),
    }


def _group(collected: Collected) -> Json:
    return {
        "log_group_name": collected.log_group,
        "log_stream_name": STREAM,
        "retention_in_days": collected.retention_days,
    }
