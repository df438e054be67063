"""Turns what pydantic found into sentences for the person who wrote the file."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError

from infra.config.datasets import Dataset

LONGEST_LINE = 400  # characters; a value may be a whole section


def explained(path: Path, error: ValidationError, model: type[BaseModel]) -> str:
    """One line per mistake, each with the key's full name; an unknown key with its neighbour."""
    lines = [f"{path}: {error.error_count()} to put right"]
    for found in error.errors():
        where = ".".join(str(part) for part in found["loc"]) or "file"
        if found["type"] == "extra_forbidden":
            section = _section(model, found["loc"][:-1])
            lines.append(f"  {where}: unknown key{nearest(str(found['loc'][-1]), section)}")
        else:
            lines.append(f"  {where}: {_said(found['msg'], found['input'])}"[:LONGEST_LINE])
    return "\n".join(lines)


def nearest(name: str, known: set[str]) -> str:
    """What was probably meant, or else everything that could have been."""
    near = get_close_matches(name, known, n=1)
    return f", did you mean {near[0]!r}?" if near else f"; known: {', '.join(sorted(known))}"


def _said(message: str, value: object) -> str:
    """Our own messages name the value already; pydantic's do not."""
    own = message.removeprefix("Value error, ")
    return own if own != message else f"{message}, found {value!r}"


def _section(model: type[BaseModel], location: tuple[int | str, ...]) -> set[str]:
    """The keys that the section at this place knows; inside ``datasets`` those of a dataset."""
    for part in location:
        if isinstance(part, str):  # a number is a place in a list of sections
            field = model.model_fields.get(part)
            model = next(_sections(field.annotation), Dataset) if field else Dataset
    return set(model.model_fields)


def _sections(annotation: object) -> Iterator[type[BaseModel]]:
    """The sections that a field's type is, or holds: ``Objects``, ``tuple[LogBucket, ...]``."""
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield kind
