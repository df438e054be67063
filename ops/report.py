"""How findings are shown: to people as text, to programs as JSON."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ops.answer import Finding
from ops.elsewhere import Errand

WORDS = {"ok": "ok", "warning": "WARNING", "error": "ERROR"}


def as_text(findings: Sequence[Finding], errands: Sequence[Errand]) -> str:
    """Lines: each finding, what is to be done elsewhere, and how many of each there are."""
    return "\n".join(_lines(findings, errands))


def _lines(findings: Sequence[Finding], errands: Sequence[Errand]) -> Iterator[str]:
    for finding in findings:
        yield from _shown(finding)
    yield from errand_lines(errands)
    counts = Counter(finding.answer.status for finding in findings)
    yield ""
    yield f"{counts['ok']} ok, {counts['warning']} warnings, {counts['error']} errors"


def errand_lines(errands: Sequence[Errand]) -> Iterator[str]:
    """Lines: each command for another account, under one heading."""
    if errands:
        yield ""
        yield "With credentials of other accounts:"
    for errand in errands:
        yield f"  {errand.account}  $ {errand.command}"
        yield f"  {'':{len(errand.account)}}  expected: {errand.expected}"


def exit_code(findings: Sequence[Finding]) -> int:
    """1 where an error is among the findings."""
    return int(any(finding.answer.status == "error" for finding in findings))


def as_json(findings: Sequence[Finding], errands: Sequence[Errand]) -> str:
    """``{"findings": [{"check", "subject", "status", …}], "elsewhere": [{"account", …}]}``."""
    return json.dumps(
        {
            "findings": [_flat(finding) for finding in findings],
            "elsewhere": [errand._asdict() for errand in errands],
        },
        indent=1,
    )


def _shown(finding: Finding) -> Iterator[str]:
    answer = finding.answer
    head = f"{WORDS[answer.status]:8}{finding.check}: {finding.subject}"
    if answer.status == "ok":
        yield f"{head}: {answer.found}"
        return
    yield head
    yield f"{'':8}found     {answer.found}"
    yield f"{'':8}expected  {answer.expected}"
    yield f"{'':8}fix       {answer.fix}"


def _flat(finding: Finding) -> dict[str, Any]:
    answer = finding.answer
    return {
        "check": finding.check,
        "subject": finding.subject,
        "status": answer.status,
        "found": answer.found,
        "expected": answer.expected,
        "fix": answer.fix,
    }
