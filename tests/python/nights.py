"""Plays a company night by night: rows arrive late, out of order, twice, corrected or not at all.

`make_nightly_company` gives every row of a random company a moment of arrival. A `Play` writes the
raw files as they stand on a night, builds them into one warehouse, and keeps book of which run
scored which date last. From that and from the arrivals it knows the dates on which the warehouse
must hold what one full build of the same files holds; `Play.differences_from` compares them.
"""

from __future__ import annotations

import copy
import csv
import json
import random
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from dbt_server import DbtServer
from reference.tables import TABLES, Column, Table
from warehouse import BuildFailed, differences, fetch
from worlds import Dirt, Maker, Row, Writer, as_date, days_later, make_company

RESTATE_DAYS = 3
CORRECTION_DAYS = 30
DIMENSIONS = ("accounts", "users", "features")
NIGHT_HOUR = 3
BEGINNING = datetime(2000, 1, 1)
# what becomes known later than the row itself; it counts from its own day on
LATER_COLUMNS = {
    "tickets": ["solved_at", "reopened_at", "escalated_at"],
    "invoices": ["paid_on", "voided_on"],
    "contracts": ["cancelled_at"],
    "churn_events": ["reactivated_on"],
}
TYPES = {
    "timestamp": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "number": pa.float64(),
}
# marts that look at older dates: compared where those older dates are
CHANGE_COLUMNS = {
    "score_change_7d": 7, "score_change_30d": 30, "improving_accounts": 30,
    "declining_accounts": 30, "share_improving": 30, "share_declining": 30,
}  # fmt: skip
# marts that tell of runs and not of days
NOT_COMPARED = {"nightly_runs", "nightly_run_rows", "source_status"}
OF_THE_NEWEST_RUN = [
    "customer_health", "customer_health_models", "customer_health_drivers", "rejected_rows",
    "data_warnings", "customer_health_actions", "customer_health_movement",
    "customer_health_index_movement", "customer_health_parents", "override_audit",
    "gaming_signals",
]  # fmt: skip
# what follows from band_since: compared where it is the same down to the beginning
OF_THE_FLAG = {
    "flagged_at", "due_at", "last_touchpoint_at", "sla_status", "next_call_by", "next_review_on",
    "needs_call", "is_due_today", "queue_rank", "reason",
}  # fmt: skip
UNDATED_MARTS = {
    "rejected_rows": ["source_table", "row_key", "reason", "reject_number"],
    "data_warnings": ["source_table", "column_name", "warning"],
}
# marts that look at every date: compared where every date is
OF_ALL_DATES = {
    "override_audit": ["score_model", "account_id", "starts_on"],
    "gaming_signals": ["gaming_check", "subject_kind", "subject"],
}
# a full build knows one configuration only
OF_ALL_CONFIGURATIONS = "weights_changed_before_review"
KEY_COLUMNS = [
    "score_model", "account_id", "as_of_date", "signal_id", "dimension", "dimension_value", "band",
    "part", "alert_type", "subject", "change_type", "bucket", "parent_account_id",
]  # fmt: skip
# marts whose rows look so many days back: compared where all of these days are comparable
LOOKS_BACK = {
    "customer_health_band_changes": 1,
    "customer_health_movement": 30,
    "customer_health_index_movement": 30,
    "customer_health_alerts": 91,
    "customer_health_band_flips": 91,
    # a run of days in one band may have begun at any time
    "crm_health_updates": 10_000,
}


# ---- what arrives when


@dataclass
class Delivery:
    """A row with the time in which the raw table holds it.

    arrives, leaves: naive UTC; leaves is null for rows that stay.
    counts_from, missed_from: the first date whose score may change when it arrives, and leaves.
    """

    table: str
    row: Row
    texts: dict[str, str]
    arrives: datetime
    counts_from: date
    leaves: datetime | None = None
    missed_from: date = date.max

    def is_there(self, at: datetime) -> bool:
        """Whether the raw table holds the row at the moment."""
        return self.arrives <= at and (self.leaves is None or at < self.leaves)

    def changes(self, after: datetime, until: datetime) -> list[date]:
        """From which dates on scores may differ between the two moments; empty for none."""
        found = [self.counts_from] if after < self.arrives <= until else []
        if self.leaves is not None and after < self.leaves <= until:
            found.append(self.missed_from)
        return found


