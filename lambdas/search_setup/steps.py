"""The steps of a setup run. Each can be repeated: it puts what should be there.

A step that needs a plugin asks the server first and says so where it is missing, because a laptop's
server has fewer plugins than a managed domain. Anything else that goes wrong raises.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError, TransportError
from urllib3 import encode_multipart_formdata

from lambdas.search_setup import groups, ingest, retention, roles, templates
from lambdas.search_setup.report import SetupReport
from lambdas.search_setup.settings import Settings

SECURITY = "opensearch-security"
INDEX_MANAGEMENT = "opensearch-index-management"

NO_HANDLER = "no handler found"  # a server's words for a path that nothing serves, with status 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What every step works with.

    Attributes:
        client: Signed in as the setup role.
        master: Signed in as the domain's master user; opened only by the steps that need it.
        settings: What this deployment wants.
        objects: Folder with the compiled dashboards, ``*.ndjson``.
        report: Where each step says what it did.
        identities: The service that gives roles to who signs in.
    """

    client: OpenSearch
    master: Callable[[], OpenSearch]
    settings: Settings
    objects: Path
    report: SetupReport
    identities: Callable[[], groups.Identities]


def put_roles(setup: Setup) -> None:
    """Create the roles and map IAM roles to them, as the master user."""
    master = setup.master()
    if not has_plugin(master, SECURITY):
        setup.report.skipped("roles", "the server has no security plugin: everybody may do all")
        return
    for name, definition in roles.roles().items():
        _put(master, f"/_plugins/_security/api/roles/{name}", definition)
    existing = master.transport.perform_request("GET", "/_plugins/_security/api/roles")
    mapped = roles.mappings(setup.settings, existing)
    for name, arns in mapped.items():
        _put(master, f"/_plugins/_security/api/rolesmapping/{name}", {"backend_roles": arns})
    setup.report.done("roles", f"{len(roles.roles())} roles, {len(mapped)} mappings")


def put_templates(setup: Setup) -> None:
    """Put the component template, then the index template of each dataset and the shared one."""
    cluster, indices = setup.client.cluster, setup.client.indices
    base = templates.base_template(setup.settings)
    cluster.put_component_template(name=templates.BASE, body=base)
    for home in templates.homes():
        indices.put_index_template(name=f"logs-{home}", body=templates.index_template(home))
    setup.report.done(
        "index templates", f"{len(templates.datasets())} datasets and the shared index"
    )


def put_pipeline(setup: Setup) -> None:
    """Put the ingest pipeline that gives each document its id and its index."""
    name = setup.settings.index
    setup.client.ingest.put_pipeline(id=name, body=ingest.pipeline(setup.settings))
    setup.report.done("ingest pipeline", name)


def put_inbox(setup: Setup) -> None:
    """Create the index that sinks write to, or point an existing one to the pipeline."""
    name, indices = setup.settings.index, setup.client.indices
    if indices.exists(index=name):
        indices.put_settings(index=name, body={"index": {"default_pipeline": name}})
        setup.report.done("inbox", f"{name} is there")
        return
    indices.create(index=name, body=templates.inbox(setup.settings))
    setup.report.done("inbox", f"{name} created")


def put_mappings(setup: Setup) -> None:
    """Add newly declared fields to indices that exist, so that dashboards need not wait a day.

    A field whose type changed cannot be added; it applies from the next index on.
    """
    base = templates.base_template(setup.settings)["template"]["mappings"]["properties"]
    late: list[str] = []
    for home, own in templates.own_mappings().items():
        try:
            setup.client.indices.put_mapping(
                index=f"logs-{home}-*",
                body={"properties": _merged(base, own)},
                params={"allow_no_indices": "true", "ignore_unavailable": "true"},
            )
        except NotFoundError:
            continue  # no index of it yet
        except RequestError as error:
            late.append(f"{home}: {error.error}")
    detail = f"from the next index on: {'; '.join(late)}" if late else "all indices agree"
    setup.report.done("mappings", detail)


