"""What the system itself does: jobs of cron, units of systemd, and processes that the kernel ends.

References: https://man7.org/linux/man-pages/man8/cron.8.html and
https://www.freedesktop.org/software/systemd/man/latest/systemd.html
"""

from logcore.formats.linux.rule import rule

_UNIT = r"(?P<unit>[\w@:.\\-]+\.(?:service|socket|timer|mount|target|scope|slice|path|swap|device))"
_NAMED = rf"(?:{_UNIT}(?: - .*)?|(?P<description>.*))"

CRON = (
    rule(r"\((?P<user>[^)]+)\) CMD \(\s*(?P<command>.*)\)", "process", "start", "cron_job"),
    rule(
        r"\((?P<user>[^)]+)\) (?P<what>REPLACE|DELETE|BEGIN EDIT|END EDIT) \((?P<target>[^)]+)\)",
        "configuration",
        "change",
        "crontab_edited",
    ),
)

SYSTEMD = (
    rule(rf"Started {_NAMED}", "process", "start", "unit_started", "success"),
    rule(rf"Stopped {_NAMED}", "process", "end", "unit_stopped", "success"),
    rule(rf"Failed to start {_NAMED}", "process", "start", "unit_failed", "failure"),
    rule(
        rf"{_UNIT}: Failed with result '(?P<reason>[^']+)'\.",
        "process",
        "end",
        "unit_failed",
        "failure",
    ),
    rule(rf"{_UNIT}: Main process exited, (?P<reason>.*)", "process", "end", "process_exited"),
)

KERNEL = (
    rule(
        r"(?:\[\s*[\d.]+\] )?(?:.* )?[Oo]ut of memory: Kill(?:ed)? process (?P<pid>\d{1,10}) "
        r"\((?P<process>[^)]*)\).*",
        "process",
        "end",
        "out_of_memory",
        "failure",
    ),
    rule(
        r"(?:\[\s*[\d.]+\] )?(?P<process>[^\s\[\]]+)\[(?P<pid>\d{1,10})\]:? segfault at .*",
        "process",
        "end",
        "segmentation_fault",
        "failure",
    ),
)