def night_after(on: date) -> datetime:
    """The moment at which the build of a date runs: in the night that follows it."""
    return datetime.combine(days_later(on, 1), time(NIGHT_HOUR))


def event_date(table: str, row: Row) -> date | None:
    """The date of a row by which it counts; null where it cannot be read or has none."""
    name = TABLES[table].dated_by
    value = row.get(name) if name else None
    return as_date(value) if isinstance(value, date) else None


@dataclass
class Company:
    """A company and all that its raw tables will ever hold."""

    maker: Maker
    vars: dict[str, Any]
    seeds: Path
    has_loaded_at: bool
    is_typed: bool
    rng: random.Random
    deliveries: dict[str, list[Delivery]] = field(default_factory=lambda: defaultdict(list))

    def deliver(
        self, table: str, row: Row, arrives: datetime, counts_from: date | None = None
    ) -> Delivery:
        """Let a row arrive; its `loaded_at` is that moment. counts_from: default its own date."""
        row = row | {"loaded_at": arrives if self.has_loaded_at else None}
        writer = Writer(self.rng, self.maker.zone, self.vars.get("date_formats", {}))
        texts = {c.name: writer.text(table, c, row.get(c.name)) for c in TABLES[table].columns}
        counts_from = counts_from or event_date(table, row) or date.max
        found = Delivery(table, row, texts, arrives, counts_from)
        self.deliveries[table].append(found)
        return found

    def remove(self, delivery: Delivery, at: datetime) -> None:
        """Let a row be deleted from the raw table."""
        delivery.leaves = at
        delivery.missed_from = event_date(delivery.table, delivery.row) or date.min

    def correct(self, delivery: Delivery, at: datetime, **values: Any) -> Delivery:
        """Let a newer version of a row arrive; without `loaded_at` it takes the old one's place."""
        new = self.deliver(delivery.table, delivery.row | values, at)
        new.counts_from = min(new.counts_from, delivery.counts_from)
        if not self.has_loaded_at:
            delivery.leaves, delivery.missed_from = at, new.counts_from
        return new

    def clean(self, table: str, at: datetime, first: date, last: date) -> list[Delivery]:
        """Readable rows that the table holds at the moment and of whose key there is one version.

        first, last: the range of their event dates.
        """
        keys = TABLES[table].key
        versions: dict[tuple[str, ...], int] = defaultdict(int)
        for delivery in self.deliveries[table]:
            versions[tuple(str(delivery.row.get(key)) for key in keys)] += 1
        accounts = {d.row["account_id"] for d in self.deliveries["accounts"]}
        return [
            d
            for d in self.deliveries[table]
            if d.is_there(at) and not any(isinstance(value, Dirt) for value in d.row.values())
            if (on := event_date(table, d.row)) is not None and first <= on <= last
            if versions[tuple(str(d.row.get(key)) for key in keys)] == 1
            if d.row["account_id"] in accounts
        ]

    def change(self, table: str, key: str, at: datetime, **values: Any) -> None:
        """Change the columns of an account, user or feature from the moment on."""
        for old in [d for d in self.deliveries[table] if d.row[TABLES[table].key[0]] == key]:
            if old.leaves is None:
                old.leaves = at
                self.deliver(table, old.row | values, at)

    def write(self, raw: Path, at: datetime) -> None:
        """Write the raw files as they stand at the moment. raw: folder, replaced."""
        shutil.rmtree(raw, ignore_errors=True)
        raw.mkdir(parents=True)
        for table in TABLES.values():
            there = [d for d in self.deliveries[table.name] if d.is_there(at)]
            columns = [c for c in table.columns if self.has_loaded_at or c.name != "loaded_at"]
            if not self.is_typed and table.name != "usage_events":
                _write_csv(raw / f"{table.name}.csv", columns, there)
            elif table.name != "usage_events":
                pq.write_table(self._arrow(table, columns, there), raw / f"{table.name}.parquet")
            else:
                (raw / table.name).mkdir()
                for month, part in _by_month(there).items():
                    pq.write_table(
                        self._arrow(table, columns, part), raw / table.name / f"{month}.parquet"
                    )

    def _arrow(self, table: Table, columns: Sequence[Column], rows: Sequence[Delivery]) -> pa.Table:
        writer = Writer(self.rng, self.maker.zone, {})
        fields, arrays = [], []
        for column in columns:
            kind = TYPES.get(column.kind, pa.string())
            ever = (d.row.get(column.name) for d in self.deliveries[table.name])
            if not self.is_typed or any(isinstance(value, Dirt) for value in ever):
                kind = pa.string()
            if pa.types.is_string(kind):
                cells = [d.texts[column.name] for d in rows]
            else:
                cells = [writer.typed(d.row.get(column.name), kind) for d in rows]
            fields.append(pa.field(column.name, kind))
            arrays.append(pa.array(cells, kind))
        return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Delivery]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines)
        out.writerow([column.name for column in columns])
        out.writerows([d.texts[column.name] for column in columns] for d in rows)


