"""Makes the helpers beside the tests importable and keeps the long tests for `make test-all`.

At the end it prints how many rows of each engine's marts were compared and are the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from engines import PostgresWarehouse, Warehouse, engine_differences
from postgres_server import Server, running_server
from same_builds import SameMarts
from spark_server import SparkWarehouse, missing_java


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests too")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes minutes; runs with --long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--long"):
        skip = pytest.mark.skip(reason="a long test: `make test-all` runs it")
        for item in items:
            if "long" in item.keywords:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A Postgres server, one for each process of the tests that asks for it."""
    with running_server() as running:
        yield running


@pytest.fixture
def new_warehouse(server: Server, tmp_path: Path) -> Callable[[str], PostgresWarehouse]:
    """Makes an empty warehouse of a name, which no other test has."""
    return lambda name: PostgresWarehouse.create(server, name, tmp_path / name)


@pytest.fixture
def has_spark() -> None:
    """Without Java the test is skipped, or fails where no engine may be left out."""
    missing = missing_java()
    if missing and os.environ.get("TEST_EVERY_ENGINE"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)


@pytest.fixture
def spark_warehouse(has_spark: None, tmp_path: Path) -> SparkWarehouse:
    """An empty warehouse of Spark in one process."""
    return SparkWarehouse.create(tmp_path / "spark")


# (engine, what was built, (rows on DuckDB, rows on the engine) of each mart)
Comparison = tuple[str, str, dict[str, tuple[int, int]]]


@pytest.fixture
def assert_same_marts(record_property: Callable[[str, object], None]) -> SameMarts:
    """Compares all marts of `folder/warehouse.duckdb` with those of another engine."""

    def check(folder: Path, warehouse: Warehouse, built: str) -> None:
        found, counts = engine_differences(folder / "warehouse.duckdb", warehouse)
        assert not found, f"{built}\n" + "\n".join(found[:20])
        assert counts["customer_health_history"][0] > 0
        record_property("compared", (warehouse.engine, built, counts))

    return check


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what `assert_same_marts` compared in tests that passed."""
    compared: list[Comparison] = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "compared"
    ]
    if compared:
        terminalreporter.section("rows of the marts, compared value by value: no difference")
        for line in comparison_lines(compared):
            terminalreporter.write_line(line)


def comparison_lines(compared: Iterable[Comparison]) -> Iterator[str]:
    """The rows by engine of every build, of the small world mart by mart."""
    builds: dict[str, dict[str, dict[str, tuple[int, int]]]] = {}
    for engine, built, counts in sorted(compared, key=lambda comparison: comparison[:2]):
        builds.setdefault(built, {})[engine] = counts
    for built, engines in sorted(builds.items()):
        ours = {mart: count for mart, (count, _) in next(iter(engines.values())).items()}
        columns = {"DuckDB": ours} | {
            engine: {mart: count for mart, (_, count) in counts.items()}
            for engine, counts in engines.items()
        }
        yield f"{built:<40}" + "".join(f"{engine:>12}" for engine in columns)
        for mart in ours if built == "the small world" else ():
            yield f"  {mart:<38}" + "".join(f"{rows[mart]:>12,}" for rows in columns.values())
        label = f"  {len(ours)} marts"
        yield f"{label:<40}" + "".join(f"{sum(rows.values()):>12,}" for rows in columns.values())
