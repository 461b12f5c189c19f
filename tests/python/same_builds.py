"""The same builds on DuckDB and on another engine, whose marts have to be the same after each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from engines import Warehouse
from nights import make_nightly_company, night_after
from test_nights import with_other_weights
from test_small_world import AS_OF_DATE, build_options, differences_by_hand, queries
from warehouse import SMALL_WORLD, run_build
from worlds import days_later, make_world

# compares the marts of folder/warehouse.duckdb with another engine's, after the build of that name
SameMarts = Callable[[Path, Warehouse, str], None]

SMALL_WORLDS = [
    None,
    pytest.param("feeds", marks=pytest.mark.long),
    pytest.param("stale_tickets", marks=pytest.mark.long),
]
FIRST_NIGHT = date(2025, 6, 12)
HISTORY_START = date(2025, 5, 20)


def check_small_world(
    variant: str | None, warehouse: Warehouse, folder: Path, assert_same_marts: SameMarts
) -> None:
    """The marts are those worked out by hand and, down to the last column, those of DuckDB."""
    options = build_options(variant, folder / "seeds")
    arguments = (SMALL_WORLD / "raw", AS_OF_DATE, AS_OF_DATE)
    warehouse.build(*arguments, **options)
    found = differences_by_hand(variant, warehouse.fetch_all(queries(variant)))
    assert not found, "\n".join(found)
    run_build(folder / "duckdb", *arguments, **{**options, "with_tests": False})
    built = f"the small world, {variant}" if variant else "the small world"
    assert_same_marts(folder / "duckdb", warehouse, built)


def check_world(
    seed: int, warehouse: Warehouse, folder: Path, assert_same_marts: SameMarts
) -> None:
    """A generated company in one full build."""
    world = make_world(seed, folder / "world")
    arguments = (world.raw, world.as_of_dates[-1], world.as_of_dates[0])
    options = {"seeds": world.seeds, "settings": world.vars}
    run_build(folder / "duckdb", *arguments, **options)
    warehouse.build(*arguments, **options)
    assert_same_marts(folder / "duckdb", warehouse, f"world {seed}")


# ---- nights


@dataclass(frozen=True)
class Run:
    """A build of a nightly company: for which night, on the files of which moment, and how.

    A night has the number of days since the first one.
    """

    night: int
    at: datetime
    settings: Mapping[str, str] = field(default_factory=dict)
    has_other_weights: bool = False
    is_full_refresh: bool = False


def of_night(number: int, **options: Any) -> Run:
    """A night's build on that night's files."""
    return Run(number, night_after(days_later(FIRST_NIGHT, number)), **options)


def nights_with_late_rows(nights: int) -> dict[str, Run]:
    """A full build and so many nights with rows of the days before; one night is missed."""
    dates = [0, *range(2, nights + 2)]
    return {f"night {number}": of_night(number) for number in dates}


# company and nights, for `make test-all`
LONG_NIGHTS = [pytest.param(seed, 10, marks=pytest.mark.long) for seed in (1, 2, 3)]
NOON = datetime.combine(days_later(FIRST_NIGHT, 3), time(12))
REPAIRS = {
    "the first night": of_night(0),
    "a night after a missed one": of_night(2),
    "a day so far": Run(3, NOON),
    "the night of that day": of_night(3),
    "a date again": Run(-9, night_after(days_later(FIRST_NIGHT, 3))),
    "a range again": of_night(3, settings={"score_from": str(days_later(HISTORY_START, 4))}),
    "new weights": of_night(4, has_other_weights=True),
    "history weighed anew": of_night(
        4, has_other_weights=True, settings={"rescore_from": str(days_later(HISTORY_START, 8))}
    ),
    "everything anew": of_night(4, has_other_weights=True, is_full_refresh=True),
    "the night after that": of_night(5, has_other_weights=True),
}


def check_runs(
    seed: int,
    runs: Mapping[str, Run],
    warehouse: Warehouse,
    folder: Path,
    assert_same_marts: SameMarts,
) -> None:
    """The marts are the same after every build of a company."""
    company = make_nightly_company(seed, folder / "seeds", end=days_later(FIRST_NIGHT, 12))
    other_seeds = with_other_weights(company.seeds, folder / "other_seeds")
    for name, run in runs.items():
        print(name, flush=True)
        company.write(folder / "raw", run.at)
        arguments = (folder / "raw", days_later(FIRST_NIGHT, run.night), HISTORY_START)
        options = {
            "seeds": other_seeds if run.has_other_weights else company.seeds,
            "settings": {**company.vars, **run.settings},
            "is_full_refresh": run.is_full_refresh,
        }
        run_build(folder / "duckdb", *arguments, **options)
        warehouse.build(*arguments, **options)
        assert_same_marts(folder / "duckdb", warehouse, f"company {seed}, {name}")
