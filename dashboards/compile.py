"""Compiles every dashboard: ``python -m dashboards.compile`` writes, ``--check`` only compares.

What is compiled is committed beside its source, so that it can be reviewed, imported by hand and
shipped by the ``search_setup`` function, which has no compiler.
"""

import argparse
import sys
from pathlib import Path

from dashboards.model import DashboardError
from dashboards.objects import lines, saved_objects
from dashboards.reader import read
from dashboards.validate import findings

HERE = Path(__file__).parent
COMPILED = HERE / "compiled"


def compiled(folder: Path = HERE) -> dict[str, str]:
    """NDJSON by dashboard name, for every TOML file of a folder.

    Raises:
        DashboardError: a file cannot be compiled, or OpenSearch Dashboards would not draw the
            result; names the file and everything that is wrong with it.
    """
    return {file.stem: _compiled(file) for file in sorted(folder.glob("*.toml"))}


def _compiled(file: Path) -> str:
    dashboard = read(file)
    try:
        text = lines(saved_objects(dashboard))
    except DashboardError as error:
        raise DashboardError(f"{file.name}: {error}") from error
    wrong = findings(text)
    if wrong:
        raise DashboardError("\n".join(f"{file.name}: {finding}" for finding in wrong))
    return text


def stale(target: Path, texts: dict[str, str]) -> list[str]:
    """Names whose committed file is missing, different, or has no source any more."""
    committed = {file.stem: file.read_text(encoding="utf-8") for file in target.glob("*.ndjson")}
    names = committed.keys() | texts.keys()
    return sorted(name for name in names if committed.get(name) != texts.get(name))


def write(target: Path, texts: dict[str, str]) -> None:
    """Write the compiled dashboards and remove those whose source is gone."""
    target.mkdir(exist_ok=True)
    for name in stale(target, texts):
        file = target / f"{name}.ndjson"
        if name in texts:
            file.write_text(texts[name], encoding="utf-8")
        else:
            file.unlink()


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 when something is wrong or, with ``--check``, stale."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.compile", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when stale")
    options = parser.parse_args(arguments)
    try:
        texts = compiled()
    except DashboardError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    changed = stale(COMPILED, texts)
    if not options.check:
        write(COMPILED, texts)
    verb = "differs from its source" if options.check else "written"
    sys.stdout.writelines(f"{name}.ndjson {verb}\n" for name in changed)
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
