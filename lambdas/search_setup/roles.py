"""Who may do what inside OpenSearch: three roles, each with the least that works.

Reference: https://docs.opensearch.org/latest/security/access-control/permissions/
"""

from collections.abc import Container
from typing import Any

from lambdas.search_setup.settings import Settings

WRITER = "logs_writer"
"""Adds documents through the inbox; reads, changes and deletes nothing."""

ANALYST = "logs_analyst"
"""Reads logs and uses dashboards; writes nothing."""

SETUP = "logs_setup"
"""Keeps templates, pipeline, policies and saved objects; reads no log and deletes none."""

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
                        "indices:admin/mapping/put",
                        "indices:admin/auto_create",
                    ],
                }
            ],
        },
        ANALYST: {
            "cluster_permissions": ["cluster_composite_ops_ro"],
            "index_permissions": [
                {
                    "index_patterns": ["logs-*"],
                    "allowed_actions": ["read", "search", "indices:admin/mappings/get"],
                }
            ],
            "tenant_permissions": [
                {"tenant_patterns": ["global_tenant"], "allowed_actions": ["kibana_all_read"]}
            ],
        },
        SETUP: {
            "cluster_permissions": [
                "cluster_manage_index_templates",
                "cluster_manage_pipelines",
                "cluster:admin/component_template/*",
                "cluster:monitor/main",
                "cluster:monitor/nodes/info",
                "cluster:monitor/state",
                "cluster:admin/opendistro/ism/policy/*",
            ],
            "index_permissions": [
                {
                    "index_patterns": ["logs-*"],
                    "allowed_actions": [
                        "indices:admin/create",
                        "indices:admin/mapping/put",
                        "indices:admin/mappings/get",
                        "indices:admin/settings/update",
                        "indices:admin/get",
                        "indices:admin/exists",
                    ],
                }
            ],
            "tenant_permissions": [
                {"tenant_patterns": ["global_tenant"], "allowed_actions": ["kibana_all_write"]}
            ],
        },
    }


def mappings(settings: Settings, existing: Container[str]) -> dict[str, list[str]]:
    """IAM roles by the OpenSearch role that they get; the domain sees an IAM role as backend role.

    Args:
        settings: Whose roles they are.
        existing: Names of the roles that the server has, for its own one of dashboard users.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
    """
    people = [*settings.analyst_role_arns, settings.setup_role_arn]
    return {
        **{name: people for name in DASHBOARDS_USER if name in existing},
        WRITER: list(settings.writer_role_arns),
        ANALYST: list(settings.analyst_role_arns),
        SETUP: [settings.setup_role_arn],
    }
