"""Command documents with their versions, of which the last is the default.

Reference: https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
"""

import json
from typing import Any

from ministack.core.responses import AccountRegionScopedDict

from local.aws.systems_manager.errors import (
    DocumentContentError,
    DocumentError,
    DocumentExistsError,
)

SCHEMA = "2.2"
OF_AWS = ("AWS-", "Amazon")
"""Beginnings of the names of AWS's own documents, which are taken to exist."""

type Content = dict[str, Any]
"""What a document does: ``{"schemaVersion": "2.2", "mainSteps": [...]}``."""

_documents = AccountRegionScopedDict()


def create(name: str, content: Content) -> None:
    """Make a document.

    Raises:
        DocumentExistsError: there is one of that name.
        DocumentContentError: see ``_checked``.
    """
    if name in _documents:
        raise DocumentExistsError(f"Document with same name {name} already exists")
    _documents[name] = [_checked(content)]


def add_version(name: str, content: Content) -> None:
    """Give a document another content from now on."""
    _documents[name] = [*_documents[name], _checked(content)]


def delete(name: str) -> None:
    """Delete a document; one that is gone already is no error."""
    _documents.pop(name, None)


def is_known(name: str) -> bool:
    """Whether an association may name it."""
    return name in _documents or name.startswith(OF_AWS)


def get(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``GetDocument`` for a document of the account, by its default version.

    Raises:
        DocumentError: there is none.
    """
    versions = _documents.get(request["Name"])
    if not versions:
        raise DocumentError(f"Document with name {request['Name']} does not exist.")
    return {
        "Name": request["Name"],
        "Content": json.dumps(versions[-1]),
        "DocumentFormat": "JSON",
        "DocumentType": "Command",
        "DocumentVersion": str(len(versions)),
        "Status": "Active",
    }


def reset() -> None:
    """Forget every document."""
    _documents.clear()


def _checked(content: Content) -> Content:
    """The content, if its steps could be run.

    Raises:
        DocumentContentError: another schema, no steps, two of one name, or one that runs a
            document which nobody knows.
    """
    steps = content.get("mainSteps") or []
    names = [step["name"] for step in steps]
    if content.get("schemaVersion") != SCHEMA or not steps or len(set(names)) < len(names):
        raise DocumentContentError(f"expected schema {SCHEMA} and steps of different names")
    run = [step["inputs"] for step in steps if step["action"] == "aws:runDocument"]
    for path in (inputs["documentPath"] for inputs in run):
        if not is_known(path):
            raise DocumentContentError(f"a step runs {path}, which does not exist")
    return content
