"""The closed sets of ECS 9: what event.kind, category, type and outcome may be.

Reference: https://www.elastic.co/docs/reference/ecs/ecs-category-field-values-reference
"""

KINDS = frozenset(
    "alert asset enrichment event metric state pipeline_error signal".split()  # noqa: SIM905  read as a table
)
OUTCOMES = frozenset({"success", "failure", "unknown"})

TYPES_BY_CATEGORY = {
    category: frozenset(types.split())
    for category, types in {
        "api": "access admin allowed change creation deletion denied end info start user",
        "authentication": "start end info",
        "configuration": "access change creation deletion info",
        "database": "access change info error",
        "driver": "change end info start",
        "email": "info",
        "file": "access change creation deletion info",
        "host": "access change end info start",
        "iam": "admin change creation deletion group info user",
        "intrusion_detection": "allowed denied info",
        "library": "start",
        "malware": "info",
        "network": "access allowed connection denied end info protocol start",
        "package": "access change deletion info installation start",
        "process": "access change end info start",
        "registry": "access change creation deletion",
        "session": "start end info",
        "threat": "indicator",
        "vulnerability": "info",
        "web": "access error info",
    }.items()
}
"""Categories, and the types that ECS expects with each."""
