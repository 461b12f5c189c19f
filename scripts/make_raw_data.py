"""Make the raw tables of an invented company, as Parquet.

    python scripts/make_raw_data.py --out data/raw

The same arguments give the same rows; without ``--end`` the data end yesterday (UTC), the one
place where the clock is read.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from raw_data.billing import contracts_table, invoices_table, make_terms
from raw_data.company import Company, accounts_table, churn_table, make_company
from raw_data.dirt import EventDirt, soil_tables
from raw_data.people import People, make_people, users_table
from raw_data.relations import external_scores_table, surveys_table, touchpoints_table
from raw_data.settings import Settings
from raw_data.support import Support
from raw_data.usage import Events, EventTables, Usage, features_table
from raw_data.writing import Staging, write_events, write_marker, write_parquet


def small_tables(settings: Settings, company: Company, people: People) -> dict[str, pa.Table]:
    """All clean raw tables but usage_events."""
    terms = make_terms(settings, company, people)
    support = Support(settings, company, people)
    return {
        "accounts": accounts_table(company),
        "users": users_table(settings, company, people),
        "contracts": contracts_table(company, terms),
        "features": features_table(settings),
        "tickets": support.tickets_table(),
        "conversations": support.conversations_table(),
        "survey_responses": surveys_table(settings, company, people, support),
        "touchpoints": touchpoints_table(settings, company),
        "invoices": invoices_table(settings, company, terms),
        "churn_events": churn_table(settings, company),
        "external_scores": external_scores_table(settings, company),
    }


def _event_months(usage: Usage, dirt: EventDirt) -> Iterator[Events]:
    for part, events in usage.clean_months():
        yield dirt.soil(part, events)


def make_raw_data(settings: Settings, out: Path) -> dict[str, int]:
    """Write all raw tables into the folder ``out``, replacing what an earlier run left there.

    Returns:
        Rows per table.

    Raises:
        FileExistsError: where ``out`` holds anything that this command did not make.
    """
    with Staging(out) as folder:
        company = make_company(settings)
        people = make_people(settings, company)
        tables, planted = soil_tables(settings, company, small_tables(settings, company, people))
        for name, table in tables.items():
            write_parquet(table, folder / f"{name}.parquet")
        usage = Usage(settings, company, people)
        dirt = EventDirt(settings, company, people, usage.months)
        rows = {name: table.num_rows for name, table in tables.items()}
        rows["usage_events"] = write_events(
            settings,
            EventTables(company, people),
            _event_months(usage, dirt),
            folder / "usage_events",
        )
        arguments = dataclasses.asdict(settings) | {"end": settings.end.isoformat()}
        faults = planted | dirt.planted if settings.dirt else {}
        write_marker(folder, {"arguments": arguments, "rows": rows, "planted_faults": faults})
    return rows


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Make the raw tables of an invented company, as Parquet.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write or replace")
    parser.add_argument("--accounts", type=int, default=300)
    parser.add_argument("--users-per-account", type=float, default=14.0, help="mean")
    parser.add_argument("--days", type=int, default=548, help="days of data, ending on --end")
    parser.add_argument("--events", type=int, default=700_000, help="usage events, about")
    parser.add_argument("--end", type=date.fromisoformat, help="last date (default: yesterday)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--partition", choices=("month", "day"), default="month")
    parser.add_argument("--dirt", type=float, default=1.0, help="faults against usual; 0: clean")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    given = vars(_parse(argv))
    out = given.pop("out")
    given["end"] = given["end"] or datetime.now(UTC).date() - timedelta(days=1)
    try:
        rows = make_raw_data(Settings(**given), out)
    except (ValueError, FileExistsError) as error:
        print(f"make_raw_data: {error}", file=sys.stderr)
        return 2
    megabytes = sum(path.stat().st_size for path in out.rglob("*.parquet")) / 1e6
    for name, count in rows.items():
        print(f"{name:18}{count:>12,} rows")
    print(f"{out}: {megabytes:.1f} MB, data end {given['end']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
