"""The loader of examples/online_retail: a small made-up order log, and the real one where it is."""

import csv
import importlib.util
import os
import random
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

PROJECT_ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = PROJECT_ROOT / "examples" / "online_retail"
SCHEMA = pa.schema(
    [
        ("invoice", pa.string()),
        ("stock_code", pa.string()),
        ("description", pa.string()),
        ("quantity", pa.int64()),
        ("invoice_date", pa.timestamp("us")),
        ("price", pa.float64()),
        ("customer_id", pa.int64()),
        ("country", pa.string()),
    ]
)
MUG = ("22000", "RED RETROSPOT MUG")
BAG = ("20711", "JUMBO BAG TOYS")


def import_script(name: str) -> ModuleType:
    """Import examples/online_retail/<name>.py under its plain name, as its neighbour does."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


loader = import_script("load")
runner = import_script("run")


def line(
    invoice: str,
    day: str,
    customer: int | None,
    product: tuple[str, str | None] = MUG,
    quantity: int = 1,
    price: float = 1.0,
    country: str = "United Kingdom",
) -> tuple:
    """Return one line of an order log, at 10 o'clock of `day`."""
    moment = datetime.fromisoformat(f"{day} 10:00:00")
    return (invoice, *product, quantity, moment, price, customer, country)


def write_log(path: Path, lines: list[tuple]) -> Path:
    """Write the lines as the order log `path`."""
    columns = list(zip(*lines, strict=True))
    pq.write_table(pa.table([list(column) for column in columns], schema=SCHEMA), path)
    return path


def load_lines(folder: Path, lines: list[tuple]) -> tuple[dict[str, list[dict]], object]:
    """Load the lines; return the rows of each raw table in file order, and the counts."""
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / "raw"
    counts = loader.load(write_log(folder / "log.parquet", lines), out)
    tables = {path.stem: pq.read_table(path).to_pylist() for path in out.glob("*.parquet")}
    return tables, counts


def test_every_line_is_counted_and_only_those_with_a_customer_are_loaded(tmp_path):
    tables, counts = load_lines(
        tmp_path,
        [
            line("1", "2010-01-01", 101),
            line("1", "2010-01-01", 101),
            line("2", "2010-01-01", None),
            line("3", "2010-01-02", 0),
            line("C4", "2010-01-03", 101, quantity=-1),
            line("C5", "2010-01-03", None, quantity=-1),
        ],
    )
    assert (counts.lines, counts.lines_without_customer, counts.lines_of_stand_in) == (6, 2, 1)
    assert (counts.order_lines, counts.cancellation_lines, counts.repeated_lines) == (2, 1, 1)
    assert counts.tables == {table: len(rows) for table, rows in tables.items()}
    assert [row["account_id"] for row in tables["accounts"]] == ["101"]
    assert {row["account_id"] for row in tables["usage_events"]} == {"101"}
    assert "6" in loader.report(counts).splitlines()[0]


def test_exact_duplicates_stay_apart_and_keys_do_not_depend_on_the_order_of_the_file(tmp_path):
    lines = [
        line("1", "2010-01-01", 101),
        line("1", "2010-01-01", 101),
        line("1", "2010-01-01", 101, quantity=5),
        line("1", "2010-01-01", 101, product=BAG),
        line("2", "2010-01-02", 102),
        line("C3", "2010-01-04", 102, quantity=-1),
    ]
    tables, _ = load_lines(tmp_path / "as_is", lines)
    ids = [row["event_id"] for row in tables["usage_events"]]
    assert sorted(ids) == ["1-20711-1", "1-22000-1", "1-22000-2", "1-22000-3", "2-22000-1"]
    assert load_lines(tmp_path / "reversed", lines[::-1])[0] == tables


