"""Who may do what inside OpenSearch: five roles, each with the least that works.

People have the server's own role for users of dashboards beside theirs. ``tests/security/`` takes
each action away and sees what it was for.

Reference: https://docs.opensearch.org/latest/security/access-control/permissions/
"""

from collections.abc import Container
from typing import Any

from lambdas.search_setup.settings import Settings

WRITER = "logs_writer"
"""Adds documents through the inbox; reads, changes and deletes nothing."""

ANALYST = "logs_analyst"
"""Reads logs and looks at dashboards; what it saves it sees alone. That it may look at everybody's
also keeps it from saving there, which the server's own role would let it."""

AUTHOR = "logs_author"
"""Saves dashboards and index patterns that everybody sees; a log it reads as an analyst."""

BREAK_GLASS = "logs_break_glass"
"""Everything with every index, in an emergency; but roles and mappings, which are the master's."""

SETUP = "logs_setup"
"""Keeps templates, pipeline and saved objects; reads no log and deletes none."""

DASHBOARDS_USER = ("opensearch_dashboards_user", "kibana_user")
"""The server's own role for people who use dashboards: as a managed domain and as the plugin
itself call it."""


def roles() -> dict[str, dict[str, Any]]:
    """Role definitions by name."""
    return {
        WRITER: {
            "cluster_permissions": ["indices:data/write/bulk", "cluster:monitor/main"],
            "index_permissions": [
                {
                    "index_patterns": ["logs-*"],
                    "allowed_actions": [
                        "indices:data/write/index",
                        "indices:data/write/bulk*",
                        "indices:admin/create",
                    ],
                }
            ],
        },
        ANALYST: {
            "index_permissions": [
                {
                    "index_patterns": ["logs-*"],
                    "allowed_actions": ["read", "indices:admin/mappings/get"],
                }
            ],
            "tenant_permissions": [
                {"tenant_patterns": ["global_tenant"], "allowed_actions": ["kibana_all_read"]}
            ],
        },
        AUTHOR: {
            "tenant_permissions": [
                {"tenant_patterns": ["global_tenant"], "allowed_actions": ["kibana_all_write"]}
            ],
        },
        BREAK_GLASS: {
            "cluster_permissions": ["*"],
            "index_permissions": [{"index_patterns": ["*"], "allowed_actions": ["*"]}],
            "tenant_permissions": [
                {"tenant_patterns": ["*"], "allowed_actions": ["kibana_all_write"]}
            ],
        },
        SETUP: {
            "cluster_permissions": [
                "cluster_manage_index_templates",
                "cluster_manage_pipelines",
                "cluster:monitor/nodes/info",
            ],
            "index_permissions": [
                {
                    "index_patterns": ["logs-*"],
                    "allowed_actions": [
                        "indices:admin/create",
                        "indices:admin/mapping/put",
                        "indices:admin/settings/update",
                        "indices:admin/get",
                    ],
                }
            ],
            "tenant_permissions": [
                {"tenant_patterns": ["global_tenant"], "allowed_actions": ["kibana_all_write"]}
            ],
        },
    }


def mappings(settings: Settings, existing: Container[str]) -> dict[str, list[str]]:
    """Backend roles by the OpenSearch role that they get.

    The domain sees an IAM role as backend role by its ARN, a group by its name or id.

    Args:
        settings: Whose roles they are.
        existing: Names of the roles that the server has, for its own one of dashboard users.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
    """
    readers = [*settings.analysts, *settings.authors]
    people = [*readers, *settings.break_glass, settings.setup_role_arn]
    return {
        **{name: people for name in DASHBOARDS_USER if name in existing},
        WRITER: list(settings.writer_role_arns),
        ANALYST: readers,
        AUTHOR: list(settings.authors),
        BREAK_GLASS: list(settings.break_glass),
        SETUP: [settings.setup_role_arn],
    }
