"""CloudWatch's look at the organisation's resources, without which no rule of it is followed.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/telemetry-config-turn-on.html
    - https://docs.aws.amazon.com/cloudwatch/latest/observabilityadmin/API_StartTelemetryEvaluationForOrganization.html
"""

from typing import Any

from lambdas.enrol_organisation.request import Choices

ON = frozenset({"RUNNING", "STARTING"})


def enrol(client: Any, choices: Choices) -> str:  # noqa: ANN401  a boto3 client
    """Begin to look, in the central region and in ``{"regions": [...]}``, where nobody does."""
    status = client.get_telemetry_evaluation_status_for_organization()["Status"]
    if status in ON:
        return f"was {status}"
    regions = choices["regions"]
    client.start_telemetry_evaluation_for_organization(**({"Regions": regions} if regions else {}))
    return "started"


def leave(client: Any) -> str:  # noqa: ANN401  a boto3 client
    """Stop to look; what was switched on stays on."""
    client.stop_telemetry_evaluation_for_organization()
    return "stopped"
