"""Print each customer success manager's accounts to call first, from the mart customer_health."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from textwrap import fill
from typing import Any

import duckdb
from tabulate import tabulate

# The worst band first; within a band the money that stands behind the lost points. The best
# band needs no call.
QUEUE = """
with bands as (
    select distinct
        config_version,
        segment,
        band,
        min_score,
        min_score = max(min_score) over (partition by config_version, segment) as is_best
    from marts.score_configurations
    where seed = 'score_thresholds'
), ranked as (
    select
        coalesce(csm_owner, '(no CSM)') as csm_owner,
        account_name,
        health_score,
        band_label,
        arr,
        days_to_renewal,
        driver_1,
        driver_2,
        fired_rules,
        override_reason,
        row_number() over (
            partition by csm_owner
            order by
                bands.min_score,
                coalesce(arr, 0) * (100 - health_score) desc,
                account_id
        ) as place
    from marts.customer_health as health
    inner join bands
        on
            health.config_version = bands.config_version
            and health.band = bands.band
            and bands.segment = case
                when health.segment in (
                    select own.segment from bands as own
                    where own.config_version = health.config_version
                ) then health.segment
                else '*'
            end
    where health.health_score is not null and not bands.is_best
)
select * exclude (place) from ranked where place <= ? order by csm_owner, place
"""

HEADERS = ["account", "score", "band", "ARR", "renewal in", "why"]


def reason(row: dict[str, Any]) -> str:
    """The two worst drivers, the rules that fired and an override, as one text of 64 columns."""
    parts = [part for part in (row["driver_1"], row["driver_2"]) if part]
    if row["fired_rules"]:
        parts.append("rules: " + row["fired_rules"].replace(",", ", ").replace("_", " "))
    if row["override_reason"]:
        parts.append("overridden: " + row["override_reason"])
    return fill("; ".join(parts), width=64)


def table(rows: list[dict[str, Any]]) -> str:
    """One manager's accounts as text; ARR in the contracts' currency, renewal in days."""
    return tabulate(
        [
            [
                row["account_name"],
                f"{row['health_score']:.1f}",
                row["band_label"],
                "" if row["arr"] is None else f"{row['arr']:,.0f}",
                "" if row["days_to_renewal"] is None else f"{row['days_to_renewal']} d",
                reason(row),
            ]
            for row in rows
        ],
        headers=HEADERS,
        tablefmt="simple",
        disable_numparse=True,
        colalign=("left", "right", "left", "right", "right", "left"),
    )


def queue(connection: duckdb.DuckDBPyConnection, places: int) -> dict[str, list[dict[str, Any]]]:
    """Accounts to call first by manager, at most `places` each, in order."""
    result = connection.execute(QUEUE, [places])
    names = [column[0] for column in result.description]
    by_manager: dict[str, list[dict[str, Any]]] = {}
    for values in result.fetchall():
        row = dict(zip(names, values, strict=True))
        by_manager.setdefault(row["csm_owner"], []).append(row)
    return by_manager


def main() -> int:
    """Print the queue; exit code 1 where there is no finished build to read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=5, help="accounts per manager (default: 5)")
    places = parser.parse_args().places
    path = Path(os.environ.get("HEALTH_PUBLISHED_PATH", "data/customer_health.duckdb"))
    if not path.exists():
        print(f"There is no {path}: run `make demo`, or `dbt build` on your own data.")
        return 1
    with duckdb.connect(str(path), read_only=True) as connection:
        book = connection.execute(
            "select max(as_of_date), count(*), count(health_score) from marts.customer_health"
        ).fetchone()
        bands = connection.execute(
            "select band_label, count(*) from marts.customer_health group by all order by 2 desc, 1"
        ).fetchall()
        managers = queue(connection, places)
    print(f"\nAccounts to call first, as of {book[0]}")
    print(f"{book[1]} accounts in scope: " + ", ".join(f"{name} {count}" for name, count in bands))
    print("Worst band first, then ARR times points lost.\n")
    for manager, rows in managers.items():
        print(f"{manager}\n{table(rows)}\n")
    print(
        f"""Where to look next
  {path}   marts.customer_health, customer_health_signals (why), rejected_rows, data_warnings
  seeds/                        weights, bands, rules: edit a row, run `dbt build`
  README.md                     every table and the question it answers"""
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
