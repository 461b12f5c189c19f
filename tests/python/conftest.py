"""Makes the helpers beside the tests importable and keeps the long tests for `make test-all`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engines import PostgresWarehouse
from postgres_server import Server, running_server


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
