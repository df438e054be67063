"""The one way in which our modules change MiniStack: by name, and never a name that is not there.

MiniStack publishes no extension interface, so its private functions are replaced. A release may
rename any of them; then the start must fail with that name instead of running without the
extension.
"""

from collections.abc import Callable, MutableMapping
from importlib.metadata import version
from types import ModuleType
from typing import Any


class PatchTargetMissingError(Exception):
    """A name that an extension replaces or calls is absent from the installed MiniStack."""

    def __init__(self, module: str, name: str) -> None:
        """Say which name of which module is missing, and in which installed version."""
        super().__init__(
            f"{module}.{name} does not exist in ministack {version('ministack')}: "
            "install the version pinned in requirements/"
        )


def require(module: ModuleType, *names: str) -> None:
    """Check the names that an extension calls but leaves as they are.

    Raises:
        PatchTargetMissingError: one of them is absent; the message names it.
    """
    for name in names:
        if not hasattr(module, name):
            raise PatchTargetMissingError(module.__name__, name)


def replace(module: ModuleType, name: str, new: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Put ``new`` in the place of ``module.name`` and give back what stood there.

    Only look-ups through the module see the change; ``from module import name`` taken earlier by
    another module keeps the old object, so replace it where it is used.

    Raises:
        PatchTargetMissingError: the module has no such name.
    """
    require(module, name)
    original = getattr(module, name)
    setattr(module, name, new)
    return original


def wrap(module: ModuleType, name: str, around: Callable[[Any], Any]) -> None:
    """Put ``around(original)`` in the place of ``module.name``.

    Raises:
        PatchTargetMissingError: the module has no such name.
    """
    require(module, name)
    setattr(module, name, around(getattr(module, name)))


def wrap_entry(module: ModuleType, table: str, key: str, around: Callable[[Any], Any]) -> None:
    """Put ``around(original)`` in the place of ``module.table[key]``.

    For MiniStack's dispatch tables, which hold functions and so do not follow a replaced name.

    Raises:
        PatchTargetMissingError: the module has no such table, or the table no such key.
    """
    require(module, table)
    entries: MutableMapping[str, Any] = getattr(module, table)
    if key not in entries:
        raise PatchTargetMissingError(module.__name__, f'{table}["{key}"]')
    entries[key] = around(entries[key])


def add_entry(module: ModuleType, table: str, key: str, new: Any) -> None:  # noqa: ANN401  MiniStack is untyped
    """Put ``new`` at ``module.table[key]``, where MiniStack must have nothing yet.

    Raises:
        PatchTargetMissingError: the module has no such table.
        ValueError: the table has the key, which ours would hide.
    """
    require(module, table)
    entries: MutableMapping[str, Any] = getattr(module, table)
    if key in entries:
        raise ValueError(f"MiniStack knows {module.__name__}.{table}[{key!r}]: drop ours")
    entries[key] = new
