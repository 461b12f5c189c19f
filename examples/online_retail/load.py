"""Map the Online Retail II order log to the project's raw tables.

Source: Chen, D. (2012), Online Retail II, UCI Machine Learning Repository, doi 10.24432/C5CG6D
(CC BY 4.0). Every rule of the mapping is explained in the README beside this file.
"""

import argparse
import csv
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
PROJECT_ROOT = HERE.parents[1]
DEFAULT_SOURCE = Path("../shared/data/online_retail_ii.parquet")
DEFAULT_OUT = HERE / "data" / "raw"

# The second yearly file writes 0 where the first leaves the customer empty: one "customer" with a
# quarter of the year's lines and nine countries is a stand-in, not an account.
STAND_IN_CUSTOMER_ID = 0
QUIET_DAYS = 90
COLUMNS = (
    "invoice",
    "stock_code",
    "description",
    "quantity",
    "invoice_date",
    "price",
    "customer_id",
    "country",
)

WHAT_TO_FETCH = """The order log was not found at {path}.
Fetch: Chen, D. (2012), Online Retail II, UCI Machine Learning Repository, doi 10.24432/C5CG6D
(licence CC BY 4.0), the transactions of a UK gift wholesaler from 2009-12-01 to 2011-12-09.
Save its lines as one Parquet file with the columns {columns}.
Put it at that place, or name its place in ONLINE_RETAIL_PATH (or --source).
The README of this example says which lines of the two yearly sheets the file has."""

CHARGE_CODES = {
    "POST",
    "DOT",
    "C2",
    "C3",
    "M",
    "D",
    "S",
    "B",
    "CRUK",
    "AMAZONFEE",
    "BANK CHARGES",
}
CHARGE_PREFIXES = ("ADJUST", "TEST", "GIFT_")


class LoadError(Exception):
    """The order log cannot be loaded; the message says what to mend."""


@dataclass(frozen=True)
class Family:
    """A row of product_families.csv: keywords in lower case, tried in file order."""

    feature_id: str
    feature_name: str
    is_core: bool
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """What was read and what was written; `tables` maps a raw table to its rows."""

    lines: int
    lines_without_customer: int
    lines_of_stand_in: int
    order_lines: int
    cancellation_lines: int
    repeated_lines: int
    first_day: str
    last_day: str
    tables: dict[str, int]


def source_path(argument: str | None) -> Path:
    """Return where the order log should be: argument, else ONLINE_RETAIL_PATH, else the default.

    A relative default is taken from the project's root, so that the command works from anywhere.
    """
    named = argument or os.environ.get("ONLINE_RETAIL_PATH")
    return Path(named).expanduser() if named else (PROJECT_ROOT / DEFAULT_SOURCE).resolve()


def read_families(path: Path = HERE / "product_families.csv") -> list[Family]:
    """Read the product families, in the order in which their keywords are tried."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Family(
                feature_id=row["feature_id"],
                feature_name=row["feature_name"],
                is_core=row["is_core"] == "true",
                keywords=tuple(word for word in row["keywords"].split("|") if word),
            )
            for row in csv.DictReader(file)
        ]


def is_charge(stock_code: str) -> bool:
    """Tell whether a stock code stands for postage, a fee, a voucher or an adjustment."""
    code = stock_code.strip().upper()
    return code in CHARGE_CODES or code.startswith(CHARGE_PREFIXES)


def product_family(stock_code: str, description: str | None, families: list[Family]) -> str:
    """Return the feature_id of one order line.

    The first family with a keyword among the words of the description wins; a keyword also matches
    its plural in -s or -es. Charges are told by their stock code; what is left is `other_goods`.
    """
    if is_charge(stock_code):
        return "charges"
    words = " " + re.sub("[^a-z0-9]+", " ", (description or "").lower()) + " "
    for family in families:
        for keyword in family.keywords:
            if any(f" {keyword}{ending} " in words for ending in ("", "s", "es")):
                return family.feature_id
    return "other_goods"


# Prices become decimals before they are added up: a sum of doubles depends on their order.
LINES_SQL = """
create table lines as
select
    trim(log.invoice) as invoice,
    trim(log.stock_code) as stock_code,
    coalesce(trim(log.description), '') as description,
    cast(log.quantity as bigint) as quantity,
    cast(log.invoice_date as timestamp) as invoice_date,
    cast(log.price as decimal(18, 4)) as price,
    cast(cast(log.customer_id as bigint) as varchar) as account_id,
    nullif(trim(log.country), 'Unspecified') as country,
    starts_with(upper(trim(log.invoice)), 'C') as is_cancellation