def test_a_customer_becomes_an_account_with_the_country_of_the_first_line(tmp_path):
    tables, _ = load_lines(
        tmp_path,
        [
            line("3", "2010-03-01", 101, country="Spain"),
            line("1", "2010-01-01", 101),
            line("2", "2010-01-02", 102, country="EIRE"),
            line("4", "2010-01-02", 103, country="Unspecified"),
        ],
    )
    accounts = {row.pop("account_id"): row for row in tables["accounts"]}
    assert accounts["101"] == {
        "created_at": datetime(2010, 1, 1, 10),
        "segment": "domestic",
        "region": "United Kingdom",
    }
    assert (accounts["102"]["segment"], accounts["102"]["region"]) == ("abroad", "EIRE")
    assert (accounts["103"]["segment"], accounts["103"]["region"]) == (None, None)


def test_an_invoice_is_paid_on_its_day_and_a_cancellation_is_a_credit_note_and_a_contact(tmp_path):
    tables, _ = load_lines(
        tmp_path,
        [
            line("1", "2010-01-01", 101, quantity=3, price=1.1),
            line("1", "2010-01-01", 101, product=BAG, quantity=2, price=2.55),
            line("C2", "2010-01-05", 101, quantity=-1, price=1.1),
            line("C2", "2010-01-05", 101, product=BAG, quantity=-1, price=2.55),
        ],
    )
    order, credit_note = tables["invoices"]
    assert (order["invoice_id"], order["amount"]) == ("1", 8.4)
    assert (credit_note["invoice_id"], credit_note["amount"]) == ("C2", -3.65)
    for row in (order, credit_note):
        assert row["issued_on"] == row["due_on"] == row["paid_on"]
        assert row["currency"] == "GBP"
    assert tables["tickets"] == [
        {
            "ticket_id": "C2",
            "account_id": "101",
            "created_at": datetime(2010, 1, 5, 10),
            "issue_type": "bags",
        }
    ]
    assert {row["event_id"][0] for row in tables["usage_events"]} == {"1"}


@pytest.mark.parametrize(
    ("log_end", "expected"),
    [
        # 2010-01-01 + 90 days is 2010-04-01, the next order: 89 quiet days are no lapse.
        # 2010-04-01 + 91 days is 2010-07-01, the next order: 90 quiet days are one.
        ("2010-09-28", [("2010-06-30", "2010-07-01")]),
        ("2010-09-29", [("2010-06-30", "2010-07-01"), ("2010-09-29", None)]),
    ],
)
def test_a_customer_lapses_after_90_quiet_days_and_returns_with_the_next_order(
    tmp_path, log_end, expected
):
    tables, _ = load_lines(
        tmp_path,
        [
            line("1", "2010-01-01", 101),
            line("2", "2010-04-01", 101),
            line("3", "2010-07-01", 101),
            line("C4", "2010-08-01", 101, quantity=-1),
            line("5", log_end, None),
        ],
    )
    found = [
        (str(row["churned_on"]), row["reactivated_on"] and str(row["reactivated_on"]))
        for row in tables["churn_events"]
    ]
    assert found == expected


def test_a_customer_who_appears_with_a_cancellation_lapses_too(tmp_path):
    tables, _ = load_lines(
        tmp_path,
        [line("C1", "2010-01-01", 101, quantity=-1), line("2", "2010-12-31", 102)],
    )
    assert tables["churn_events"] == [
        {
            "account_id": "101",
            "churned_on": date(2010, 4, 1),
            "reactivated_on": None,
            "reason": "no order for 90 days",
        }
    ]


def random_log(seed: int, customers: int, days: int) -> list[tuple]:
    """Return orders on random days, with gaps on both sides of 90 days, and some cancellations."""
    chance = random.Random(seed)
    lines = [line("0", "2010-01-01", None)]
    for customer in range(1, customers + 1):
        day = chance.randrange(60)
        while day < days:
            moment = str(date(2010, 1, 1) + timedelta(day))
            sign = "C" if chance.random() < 0.2 else ""
            country = chance.choice(["United Kingdom", "France"])
            lines.append(line(f"{sign}{len(lines)}", moment, customer, country=country))
            day += chance.choice([1, 30, 88, 89, 90, 91, 92, 150])
    return lines


