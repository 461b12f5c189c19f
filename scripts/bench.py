"""Measure the project: the floor, a full build, a build with nothing to do, nights, a re-score.

    python scripts/bench.py                                     # 5,000 accounts, 50 million events
    python scripts/bench.py --years 3                           # … and a night after three years
    python scripts/bench.py --accounts 100 --events 1000000     # one fiftieth of it
    python scripts/bench.py --engine postgres --accounts 500 --events 5000000   # on a server

The data come from the project's own generator and stand as the nightly job would find them on
three evenings: the first build's, the next, and seven days on. The floor is a hand-written script
that lies beside the project (`--floor`); without it its lines say so. Everything that is written
lies below `--work`; raw data of the same size are used again. What the environment says (memory
limits) holds for the builds. Exit code 1 when a step fails; the table then ends where it happened.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bench.builds import (
    PROJECT,
    Build,
    PostgresWarehouse,
    SparkWarehouse,
    Warehouse,
    has_selector,
)
from bench.measure import BenchFailed, Cost, apart, run
from bench.report import (
    Line,
    Target,
    machine,
    slowest,
    table,
    target_table,
    time_by_layer,
)

MISSED_NIGHTS = 7
WIDE, LONG, DUPLICATES = "floor, signals wide", "floor, signals long", "floor, duplicate check"
FULL, NOTHING, NIGHT = "full build", "nothing to do", "next night"
STEPS = ("floor", "full", "nothing", "night", "missed", "rescore")
MISSED, RESCORE = f"{MISSED_NIGHTS} missed nights", "re-score of the year"
WITHOUT_ACTIONS = "  without the marts of actions, unpublished"
ACTIONS = [
    *(f"path:models/marts/{folder}" for folder in ("actions", "governance", "index", "semantic")),
    "path:models/intermediate/actions",
    *("action_playbooks", "int_config__action_playbooks"),
    *("alert_settings", "int_config__alert_settings"),
]


@dataclass
class Bench:
    """What was asked for, and the lines so far."""

    arguments: argparse.Namespace
    lines: list[Line] = field(default_factory=list)
    builds: dict[str, Build] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)

    @property
    def work(self) -> Path:
        """The folder of everything that is written, absolute."""
        return self.arguments.work.resolve()

    @property
    def years_label(self) -> str:
        """What tells the lines of the longer history from the others."""
        return f", {self.arguments.years} years of history"

    def goes_on(self, step: str) -> bool:
        """Whether a step, one of STEPS, was asked for."""
        return STEPS.index(step) <= STEPS.index(self.arguments.stop_after)

    def seconds(self, what: str) -> float | None:
        """Seconds of a line; null where it is not there or was left out."""
        costs = [line.cost for line in self.lines if line.what == what and line.cost]
        return costs[0].seconds if costs else None

    def add(self, what: str, cost: Cost, ratio_to: str = "", size_bytes: int | None = None) -> None:
        """Add a measured line; its ratio is the one to the line named."""
        base = self.seconds(ratio_to)
        ratio = cost.seconds / base if base else None
        self.lines.append(Line(what, cost, ratio, ratio_to if ratio else "", size_bytes))
        print(f"  {what}: {cost.seconds:.1f} s", file=sys.stderr, flush=True)

    def leave_out(self, why: str, *whats: str) -> None:
        """Add lines that say why they were not measured."""
        self.lines += [Line(what, left_out=why) for what in whats]

    def add_build(self, what: str, build: Build, ratio_to: str = "") -> None:
        """Add a build and, apart, its publishing, which is part of its seconds too."""
        self.builds[what] = build
        self.add(what, build.cost, ratio_to, build.warehouse_bytes)
        publishing = f"  of it publishing ({what})"
        if build.publishing_seconds is None:
            self.leave_out("no on-run-end hook ran", publishing)
        else:
            self.add(publishing, Cost(build.publishing_seconds), what, build.published_bytes)


def _settings(given: argparse.Namespace) -> dict[str, object]:
    """The generator's settings: all years, and the days until the missed nights are healed."""
    days = given.days * given.years + 1 + MISSED_NIGHTS
    return {
        "end": given.as_of_date + timedelta(days=1 + MISSED_NIGHTS),
        "accounts": given.accounts,
        "users_per_account": given.users_per_account,
        "days": days,
        "events": round(given.events / given.days * days),
        "seed": given.seed,
        "partition": "day",
    }


