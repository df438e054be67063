"""Command and Automation documents with their versions, of which the last is the default.

Reference: https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
"""

import json
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import AccountRegionScopedDict

from local.aws.systems_manager.errors import (
    DocumentContentError,
    DocumentError,
    DocumentExistsError,
)

SCHEMAS = {"Command": "2.2", "Automation": "0.3"}
"""The schema that AWS asks of each type of document."""

OF_AWS = ("AWS-", "Amazon")
"""Beginnings of the names of AWS's own documents, which are taken to exist."""

type Content = dict[str, Any]
"""What a document does: ``{"schemaVersion": "2.2", "mainSteps": [...]}``."""


@dataclass(frozen=True, slots=True)
class _Document:
    kind: str
    versions: list[Content]


_documents = AccountRegionScopedDict()


def create(name: str, kind: str, content: Content) -> None:
    """Make a document of a type, which is a key of ``SCHEMAS``.

    Raises:
        DocumentExistsError: there is one of that name.
        DocumentContentError: see ``_checked``.
    """
    if name in _documents:
        raise DocumentExistsError(f"Document with same name {name} already exists")
    _documents[name] = _Document(kind, [_checked(kind, content)])


def add_version(name: str, content: Content) -> None:
    """Give a document another content from now on; raises ``DocumentContentError`` too."""
    document = _documents[name]
    document.versions.append(_checked(document.kind, content))


def delete(name: str) -> None:
    """Delete a document; one that is gone already is no error."""
    _documents.pop(name, None)


def remove(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``DeleteDocument``.

    Raises:
        DocumentError: there is none.
    """
    get(request)
    delete(request["Name"])
    return {}


def is_known(name: str) -> bool:
    """Whether an association may name it."""
    return name in _documents or name.startswith(OF_AWS)


def get(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``GetDocument`` for a document of the account, by its default version.

    Raises:
        DocumentError: there is none.
    """
    document = _documents.get(request["Name"])
    if document is None:
        raise DocumentError(f"Document with name {request['Name']} does not exist.")
    return {
        "Name": request["Name"],
        "Content": json.dumps(document.versions[-1]),
        "DocumentFormat": "JSON",
        "DocumentType": document.kind,
        "DocumentVersion": str(len(document.versions)),
        "Status": "Active",
    }


def reset() -> None:
    """Forget every document."""
    _documents.clear()


def _checked(kind: str, content: Content) -> Content:
    """The content, if its steps could be run.

    Raises:
        DocumentContentError: another schema, no steps, two of one name, or one that runs a
            document which nobody knows.
    """
    schema, steps = SCHEMAS[kind], content.get("mainSteps") or []
    names = [step["name"] for step in steps]
    if content.get("schemaVersion") != schema or not steps or len(set(names)) < len(names):
        raise DocumentContentError(f"expected schema {schema} and steps of different names")
    run = [step["inputs"] for step in steps if step["action"] == "aws:runDocument"]
    for path in (inputs["documentPath"] for inputs in run):
        if not is_known(path):
            raise DocumentContentError(f"a step runs {path}, which does not exist")
    return content