def test_lapses_agree_with_a_walk_through_every_day(tmp_path):
    lines = random_log(seed=7, customers=40, days=600)
    tables, _ = load_lines(tmp_path, lines)
    last_day = max(row[4] for row in lines).date()
    for customer in range(1, 41):
        days = sorted({row[4].date() for row in lines if row[6] == customer})
        counted = {days[0]} | {
            row[4].date() for row in lines if row[6] == customer and not row[0].startswith("C")
        }
        events = [r for r in tables["churn_events"] if r["account_id"] == str(customer)]
        for offset in range((last_day - days[0]).days + 1):
            day = days[0] + timedelta(offset)
            is_quiet = not any(day - timedelta(89) <= active <= day for active in counted)
            is_out = any(
                event["churned_on"] <= day
                and (event["reactivated_on"] is None or day < event["reactivated_on"])
                for event in events
            )
            assert is_out == is_quiet, (customer, day)


def test_a_log_that_ends_earlier_tells_the_same_about_the_days_before(tmp_path):
    lines = random_log(seed=11, customers=40, days=600)
    whole, _ = load_lines(tmp_path / "whole", lines)
    end = max(row[4] for row in lines) - timedelta(200)
    kept = [row for row in lines if row[4] <= end]
    cut, _ = load_lines(tmp_path / "cut", kept)
    last_day = max(row[4] for row in kept).date()

    known = [
        row | {"reactivated_on": back if back and back <= last_day else None}
        for row in whole["churn_events"]
        if row["churned_on"] <= last_day
        for back in [row["reactivated_on"]]
    ]
    assert cut["churn_events"] == known
    assert cut["accounts"] == [row for row in whole["accounts"] if row["created_at"] <= end]
    assert cut["usage_events"] == [r for r in whole["usage_events"] if r["occurred_at"] <= end]


@pytest.mark.parametrize(
    ("stock_code", "description", "family"),
    [
        ("84997", "CHILDRENS CUTLERY POLKADOT PINK", "tableware"),
        ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", "candles_and_lights"),
        ("22086", "PAPER CHAIN KIT 50'S CHRISTMAS ", "seasonal"),
        ("20725", "LUNCH BAG RED RETROSPOT", "bags"),
        ("22551", "PLASTERS IN TIN SPACEBOY", "accessories"),
        ("22961", "JAM MAKING SET PRINTED", "tableware"),
        ("22386", "Jumbo bag pink polkadot", "bags"),
        ("POST", "POSTAGE", "charges"),
        ("m", "Manual", "charges"),
        ("ADJUST2", "Adjustment by Peter on Jun 25 2010 ", "charges"),
        ("gift_0001_20", "Dotcomgiftshop Gift Voucher £20.00", "charges"),
        ("PADS", "PADS TO MATCH ALL CUSHIONS", "textiles"),
        ("12345", "SUPERCALIFRAGILISTIC", "other_goods"),
        ("12345", "BAGPIPES", "other_goods"),
        ("12345", None, "other_goods"),
    ],
)
def test_a_line_belongs_to_the_first_family_with_a_keyword_in_its_description(
    stock_code, description, family
):
    assert loader.product_family(stock_code, description, loader.read_families()) == family


def test_an_unknown_family_of_a_log_without_descriptions_is_still_a_feature(tmp_path):
    tables, _ = load_lines(tmp_path, [line("1", "2010-01-01", 101, product=("12345", None))])
    features = {row["feature_id"]: row["is_core"] for row in tables["features"]}
    assert {row["feature_id"] for row in tables["usage_events"]} == {"other_goods"}
    assert [name for name, is_core in sorted(features.items()) if not is_core] == [
        "charges",
        "other_goods",
        "seasonal",
    ]
    assert 10 <= sum(features.values()) <= 40


def test_a_log_without_a_column_stops_with_a_sentence_that_names_it(tmp_path):
    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({"invoice": ["1"]}), path)
    with pytest.raises(loader.LoadError, match="has no column stock_code"):
        loader.load(path, tmp_path / "raw")