def _generate(settings: dict[str, object], raw: Path, floor: Path) -> None:
    """Make all raw data, dirty for the project and clean for the floor (in a child process)."""
    from bench.data import generate, generate_for_floor
    from raw_data.settings import Settings

    generate(Settings(**settings), raw)
    generate_for_floor(Settings(**settings, dirt=0.0), floor)


def _stage(small: Path, events: Path, first: date, last: date, out: Path) -> int:
    """Write the raw data of an evening (in a child process); returns its usage events."""
    from bench.data import Evening, stage

    return stage(small, events, Evening(first, last), out)


def prepare(bench: Bench) -> None:
    """Write the raw data of every evening that is measured."""
    given, work = bench.arguments, bench.work
    print("making raw data", file=sys.stderr, flush=True)
    apart(_generate, _settings(given), work / "generated", work / "generated_for_floor")
    events = work / "generated" / "usage_events"
    last = given.as_of_date
    one_year = last - timedelta(days=given.days - 1)
    all_years = last - timedelta(days=given.days * given.years - 1)
    evenings = {
        "first": (work / "generated", one_year, last),
        "next": (work / "generated", one_year, last + timedelta(days=1)),
        "healed": (work / "generated", one_year, last + timedelta(days=1 + MISSED_NIGHTS)),
        "floor": (work / "generated_for_floor", one_year, last),
    }
    if given.years > 1:
        evenings["years_first"] = (work / "generated", all_years, last)
        evenings["years_next"] = (work / "generated", all_years, last + timedelta(days=1))
    for name, (small, start, end) in evenings.items():
        bench.events[name] = apart(_stage, small, events, start, end, work / "raw" / name)


def measure_floor(bench: Bench) -> None:
    """The floor in both layouts and its duplicate check; left out where it is not at hand."""
    scripts, raw = bench.arguments.floor.resolve(), bench.work / "raw" / "floor"
    if not (scripts / "floor.py").is_file():
        bench.leave_out("its script is not at hand", WIDE, LONG, DUPLICATES)
        return
    out = bench.work / "floor.duckdb"
    cores = str(bench.arguments.cores)
    for what, layout in ((WIDE, "wide"), (LONG, "long")):
        command = [scripts / "floor.py", raw, out, "--layout", layout, "--threads", cores]
        cost = run([sys.executable, *command], bench.work / f"floor_{layout}.log")
        bench.add(what, cost, size_bytes=out.stat().st_size)
    command = [scripts / "dedupe.py", raw, "hashed"]
    bench.add(DUPLICATES, run([sys.executable, *command], bench.work / "floor_duplicates.log"))
    out.unlink()


def _variables(last: date, days: int, first_evening: date) -> dict[str, str]:
    start = first_evening - timedelta(days=days - 1)
    return {"as_of_date": last.isoformat(), "history_start_date": start.isoformat()}


def new_warehouse(bench: Bench, name: str) -> Warehouse:
    """An empty warehouse on the engine that is measured."""
    if bench.arguments.engine == "spark":
        return SparkWarehouse(bench.work / f"{name}_spark", bench.arguments.cores)
    if bench.arguments.engine == "postgres":
        return PostgresWarehouse(bench.work / f"{name}_postgres", f"customer_health_bench_{name}")
    return Warehouse(bench.work / name)


def measure_year(bench: Bench) -> None:
    """Full build, nothing to do, next night, missed nights and re-score after one year."""
    given = bench.arguments
    warehouse = new_warehouse(bench, "one_year")

    for step, what, raw, nights, base in (
        ("full", FULL, "first", 0, ""),
        ("nothing", NOTHING, "first", 0, FULL),
        ("night", NIGHT, "next", 1, NOTHING),
        ("missed", MISSED, "healed", 1 + MISSED_NIGHTS, NOTHING),
    ):
        if bench.goes_on(step):
            last = given.as_of_date + timedelta(days=nights)
            if loading := warehouse.use_raw(bench.work / "raw" / raw):
                bench.add(f"  loading the raw tables ({what})", loading)
            variables = _variables(last, given.days, given.as_of_date)
            build = warehouse.build(step, variables, (given.days + nights, last))
            bench.add_build(what, build, base)
            if what == NOTHING and given.engine == "duckdb":
                command = ["build", "--exclude", *ACTIONS, "test_type:unit"]
                expected = (given.days, last)
                without = warehouse.build("without_actions", variables, expected, command)
                bench.builds[WITHOUT_ACTIONS] = without
                bench.add(WITHOUT_ACTIONS, without.cost, NOTHING)
    if bench.goes_on("rescore"):
        measure_rescore(bench, warehouse)


