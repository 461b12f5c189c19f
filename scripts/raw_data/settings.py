"""What a run is asked for, and the random streams that it draws from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

EPOCH = date(1970, 1, 1)
DAY_US = 86_400_000_000
# A day that never comes; far from overflow when days are added to it.
NEVER = np.int64(10**7)


@dataclass(frozen=True)
class Settings:
    """Arguments of one run; equal settings give equal rows.

    Days are counted from 1970-01-01 everywhere (``int``, UTC).
    """

    end: date
    accounts: int = 300
    users_per_account: float = 14.0
    days: int = 548
    events: int = 700_000
    seed: int = 1
    partition: str = "month"
    dirt: float = 1.0

    def __post_init__(self) -> None:
        """Refuse sizes that make no company.

        Raises:
            ValueError: naming the argument and the bound that it breaks.
        """
        least = {"accounts": 1, "users_per_account": 1, "days": 1, "events": 1, "seed": 0}
        for name, bound in least.items():
            if getattr(self, name) < bound:
                raise ValueError(f"--{name.replace('_', '-')} must be at least {bound}")
        # Ids have fixed widths, and the highest ones are kept for accounts and users that are not.
        if self.accounts > 90_000 or self.accounts * self.users_per_account > 900_000:
            raise ValueError("--accounts must be at most 90000, with at most 900000 users in all")
        if not 0 <= self.dirt < float("inf"):
            raise ValueError("--dirt must be 0 or more")
        if self.partition not in ("month", "day"):
            raise ValueError("--partition must be month or day")

    @property
    def last_day(self) -> int:
        """Day number of the last date that has data."""
        return (self.end - EPOCH).days

    @property
    def first_day(self) -> int:
        """Day number of the first date that has usage."""
        return self.last_day - self.days + 1

    @property
    def extract_us(self) -> int:
        """Microseconds of the moment the extract was taken: the last second of the end date."""
        return (self.last_day + 1) * DAY_US - 1_000_000


def stream(settings: Settings, name: str, part: int = 0) -> np.random.Generator:
    """A random stream of its own per purpose, so that one table's size never moves another."""
    return np.random.default_rng([settings.seed, part, *name.encode()])


def month_starts(first_day: int, last_day: int) -> list[tuple[int, int]]:
    """Split first_day..last_day into calendar months: (first, last) day numbers, inclusive."""
    days = np.arange(first_day, last_day + 1).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    cuts = [0, *(np.flatnonzero(months[1:] != months[:-1]) + 1).tolist(), len(days)]
    return [(first_day + lo, first_day + hi - 1) for lo, hi in pairwise(cuts)]
