"""Linux machines of the shop: who comes in or tries to, and what their services say.

Reference: https://www.rfc-editor.org/rfc/rfc5424
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from local.story.clock import Clock, spelled
from local.story.entry import LogLine, Place
from local.story.organisation import PEOPLE, SCANNER

LOGS = "/aws/elasticbeanstalk/shop/var/log"
FILES = {"system.auth": "secure", "system.syslog": "messages"}
NUMBERS = (30, 31, 32, 33)  # last part of each machine's address
GUESSED = ("root", "admin", "ubuntu", "oracle", "postgres", "test", "git", "deploy")
KEY = "ED25519 SHA256:f2xPGuCB8B7bgEY2XVZqEbbQxhdpNcVK3RtPlZ5Zq4c"


class Said(NamedTuple):
    """A line: its program, its words, and how often a machine writes it in a day."""

    program: str
    text: str
    times: int = 1


_ROUTINE = (
    Said("CRON[{pid}]", "(root) CMD (run-parts /etc/cron.hourly)", 8),
    Said("CRON[{pid}]", "(shop) CMD (/srv/shop/bin/rotate-carts)", 4),
    Said("systemd[1]", "Started shop-metrics.service - Metrics of the shop.", 3),
    Said("systemd[1]", "Starting dnf-makecache.service - dnf makecache...", 2),
    Said("chronyd[600]", "Selected source 169.254.169.123"),
    Said("dhclient[812]", "DHCPACK of 10.20.1.{number} from 10.20.1.1", 2),
    Said("amazon-ssm-agent[1450]", "INFO [HealthCheck] HealthCheck reporting agent health.", 3),
    Said("rsyslogd", "rsyslogd was HUPed"),
)
_TROUBLE = (
    Said("kernel", "[12345.678901] Out of memory: Killed process 4242 (java) total-vm:4194304kB, "
         "anon-rss:2097152kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:5000kB "
         "oom_score_adj:0"),
    Said("systemd[1]", "shop.service: Main process exited, code=killed, status=9/KILL"),
    Said("systemd[1]", "shop.service: Failed with result 'oom-kill'."),
    Said("systemd[1]", "Failed to start shop-backup.service - Copy of the orders."),
    Said("systemd[1]", "Started shop.service - The shop."),
)  # fmt: skip
_VISITS = (
    Said("sshd[{pid}]", "Accepted publickey for {person} from {address} port {port} ssh2: {key}"),
    Said("sudo[{pid}]", "  {person} : TTY=pts/0 ; PWD=/home/{person} ; USER=root ; "
         "COMMAND=/usr/bin/systemctl restart shop"),
    Said("sudo[{pid}]", "pam_unix(sudo:session): session opened for user root(uid=0) by "
         "{person}(uid=1001)"),
    Said("sshd[{pid}]", "Disconnected from user {person} {address} port {port}"),
)  # fmt: skip
_CLEANED = (
    Said("sshd[{pid}]", "Accepted publickey for {person} from {address} port {port} ssh2: {key}"),
    Said("sudo[{pid}]", "  {person} : TTY=pts/1 ; PWD=/home/{person} ; USER=root ; "
         "COMMAND=/usr/sbin/usermod -L ci"),
    Said("usermod[{pid}]", "lock user 'ci' password"),
    Said("usermod[{pid}]", "change user 'ci' shell from '/bin/bash' to '/sbin/nologin'"),
    Said("sudo[{pid}]", "  {person} : TTY=pts/1 ; PWD=/home/{person} ; USER=root ; "
         "COMMAND=/usr/bin/journalctl -u sshd --since today"),
)  # fmt: skip
_MISTAKEN = (
    Said("sshd[{pid}]", "Accepted password for bo from 198.51.100.23 port {port} ssh2"),
    Said("sudo[{pid}]", "  bo : user NOT in sudoers ; TTY=pts/2 ; PWD=/home/bo ; USER=root ; "
         "COMMAND=/usr/bin/cat /etc/shadow"),
)  # fmt: skip


def everyday(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """Each machine's routine, and one visit of each person to one of them."""
    for number in NUMBERS:
        for said in _ROUTINE:
            for _ in range(said.times):
                time_ms = clock.any_moment(chance)
                yield _line(chance, place, time_ms, "system.syslog", said, number=number)
    for person in PEOPLE:
        yield from _visit(chance, place, clock.busy_moment(chance), _VISITS, person.session)


def trouble(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """A machine runs out of memory, and somebody tries what is not theirs to do."""
    begin = clock.hours_before_end(6.2)
    for count, said in enumerate(_TROUBLE):
        yield _line(chance, place, begin + count * 2_000, "system.syslog", said)
    for count, said in enumerate(_MISTAKEN):
        time_ms = clock.hours_before_end(7) + count * 30_000
        yield _line(chance, place, time_ms, "system.auth", said)


def guessing(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """The scanner tries names and passwords; then the operator looks, and locks an account."""
    begin = clock.hours_before_end(3.38)
    for number in range(90):
        name = GUESSED[number % len(GUESSED)]
        known = "" if name in {"root", "deploy"} else "invalid user "
        text = f"Failed password for {known}{name} from {SCANNER} port {{port}} ssh2"
        said = Said("sshd[{pid}]", text)
        yield _line(chance, place, begin + number * 4_000, "system.auth", said)
    yield from _visit(chance, place, clock.hours_before_end(0.6), _CLEANED, PEOPLE[2].session)


def _visit(
    chance: random.Random, place: Place, begin_ms: int, lines: tuple[Said, ...], session: str
) -> Iterator[LogLine]:
    """Lines of one person, a few seconds apart."""
    person = session.partition(".")[0]
    address = next(p.address for p in PEOPLE if p.session == session)
    port, number = chance.randrange(40_000, 60_000), chance.choice(NUMBERS)
    for count, said in enumerate(lines):
        time_ms = begin_ms - (len(lines) - count) * 5_000
        yield _line(
            chance, place, time_ms, "system.auth", said,
            number=number, person=person, address=address, port=port, key=KEY,
        )  # fmt: skip


def _line(
    chance: random.Random, place: Place, time_ms: int, dataset: str, said: Said, **words: str | int
) -> LogLine:
    words = {"number": NUMBERS[0], "port": 51_234, "pid": chance.randrange(1_000, 9_999), **words}
    program, text = said.program.format(**words), said.text.format(**words)
    number = words["number"]
    return LogLine(
        place=place,
        group=f"{LOGS}/{FILES[dataset]}",
        stream=f"i-0a1b2c3d4e5f607{number}",
        time_ms=time_ms,
        message=f"{spelled(time_ms, '%b %e %H:%M:%S')} ip-10-20-1-{number} {program}: {text}",
        dataset=dataset,
    )
