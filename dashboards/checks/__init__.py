"""What the importer of OpenSearch Dashboards accepts although it cannot be drawn, found before.

Each module looks at one thing and yields findings: sentences that begin with the object they are
about. No finding means that the file imports whole and that every panel can be drawn.
"""
