"""How well the order log can be told at all: models on recency, frequency and value of the orders.

Two questions, each trained on earlier dates and tested on the last, with the horizon between. The
log's own: who of the customers of the last 180 days buys nothing in the next 90? And that of the
built example's panel: who lapses? There the scores stand beside the models, on the same rows.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "scripts"))

from backtest.published import NothingToRead, default_model, open_published  # noqa: E402
from backtest.yardstick import Rows, judged, learned, signal_panel, table  # noqa: E402

HORIZON_DAYS = 90
ACTIVE_DAYS = 180
LAST_DAY = date(2011, 12, 9)
# the last date whose 90 days the log holds, and five before it, each a horizon apart
TEST_DATE = LAST_DAY - timedelta(days=HORIZON_DAYS)
TRAINING_DATES = [TEST_DATE - timedelta(days=HORIZON_DAYS * back) for back in range(1, 6)]

# recency, frequency and value, of what had happened by the end of the day; fixed
FEATURES = """
    asked.on_day - max(orders.order_day),
    asked.on_day - min(orders.order_day),
    count(distinct orders.order_day) filter (where orders.order_day > asked.on_day - 30),
    count(distinct orders.order_day) filter (where orders.order_day > asked.on_day - 90),
    count(distinct orders.order_day) filter (where orders.order_day > asked.on_day - 180),
    count(distinct orders.order_day) filter (where orders.order_day > asked.on_day - 365),
    coalesce(sum(orders.line_count) filter (where orders.order_day > asked.on_day - 180), 0),
    coalesce(sum(orders.value) filter (where orders.order_day > asked.on_day - 180), 0),
    coalesce(sum(orders.value) filter (where orders.order_day > asked.on_day - 365), 0)
"""
ORDERS = """
create temp table orders as
with line_days as (
    select account_id, cast(occurred_at as date) as order_day, count(*) as line_count
    from read_parquet('{raw}/usage_events.parquet')
    group by account_id, order_day
), invoice_days as (
    select account_id, cast(issued_on as date) as order_day, sum(amount) as value
    from read_parquet('{raw}/invoices.parquet')
    group by account_id, order_day
)
select
    line_days.account_id,
    line_days.order_day,
    line_days.line_count,
    coalesce(invoice_days.value, 0) as value
from line_days
left join invoice_days using (account_id, order_day)
"""
ACTIVE = f"""
create or replace temp table asked as
select distinct account_id, cast(? as date) as on_day
from orders
where order_day <= ? and order_day > cast(? as date) - {ACTIVE_DAYS}
"""
WITH_FEATURES = f"""
select
    asked.account_id,
    cast(asked.on_day as varchar) as on_day,
    not exists (
        select 1
        from orders as later
        where
            later.account_id = asked.account_id
            and later.order_day > asked.on_day
            and later.order_day <= asked.on_day + {HORIZON_DAYS}
    ) as is_quiet,
    [{FEATURES}] as features
from asked
inner join orders
    on asked.account_id = orders.account_id and orders.order_day <= asked.on_day
group by asked.account_id, asked.on_day
order by asked.account_id, asked.on_day
"""


def open_orders(raw: Path) -> duckdb.DuckDBPyConnection:
    """The customers' orders, a row a day, from the example's raw tables. Raises NothingToRead."""
    if not (raw / "usage_events.parquet").is_file():
        raise NothingToRead(f"{raw} has no order log: run `make example` first.")
    connection = duckdb.connect()
    connection.execute(ORDERS.format(raw=str(raw).replace("'", "''")))
    return connection


def _rows(found: list[tuple]) -> Rows:
    return Rows(
        np.array([row[3] for row in found], dtype=float),
        np.array([row[2] for row in found], dtype=bool),
        np.array([row[0] for row in found], dtype=str),
    )


def active_customers(connection: duckdb.DuckDBPyConnection, days: list[date]) -> Rows:
    """Who bought in the 180 days up to each date, and whether the next 90 were quiet."""
    found = []
    for day in days:
        connection.execute(ACTIVE, [day] * 3)
        found += connection.execute(WITH_FEATURES).fetchall()
    return _rows(found)


def quiet_customers(connection: duckdb.DuckDBPyConnection) -> str:
    """The log's own question, as text."""
    early = active_customers(connection, TRAINING_DATES)
    late = active_customers(connection, [TEST_DATE])
    # the first feature is recency: quiet the longest, first to be quiet on
    found = [*learned(early, late), judged("recency alone", late.features[:, 0], late)]
    return "\n".join(
        (
            f"No order in the next {HORIZON_DAYS} days, customers of the last {ACTIVE_DAYS};"
            f" trained on {len(TRAINING_DATES)} dates to {TRAINING_DATES[0]}, tested on"
            f" {TEST_DATE}: {len(late.churned):,} customers, {late.churned.mean():.1%} quiet.",
            "",
            table(found),
        )
    )


def lapses(connection: duckdb.DuckDBPyConnection, published: Path) -> str:
    """The question of the example's panel, as text: learned models, scores, recency alone."""
    with open_published(published) as marts:
        panel = signal_panel(marts, default_model(marts))
    connection.execute(
        """
        create or replace temp table asked as
        select unnest(?::varchar[]) as account_id, cast(unnest(?::varchar[]) as date) as on_day
        """,
        [panel.rows.accounts.tolist(), panel.dates.tolist()],
    )
    features = {row[:2]: row[3] for row in connection.execute(WITH_FEATURES).fetchall()}
    nothing = [float("nan")] * len(next(iter(features.values())))
    keys = zip(panel.rows.accounts.tolist(), panel.dates.tolist(), strict=True)
    orders = np.array([features.get(key, nothing) for key in keys], dtype=float)
    early, late = panel.part("early"), panel.part("late")
    of_orders = Rows(orders, panel.rows.churned, panel.rows.accounts)
    found = [
        judged(f"score: {model}", -scores[late], of_orders.at(late))
        for model, scores in panel.scores.items()
    ]
    for kind, source in (("orders", of_orders), ("signals", panel.rows)):
        for figure in learned(source.at(early), source.at(late)):
            found.append(type(figure)(f"{figure.name}, {kind}", figure.auc, figure.lift))
    recency = np.where(np.isnan(orders[late, 0]), np.nanmax(orders[:, 0]), orders[late, 0])
    found.append(judged("recency alone", recency, of_orders.at(late)))
    return "\n".join(
        (
            f"Lapse within {HORIZON_DAYS} days, scored customers; trained on {panel.days('early')},"
            f" tested on {panel.days('late')}: {late.sum():,} rows,"
            f" {panel.rows.churned[late].mean():.1%} lapse.",
            "",
            table(found),
        )
    )


def main(arguments: list[str] | None = None) -> int:
    """Print both tables; return 0, or 1 with a sentence where the example is not built."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--raw", type=Path, default=HERE / "data" / "raw")
    parser.add_argument("--published", type=Path, default=HERE / "data" / "customer_health.duckdb")
    options = parser.parse_args(arguments)
    try:
        with open_orders(options.raw) as connection:
            print(quiet_customers(connection), flush=True)
            print(f"\n{lapses(connection, options.published)}")
    except NothingToRead as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
