"""Finds what keeps a compiled file from being imported whole or a panel from being drawn.

OpenSearch Dashboards accepts broken embedded JSON, panels without an object and fields that do
not exist, and shows an empty box much later. These checks say so at once.
"""

from dashboards.checks import aggregations, attributes, fields, grid, references, saved, vega_specs

CHECKS = (
    references.findings,
    grid.findings,
    fields.findings,
    aggregations.findings,
    vega_specs.findings,
)
"""What is looked at once every line can be read and every object has its attributes."""


def findings(text: str) -> list[str]:
    """What is wrong with an NDJSON file, a sentence each; empty when it can be imported and drawn.

    Lines that cannot be read, and objects without what every check relies on, are reported alone,
    as all further findings would only follow from them.
    """
    file = saved.read(text)
    first = [*file.findings, *attributes.findings(file)]
    return first or [finding for check in CHECKS for finding in check(file)]
