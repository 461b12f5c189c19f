"""The small world, worked out by hand, comes out of a full build row by row."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from warehouse import SMALL_WORLD, build, differences, fetch, overlay_seeds, read_csv

KEYS = {
    "customer_health_models": ["score_model", "account_id"],
    "customer_health_signals": ["score_model", "account_id", "signal_id"],
    "rejected_rows": ["source_table", "row_key", "reason", "reject_number"],
    "data_warnings": ["source_table", "column_name", "warning"],
}
AS_OF_DATE = date(2025, 6, 30)


def planted_faults() -> dict[tuple[str, str], int]:
    """Faults counted at the raw files, so that a rule that drops rows cannot hide them."""
    planted: dict[tuple[str, str], int] = {}
    for fault in read_csv(SMALL_WORLD / "faults.csv"):
        key = (fault["source_table"], fault["kind"])
        planted[key] = planted.get(key, 0) + 1
    return planted


FAULTS_FOUND = """
    select source_table, reason as kind, count(*) as row_count
    from marts.rejected_rows group by all
    union all
    select source_table, 'warning:' || warning, sum(row_count) from marts.data_warnings group by all
"""


@pytest.mark.parametrize("variant", [None, "feeds", "stale_tickets"])
def test_marts_are_as_worked_out_by_hand(variant: str | None, tmp_path: Path) -> None:
    folder = SMALL_WORLD / "variants" / variant if variant else SMALL_WORLD
    seeds = overlay_seeds(tmp_path / "seeds", SMALL_WORLD / "seeds", folder / "seeds")
    settings = folder / "vars.json"
    with build(
        tmp_path / "work",
        SMALL_WORLD / "raw",
        AS_OF_DATE,
        AS_OF_DATE,
        seeds,
        json.loads(settings.read_text()) if settings.exists() else None,
        with_tests=variant is None,
    ) as warehouse:
        found = []
        for file in sorted((folder / "expected").glob("*.csv")):
            expected = read_csv(file)
            columns = list(expected[0])
            got = fetch(warehouse, f"select {', '.join(columns)} from marts.{file.stem}")
            found += [
                f"{file.stem}: {line}"
                for line in differences(got, expected, KEYS[file.stem], columns)
            ]
        faults = {
            (row["source_table"], row["kind"]): int(row["row_count"])
            for row in fetch(warehouse, FAULTS_FOUND)
        }
    assert not found, "\n".join(found)
    if variant is None:
        assert faults == planted_faults()