def measure_rescore(bench: Bench, warehouse: Warehouse) -> None:
    """The last year's dates scored anew after a change of weights."""
    given = bench.arguments
    command = shlex.split(given.rescore)
    if not has_selector(command):
        bench.leave_out(f"no such command: dbt {given.rescore}", RESCORE)
        return
    last = given.as_of_date + timedelta(days=1 + MISSED_NIGHTS)
    variables = _variables(last, given.days, given.as_of_date)
    variables[given.rescore_var] = (last - timedelta(days=given.days - 1)).isoformat()
    warehouse.change_weights()
    expected = (given.days + 1 + MISSED_NIGHTS, last)
    build = warehouse.build("rescore", variables, expected, command)
    warehouse.expect_configuration("rescore", given.days)
    bench.add_build(RESCORE, build, FULL)


def measure_years(bench: Bench) -> None:
    """Full build, nothing to do and next night with all years of history."""
    given = bench.arguments
    warehouse = new_warehouse(bench, "all_years")
    days = given.days * given.years
    for what, raw, nights, base in (
        (FULL, "years_first", 0, FULL),
        (NOTHING, "years_first", 0, NOTHING),
        (NIGHT, "years_next", 1, NIGHT),
    ):
        last = given.as_of_date + timedelta(days=nights)
        warehouse.use_raw(bench.work / "raw" / raw)
        variables = _variables(last, days, given.as_of_date)
        name = f"years_{what.replace(' ', '_')}"
        build = warehouse.build(name, variables, (days + nights, last))
        bench.add_build(what + bench.years_label, build, base)


def cost_of_actions(bench: Bench) -> float | None:
    """Seconds that the marts of actions add to a build with nothing to do, publishing left aside.

    Null where either was not measured.
    """
    both = [bench.builds.get(what) for what in (NOTHING, WITHOUT_ACTIONS)]
    if None in both:
        return None
    with_, without = (build.cost.seconds - (build.publishing_seconds or 0) for build in both)
    return with_ - without


def targets(bench: Bench) -> list[Target]:
    """The targets of the specification; DuckDB's are meant for 50 million events on two cores."""
    full, nothing, night = (bench.seconds(what) for what in (FULL, NOTHING, NIGHT))
    if bench.arguments.engine == "postgres":
        return [Target("next night / full build", night / full if night and full else None, 0.15)]
    if bench.arguments.engine == "spark":
        return []
    floors = [bench.seconds(what) for what in (WIDE, LONG, DUPLICATES)]
    rescore, later = bench.seconds(RESCORE), bench.seconds(NIGHT + bench.years_label)
    work = full - nothing if full and nothing else None
    with_floor = work is not None and None not in floors
    peak = bench.builds[FULL].cost.peak_bytes if FULL in bench.builds else None
    found = [
        Target(
            "(full build - nothing to do) / (floor wide + duplicate check)",
            work / (floors[0] + floors[2]) if with_floor else None,
            2.0,
        ),
        Target(
            "(full build - nothing to do) / (floor long + duplicate check)",
            work / (floors[1] + floors[2]) if with_floor else None,
            2.0,
        ),
        Target(
            "next night - nothing to do", night - nothing if night and nothing else None, 5.0, " s"
        ),
        Target("marts of actions, of a night", cost_of_actions(bench), 5.0, " s"),
        Target("peak memory of the full build", peak / 1e9 if peak else None, 4.0, " GB"),
        Target("re-score of the year / full build", rescore / full if rescore else None, 0.25),
    ]
    years = bench.arguments.years
    if years > 1:
        ratio = later / night if later and night else None
        found.append(Target(f"next night after {years} years / after one", ratio, 1.3))
    return found


