"""Print each customer success manager's accounts to call first, from customer_health_actions."""

from __future__ import annotations

import argparse
import os
import sys
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import Any

import duckdb

WIDTH = 110

# who needs a call today, then whoever comes next in the queue
QUEUE = """
with placed as (
    select
        *,
        row_number() over (partition by csm_owner order by is_due_today desc, queue_rank) as place,
        count(*) over (partition by csm_owner) as accounts,
        count(*) filter (where is_due_today) over (partition by csm_owner) as due_today
    from marts.customer_health_actions
)
select
    coalesce(csm_owner, '(no CSM)') as manager,
    queue_rank,
    account_name,
    band_label,
    health_score,
    arr,
    days_to_renewal,
    tier,
    next_call_by,
    next_call_by <= as_of_date + interval 1 day as is_late,
    needs_call,
    is_due_today,
    last_touchpoint_at,
    action,
    owner_role,
    next_step,
    reason,
    accounts,
    due_today
from placed
where place <= ?
order by csm_owner nulls last, place
"""

BOOK = "select max(as_of_date), count(*) from marts.customer_health"
BANDS = "select band_label, count(*) from marts.customer_health group by all order by 2 desc, 1"
STATUS = """
select tier, sla_status, count(*) from marts.customer_health_actions
group by all order by tier desc, sla_status
"""


def deadline(row: dict[str, Any]) -> str:
    """By when somebody must speak with the account, in words."""
    by = f"{row['next_call_by']:%Y-%m-%d %H:%M}"
    if row["is_late"]:
        return f"overdue since {by}"
    if row["is_due_today"]:
        return f"today, by {by}"
    if not row["needs_call"]:
        return f"spoken with {row['last_touchpoint_at']:%Y-%m-%d}, again by {by}"
    return f"{'call' if row['tier'] == 'urgent' else 'review'} by {by}"


def facts(row: dict[str, Any]) -> list[str]:
    """The first line of an account, as cells."""
    score = "" if row["health_score"] is None else f" {row['health_score']:.1f}"
    arr = "" if row["arr"] is None else f"ARR {row['arr']:,.0f}"
    renewal = "" if row["days_to_renewal"] is None else f"renewal {row['days_to_renewal']} d"
    place = f"{row['queue_rank']:>3}."
    return [place, row["account_name"], f"{row['band_label']}{score}", arr, renewal, deadline(row)]


def paragraph(title: str, text: str) -> str:
    """A titled text under an account, folded."""
    indent = " " * 5
    return fill(
        f"{title:<5}{text}",
        width=WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + " " * 5,
        break_long_words=False,
    )


def account_lines(rows: list[dict[str, Any]]) -> list[str]:
    """One manager's accounts: facts in columns, below them what to do and why."""
    table = [facts(row) for row in rows]
    widths = [max(len(cells[i]) for cells in table) for i in range(len(table[0]))]
    lines = []
    for cells, row in zip(table, rows, strict=True):
        filled = [(cell, width) for cell, width in zip(cells, widths, strict=True) if width]
        columns = [cell.ljust(width) for cell, width in filled]
        lines.append((columns[0] + " " + "  ".join(columns[1:])).rstrip())
        role = row["owner_role"].replace("_", " ")
        lines.append(paragraph("do", f"{row['action']} ({role}): {row['next_step']}"))
        lines.append(paragraph("why", row["reason"]))
    return lines


def queue(connection: duckdb.DuckDBPyConnection, places: int) -> list[dict[str, Any]]:
    """The accounts to show, at most `places` for each manager, in order."""
    result = connection.execute(QUEUE, [places])
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]


def report(connection: duckdb.DuckDBPyConnection, places: int) -> str:
    """The whole page: the book in two lines, then each manager's accounts."""
    as_of_date, accounts = connection.execute(BOOK).fetchone()
    bands = connection.execute(BANDS).fetchall()
    lines = [f"Accounts to call, as of {as_of_date}"]
    lines.append(
        f"{accounts} accounts in scope: " + ", ".join(f"{n} {count}" for n, count in bands)
    )
    for tier, found in groupby(connection.execute(STATUS).fetchall(), key=lambda row: row[0]):
        counts = [f"{count} {status}" for _, status, count in found]
        lines.append(f"{'Urgent' if tier == 'urgent' else 'Reviews'}: " + ", ".join(counts))
    rows = queue(connection, places)
    if not rows:
        lines.append("Nobody needs anything: no band of the book has a row in action_playbooks.")
    for manager, found in groupby(rows, key=lambda row: row["manager"]):
        own = list(found)
        lines.append("")
        lines.append(
            f"{manager}: {own[0]['due_today']} to call today, {own[0]['accounts']} in the queue"
        )
        lines += account_lines(own)
    return "\n".join(lines)


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
        print(f"\n{report(connection, places)}\n")
    print(
        f"""Where to look next
  {path}   marts.customer_health_actions (the whole queue), customer_health_signals (why)
  seeds/                        playbooks, weights, bands, rules: edit a row, run `dbt build`
  docs/operating.md             how a customer success team works with this
  README.md                     every table and the question it answers"""
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
