"""The small world, worked out by hand, comes out of a full build row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from warehouse import SMALL_WORLD, Row, build, differences, fetch, overlay_seeds, read_csv

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


def folder_of(variant: str | None) -> Path:
    return SMALL_WORLD / "variants" / variant if variant else SMALL_WORLD


def build_options(variant: str | None, seeds: Path) -> dict[str, Any]:
    """Options of `run_build` for a variant. seeds: a folder to put its seeds into."""
    settings = folder_of(variant) / "vars.json"
    return {
        "seeds": overlay_seeds(seeds, SMALL_WORLD / "seeds", folder_of(variant) / "seeds"),
        "settings": json.loads(settings.read_text()) if settings.exists() else None,
        "with_tests": variant is None,
    }


def expected_rows(variant: str | None) -> dict[str, list[dict[str, str]]]:
    """The rows worked out by hand, by mart."""
    files = sorted((folder_of(variant) / "expected").glob("*.csv"))
    assert files
    return {file.stem: read_csv(file) for file in files}


def queries(variant: str | None) -> dict[str, str]:
    """What to ask each mart for, to be compared by `differences_by_hand`."""
    return {
        mart: f"select {', '.join(rows[0])} from marts.{mart}"
        for mart, rows in expected_rows(variant).items()
    }


def differences_by_hand(variant: str | None, got: Mapping[str, Iterable[Row]]) -> list[str]:
    """What the marts say otherwise, as sentences. got: the rows of `queries`, by mart."""
    return [
        f"{mart}: {line}"
        for mart, rows in expected_rows(variant).items()
        for line in differences(got[mart], rows, KEYS[mart], list(rows[0]))
    ]


@pytest.mark.parametrize("variant", [None, "feeds", "stale_tickets"])
def test_marts_are_as_worked_out_by_hand(variant: str | None, tmp_path: Path) -> None:
    options = build_options(variant, tmp_path / "seeds")
    with build(
        tmp_path / "work", SMALL_WORLD / "raw", AS_OF_DATE, AS_OF_DATE, **options
    ) as warehouse:
        got = {mart: fetch(warehouse, query) for mart, query in queries(variant).items()}
        faults = {
            (row["source_table"], row["kind"]): int(row["row_count"])
            for row in fetch(warehouse, FAULTS_FOUND)
        }
    found = differences_by_hand(variant, got)
    assert not found, "\n".join(found)
    if variant is None:
        assert faults == planted_faults()
