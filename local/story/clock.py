"""When things happen: a day that ends now, busy while people work."""

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
PEAK_HOUR = 13.0  # UTC, the middle of the working day


def spelled(time_ms: int, pattern: str) -> str:
    """A moment in UTC as a format of ``strftime`` has it, for lines with a time of their own."""
    return datetime.fromtimestamp(time_ms / 1_000, UTC).strftime(pattern)


@dataclass(frozen=True, slots=True)
class Clock:
    """The 24 hours before ``end_ms`` (milliseconds since the epoch).

    CloudWatch Logs takes events of the last 14 days, and at most 24 hours in one request:
    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
    """

    end_ms: int

    @property
    def start_ms(self) -> int:
        """The first moment of the day; a minute short of 24 hours, to be within one request."""
        return self.end_ms - DAY_MS + 60_000

    def hours_before_end(self, hours: float) -> int:
        """A moment counted back from the end."""
        return self.end_ms - int(hours * HOUR_MS)

    def busy_moment(self, chance: random.Random) -> int:
        """A random moment, three times as likely at the peak as at night."""
        while True:
            moment = chance.randrange(self.start_ms, self.end_ms)
            hour = moment % DAY_MS / HOUR_MS
            busyness = (2 + math.cos((hour - PEAK_HOUR) / 12 * math.pi)) / 3
            if chance.random() < busyness:
                return moment

    def any_moment(self, chance: random.Random) -> int:
        """A random moment, day and night alike: machines do not sleep."""
        return chance.randrange(self.start_ms, self.end_ms)
