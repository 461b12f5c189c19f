"""What a build leaves behind about itself: marts nightly_runs and nightly_run_rows, and a summary.

Five builds of the small world: a night that succeeds, one with a mistake in a seed, a quiet one
that cannot publish, one without tickets, and one of a single model.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from harness import PROJECT, run_dbt
from published import (
    FIRST_NIGHT,
    RAW,
    SECOND_NIGHT,
    build_night,
    night_of,
    published_file,
    start_dbt,
)
from warehouse import fetch

RUNS = "from marts.nightly_runs order by started_at"


@dataclass(frozen=True)
class Build:
    """A finished build: its exit code, what it printed, and the newest row that it left."""

    code: int
    printed: str
    run: dict[str, Any]

    @property
    def summary(self) -> str:
        """The lines that start with a time of day, without it and without those of dbt's steps."""
        lines = [line[10:] for line in self.printed.splitlines() if re.match(r"\d\d:\d\d:", line)]
        return "\n".join(line for line in lines if " hook: " not in line)


def rows_of(path: Path, query: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return fetch(connection, query)


def with_a_word_for_a_weight(folder: Path) -> Path:
    """The project's seeds, with a weight that only a person can read."""
    shutil.copytree(PROJECT / "seeds", folder)
    with (folder / "score_weights.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    rows[1][-1] = "it's 12"
    with (folder / "score_weights.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(rows)
    return folder


def without_tickets(folder: Path) -> Path:
    """The small world on a night on which the ticketing system delivered nothing."""
    shutil.copytree(RAW, folder, ignore=shutil.ignore_patterns("tickets*"))
    return folder


@dataclass(frozen=True)
class Nights:
    """The five builds, and the work folder of all of them."""

    work: Path
    good: Build
    mistaken: Build
    unpublished: Build
    without_tickets: Build
    partial: Build


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    folder = tmp_path_factory.mktemp("run_record")
    work = folder / "work"
    seeds = with_a_word_for_a_weight(folder / "seeds")
    raw = without_tickets(folder / "raw")
    (folder / "taken").mkdir()

    def finished(code: int, printed: str) -> Build:
        return Build(code, printed, rows_of(work / "warehouse.duckdb", RUNS)[-1])

    good = finished(*build_night(work, FIRST_NIGHT))
    mistaken = finished(*build_night(work, SECOND_NIGHT, {"HEALTH_SEED_PATH": str(seeds)}))
    elsewhere = {"HEALTH_PUBLISHED_PATH": str(folder / "taken")}
    process = start_dbt(["--log-level", "warn", *night_of(SECOND_NIGHT)], work, elsewhere)
    printed = process.communicate()[0]
    unpublished = finished(process.returncode, printed)
    last = finished(*build_night(work, SECOND_NIGHT, {"HEALTH_RAW_PATH": str(raw)}))
    partial = finished(*build_night(work, SECOND_NIGHT, selection=["--select", "source_status"]))
    return Nights(work, good, mistaken, unpublished, last, partial)


def test_a_build_leaves_one_row_and_one_of_some_models_none(nights: Nights) -> None:
    runs = rows_of(nights.work / "warehouse.duckdb", RUNS)
    builds = [nights.good, nights.mistaken, nights.unpublished, nights.without_tickets]
    assert [build.code == 0 for build in builds] == [True, False, False, True]
    assert [run["run_id"] for run in runs] == [build.run["run_id"] for build in builds]
    assert [run["status"] for run in runs] == ["success", "failed", "failed", "success"]
    assert [run["is_published"] for run in runs] == [True, False, False, True]
    assert nights.partial.code == 0 and nights.partial.run == nights.without_tickets.run
    assert "Nothing was published" not in nights.partial.printed


def test_the_row_says_what_was_scored_and_with_what(nights: Nights) -> None:
    run = nights.good.run
    history = rows_of(
        nights.work / "warehouse.duckdb",
        "select min(as_of_date) as first, count(distinct as_of_date) as dates, "
        "max(config_version) filter (where score_model = 'composite') as config_version, "
        "max(config_version) filter (where score_model = 'support_view') as other "
        f"from marts.customer_health_history where as_of_date <= '{FIRST_NIGHT}'",
    )[0]
    assert (run["as_of_date"], run["last_date_scored"]) == (FIRST_NIGHT, FIRST_NIGHT)
    assert run["first_date_scored"] == history["first"]
    assert run["dates_scored"] == history["dates"] > 1
    assert run["config_version"] == history["config_version"]
    assert run["config_versions"] == (
        f"composite {history['config_version']}, support_view {history['other']}"
    )
    assert (run["failed_nodes"], run["first_error"]) == (None, None)
    age = datetime.now(UTC).replace(tzinfo=None) - run["started_at"]
    assert timedelta(0) < age < timedelta(hours=1)
    assert 0 < run["seconds"] < 3600
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{12}", run["code_version"])
    assert run["engine"] == f"duckdb v{duckdb.__version__}"
    # the next night restates, and scores one date more
    assert nights.without_tickets.run["dates_scored"] == 4
    assert nights.without_tickets.run["code_version"] == run["code_version"]


def test_readers_see_the_run_that_published(nights: Nights) -> None:
    published = rows_of(published_file(nights.work), RUNS)
    assert published == rows_of(nights.work / "warehouse.duckdb", RUNS)


def test_rows_are_counted_where_they_were_read_and_written(nights: Nights) -> None:
    query = f"from marts.nightly_run_rows where run_id = '{nights.without_tickets.run['run_id']}'"
    work = nights.work / "warehouse.duckdb"
    rows = {(row["layer"], row["table_name"]): row for row in rows_of(work, query)}
    for table in ("accounts", "usage_events", "external_scores"):
        count = rows_of(work, f"select count(*) as rows from raw_input.{table}")[0]["rows"]
        assert rows["raw", table]["row_count"] == count > 0
    assert rows["raw", "tickets"]["row_count"] == 0
    for table in ("customer_health", "customer_health_history", "rejected_rows"):
        count = rows_of(work, f"select count(*) as rows from marts.{table}")[0]["rows"]
        assert rows["mart", table]["row_count"] == count > 0
    rejected = rows_of(
        work,
        "select count(*) filter (reason <> 'superseded') as rejected, "
        "count(*) filter (reason = 'superseded') as superseded from marts.rejected_rows",
    )[0]
    raw = [row for row in rows.values() if row["layer"] == "raw"]
    assert sum(row["rows_rejected"] for row in raw) == rejected["rejected"]
    assert sum(row["rows_superseded"] for row in raw) == rejected["superseded"]
    assert nights.without_tickets.run["rejected_rows"] == rejected["rejected"]
    assert ("mart", "customer_health_signals") not in rows, "counting a view computes it"


def test_a_mistake_in_a_seed_is_recorded_and_said(nights: Nights) -> None:
    run = nights.mistaken.run
    assert run["failed_nodes"] == "int_checks__seeds"
    assert run["first_error"].startswith("seeds/score_weights.csv")
    assert "it's 12" in run["first_error"]
    assert "\n" not in run["first_error"] and "macro" not in run["first_error"]
    assert (run["as_of_date"], run["dates_scored"]) == (SECOND_NIGHT, 0)
    assert (run["last_date_scored"], run["config_version"]) == (None, None)
    assert f"first int_checks__seeds: {run['first_error']}" in nights.mistaken.summary
    place = published_file(nights.work)
    assert f"Nothing was published; {place} still holds {FIRST_NIGHT}." in nights.mistaken.summary


def test_a_failure_to_publish_is_recorded(nights: Nights) -> None:
    run = nights.unpublished.run
    assert run["failed_nodes"] == "publish_marts"
    assert "could not be published" in run["first_error"]
    assert (run["last_date_scored"], run["dates_scored"]) == (SECOND_NIGHT, 4)


def test_the_summary_says_how_the_book_stands(nights: Nights) -> None:
    bands = rows_of(
        nights.work / "warehouse.duckdb",
        "select band_label, count(*) as accounts from marts.customer_health_history "
        f"where as_of_date = '{SECOND_NIGHT}' and score_model = 'composite' group by all",
    )
    build = nights.without_tickets
    lines = build.summary.splitlines()
    scored = next(line for line in lines if line.startswith("Scored "))
    assert scored.startswith(f"Scored 4 dates, {build.run['first_date_scored']} to {SECOND_NIGHT},")
    accounts = next(line for line in lines if line.startswith("Accounts on "))
    assert accounts.startswith(f"Accounts on {SECOND_NIGHT} (composite): ")
    for band in bands:
        assert re.search(rf"\b{band['band_label']} {band['accounts']}[,.]", accounts)
    rejected = f"Rejected rows: {build.run['rejected_rows']}, since the run before tickets -"
    assert any(line.startswith(rejected) for line in lines)
    assert f"Readers find it in {published_file(nights.work)}." in lines
    assert len(lines[lines.index(scored) :]) < 20


def test_a_quiet_build_prints_no_summary(nights: Nights) -> None:
    printed = nights.unpublished.printed
    assert not re.search("Scored |Accounts on |Rejected rows|Readers find", printed)


def test_a_table_that_is_not_delivered_is_named(nights: Nights) -> None:
    query = "from marts.source_status order by source_table"
    status = {row["source_table"]: row for row in rows_of(published_file(nights.work), query)}
    assert len(status) == 12
    assert [name for name, row in status.items() if not row["is_delivered"]] == ["tickets"]
    assert status["tickets"]["rows_accepted"] == 0 and status["tickets"]["newest_event_on"] is None
    assert {row["as_of_date"] for row in status.values()} == {SECOND_NIGHT}
    assert "No rows any more: tickets (" in nights.without_tickets.summary
    assert "No rows any more" not in nights.good.summary


def test_no_model_reads_the_record_of_runs() -> None:
    """The wall clock speaks there, and scores do not depend on it."""
    readers = [
        path.name
        for path in (PROJECT / "models").rglob("*.sql")
        if re.search(r"ref\('nightly_run|left_by_last_run\([^)]*nightly_run", path.read_text())
    ]
    assert readers == []


@pytest.mark.long
def test_a_changed_macro_is_another_code_version(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name in ("models", "macros", "seeds", "snapshots", "tests", "profiles", "plugins"):
        if (PROJECT / name).exists():
            skipped = shutil.ignore_patterns("python", "small_world")
            shutil.copytree(PROJECT / name, project / name, ignore=skipped)
    for name in ("dbt_project.yml", "selectors.yml"):
        shutil.copy(PROJECT / name, project)

    def version() -> str:
        inline = ["compile", "--inline", "{{ code_version() }}", "--output", "json", "--quiet"]
        finished = run_dbt(inline, tmp_path / "work", project=project)
        assert finished.returncode == 0, finished.stdout
        return json.loads(finished.stdout)["compiled"]

    before = version()
    macro = project / "macros" / "never.sql"
    macro.write_text(macro.read_text().replace("9999999", "9999998"))
    assert version() != before