@pytest.mark.parametrize("script", ["load.py", "run.py"])
def test_without_the_file_the_command_says_what_to_fetch_and_stops(tmp_path, script):
    finished = subprocess.run(
        [sys.executable, str(EXAMPLE / script)],
        env=os.environ | {"ONLINE_RETAIL_PATH": str(tmp_path / "nowhere.parquet")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert "10.24432/C5CG6D" in finished.stderr
    assert "nowhere.parquet" in finished.stderr
    assert "Traceback" not in finished.stderr


def read_seed(folder: Path, seed: str) -> list[dict[str, str]]:
    """Read `<folder>/<seed>.csv`."""
    with (folder / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_seeds_of_the_example_have_the_form_of_the_projects_seeds():
    for path in (EXAMPLE / "seeds").glob("*.csv"):
        own = read_seed(EXAMPLE / "seeds", path.stem)
        shipped = read_seed(PROJECT_ROOT / "seeds", path.stem)
        assert own != shipped, f"{path.name} does not differ: leave it out"
        assert own[0].keys() == shipped[0].keys()
    streams = {row["stream"] for row in read_seed(EXAMPLE / "seeds", "source_freshness")}
    assert streams == {
        row["stream"] for row in read_seed(PROJECT_ROOT / "seeds", "source_freshness")
    }


def test_the_added_rows_fit_the_seeds_and_are_the_only_addition(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "SEEDS", tmp_path / "seeds")
    runner.overlay_seeds()
    for path in (EXAMPLE / "seed_rows").glob("*.csv"):
        shipped = read_seed(PROJECT_ROOT / "seeds", path.stem)
        assert read_seed(tmp_path / "seeds", path.stem) == shipped + read_seed(
            EXAMPLE / "seed_rows", path.stem
        )
    weights = read_seed(EXAMPLE / "seed_rows", "score_weights")
    assert sum(int(row["weight"]) for row in weights) == 100
    assert {row["score_model"] for row in weights} == {"recency_frequency"}


def test_each_raw_table_is_either_written_or_declared_absent():
    sources = yaml.safe_load((PROJECT_ROOT / "models/staging/_sources.yml").read_text())
    raw = next(source for source in sources["sources"] if source["name"] == "raw")
    declared = yaml.safe_load((EXAMPLE / "vars.yml").read_text())["absent_sources"]
    assert sorted([*loader.RAW_TABLES, *declared]) == sorted(t["name"] for t in raw["tables"])


def test_the_summary_reads_the_marts(tmp_path):
    database = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            """
            create table marts.customer_health as
            select * from (values
                ('101', 'domestic', date '2011-12-09', 83.5, 'green', 1.0, 0.26, null),
                ('102', 'abroad', date '2011-12-09', 35.25, 'red', 1.0, 0.26, 'usage trend'),
                ('103', 'abroad', date '2011-12-09', null, 'onboarding', 0.5, 0.26, null)
            ) as t(account_id, segment, as_of_date, health_score, band, coverage, model_coverage,
                driver_1)
            """
        )
        connection.execute(
            """
            create table marts.backtest_summary as
            select *, 0.7 as auc_low, 0.9 as auc_high, 2.0 as top_decile_lift from (values
                ('composite', 'health_score', 'score', 'Composite', 'part', 'late', 0.75),
                ('composite', 'tenure', 'baseline', 'Tenure alone', 'part', 'late', 0.8),
                ('support_view', 'tenure', 'baseline', 'not shown twice', 'part', 'late', 0.8),
                ('composite', 'health_score', 'score', 'not the early ones', 'part', 'early', 0.9),
                ('support_view', 'health_score', 'score', 'not without AUC', 'part', 'late', null)
            ) as t(score_model, predictor, predictor_kind, predictor_label, dimension,
                dimension_value, auc)
            """
        )
    text = runner.summary(database)
    assert text.index("Tenure alone  0.800") < text.index("Composite     0.750")
    assert "not " not in text
    assert "3 accounts in scope on 2011-12-09; the log fills 26% of the model." in text
    assert text.index("green") < text.index("onboarding")
    assert "102      abroad    35.3   red    usage trend" in text


@pytest.fixture(scope="module")
def real_tables(tmp_path_factory) -> tuple[Path, object]:
    """Write the raw tables of the real order log; skip where it is not at hand."""
    source = loader.source_path(None)
    if not source.is_file():
        pytest.skip(
            "The order log is not at hand; examples/online_retail/README.md says what to fetch."
        )
    out = tmp_path_factory.mktemp("raw")
    return out, loader.load(source, out)


@pytest.fixture(scope="module")
def real_log(real_tables) -> tuple[duckdb.DuckDBPyConnection, object]:
    """Open the raw tables of the real order log, and the log itself."""
    out, counts = real_tables
    connection = duckdb.connect()
    for table in counts.tables:
        connection.read_parquet(str(out / f"{table}.parquet")).create_view(table)
    connection.read_parquet(str(loader.source_path(None))).create_view("order_log")
    return connection, counts


def test_the_real_log_is_counted_to_the_last_line(real_log):
    connection, counts = real_log
    ids = connection.execute("select count(distinct customer_id) from order_log").fetchone()[0]
    assert counts.lines == 1_034_220
    # 5,942 ids, of which 0 is the second file's way to leave the customer empty
    assert (ids, counts.tables["accounts"]) == (5_942, 5_941)
    assert (counts.lines_without_customer, counts.lines_of_stand_in) == (100_207, 133_358)
    assert counts.lines == (
        counts.lines_without_customer
        + counts.lines_of_stand_in
        + counts.order_lines
        + counts.cancellation_lines
    )
    assert counts.tables["usage_events"] == counts.order_lines


def test_the_real_tables_have_keys_and_known_accounts(real_log):
    connection, _ = real_log
    keys = {
        "accounts": "account_id",
        "features": "feature_id",
        "usage_events": "event_id",
        "tickets": "ticket_id",
        "invoices": "invoice_id",
        "churn_events": "account_id || churned_on",
    }
    for table, key in keys.items():
        rows, distinct = connection.execute(
            f"select count(*), count(distinct {key}) from {table}"
        ).fetchone()
        assert rows == distinct, table
    for table in ("usage_events", "tickets", "invoices", "churn_events"):
        assert connection.execute(
            f"select count(*) from {table} anti join accounts using (account_id)"
        ).fetchone() == (0,)


def test_no_line_of_the_real_log_lies_near_midnight(real_log):
    connection, _ = real_log
    hours = connection.execute(
        "select min(hour(invoice_date)), max(hour(invoice_date)) from order_log"
    ).fetchone()
    # so that a day is the same day in London and in UTC, and source_timezone may stay as it is
    assert hours[0] >= 1 and hours[1] < 23


def test_the_freshness_seed_survives_christmas_and_retires_the_cancellations(real_log):
    connection, counts = real_log
    seed = {row["stream"]: row for row in read_seed(EXAMPLE / "seeds", "source_freshness")}
    longest_age = connection.execute(
        """
        select max(next_day - day - 1) from (
            select day, lead(day) over (order by day) as next_day
            from (select distinct cast(occurred_at as date) as day from usage_events)
        )
        """
    ).fetchone()[0]
    last_ticket = connection.execute("select cast(max(created_at) as date) from tickets").fetchone()
    variables = yaml.safe_load((EXAMPLE / "vars.yml").read_text())
    assert 4 < longest_age <= int(seed["usage_events"]["stale_after_days"]) <= longest_age + 1
    assert seed["tickets"]["ended_on"] == str(last_ticket[0]) == "2010-11-30"
    assert variables["as_of_date"] == counts.last_day == "2011-12-09"


def test_the_yardstick_is_no_straw_man(real_tables):
    """On the log's own question the fixed learners reach what is known to be in it."""
    example = import_script("yardstick")
    with example.open_orders(real_tables[0]) as connection:
        early = example.active_customers(connection, example.TRAINING_DATES)
        late = example.active_customers(connection, [example.TEST_DATE])
    auc = {figure.name: figure.auc.value for figure in example.learned(early, late)}
    assert late.churned.sum() > 1000
    assert min(auc.values()) >= 0.75
