"""Promises about the files a local OpenSearch is made of, kept with tiny ones."""

import hashlib
import os
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.opensearch.account import claim, home_for, open_to_all, reachable_java
from local.opensearch.artifacts import Artifact, Download, fetch, pins
from local.opensearch.distribution import add_plugin, unpack
from local.opensearch.errors import ChecksumError, DownloadError, UnreachableError
from local.opensearch.progress import Progress

CONTENT = b"a tiny artifact"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PIN = Artifact("com.example:tiny:1.0:jar", SHA256)


def from_disk(content: bytes, asked: list[str]) -> Download:
    def download(artifact: Artifact, folder: Path, progress: Progress) -> Path:
        asked.append(artifact.coordinate)
        progress(artifact.filename, 1.0)
        path = folder / "deep" / artifact.filename
        path.parent.mkdir()
        path.write_bytes(content)
        return path

    return download


def test_a_file_that_matches_its_pin_is_kept(tmp_path: Path) -> None:
    path = fetch(PIN, tmp_path, download=from_disk(CONTENT, []))

    assert path == tmp_path / "tiny-1.0.jar"
    assert path.read_bytes() == CONTENT


def test_a_wrong_file_is_refused_with_both_sums(tmp_path: Path) -> None:
    found = hashlib.sha256(b"evil").hexdigest()

    with pytest.raises(ChecksumError, match=f"expected SHA-256 {SHA256}, found {found}"):
        fetch(PIN, tmp_path, download=from_disk(b"evil", []))

    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]


def test_a_file_is_downloaded_once_even_by_many_at_once(tmp_path: Path) -> None:
    asked: list[str] = []
    with ThreadPoolExecutor(8) as pool:
        paths = set(
            pool.map(lambda _: fetch(PIN, tmp_path, download=from_disk(CONTENT, asked)), range(8))
        )

    assert asked == [PIN.coordinate]
    assert paths == {tmp_path / "tiny-1.0.jar"}


def test_a_download_cut_short_leaves_nothing_under_the_name(tmp_path: Path) -> None:
    def cut(artifact: Artifact, folder: Path, _progress: Progress) -> Path:
        (folder / artifact.filename).write_bytes(CONTENT[:3])
        raise DownloadError("the line went dead")

    with pytest.raises(DownloadError):
        fetch(PIN, tmp_path, download=cut)

    assert not (tmp_path / "tiny-1.0.jar").exists()
    assert fetch(PIN, tmp_path, download=from_disk(CONTENT, [])).read_bytes() == CONTENT


def test_all_pins_are_exact_and_of_one_version() -> None:
    found = pins()

    assert found.core.filename == f"opensearch-{found.version}.zip"
    for pin in (found.core, found.security, found.icu, found.icu_locales):
        assert len(bytes.fromhex(pin.sha256)) == 32


@pytest.fixture
def zip_of(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    def make(files: dict[str, str]) -> Path:
        path = tmp_path / "made.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                member = zipfile.ZipInfo(name)
                member.external_attr = (0o755 if name.startswith("bin/") else 0o644) << 16
                archive.writestr(member, text)
        return path

    return make


def test_unpacking_keeps_programs_executable(
    zip_of: Callable[[dict[str, str]], Path], tmp_path: Path
) -> None:
    unpack(zip_of({"bin/run": "#!/bin/sh", "readme": "text"}), tmp_path / "out")

    assert os.access(tmp_path / "out/bin/run", os.X_OK)
    assert (tmp_path / "out/readme").stat().st_mode & 0o111 == 0


def test_a_plugin_is_made_to_fit_the_core(
    zip_of: Callable[[dict[str, str]], Path], tmp_path: Path
) -> None:
    core = tmp_path / "core"
    (core / "lib").mkdir(parents=True)
    (core / "lib/bc-fips-2.1.3.jar").touch()
    plugin = zip_of(
        {
            "plugin-descriptor.properties": "version=3.4.0.0\nopensearch.version=3.4.0\n",
            "bc-fips-2.1.2.jar": "",
            "bc-fips-extra-2.1.2.jar": "",
        }
    )
    add_plugin(plugin, core, "security", "3.8.0")

    folder = core / "plugins/security"
    assert (folder / "plugin-descriptor.properties").read_text().splitlines() == [
        "version=3.4.0.0",
        "opensearch.version=3.8.0",
    ]
    assert [path.name for path in folder.glob("*.jar")] == ["bc-fips-extra-2.1.2.jar"]


@pytest.mark.parametrize(
    ("user_id", "environ", "expected"),
    [
        (0, {"XDG_CACHE_HOME": "/cache"}, Path("/var/tmp/central-logs-0")),  # noqa: S108  a name
        (1000, {"XDG_CACHE_HOME": "/cache"}, Path("/cache/central-logs")),
        (1000, {}, Path.home() / ".cache/central-logs"),
    ],
)
def test_each_user_has_a_home_that_the_server_can_read(
    user_id: int, environ: dict[str, str], expected: Path
) -> None:
    assert home_for(user_id, environ) == expected


def test_a_private_folder_on_the_way_closes_all_below(tmp_path: Path) -> None:
    (tmp_path / "private/inner").mkdir(parents=True)
    (tmp_path / "private").chmod(0o700)

    assert not open_to_all(tmp_path / "private/inner")
    assert open_to_all(Path("/"))


def test_a_java_in_a_private_folder_is_copied_for_the_servers_account(tmp_path: Path) -> None:
    java = tmp_path / "private/runtime/bin/java"
    java.parent.mkdir(parents=True)
    java.write_text("a java")
    java.chmod(0o755)
    (tmp_path / "private").chmod(0o700)

    first, second = (reachable_java(java, tmp_path / "home", account=64999) for _ in range(2))

    assert first == second
    assert tmp_path / "home" in first.parents
    assert os.access(first, os.X_OK)
    assert reachable_java(java, tmp_path / "home", account=None) == java


def test_a_home_is_made_for_its_owner(tmp_path: Path) -> None:
    claim(tmp_path / "home", owner=os.geteuid(), account=None)

    assert (tmp_path / "home/runs").is_dir()


def test_anothers_folder_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="belongs to another user"):
        claim(tmp_path, owner=os.geteuid() + 1, account=None)


def test_a_home_that_the_servers_account_cannot_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir(mode=0o700)

    with pytest.raises(UnreachableError, match="choose a folder such as"):
        claim(tmp_path / "private/home", owner=os.geteuid(), account=64999)