def report(bench: Bench) -> dict[str, object]:
    """Everything that was measured, for JSON."""
    given = bench.arguments
    shown = ("engine", "accounts", "users_per_account", "days", "years", "seed", "rescore")
    return {
        "size": {name: getattr(given, name) for name in shown}
        | {"as_of_date": given.as_of_date.isoformat(), "usage_events": bench.events},
        "machine": machine(given.cores),
        "lines": [line.facts() for line in bench.lines],
        "targets": [target.facts() for target in targets(bench)],
        "time_by_layer": {what: time_by_layer(b.nodes) for what, b in bench.builds.items()},
        "slowest_nodes": {what: slowest(b.nodes, 20) for what, b in bench.builds.items()},
    }


def show(bench: Bench) -> None:
    """Print size and machine, the table, and the targets; write all of it to the JSON file."""
    given, facts = bench.arguments, machine(bench.arguments.cores)
    engine = f"DuckDB {facts['duckdb']}" if given.engine == "duckdb" else given.engine.title()
    print(
        f"{given.accounts:,} accounts, {given.days:,} days, "
        f"{bench.events.get('first', 0):,} usage events; {facts['processor']}, "
        f"{facts['cores']} cores, {facts['memory_bytes'] / 1e9:.1f} GB, {engine}"
    )
    print(f"\n{table(bench.lines)}\n\n{target_table(targets(bench))}")
    size = "50 million events on two cores" if given.engine == "duckdb" else "5 million events"
    print(f"(The targets are meant for {size}, and a machine that does nothing else.)")
    name = "bench" if given.engine == "duckdb" else f"bench_{given.engine}"
    out = given.json or bench.work / f"{name}.json"
    out.write_text(json.dumps(report(bench), indent=2) + "\n", encoding="utf-8")


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Measure the project against the floor, and night against night.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--accounts", type=int, default=5_000)
    parser.add_argument("--users-per-account", type=float, default=40.0, help="mean")
    parser.add_argument("--days", type=int, default=365, help="days of a year of history")
    parser.add_argument("--events", type=int, default=50_000_000, help="usage events per year")
    parser.add_argument("--years", type=int, default=1, help="more: nights after as many, too")
    parser.add_argument(
        "--as-of-date",
        type=date.fromisoformat,
        default=date(2025, 12, 31),
        help="date of the first build",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cores", type=int, default=2, help="processors that anything may use")
    parser.add_argument("--work", type=Path, default=PROJECT / "data" / "bench")
    parser.add_argument("--floor", type=Path, default=PROJECT.parent / "shared" / "bench")
    parser.add_argument("--rescore", default="build --selector rescore", help="dbt's arguments")
    parser.add_argument("--rescore-var", default="rescore_from", help="var: first date re-scored")
    parser.add_argument(
        "--engine",
        choices=("duckdb", "postgres", "spark"),
        default="duckdb",
        help="postgres: in new databases on the server that PGHOST and PGUSER name; "
        "spark: in one process",
    )
    parser.add_argument("--stop-after", choices=STEPS, default=STEPS[-1], help="last step")
    parser.add_argument("--json", type=Path, help="file for all figures (default: in --work)")
    return parser.parse_args(argv)


def _use_cores(number: int) -> int:
    """Keep this process and its children to some processors; returns how many they have."""
    if not hasattr(os, "sched_setaffinity"):
        return os.cpu_count() or 1
    allowed = sorted(os.sched_getaffinity(0))[:number]
    os.sched_setaffinity(0, allowed)
    return len(allowed)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    given = _parse(argv)
    given.cores = _use_cores(given.cores)
    given.work.mkdir(parents=True, exist_ok=True)
    bench = Bench(given)
    steps = [prepare, measure_floor, measure_year]
    if given.years > 1 and bench.goes_on("night"):
        steps.append(measure_years)
    try:
        for step in steps:
            step(bench)
    except (BenchFailed, ValueError, FileExistsError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    finally:
        if bench.lines:
            show(bench)
    return 0


if __name__ == "__main__":
    sys.exit(main())
