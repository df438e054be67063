"""GuardDuty: the administrator's own detector, and what holds for the organisation.

A detector may be there already, because GuardDuty makes one when an account becomes administrator;
an account has one in a region. So it is found before it is made.

References:
    - https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html
    - https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateOrganizationConfiguration.html
"""

from typing import Any

from lambdas.enrol_organisation.request import Choices

AGENTS = "RUNTIME_MONITORING"
"""The one feature that has parts."""


def enrol(client: Any, choices: Choices) -> str:  # noqa: ANN401  a boto3 client
    """Switch the detector on, and say who else gets what.

    ``{"members": "ALL", "features": {"S3_DATA_EVENTS": "NONE"}, "agents": [], "frequency": ...}``;
    the administrator itself has every feature that anybody gets.
    """
    levels, agents = choices["features"].items(), choices["agents"]
    features = [_own(name, level, agents) for name, level in levels]
    settings = {"FindingPublishingFrequency": choices["frequency"], "Features": features}
    found = client.list_detectors()["DetectorIds"]
    if found:
        [detector] = found
        client.update_detector(DetectorId=detector, Enable=True, **settings)
    else:
        detector = client.create_detector(Enable=True, **settings)["DetectorId"]
    client.update_organization_configuration(
        DetectorId=detector,
        AutoEnableOrganizationMembers=choices["members"],
        Features=[_members(name, level, agents) for name, level in levels],
    )
    return f"detector {detector}, members {choices['members']}"


def leave(client: Any, choices: Choices) -> str:  # noqa: ANN401  a boto3 client
    """Enrol nobody any more; members that are enrolled stay so."""
    for detector in client.list_detectors()["DetectorIds"]:
        client.update_organization_configuration(
            DetectorId=detector,
            AutoEnableOrganizationMembers="NONE",
            Features=[{"Name": name, "AutoEnable": "NONE"} for name in choices["features"]],
        )
    return "nobody is enrolled any more"


def _own(name: str, level: str, agents: list[str]) -> dict[str, Any]:
    status = "DISABLED" if level == "NONE" else "ENABLED"
    parts = [{"Name": agent, "Status": status} for agent in agents]
    return {"Name": name, "Status": status, **_parts(name, parts)}


def _members(name: str, level: str, agents: list[str]) -> dict[str, Any]:
    parts = [{"Name": agent, "AutoEnable": level} for agent in agents]
    return {"Name": name, "AutoEnable": level, **_parts(name, parts)}


def _parts(name: str, parts: list[dict[str, str]]) -> dict[str, Any]:
    return {"AdditionalConfiguration": parts} if parts and name == AGENTS else {}
