"""How the setup behaves: patient with rights, gentle on delete."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from opensearchpy.exceptions import AuthorizationException, NotFoundError, TransportError

from lambdas.search_setup import run as runner
from lambdas.search_setup import templates
from lambdas.search_setup.handler import handler
from lambdas.search_setup.report import SetupReport
from lambdas.search_setup.steps import (
    INDEX_MANAGEMENT,
    Setup,
    import_dashboards,
    map_groups,
    put_policies,
)
from tests.unit.test_normalise_handler import Context
from tests.unit.test_search_objects import SETTINGS


class FakeTransport:
    """Answers each request with the next thing it was given."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)

    def perform_request(self, _method: str, _path: str, **_: object) -> object:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakeSearch:
    """A client with nothing but its transport."""

    def __init__(self, *answers: object) -> None:
        self.transport = FakeTransport(*answers)


def work(client: FakeSearch | None = None, objects: Path = Path()) -> Setup:
    return Setup(
        client=client,  # type: ignore[arg-type]  # a fake of the client
        master=lambda: client,  # type: ignore[arg-type, return-value]  # likewise
        settings=SETTINGS,
        objects=objects,
        report=SetupReport(),
        identities=lambda: pytest.fail("no directory was made"),
    )


def denied(times: int) -> tuple[list[int], Callable[[Setup], None]]:
    """A step that is denied a number of times before its rights have arrived."""
    tries: list[int] = []

    def step(_: Setup) -> None:
        tries.append(1)
        if len(tries) <= times:
            raise AuthorizationException(403, "security_exception", {})

    return tries, step


def test_a_step_waits_for_its_rights_to_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    tries, step = denied(3)
    monkeypatch.setattr(runner, "STEPS", (step,))
    pauses: list[float] = []

    runner.run(work(), clock=lambda: 0.0, pause=pauses.append)

    assert (len(tries), pauses) == (4, [runner.PAUSE_S] * 3)


def test_rights_that_never_arrive_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    _, step = denied(99)
    monkeypatch.setattr(runner, "STEPS", (step,))
    seconds = iter(range(0, 1000, 40))

    with pytest.raises(AuthorizationException):
        runner.run(work(), clock=lambda: float(next(seconds)), pause=lambda _: None)


def test_any_other_trouble_is_raised_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def step(_: Setup) -> None:
        raise TransportError(500, "broken", {})

    monkeypatch.setattr(runner, "STEPS", (step,))

    with pytest.raises(TransportError):
        runner.run(work(), pause=lambda _: pytest.fail("it waited"))


def test_deleting_the_stack_touches_nothing() -> None:
    answer = handler({"RequestType": "Delete"}, Context())  # type: ignore[arg-type]  # what Lambda gives

    assert answer == {
        "PhysicalResourceId": "search-setup",
        "Data": {"Report": "delete: skipped, templates, policies, dashboards and logs stay"},
    }


def test_imported_dashboards_are_counted(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.ndjson").write_text("{}\n")
    setup = work(FakeSearch(*[{"success": True, "successCount": 3}] * 2), tmp_path)

    import_dashboards(setup)

    assert setup.report.lines == [("dashboards", "done", "6 saved objects")]


def test_a_refused_file_of_dashboards_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text("{}\n")
    setup = work(FakeSearch({"success": False, "errors": [{"id": "panel-1"}]}), tmp_path)

    with pytest.raises(Exception, match=r"a\.ndjson.*panel-1"):
        import_dashboards(setup)


def test_a_server_without_dashboards_is_said_and_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text("{}\n")
    absent = {"error": "no handler found for uri [/_dashboards/api] and method [POST]"}
    setup = work(FakeSearch(TransportError(400, absent["error"], absent)), tmp_path)

    import_dashboards(setup)

    assert [line.outcome for line in setup.report.lines] == ["skipped"]


@pytest.mark.parametrize(
    "trouble",
    [
        AuthorizationException(403, "security_exception", {}),
        TransportError(400, "Bad Request", {"message": "Unexpected token in JSON"}),
        TransportError(422, "Document is newer", {}),
    ],
    ids=["denied", "bad file", "too new"],
)
def test_any_other_answer_is_not_passed_over(tmp_path: Path, trouble: Exception) -> None:
    (tmp_path / "a.ndjson").write_text("{}\n")
    setup = work(FakeSearch(trouble), tmp_path)

    with pytest.raises(type(trouble)):
        import_dashboards(setup)


class Nodes:
    """A server that runs one plugin."""

    def __init__(self, plugin: str) -> None:
        self.plugin = plugin

    def info(self, **_: str) -> dict[str, object]:
        return {"nodes": {"a": {"plugins": [{"name": self.plugin}]}}}


class Policies:
    """A client whose policies are kept by path; every one is new."""

    def __init__(self) -> None:
        self.nodes = Nodes(INDEX_MANAGEMENT)
        self.transport = self
        self.put: list[str] = []

    def perform_request(self, method: str, path: str, **_: object) -> dict[str, object]:
        if method == "GET":
            raise NotFoundError(404, "no policy", {})
        self.put.append(path)
        return {}


def test_retention_is_put_by_the_master_whose_rights_it_will_use() -> None:
    own, master = Policies(), Policies()
    setup = replace(work(), client=own, master=lambda: master)  # type: ignore[arg-type, return-value]  # fakes

    put_policies(setup)

    assert own.put == []
    assert len(master.put) == len(templates.homes())
    assert "/_plugins/_ism/policies/logs-aws.cloudtrail" in master.put


class Identities:
    """Keeps what a pool was told."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}

    def describe_identity_pool(self, *, IdentityPoolId: str) -> dict[str, Any]:
        provider = {"ProviderName": f"idp/{IdentityPoolId}", "ClientId": "client"}
        return {"CognitoIdentityProviders": [provider]}

    def set_identity_pool_roles(self, **told: Any) -> None:
        self.told = told


def test_groups_choose_roles_where_the_deployment_made_a_directory() -> None:
    identities = Identities()
    settings = replace(SETTINGS, identity_pool="pool", guest_role_arn="guest")
    setup = replace(work(), settings=settings, identities=lambda: identities)

    map_groups(setup)

    assert setup.report.lines == [("groups", "done", "choose the role in idp/pool:client")]
    assert identities.told["Roles"] == {"authenticated": "guest"}


def test_without_a_directory_no_group_is_asked_about() -> None:
    setup = work()

    map_groups(setup)

    assert setup.report.lines == []