from order_log as log
where cast(log.customer_id as bigint) <> ?
"""

# The country of the first line: a later move must not change what was known before it.
ACCOUNTS_SQL = """
with first_lines as (
    select
        account_id,
        invoice_date as created_at,
        country as region,
        row_number() over (
            partition by account_id order by invoice_date, invoice, country nulls last
        ) as line_number
    from lines
)
select
    account_id,
    created_at,
    case when region = 'United Kingdom' then 'domestic' when region is not null then 'abroad' end
        as segment,
    region
from first_lines
where line_number = 1
order by account_id
"""

FEATURES_SQL = "select feature_id, feature_name, is_core from families order by feature_id"

# The log has no line key. Numbering within invoice and stock code keeps exact duplicates apart and
# does not depend on the order of the file; equal lines may swap numbers, being equal.
USAGE_EVENTS_SQL = """
select
    lines.invoice || '-' || lines.stock_code || '-' || row_number() over (
        partition by lines.invoice, lines.stock_code
        order by
            lines.invoice_date, lines.account_id, lines.description, lines.quantity, lines.price
    ) as event_id,
    lines.account_id,
    'order_line' as event_name,
    lines.invoice_date as occurred_at,
    line_families.feature_id
from lines
inner join line_families using (stock_code, description)
where not lines.is_cancellation
order by lines.invoice_date, event_id
"""

# No intent and no subject: the log does not say why an order was cancelled, and an invented intent
# would count as a contact without a churn signal.
TICKETS_SQL = """
with ranked_lines as (
    select
        lines.invoice,
        lines.account_id,
        min(lines.invoice_date) over (partition by lines.invoice) as created_at,
        line_families.feature_id,
        row_number() over (
            partition by lines.invoice
            order by abs(lines.quantity * lines.price) desc, lines.stock_code, lines.description
        ) as line_rank
    from lines
    inner join line_families using (stock_code, description)
    where lines.is_cancellation
)
select
    invoice as ticket_id,
    account_id,
    created_at,
    feature_id as issue_type
from ranked_lines
where line_rank = 1
order by created_at, ticket_id
"""

INVOICES_SQL = """
select
    invoice as invoice_id,
    min(account_id) as account_id,
    cast(round(sum(quantity * price), 2) as double) as amount,
    cast(min(invoice_date) as date) as issued_on,
    cast(min(invoice_date) as date) as due_on,
    cast(min(invoice_date) as date) as paid_on,
    'GBP' as currency
from lines
group by invoice
order by issued_on, invoice_id
"""

# The days from which quiet days are counted: each order day, and the first day in the log for the
# customers who appear in it with a cancellation. A lapse is written on the last of the quiet days,
# when it is known, and only where the log reaches that day.
CHURN_EVENTS_SQL = f"""
with active_days as (
    select account_id, cast(invoice_date as date) as active_on
    from lines
    where not is_cancellation
    union
    select account_id, cast(min(invoice_date) as date) as active_on
    from lines
    group by account_id
),

gaps as (
    select
        account_id,
        active_on,
        lead(active_on) over (partition by account_id order by active_on) as next_active_on
    from active_days
)

select
    account_id,
    active_on + {QUIET_DAYS} as churned_on,
    next_active_on as reactivated_on,
    'no order for {QUIET_DAYS} days' as reason
from gaps
where
    (next_active_on is null or next_active_on > active_on + {QUIET_DAYS})
    and active_on + {QUIET_DAYS} <= (select cast(max(invoice_date) as date) from order_log)
