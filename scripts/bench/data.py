"""Raw data as they stood on several evenings, all from one run of the project's generator."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
from make_raw_data import make_raw_data, small_tables
from raw_data.company import make_company
from raw_data.people import make_people
from raw_data.settings import Settings
from raw_data.writing import MARKER, write_parquet

# The column that says when a row came about, of the tables whose rows are events ...
EVENT_DATES = {
    "tickets": "created_at",
    "conversations": "started_at",
    "survey_responses": "responded_at",
    "touchpoints": "occurred_at",
    "invoices": "issued_on",
    "external_scores": "scored_on",
}
# ... and of those that say what there is, of which old rows are needed for ever.
BIRTH_DATES = {
    "accounts": "created_at",
    "users": "created_at",
    "features": "released_at",
    "churn_events": "churned_on",
}
WITH_LOAD_TIME = ("tickets", "conversations", "survey_responses")
# The nightly job starts in the small hours: what is loaded until then is there.
LOADED_UNTIL = "interval '26 hours'"
# The generator delivers no row later than eleven days after its event.
LATEST_DELIVERY_DAYS = 12
# The floor takes typed columns only; the generator delivers these as the text of an export.
TYPES_OF_THE_FLOOR = {
    "tickets": {
        "created_at": "timestamp",
        "solved_at": "timestamp",
        "escalated_at": "timestamp",
        "reopened_at": "timestamp",
        "agent_reply_count": "integer",
    },
    "invoices": {
        "amount": "double",
        "issued_on": "date",
        "due_on": "date",
        "paid_on": "date",
        "voided_on": "date",
    },
}


@dataclass(frozen=True)
class Evening:
    """Raw data as the nightly job finds them: events of `first` to `last`, as loaded by then."""

    first: date
    last: date


def generate(settings: Settings, out: Path) -> None:
    """Make the raw data unless `out` holds those of the same settings; usage in day files."""
    marker = out / MARKER
    wanted = vars(settings) | {"end": settings.end.isoformat()}
    if not marker.is_file() or json.loads(marker.read_text())["arguments"] != wanted:
        make_raw_data(settings, out)


def generate_for_floor(settings: Settings, out: Path) -> None:
    """The small tables of the same company without a fault, in the types that the floor reads."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    company, people = make_company(settings), make_people(settings, make_company(settings))
    for name, table in small_tables(settings, company, people).items():
        write_parquet(_typed(table, TYPES_OF_THE_FLOOR.get(name, {})), out / f"{name}.parquet")


def _typed(table: pa.Table, types: dict[str, str]) -> pa.Table:
    casts = "".join(f", cast({name} as {type_}) as {name}" for name, type_ in types.items())
    if not casts:
        return table
    query = f"select * exclude ({', '.join(types)}){casts} from raw_table"
    with duckdb.connect() as connection:
        connection.register("raw_table", table)
        return connection.sql(query).to_arrow_table()


def stage(small: Path, events: Path, evening: Evening, out: Path) -> int:
    """Write the raw data of an evening, replacing `out`; files that need no cut are hard links.

    small: folder of the small tables. events: folder of one Parquet file of usage per day.
    Returns the number of usage events.
    """
    shutil.rmtree(out, ignore_errors=True)
    (out / "usage_events").mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for file in sorted(small.glob("*.parquet")):
            _cut_small(connection, file, evening, out / file.name)
        _cut_events(connection, events, evening, out / "usage_events")
        written = f"'{out}/usage_events/*.parquet'"
        return connection.execute(f"select count(*) from {written}").fetchone()[0]


def _cut_small(
    connection: duckdb.DuckDBPyConnection, file: Path, evening: Evening, out: Path
) -> None:
    """Leave out what came about after the evening, and events of before its first day."""
    name = file.stem
    conditions = ["true"]
    dated = EVENT_DATES.get(name) or BIRTH_DATES.get(name)
    if dated:
        # planted dates that no calendar has are in the data of every evening
        on = f"try_cast(left(cast({dated} as varchar), 10) as date)"
        conditions.append(f"coalesce({on} <= date '{evening.last}', true)")
        if name in EVENT_DATES:
            conditions.append(f"coalesce({on} >= date '{evening.first}', true)")
    if name in WITH_LOAD_TIME:
        conditions.append(_is_loaded(evening))
    if name not in ("accounts", "features"):
        conditions.append(
            f"account_id not in (select account_id from '{file.with_name('accounts.parquet')}'"
            f" where cast(created_at as date) > date '{evening.last}')"
        )
    query = f"select * from '{file}' where {' and '.join(conditions)}"
    connection.execute(f"copy ({query}) to '{out}' (format parquet, compression zstd)")


def _cut_events(
    connection: duckdb.DuckDBPyConnection, events: Path, evening: Evening, out: Path
) -> None:
    """One file per day; the newest without the rows that are loaded later."""
    days = (evening.last - evening.first).days
    for ago in range(days + 1):
        file = events / f"{evening.last - timedelta(days=ago)}.parquet"
        if ago <= LATEST_DELIVERY_DAYS:
            query = f"select * from '{file}' where {_is_loaded(evening)}"
            connection.execute(
                f"copy ({query}) to '{out / file.name}' (format parquet, compression zstd)"
            )
        else:
            os.link(file, out / file.name)


def _is_loaded(evening: Evening) -> str:
    return f"coalesce(loaded_at < timestamp '{evening.last}' + {LOADED_UNTIL}, true)"
