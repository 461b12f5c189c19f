"""Load the Online Retail II log and build the whole project on it, into a database of its own.

Everything that is written lies in `examples/online_retail/data/`. Exit code 1 when the order log is
not at hand, else dbt's own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
from load import LoadError, load, report, source_path

HERE = Path(__file__).resolve().parent
PROJECT_ROOT = HERE.parents[1]
DATA = HERE / "data"
RAW = DATA / "raw"
SEEDS = DATA / "seeds"
WAREHOUSE = DATA / "warehouse.duckdb"
PUBLISHED = DATA / "customer_health.duckdb"

BANDS_SQL = """
select
    band,
    count(*) as accounts,
    round(avg(health_score), 1) as mean_score,
    round(avg(coverage), 2) as mean_coverage
from marts.customer_health
group by band
order by mean_score desc nulls last, band
"""

LOWEST_SQL = """
select account_id, segment, cast(health_score as decimal(4, 1)), band, driver_1
from marts.customer_health
where health_score is not null
order by health_score, account_id
limit 5
"""

# on the later panel dates: the seeds of the example were derived from the earlier ones only
BACKTEST_SQL = """
select predictor_label, auc, auc_low, auc_high, top_decile_lift
from marts.backtest_summary
where
    dimension = 'part'
    and dimension_value = 'late'
    and (predictor = 'health_score' or (predictor_kind = 'baseline' and score_model = 'composite'))
    and auc is not null
order by auc desc, predictor_label
"""

SCOPE_SQL = "select count(*), max(as_of_date), max(model_coverage) from marts.customer_health"


def overlay_seeds() -> None:
    """Copy the project's seeds to the data folder, the example's over them, and add its rows."""
    shutil.rmtree(SEEDS, ignore_errors=True)
    shutil.copytree(PROJECT_ROOT / "seeds", SEEDS)
    shutil.copytree(HERE / "seeds", SEEDS, dirs_exist_ok=True)
    for added in sorted((HERE / "seed_rows").glob("*.csv")):
        titles, *rows = added.read_text(encoding="utf-8").splitlines()
        seed = SEEDS / added.name
        present = seed.read_text(encoding="utf-8").splitlines()
        if present[0] != titles:
            raise ValueError(f"{added}: its columns are not those of seeds/{added.name}")
        seed.write_text("\n".join([*present, *rows]) + "\n", encoding="utf-8")


def build_environment() -> dict[str, str]:
    """Return the environment of the build: the example's own paths, always the DuckDB target."""
    return os.environ | {
        "DBT_TARGET": "duckdb",
        "DBT_PROFILES_DIR": str(PROJECT_ROOT / "profiles"),
        "DBT_TARGET_PATH": str(DATA / "target"),
        "DBT_LOG_PATH": str(DATA / "logs"),
        "HEALTH_RAW_PATH": str(RAW),
        "HEALTH_SEED_PATH": str(SEEDS.relative_to(PROJECT_ROOT)),
        "HEALTH_DUCKDB_PATH": str(WAREHOUSE),
        "HEALTH_PUBLISHED_PATH": str(PUBLISHED),
    }


def build() -> int:
    """Run `dbt build` from an empty database and return its exit code.

    The log is a closed file, so there is nothing to add to: starting empty makes two runs equal.
    """
    for suffix in ("", ".wal"):
        Path(f"{WAREHOUSE}{suffix}").unlink(missing_ok=True)
    # the dbt of this environment, whether or not it is activated
    dbt = str(Path(sys.executable).with_name("dbt"))
    command = [dbt, "build", "--vars", (HERE / "vars.yml").read_text(encoding="utf-8")]
    return subprocess.run(
        command, cwd=PROJECT_ROOT, env=build_environment(), check=False
    ).returncode


def table(rows: list[tuple], titles: tuple[str, ...]) -> str:
    """Lay out rows as text columns, each as wide as its longest value."""
    cells = [titles, *[tuple("-" if v is None else str(v) for v in row) for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(titles))]
    return "\n".join(
        "  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def summary(database: Path) -> str:
    """Say from the marts in `database` how many accounts are in which band, who is lowest."""
    with duckdb.connect(str(database), read_only=True) as connection:
        accounts, as_of_date, model_coverage = connection.execute(SCOPE_SQL).fetchone()
        bands = connection.execute(BANDS_SQL).fetchall()
        lowest = connection.execute(LOWEST_SQL).fetchall()
        ranked = [
            (label, *(f"{float(figure):.3f}" for figure in figures))
            for label, *figures in connection.execute(BACKTEST_SQL).fetchall()
        ]
    share = "none" if model_coverage is None else f"{float(model_coverage):.0%}"
    return "\n".join(
        (
            f"{accounts:,} accounts in scope on {as_of_date}; the log fills {share} of the model.",
            "",
            table(bands, ("band", "accounts", "mean score", "mean coverage")),
            "",
            table(lowest, ("account", "segment", "score", "band", "first driver")),
            "",
            "Who lapses within 90 days, on the later dates of the backtest:",
            "",
            table(ranked, ("ranked by", "AUC", "from", "to", "lift")),
        )
    )


def main() -> int:
    """Load, build, summarize; return the exit code."""
    try:
        print(report(load(source_path(None), RAW)), flush=True)
    except LoadError as error:
        print(error, file=sys.stderr)
        return 1
    overlay_seeds()
    exit_code = build()
    if exit_code == 0:
        print(f"\n{summary(PUBLISHED)}")
        print(f"\nThe database: {PUBLISHED.relative_to(PROJECT_ROOT)} (schema marts).")
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