order by account_id, churned_on
"""

RAW_TABLES = {
    "accounts": ACCOUNTS_SQL,
    "features": FEATURES_SQL,
    "usage_events": USAGE_EVENTS_SQL,
    "tickets": TICKETS_SQL,
    "invoices": INVOICES_SQL,
    "churn_events": CHURN_EVENTS_SQL,
}


def open_log(source: Path) -> duckdb.DuckDBPyConnection:
    """Open the order log as the view `order_log`; raise LoadError when a column is missing."""
    connection = duckdb.connect()
    connection.execute("set preserve_insertion_order = true")
    connection.read_parquet(str(source)).create_view("order_log")
    present = {name for name, *_ in connection.execute("describe order_log").fetchall()}
    missing = [name for name in COLUMNS if name not in present]
    if missing:
        raise LoadError(
            f"{source} has no column {missing[0]}: the order log needs {', '.join(COLUMNS)}."
        )
    return connection


def add_families(connection: duckdb.DuckDBPyConnection, families: list[Family]) -> None:
    """Create the tables `families` and `line_families` (one row per stock code and description)."""
    connection.execute(
        "create table families (feature_id varchar, feature_name varchar, is_core boolean)"
    )
    connection.executemany(
        "insert into families values (?, ?, ?)",
        [(family.feature_id, family.feature_name, family.is_core) for family in families],
    )
    kinds = connection.execute("select distinct stock_code, description from lines").fetchall()
    named = [(code, text, product_family(code, text, families)) for code, text in kinds]
    connection.execute(
        """
        create table line_families as
        select
            unnest(?::varchar[]) as stock_code,
            unnest(?::varchar[]) as description,
            unnest(?::varchar[]) as feature_id
        """,
        [[row[i] for row in named] for i in range(3)],
    )


def write_tables(connection: duckdb.DuckDBPyConnection, out: Path) -> dict[str, int]:
    """Write each raw table to `<out>/<table>.parquet` and return its number of rows."""
    out.mkdir(parents=True, exist_ok=True)
    written = {}
    for table, query in RAW_TABLES.items():
        target = str(out / f"{table}.parquet").replace("'", "''")
        copied = connection.execute(f"copy ({query}) to '{target}' (format parquet)")
        written[table] = copied.fetchone()[0]
    return written


def count_lines(connection: duckdb.DuckDBPyConnection, tables: dict[str, int]) -> Counts:
    """Count the lines of the log by what became of them."""
    log = connection.execute(
        """
        select
            count(*),
            count(*) filter (where customer_id is null),
            count(*) filter (where cast(customer_id as bigint) = ?),
            cast(cast(min(invoice_date) as date) as varchar),
            cast(cast(max(invoice_date) as date) as varchar)
        from order_log
        """,
        [STAND_IN_CUSTOMER_ID],
    ).fetchone()
    loaded = connection.execute(
        """
        select
            count(*) filter (where not is_cancellation),
            count(*) filter (where is_cancellation),
            count(*) - (select count(*) from (select distinct * from lines))
        from lines
        """
    ).fetchone()
    return Counts(
        lines=log[0],
        lines_without_customer=log[1],
        lines_of_stand_in=log[2],
        order_lines=loaded[0],
        cancellation_lines=loaded[1],
        repeated_lines=loaded[2],
        first_day=log[3],
        last_day=log[4],
        tables=tables,
    )


def load(source: Path, out: Path) -> Counts:
    """Write the raw tables of the order log in `source` to the folder `out` and return the counts.

    Raises LoadError when the file is absent or lacks a column. The same file gives the same tables.
    """
    if not source.is_file():
        raise LoadError(WHAT_TO_FETCH.format(path=source, columns=", ".join(COLUMNS)))
    with open_log(source) as connection:
        connection.execute(LINES_SQL, [STAND_IN_CUSTOMER_ID])
        add_families(connection, read_families())
        return count_lines(connection, write_tables(connection, out))


def report(counts: Counts) -> str:
    """Lay out the counts as a short table for the terminal."""
    rows = [
        (f"lines read ({counts.first_day} to {counts.last_day})", counts.lines),
        ("  without a customer: not loaded", counts.lines_without_customer),
        ("  stand-in customer 0: not loaded", counts.lines_of_stand_in),
        ("  order lines", counts.order_lines),
        ("  cancellation lines", counts.cancellation_lines),
        ("loaded lines that repeat another exactly (kept)", counts.repeated_lines),
    ]
    rows += [(f"written: {table}", rows_written) for table, rows_written in counts.tables.items()]
    return "\n".join(f"{label:<50}{number:>12,}" for label, number in rows)


def main(arguments: list[str] | None = None) -> int:
    """Run the loader; return 0, or 1 with a sentence on standard error when it cannot load."""
    parser = argparse.ArgumentParser(description="Map the Online Retail II log to raw tables.")
    parser.add_argument("--source", help="the order log as a Parquet file")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder of the raw tables")
    options = parser.parse_args(arguments)
    try:
        print(report(load(source_path(options.source), options.out)))
    except LoadError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