def put_policies(setup: Setup) -> None:
    """Put the retention policy of each dataset and of the shared index, as the master user.

    Index management moves and deletes with the rights of who wrote the policy, when the day comes;
    the setup role has no right to delete.

    Reference: https://docs.opensearch.org/latest/im-plugin/security/
    """
    if not has_plugin(setup.client, INDEX_MANAGEMENT):
        setup.report.skipped("retention", "the server has no index management: nothing expires")
        return
    master = setup.master()
    for home in templates.homes():
        path = f"/_plugins/_ism/policies/{retention.policy_name(home)}"
        try:
            current = master.transport.perform_request("GET", path)
            version: dict[str, Any] = {
                "if_seq_no": current["_seq_no"],
                "if_primary_term": current["_primary_term"],
            }
        except NotFoundError:
            version = {}
        body = retention.policy(home, setup.settings)
        master.transport.perform_request("PUT", path, params=version, body=body)
    setup.report.done("retention", f"{len(templates.homes())} policies")


def import_dashboards(setup: Setup) -> None:
    """Import the saved objects into OpenSearch Dashboards; ours replace older ones of ours."""
    total = 0
    for file in sorted(setup.objects.glob("*.ndjson")):
        try:
            answer = _import(setup.client, file)
        except TransportError as error:
            if NO_HANDLER not in str(error):
                raise
            setup.report.skipped("dashboards", "the server has no OpenSearch Dashboards beside it")
            return
        if not answer.get("success"):
            raise ImportRefusedError(file.name, answer.get("errors", answer))
        total += answer["successCount"]
    setup.report.done("dashboards", f"{total} saved objects")


def map_groups(setup: Setup) -> None:
    """Let the groups of the directory choose their people's role, where the deployment made one."""
    settings = setup.settings
    if not settings.identity_pool:
        return
    providers = groups.map_groups(
        setup.identities(), settings.identity_pool, settings.guest_role_arn
    )
    setup.report.done("groups", f"choose the role in {', '.join(providers)}")


class ImportRefusedError(Exception):
    """OpenSearch Dashboards did not take a file of saved objects."""

    def __init__(self, name: str, errors: object) -> None:
        super().__init__(f"{name}: saved objects refused: {errors}")


STEPS: tuple[Callable[[Setup], None], ...] = (
    put_roles,
    put_templates,
    put_pipeline,
    put_inbox,
    put_mappings,
    put_policies,
    import_dashboards,
    map_groups,
)
"""In order: the first one gives the others their rights, the inbox needs its pipeline."""


def has_plugin(client: OpenSearch, name: str) -> bool:
    """Whether a node of the cluster runs the plugin."""
    nodes = client.nodes.info(metric="plugins")["nodes"].values()
    return any(plugin["name"] == name for node in nodes for plugin in node["plugins"])


def _put(client: OpenSearch, path: str, body: dict[str, Any]) -> None:
    client.transport.perform_request("PUT", path, body=body)


def _import(client: OpenSearch, file: Path) -> dict[str, Any]:
    form = {"file": (file.name, file.read_bytes(), "application/x-ndjson")}
    body, content_type = encode_multipart_formdata(form)
    headers = {"content-type": content_type, "osd-xsrf": "true", "securitytenant": "global"}
    path = "/_dashboards/api/saved_objects/_import"
    answer: dict[str, Any] = client.transport.perform_request(
        "POST", path, params={"overwrite": "true"}, headers=headers, body=body
    )
    return answer


def _merged(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """Both ``properties`` objects as one, at every depth."""
    both = {key: value for key, value in left.items() if key not in right}
    for key, value in right.items():
        inner = left.get(key, {}).get("properties"), value.get("properties")
        both[key] = {"properties": _merged(*inner)} if all(inner) else value
    return both
