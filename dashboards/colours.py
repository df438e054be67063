"""One colour for one meaning, on every dashboard.

The hues are those of Okabe and Ito, which people with any common colour blindness tell apart.

Reference: https://jfly.uni-koeln.de/color/
"""

GREEN, RED, ORANGE, YELLOW = "#009E73", "#D55E00", "#E69F00", "#F0E442"
BLUE, SKY, PURPLE, GREY = "#0072B2", "#56B4E9", "#CC79A7", "#999999"

COLOURS: dict[str, dict[str, str]] = {
    "event.outcome": {"success": GREEN, "failure": RED, "unknown": GREY},
    "event.action": {"accept": GREEN, "reject": RED},
    "event.kind": {"event": BLUE, "alert": ORANGE, "pipeline_error": RED},
    "event.dataset": {
        "aws.cloudtrail": BLUE,
        "aws.guardduty": ORANGE,
        "aws.vpcflow": SKY,
        "generic": PURPLE,
        "pipeline.rejects": RED,
    },
    "guardduty.severity_label": {"Low": SKY, "Medium": YELLOW, "High": ORANGE, "Critical": RED},
    "log.level": {
        "trace": GREY,
        "debug": GREY,
        "info": BLUE,
        "notice": SKY,
        "warn": YELLOW,
        "error": ORANGE,
        "critical": RED,
        "fatal": RED,
    },
}
"""Colour of a value, by the field that holds it; other values take the viewer's own palette."""
