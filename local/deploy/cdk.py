"""Runs the pinned cdk command as a user would, with the accounts of the local cloud."""

import json
import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.deploy.environment import environment
from local.home import REPOSITORY

CDK = REPOSITORY / "node_modules" / ".bin" / "cdk"
EXECUTION_POLICY = (
    "arn:aws:iam::aws:policy/AdministratorAccess"  # what bootstrapping gives by default
)
AT_ONCE = 2  # one per core: the command is busy, not waiting


class DeployError(Exception):
    """The cdk command failed; the message has its last lines and where all of them are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdk:
    """The cdk command against one cloud.

    Attributes:
        endpoint: Address of all AWS APIs.
        central: Account whose credentials deploy; others trust it.
        region: Region of the credentials.
        log: File that everything the command prints is added to.
        output: Folder for the synthesised app.
        home: Checkout of the app that is deployed; this one unless an older one is asked for.
    """

    endpoint: str
    central: str
    region: str
    log: Path
    output: Path
    home: Path = REPOSITORY

    def bootstrap(self, accounts: Iterable[str], regions: Sequence[str]) -> None:
        """Prepare every account in every region; each account by its own credentials.

        Raises:
            DeployError: one of them failed.
        """
        with ThreadPoolExecutor(AT_ONCE) as pool:
            runs = [pool.submit(self._bootstrap, account, regions) for account in accounts]
            for future in runs:
                future.result()

    def _bootstrap(self, account: str, regions: Sequence[str]) -> None:
        places = [f"aws://{account}/{region}" for region in regions]
        trust = ["--trust", self.central, "--cloudformation-execution-policies", EXECUTION_POLICY]
        self._run(["bootstrap", *places, "--app", "", *trust], account)

    def deploy(self, config: Path) -> dict[str, dict[str, Any]]:
        """Deploy every stack of the app; gives their outputs by stack name.

        Raises:
            DeployError: synthesis or a stack failed.
        """
        outputs = self.output.with_name("outputs.json")
        self._run(
            [
                *("deploy", "--all", "--require-approval", "never", "--concurrency", "6"),
                *("--context", f"config={config}", "--output", str(self.output)),
                *("--outputs-file", str(outputs), "--progress", "events"),
            ],
            self.central,
        )
        found: dict[str, dict[str, Any]] = json.loads(outputs.read_text(encoding="utf-8"))
        return found

    def _run(self, arguments: list[str], account: str) -> None:
        with self.log.open("ab") as log:
            done = subprocess.run(  # noqa: S603  the pinned command
                [str(CDK), *arguments],
                cwd=self.home,
                env=self._environment(account),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
            last = "\n".join(lines[-25:])
            raise DeployError(f"cdk {arguments[0]} failed; all of it is in {self.log}\n{last}")

    def _environment(self, account: str) -> dict[str, str]:
        return {
            **environment(self.endpoint, account, self.region),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
            "CI": "true",  # plain lines instead of a progress bar
        }
