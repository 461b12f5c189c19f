"""`make bench` at toy size: the table comes out, and its figures are of what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from harness import PROJECT

SCRIPTS = PROJECT / "scripts"
sys.path.insert(0, str(SCRIPTS))

from bench.data import EVENT_DATES, Evening, generate, stage  # noqa: E402
from bench.measure import BenchFailed, Cost, run  # noqa: E402
from bench.report import Line, Target, table, target_table, time_by_layer  # noqa: E402
from raw_data.settings import Settings  # noqa: E402

END = date(2025, 12, 31)
TOY = (
    *("--accounts", "20", "--users-per-account", "5", "--days", "20", "--events", "15000"),
    *("--as-of-date", END.isoformat()),
)
# a floor that costs nothing: what it is asked for, and its output file
STAND_IN = """
import sys
from pathlib import Path
if "--layout" in sys.argv:
    Path(sys.argv[2]).write_text(" ".join(sys.argv))
assert list(Path(sys.argv[1], "usage_events").glob("*.parquet"))
"""


def bench(work: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPTS / "bench.py"), *TOY, "--work", str(work), *options]
    return subprocess.run(command, capture_output=True, text=True)


def facts(work: Path) -> dict[str, dict]:
    lines = json.loads((work / "bench.json").read_text())["lines"]
    return {line["what"]: line for line in lines}


def test_the_table_of_a_full_build(tmp_path: Path) -> None:
    floor = tmp_path / "floor"
    floor.mkdir()
    for name in ("floor.py", "dedupe.py"):
        (floor / name).write_text(STAND_IN)
    finished = bench(tmp_path / "work", "--floor", str(floor), "--stop-after", "full")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    for words in ("20 accounts, 20 days", "floor, signals wide", "full build", "at most"):
        assert words in finished.stdout
    lines = facts(tmp_path / "work")
    assert "next night" not in lines
    assert lines["floor, duplicate check"]["seconds"] > 0
    # dbt alone has more than this in memory and writes more than this to its log
    assert lines["full build"]["peak_bytes"] > 100e6
    assert lines["full build"]["size_bytes"] > 1e6


@pytest.mark.long
def test_the_whole_table(tmp_path: Path) -> None:
    finished = bench(tmp_path, "--years", "2", "--floor", str(tmp_path / "nowhere"))
    assert finished.returncode == 0, finished.stdout + finished.stderr
    lines = facts(tmp_path)
    assert lines["floor, signals wide"]["left_out"]
    for what in (
        "full build",
        "nothing to do",
        "next night",
        "7 missed nights",
        "next night, 2 years of history",
    ):
        assert lines[what]["seconds"] > 0
    assert lines["next night"]["ratio_to"] == "nothing to do"


def test_evenings_hold_what_was_there_by_then(tmp_path: Path) -> None:
    settings = Settings(
        end=END, accounts=30, users_per_account=8.0, days=60, events=40_000, partition="day"
    )
    generate(settings, tmp_path / "all")
    evening = Evening(END - timedelta(days=29), END - timedelta(days=3))
    out = tmp_path / "evening"
    rows = stage(tmp_path / "all", tmp_path / "all" / "usage_events", evening, out)
    query = "select count(*), min(cast(occurred_at as date)), max(cast(occurred_at as date)) from"
    found = duckdb.execute(f"{query} '{out}/usage_events/*.parquet'").fetchone()
    assert found == (rows, evening.first, evening.last)
    # events of the last days that are loaded later are not there yet
    loaded = duckdb.execute(f"select max(loaded_at) from '{out}/usage_events/*.parquet'")
    assert loaded.fetchone()[0].date() <= evening.last + timedelta(days=1)
    whole = f"'{tmp_path}/all/usage_events/*.parquet'"
    between = f"cast(occurred_at as date) between '{evening.first}' and '{evening.last}'"
    assert duckdb.execute(f"select count(*) from {whole} where {between}").fetchone()[0] > rows
    for name, column in EVENT_DATES.items():
        on = f"try_cast(left(cast({column} as varchar), 10) as date)"
        first, last = duckdb.execute(
            f"select min({on}), max({on}) from '{out / name}.parquet'"
        ).fetchone()
        assert first is None or evening.first <= first <= last <= evening.last


def test_the_cost_is_that_of_the_whole_family(tmp_path: Path) -> None:
    child = f"[{sys.executable!r}, '-c', 'x = bytearray(300_000_000); x[::4096] = x[::4096]']"
    parent = f"import subprocess, time; subprocess.run({child}); time.sleep(0.2)"
    cost = run([sys.executable, "-c", parent], tmp_path / "log")
    assert cost.seconds >= 0.2
    assert cost.peak_bytes > 290e6


def test_a_command_that_fails_shows_its_last_lines(tmp_path: Path) -> None:
    with pytest.raises(BenchFailed, match="night ended with code 3(.|\n)*the reason"):
        run([sys.executable, "-c", "print('the reason'); exit(3)"], tmp_path / "night.log")


def test_lines_and_targets_as_text() -> None:
    lines = [
        Line(
            "full build", Cost(200.04, 333.3, 3_210_000_000, 5_000_000_000), 7.123, "floor", 10**9
        ),
        Line("re-score", left_out="no such command"),
    ]
    assert [line.split() for line in table(lines).splitlines()[1:]] == [
        ["full", "build", "200.0", "7.12", "floor", "333.3", "3.210", "5.000", "1.000"],
        ["re-score", "-", "left", "out:", "no", "such", "command"],
    ]
    targets = [Target("a", 2.0, 2.0), Target("b", 5.01, 5.0, " s"), Target("c", None, 0.25)]
    words = [line.split()[-1] for line in target_table(targets).splitlines()[1:]]
    assert words == ["met", "missed", "measured"]


def test_time_by_layer_sums_nodes_of_a_kind() -> None:
    nodes = {
        "model.p.int_scores__groups": 2.0,
        "model.p.int_scores__bands": 1.0,
        "model.p.customer_health": 0.5,
        "test.p.int_scores__unique_key": 4.0,
    }
    assert time_by_layer(nodes) == {"test": 4.0, "int_scores": 3.0, "marts": 0.5}
