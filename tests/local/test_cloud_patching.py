"""Promises about how MiniStack is changed: by names that exist, all of them checked."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import local.aws
from local.aws import patching


@pytest.fixture
def module() -> ModuleType:
    foreign = ModuleType("ministack.services.example")
    foreign.__dict__.update({"greet": lambda: "theirs", "_TABLE": {"Greet": lambda: "theirs"}})
    return foreign


def test_replacing_gives_back_what_stood_there(module: ModuleType) -> None:
    before = patching.replace(module, "greet", lambda: "ours")

    assert (before(), module.greet()) == ("theirs", "ours")


def test_wrapping_hands_over_the_original(module: ModuleType) -> None:
    patching.wrap(module, "greet", lambda original: lambda: original() + " and ours")
    patching.wrap_entry(module, "_TABLE", "Greet", lambda original: lambda: original() + "!")

    assert (module.greet(), module._TABLE["Greet"]()) == ("theirs and ours", "theirs!")  # noqa: SLF001  the fixture's own


def test_what_is_added_to_a_table_hides_nothing(module: ModuleType) -> None:
    patching.add_entry(module, "_TABLE", "Part", lambda: "ours")

    assert module._TABLE["Part"]() == "ours"  # noqa: SLF001  the fixture's own
    with pytest.raises(ValueError, match="drop ours"):
        patching.add_entry(module, "_TABLE", "Greet", lambda: "ours")


@pytest.mark.parametrize(
    "patch",
    [
        lambda module: patching.replace(module, "missing", None),
        lambda module: patching.wrap(module, "missing", lambda original: original),
        lambda module: patching.wrap_entry(module, "missing", "x", lambda original: original),
        lambda module: patching.require(module, "greet", "missing"),
    ],
    ids=["replace", "wrap", "wrap_entry", "require"],
)
def test_a_missing_name_is_named_with_module_and_version(module: ModuleType, patch: object) -> None:
    assert callable(patch)
    with pytest.raises(
        patching.PatchTargetMissingError,
        match=r"ministack\.services\.example\.missing does not exist in ministack 1\.",
    ):
        patch(module)


def test_a_missing_entry_of_a_table_is_named(module: ModuleType) -> None:
    with pytest.raises(patching.PatchTargetMissingError, match=r'_TABLE\["Missing"\]'):
        patching.wrap_entry(module, "_TABLE", "Missing", lambda original: original)


def extension_files() -> Iterator[Path]:
    yield from Path(local.aws.__file__).parent.rglob("*.py")


def borrowed_names(file: Path) -> set[tuple[str, str]]:
    """The private names of MiniStack that a file's code reaches for, by module."""
    tree = ast.parse(file.read_text())
    aliases = {
        name.asname or name.name: f"{node.module}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ministack")
        for name in node.names
    }
    return {
        (aliases[node.value.id], node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in aliases
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
    }


def required_names() -> set[str]:
    """Every text in a call of ``patching``, over all files: what the start-up check looks at."""
    calls = [
        node
        for file in extension_files()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and "patching" in ast.unparse(node.func)
    ]
    return {
        leaf.value
        for call in calls
        for leaf in ast.walk(call)
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
    }


def test_every_private_name_in_use_is_checked_at_the_start() -> None:
    used = {name for file in extension_files() for _module, name in borrowed_names(file)}

    assert used - required_names() == set()