def _by_month(rows: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    """Rows by the month of arrival, as a loader that appends would leave them."""
    found: dict[str, list[Delivery]] = {"none": []}
    for delivery in rows:
        found.setdefault(f"{delivery.arrives:%Y-%m}", []).append(delivery)
    return found


def _arrival(rng: random.Random, on: date, late: int, not_before: datetime) -> datetime:
    """A moment between the night of the day before `on + late` and the night of that day."""
    earliest = night_after(days_later(on, late - 1))
    found = earliest + timedelta(minutes=rng.randint(0, 23 * 60))
    return max(found, not_before + timedelta(minutes=rng.randint(1, 60))) if late >= 0 else found


def _lateness(rng: random.Random) -> int:
    """Days by which a row is late: mostly none, never more than are restated, a few are early."""
    return rng.choice([0] * 16 + [1, 1, 2, 2, RESTATE_DAYS, RESTATE_DAYS, -2, -9])


def _day_of(value: Any) -> date:
    return as_date(value) if isinstance(value, date) else date.min


def _deliver_once(company: Company, table: str, row: Row) -> None:
    """A row of whose key there is no other: now as it is, now in two versions, now twice."""
    rng = company.rng
    on = event_date(table, row)
    assert on is not None
    known = row[TABLES[table].dated_by or ""]
    known = known if isinstance(known, datetime) else datetime.combine(known, time(8))
    later = [
        name for name in LATER_COLUMNS.get(table, [])
        if _day_of(row.get(name)) > on
        if name != "escalated_at" or row.get("is_escalated") is not True
    ]  # fmt: skip
    fate = rng.random()
    if later and fate < 0.6:
        _deliver_in_two(company, table, row, later, _arrival(rng, on, _lateness(rng), known))
        return
    late = _lateness(rng)
    arrives = _arrival(rng, on, late, known)
    if 0 <= late < RESTATE_DAYS and fate > 0.9:
        _deliver_corrected(company, table, row, on, late, arrives)
        return
    first = company.deliver(table, row, arrives)
    if fate > 0.85:
        again = company.deliver(table, first.row, arrives + timedelta(hours=rng.randint(1, 90)))
        again.counts_from = date.max


def _deliver_in_two(
    company: Company, table: str, row: Row, later: Sequence[str], arrives: datetime
) -> None:
    """First without what is not known yet, then whole, once the first of it has happened."""
    on = min(_day_of(row[name]) for name in later)
    first = company.deliver(table, row | dict.fromkeys(later), arrives)
    known = max(datetime.combine(on, time(20)), arrives)
    late = company.rng.randint(0, RESTATE_DAYS)
    whole = company.deliver(
        table, row, max(_arrival(company.rng, on, late, known), arrives), counts_from=on
    )
    if not company.has_loaded_at or company.rng.random() < 0.5:
        first.leaves, first.missed_from = whole.arrives, on


def _deliver_corrected(
    company: Company, table: str, row: Row, on: date, late: int, arrives: datetime
) -> None:
    """First with other values, at times of another day, then as it is, while dates are restated."""
    rng = company.rng
    donor = rng.choice(company.maker.rows[table])
    optional = [
        c.name for c in TABLES[table].columns
        if not c.is_key and not c.is_required and c.name != "loaded_at"
        if not isinstance(donor.get(c.name), Dirt)
    ]  # fmt: skip
    chosen = rng.sample(optional, len(optional) // 2)
    wrong = row | {name: donor.get(name) for name in chosen}
    if table == "usage_events":
        wrong["occurred_at"] = row["occurred_at"] + timedelta(days=rng.choice([0, 0, 1]))
    first = company.deliver(table, wrong, arrives, counts_from=on)
    right_late = rng.randint(late + 1, RESTATE_DAYS)
    right = company.deliver(table, row, _arrival(rng, on, right_late, arrives))
    if not company.has_loaded_at:
        first.leaves, first.missed_from = right.arrives, on


def _deliver_versions(company: Company, table: str, rows: Sequence[Row]) -> None:
    """Rows that share a key: the first of their dates says when they may change a score."""
    dates = [on for row in rows if (on := event_date(table, row)) is not None]
    on = min(dates, default=company.maker.any_day())
    for row in rows:
        arrives = _arrival(company.rng, on, max(_lateness(company.rng), 0), BEGINNING)
        company.deliver(table, row, arrives, counts_from=on if dates else date.max)


def _deliver_all(company: Company, table: Table) -> None:
    by_key: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in company.maker.rows[table.name]:
        by_key[tuple(str(row.get(key)) for key in table.key)].append(row)
    for rows in by_key.values():
        has_dirt = any(isinstance(v, Dirt) or v != v for row in rows for v in row.values())
        if table.name in DIMENSIONS:
            for row in rows:
                company.deliver(table.name, row, BEGINNING)
        elif len(rows) == 1 and not has_dirt and event_date(table.name, rows[0]) is not None:
            _deliver_once(company, table.name, rows[0])
        elif has_dirt and company.is_typed and table.name == "usage_events":
            pass  # its columns are typed and hold no text
        else:
            _deliver_versions(company, table.name, rows)


def make_nightly_company(
    seed: int,
    seeds: Path,
    *,
    end: date,
    days: int = 150,
    accounts: int = 6,
    has_loaded_at: bool = True,
    is_typed: bool = True,
    has_dirt: bool = True,
) -> Company:
    """Make a company whose rows arrive on the night of their day or up to `RESTATE_DAYS` later.

    seed: the same arguments make the same company. seeds: folder for its seed files.
    end, days: the last day of activity, and how many days it has. is_typed: raw files are typed
    Parquet; otherwise usage events are Parquet of texts and the rest is CSV.
    Accounts, users and features are there from the beginning.
    """
    maker, variables = make_company(
        seed, seeds, accounts=accounts, days=days, end=end, has_dirt=has_dirt
    )
    if is_typed:
        variables.pop("date_formats", None)
    rng = random.Random(seed + 1)
    company = Company(maker, variables, seeds, has_loaded_at, is_typed, rng)
    for table in TABLES.values():
        _deliver_all(company, table)
    return company


# ---- nights


@dataclass(frozen=True)
class Run:
    """A build that ended well: its as-of date, the moment of the files, the dates it scored."""

    as_of_date: date
    at: datetime
    scored: range

    def has_scored(self, on: date) -> bool:
        """Whether the run scored the date."""
        return on.toordinal() in self.scored


@dataclass
class Play:
    """A company's warehouse, built night after night."""

    company: Company
    folder: Path
    dbt: DbtServer
    history_start: date
    runs: list[Run] = field(default_factory=list)
    seeds: Path | None = None
    configurations: dict[date, Path] = field(default_factory=dict)

    @property
    def warehouse(self) -> Path:
        """The file that the nights build in."""
        return self.folder / "work" / "warehouse.duckdb"

    @property
    def newest(self) -> date:
        """The newest date that is scored."""
        return max(run.as_of_date for run in self.runs)

    def branch(self, folder: Path) -> Play:
        """A copy of the warehouse, its book and its company, to go on with in another way."""
        shutil.copytree(self.folder, folder)
        return Play(
            copy.deepcopy(self.company), folder, self.dbt, self.history_start, [*self.runs],
            self.seeds, dict(self.configurations),
        )  # fmt: skip

    def night(self, on: date, **settings: Any) -> str:
        """The nightly build of a date. settings: further vars. Returns what dbt printed."""
        return self.run(on, night_after(on), **settings)

    def run(self, as_of_date: date, at: datetime, **settings: Any) -> str:
        """Build on the files of a moment, as `night` does. Raises BuildFailed."""
        raw = self.folder / "raw"
        self.company.write(raw, at)
        seeds = self.seeds or self.company.seeds
        finished = self._build(self.folder / "work", raw, as_of_date, seeds, settings)
        scored = self._scored(as_of_date, settings, seeds)
        self.runs.append(Run(as_of_date, at, scored))
        self.configurations |= {date.fromordinal(day): seeds for day in scored}
        return finished

    def _scored(self, as_of_date: date, settings: Mapping[str, Any], seeds: Path) -> range:
        """The dates that a run scores, by scoring.md 1."""
        first = as_of_date
        if "score_from" in settings:
            first = date.fromisoformat(settings["score_from"])
        elif not self.runs:
            first = self.history_start
        elif self.newest <= as_of_date:
            first = min(days_later(self.newest, 1), days_later(as_of_date, -RESTATE_DAYS))
            first = max(first, self.history_start)
            # a restated date keeps the configuration that it was scored with
            while first < as_of_date and self.configurations.get(first, seeds) != seeds:
                first = days_later(first, 1)
        return range(first.toordinal(), as_of_date.toordinal() + 1)

    def full_build(self, name: str) -> Path:
        """Build the files of the last run in one go into a warehouse of its own; its path."""
        work = self.folder / name
        shutil.rmtree(work, ignore_errors=True)
        seeds = self.seeds or self.company.seeds
        self._build(work, self.folder / "raw", self.newest, seeds, {})
        return work / "warehouse.duckdb"

    def _build(
        self, work: Path, raw: Path, as_of_date: date, seeds: Path, settings: Mapping[str, Any]
    ) -> str:
        variables = {
            **self.company.vars,
            **settings,
            "as_of_date": as_of_date.isoformat(),
            "history_start_date": self.history_start.isoformat(),
        }
        options = ["--vars", json.dumps(variables)]
        options += ["--exclude", "resource_type:test", "resource_type:unit_test"]
        environment = {"HEALTH_RAW_PATH": str(raw), "HEALTH_SEED_PATH": str(seeds)}
        finished = self.dbt.run_dbt(["build", *options], work, environment)
        if finished.returncode != 0:
            raise BuildFailed(finished.stdout)
        return finished.stdout

    # ---- which dates must agree with a full build

    def last_run(self, on: date) -> int:
        """The number of the run that scored the date last."""
        return max(n for n, run in enumerate(self.runs) if run.has_scored(on))

    def dates(self) -> list[date]:
        """All dates that are scored."""
        found = {day for run in self.runs for day in run.scored}
        return [date.fromordinal(day) for day in sorted(found)]

    def comparable_dates(self) -> list[date]:
        """The dates at which nothing that counts has changed since they were scored last."""
        until = self.runs[-1].at
        first_change = {
            number: min(
                (
                    on
                    for rows in self.company.deliveries.values()
                    for delivery in rows
                    for on in delivery.changes(run.at, until)
                ),
                default=date.max,
            )
            for number, run in enumerate(self.runs)
        }
        return [on for on in self.dates() if first_change[self.last_run(on)] > on]

    def _comparable_changes(self, dates: set[date], days: int) -> list[date]:
        """Dates whose change against so many days before is comparable too."""
        return [
            on
            for on in dates
            if (then := days_later(on, -days)) < self.history_start
            or (then in dates and self.last_run(then) <= self.last_run(on))
        ]

    def _comparable_stretches(self, dates: set[date]) -> dict[date, date]:
        """The first date of the unbroken comparable stretch that ends on a date."""
        found: dict[date, date] = {}
        for on in sorted(dates):
            before = days_later(on, -1)
            goes_on = before in found and self.last_run(before) <= self.last_run(on)
            found[on] = found[before] if goes_on else on
        return found

    def differences_from(self, full: Path, dates: Iterable[date] | None = None) -> list[str]:
        """What differs between the nights and a full build, as sentences; empty for nothing.

        dates: those to compare, by default the comparable ones.
        """
        kept = set(self.comparable_dates() if dates is None else dates)
        changes = {
            name: self._comparable_changes(kept, days) for name, days in CHANGE_COLUMNS.items()
        }
        left_out = () if kept == set(self.dates()) else OF_ALL_DATES
        stretches = self._comparable_stretches(kept)
        return compare_marts(
            self.warehouse, full, kept, changes, stretches, left_out, first_date=self.history_start
        )

    def differences_since(self, before: Path, dates: Iterable[date] | None = None) -> list[str]:
        """What the marts hold otherwise than an earlier copy of the warehouse, as sentences.

        dates: those to compare, in the marts that keep dates; by default every mart is compared
        whole.
        """
        kept = self.dates() if dates is None else list(dates)
        since_ever = dict.fromkeys(kept, date.min)
        changes = dict.fromkeys(CHANGE_COLUMNS, kept)
        left_out = () if dates is None else OF_THE_NEWEST_RUN
        return compare_marts(self.warehouse, before, kept, changes, since_ever, left_out)


# ---- comparing warehouses


def compare_marts(
    got: Path,
    expected: Path,
    dates: Iterable[date],
    changes: Mapping[str, Iterable[date]],
    stretches: Mapping[date, date],
    left_out: Iterable[str] = (),
    first_date: date = date.min,
) -> list[str]:
    """Compare the marts of two warehouses, as sentences about what differs.

    dates: as-of dates to compare in every mart that has them. changes: per change column the dates
    on which it is compared. stretches: per date the first date down to which band_since is.
    left_out: marts that are not compared. first_date: the first as-of date that there is.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{got}' as got (read_only)")
        connection.execute(f"attach '{expected}' as expected (read_only)")
        connection.execute("create table dates (as_of_date date, since date)")
        rows = [[on, stretches.get(on, on)] for on in dates]
        if rows:
            connection.executemany("insert into dates values (?, ?)", rows)
        connection.execute("create table changes (name varchar, as_of_date date)")
        pairs = [[name, on] for name, all_dates in changes.items() for on in all_dates]
        if pairs:
            connection.executemany("insert into changes values (?, ?)", pairs)
        found = []
        for mart, columns in _marts(connection).items():
            if mart in {*NOT_COMPARED, *left_out}:
                continue
            if keys := (UNDATED_MARTS | OF_ALL_DATES).get(mart):
                query = f"select * from {{}}.marts.{mart}"
                if "gaming_check" in columns:
                    query += f" where gaming_check <> '{OF_ALL_CONFIGURATIONS}'"
                found += _differing(connection, mart, query, keys, columns)
            elif "as_of_date" in columns:
                keys = [name for name in KEY_COLUMNS if name in columns]
                if "health_score" in columns and "band" in keys:
                    keys.remove("band")
                query = _dated_query(mart, columns, first_date)
                found += _differing(connection, mart, query, keys, columns)
        return found


def _marts(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The marts of both warehouses with their columns."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = fetch(
        connection,
        """
        select distinct table_name, column_name from information_schema.columns
        where table_schema = 'marts' order by all
        """,
    )
    for row in rows:
        found[row["table_name"]].append(row["column_name"])
    return found


def _dated_query(mart: str, columns: Sequence[str], first_date: date) -> str:
    """All columns on the dates to compare; what looks further back only as far as it may."""

    def shown(name: str) -> str:
        if name in CHANGE_COLUMNS:
            return (
                f"case when as_of_date in (select as_of_date from changes where name = '{name}')"
                f" then {name} end as {name}"
            )
        if name == "band_since":
            return "greatest(band_since, since) as band_since"
        if mart == "customer_health_actions" and name in OF_THE_FLAG:
            return f"case when since = date '{date.min}' then {name} end as {name}"
        return f'"{name}"'

    chosen = ", ".join(shown(name) for name in columns)
    query = f"select {chosen} from {{}}.marts.{mart} inner join dates using (as_of_date)"
    if mart in LOOKS_BACK:
        query += f" where since <= greatest(as_of_date - {LOOKS_BACK[mart]}, date '{first_date}')"
    return query


def _differing(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    query: str,
    keys: Sequence[str],
    columns: Sequence[str],
) -> list[str]:
    one, other = query.format("got"), query.format("expected")
    got = fetch(connection, f"{one} except all {other}")
    expected = fetch(connection, f"{other} except all {one}")
    found = differences(got, expected, keys, columns, limit=5)
    return [f"{mart}: {line}" for line in [*found[:5], *(["..."] if len(found) > 5 else [])]]


def stored_rows(warehouse: Path, query: str) -> list[dict[str, Any]]:
    """The rows of a query on a warehouse."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return fetch(connection, query)
