"""One colour for one meaning, on every dashboard.

The hues are those of Okabe and Ito, which people with any common colour blindness tell apart.

Reference: https://jfly.uni-koeln.de/color/
"""

from hashlib import blake2b

from dashboards import index_patterns

GREEN, RED, ORANGE, YELLOW = "#009E73", "#D55E00", "#E69F00", "#F0E442"
BLUE, SKY, PURPLE, GREY = "#0072B2", "#56B4E9", "#CC79A7", "#999999"

_HUES = (GREEN, ORANGE, YELLOW, BLUE, SKY, PURPLE)  # red stays for what failed
_WHITES = (0.0, 0.3, 0.6)  # parts of white in a hue: itself, lighter, lightest
_BLACK = 0.3  # part of black in its dark shade


def _mixed(hue: str, other: int, part: float) -> str:
    """A hue with a part of another level, 0 for black and 255 for white, in each channel."""
    channels = [int(hue[at : at + 2], 16) for at in (1, 3, 5)]
    mixed = [round(channel + (other - channel) * part) for channel in channels]
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


_DARK_GREEN, _DARK_ORANGE, _DARK_YELLOW, _DARK_BLUE, _, _DARK_PURPLE = (
    _mixed(hue, 0, _BLACK) for hue in _HUES
)
_LIGHT_GREEN, _LIGHT_ORANGE = (_mixed(hue, 255, _WHITES[-1]) for hue in (GREEN, ORANGE))

CHOSEN = {
    "aws.cloudtrail": BLUE,
    "aws.eks": _DARK_BLUE,
    "aws.elb_logs": GREEN,
    "aws.guardduty": ORANGE,
    "aws.lambda_logs": _DARK_ORANGE,
    "aws.rds": _DARK_PURPLE,
    "aws.route53_resolver_logs": GREY,
    "aws.securityhub_findings": _DARK_YELLOW,
    "aws.vpcflow": SKY,
    "aws.waf": YELLOW,
    "generic": PURPLE,
    "nginx.access": _DARK_GREEN,
    "pipeline.rejects": RED,
    "system.auth": _LIGHT_GREEN,
    "system.syslog": _LIGHT_ORANGE,
}
"""Datasets whose colour is chosen, because they are frequent and stand side by side.

Every other one has the colour that its name gives it.
"""

SHADES = (
    *(_mixed(hue, 255, part) for part in _WHITES for hue in _HUES),
    *(_mixed(hue, 0, _BLACK) for hue in _HUES),
)
"""What a dataset without a chosen colour may have."""


def dataset_colour(dataset: str) -> str:
    """The colour of a dataset, the same whatever other datasets there are.

    Two of many datasets may meet in one colour; ``CHOSEN`` parts them.
    """
    digest = blake2b(dataset.encode(), digest_size=8).digest()
    return CHOSEN.get(dataset, SHADES[int.from_bytes(digest) % len(SHADES)])


COLOURS: dict[str, dict[str, str]] = {
    "event.outcome": {"success": GREEN, "failure": RED, "unknown": GREY},
    "event.action": {
        "accept": GREEN,
        "reject": RED,
        "allow": GREEN,
        "block": RED,
        "alert": ORANGE,
        "allowed": GREEN,
        "blocked": RED,
    },
    "config.compliance": {
        "COMPLIANT": GREEN,
        "NON_COMPLIANT": RED,
        "NOT_APPLICABLE": GREY,
        "INSUFFICIENT_DATA": GREY,
    },
    "event.kind": {"event": BLUE, "alert": ORANGE, "pipeline_error": RED},
    "event.dataset": {name: dataset_colour(name) for name in index_patterns.datasets()},
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
