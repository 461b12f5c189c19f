"""Publishes the marts: a dbt-duckdb plugin that the macro `publish_marts` calls after a build.

Readers open the published file and never the one that builds work in. The new file is written
beside the old one and renamed over it, so that a reader sees the marts of one build or of the next,
and who has the old file open keeps it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import TargetConfig

# what DuckDB 1.0 and every later version can open
STORAGE_VERSION = "v1.0.0"
SCHEMA = "marts"
COPY = "_published_copy"
# replaced rows leave holes behind: a file is written anew when they are this share of the rest, and
# more bytes than small files are worth
MOST_HOLES = 0.5
FEWEST_BYTES_OF_HOLES = 10_000_000


class CannotPublish(Exception):
    """The marts cannot be published as things stand; the message is for the person on duty."""


@dataclass(frozen=True)
class Mart:
    """A table or view of schema marts.

    columns: description by column name. is_kept_by_date: a table of which each build replaces the
    rows of some as-of dates and leaves those of the others.
    """

    name: str
    description: str
    columns: Mapping[str, str]
    is_view: bool = False
    is_kept_by_date: bool = False

    @property
    def original(self) -> str:
        """Its name in the work file."""
        return f"{SCHEMA}.{self.name}"

    @property
    def copy(self) -> str:
        """Its name in the file that is being written."""
        return f"{COPY}.{SCHEMA}.{self.name}"


class Plugin(BasePlugin):
    """Holds dbt's connection, and publishes from it to `published_path` of its config."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Take the place of the published file from the profile."""
        self.path = Path(plugin_config["published_path"])

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Keep the connection: no second one to the work file can be opened beside it."""
        self.connection = conn

    def store(self, target_config: TargetConfig) -> None:
        """Publish `config["marts"]` (a mapping per Mart), all anew if `config["is_full_refresh"]`.

        Puts what came of it into the mapping `config["report"]`, as `message` or as `problem`: an
        exception here would end dbt as if somebody had pressed Ctrl-C.
        """
        config = target_config.config
        marts = [Mart(**mart) for mart in config["marts"]]
        cursor = self.connection.cursor()
        try:
            message = publish(cursor, self.path, marts, config["is_full_refresh"])
            config["report"]["message"] = message
        except (CannotPublish, OSError, duckdb.Error) as error:
            config["report"]["problem"] = (
                f"The marts are built, but could not be published to {self.path}: "
                f"{reason_of(error)}. Readers still have the file that was published last. "
                "Mend this, then run `dbt build` again."
            )
        finally:
            cursor.close()


def reason_of(error: Exception) -> str:
    """What went wrong, without what DuckDB says about the consequences, and no full stop."""
    return str(error).split("Original error: ")[-1].strip().rstrip(".")


def publish(
    work: duckdb.DuckDBPyConnection, path: Path, marts: Sequence[Mart], is_full_refresh: bool
) -> str:
    """Replace the published file by one that holds these marts as they stand in the work file.

    work: a connection to the work file, used by nobody else. marts: views after what they read.
    The old file is copied and only the remembered dates are replaced, where that gives the same.
    Returns what was done, as a sentence. Raises CannotPublish, OSError, duckdb.Error; the old file
    is whole then.
    """
    started = time.monotonic()
    path = path.resolve()
    new = path.with_name(path.name + ".new")
    check_place(work, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    make_memory(work)
    try:
        by_date = not is_full_refresh and is_as_published(work, path)
        by_date = by_date and write_changed_dates(work, path, new, marts)
        if not by_date:
            write_everything(work, new, marts)
        check_readable(new, marts)
        put_in_place(new, path)
    finally:
        remove_database(new)
    remember_publication(work, path, marts, is_everything=not by_date)
    what = "the dates that changed" if by_date else "every date"
    seconds = time.monotonic() - started
    return f"Published {what} to {path}: {path.stat().st_size / 1e6:,.1f} MB in {seconds:.1f} s"


# ---- what the work file remembers


def make_memory(work: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that outlive a build, where they are missing.

    dates_to_publish: dates written since the last publication; the macro
    `remember_dates_to_publish` fills it. last_file: size and time of the file that was
    published last, and its bytes and rows when everything was last written.
    """
    work.execute("create schema if not exists publishing")
    work.execute("create table if not exists publishing.dates_to_publish (as_of_date date)")
    work.execute(
        "create table if not exists publishing.last_file "
        "(bytes bigint, modified_ns bigint, whole_bytes bigint, whole_rows bigint)"
    )


def is_as_published(work: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether the file at `path` is the very one that this work file published last, or a copy.

    Size and time of change tell: the file needs no mark of its own, and neither a file of another
    work file nor a work file restored from a backup is taken for the right one.
    """
    if not path.exists():
        return False
    state = path.stat()
    found = work.execute(
        "select 1 from publishing.last_file where bytes = ? and modified_ns = ?",
        [state.st_size, state.st_mtime_ns],
    )
    return found.fetchone() is not None


def remember_publication(
    work: duckdb.DuckDBPyConnection, path: Path, marts: Sequence[Mart], is_everything: bool
) -> None:
    """Note the published file and forget the dates; a run killed before this publishes all anew."""
    state = path.stat()
    whole = [state.st_size, kept_rows(work, marts)]
    if not is_everything:
        query = "select whole_bytes, whole_rows from publishing.last_file"
        whole = list(work.execute(query).fetchone() or whole)
    work.execute("begin")
    work.execute("delete from publishing.last_file")
    work.execute(
        "insert into publishing.last_file values (?, ?, ?, ?)",
        [state.st_size, state.st_mtime_ns, *whole],
    )
    work.execute("delete from publishing.dates_to_publish")
    work.execute("commit")


# ---- writing


def write_everything(work: duckdb.DuckDBPyConnection, new: Path, marts: Sequence[Mart]) -> None:
    """Write a new file with every row of the marts."""
    remove_database(new)
    with attached(work, new, f"(storage_version '{STORAGE_VERSION}')"):
        work.execute(f"create schema {COPY}.{SCHEMA}")
        for mart in marts:
            write_mart(work, mart)
        describe(work, marts)


def write_changed_dates(
    work: duckdb.DuckDBPyConnection, path: Path, new: Path, marts: Sequence[Mart]
) -> bool:
    """Write a copy of the published file with the remembered dates replaced, other tables whole.

    Returns False where that does not give what the work file holds, or wastes too much room.
    """
    kept = [mart for mart in marts if mart.is_kept_by_date]
    if not kept or not is_worth_it(work, kept[0]):
        return False
    remove_database(new)
    copy_file(path, new)
    with attached(work, new):
        if any(columns_of(work, mart.copy) != columns_of(work, mart.original) for mart in kept):
            return False
        drop_all_but(work, [mart.name for mart in kept])
        for mart in marts:
            if mart.is_kept_by_date:
                replace_dates(work, mart)
            else:
                write_mart(work, mart)
        describe(work, marts)
        if any(rows_of(work, mart.copy) != rows_of(work, mart.original) for mart in kept):
            return False
    return not is_full_of_holes(work, new, marts)


def replace_dates(work: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    """Replace the rows of the remembered dates in COPY by those of the work file."""
    dates = "(select as_of_date from publishing.dates_to_publish)"
    work.execute(f"delete from {mart.copy} where as_of_date in {dates}")
    work.execute(
        f"insert into {mart.copy} select * from {mart.original} where as_of_date in {dates} "
        "order by as_of_date"
    )


@contextlib.contextmanager
def attached(work: duckdb.DuckDBPyConnection, file: Path, options: str = "") -> Iterator[None]:
    """Open a database file as COPY for one transaction; afterwards it is one complete file."""
    work.execute(f"attach {literal(file)} as {COPY} {options}")
    try:
        # each transaction waits for the disk, and every comment would be one
        work.execute("begin")
        yield
        work.execute("commit")
        # detaching would keep silent about a full disk
        work.execute(f"checkpoint {COPY}")
    except BaseException:
        with contextlib.suppress(duckdb.Error):
            work.execute("rollback")
        with contextlib.suppress(duckdb.Error):
            work.execute(f"detach {COPY}")
        raise
    work.execute(f"detach {COPY}")
    if write_ahead_log(file).exists():
        raise CannotPublish(f"{file} could not be completed, its log is left over")


def write_mart(work: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    """Write one mart into COPY, where it must not exist.

    Rows are in the order of dates, so that a reader of one date skips the others.
    """
    if mart.is_view:
        write_view(work, mart)
        return
    names = [name for name, _ in columns_of(work, mart.original)]
    keys = [key for key in ("as_of_date", "account_id") if key in names]
    order = f"order by {', '.join(keys)}" if keys else ""
    work.execute(f"create table {mart.copy} as select * from {mart.original} {order}")


def write_view(work: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    """Make a view in COPY over the marts there; DuckDB leaves databases out of a view's text."""
    found = work.execute(
        "select sql, current_database(), current_schema() from duckdb_views() "
        "where database_name = current_database() and schema_name = ? and view_name = ?",
        [SCHEMA, mart.name],
    ).fetchone()
    if found is None:
        raise CannotPublish(f"the view {mart.original} is not there")
    statement, database, schema = found
    work.execute(f"use {COPY}.{SCHEMA}")
    try:
        work.execute(statement)
    finally:
        work.execute(f'use "{database}"."{schema}"')


def drop_all_but(work: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    """Drop the views, and the tables with other names, from COPY."""
    found = work.execute(
        "select 'view' as kind, view_name as name from duckdb_views() "
        f"where database_name = '{COPY}' and schema_name = '{SCHEMA}' union all "
        "select 'table', table_name from duckdb_tables() "
        f"where database_name = '{COPY}' and schema_name = '{SCHEMA}' order by kind desc"
    ).fetchall()
    for kind, name in found:
        if name not in names:
            work.execute(f'drop {kind} {COPY}.{SCHEMA}."{name}"')


def describe(work: duckdb.DuckDBPyConnection, marts: Sequence[Mart]) -> None:
    """Make the descriptions of marts and columns comments in COPY, where they are not yet."""
    in_copy = f"where database_name = '{COPY}' and schema_name = '{SCHEMA}'"
    tables = work.execute(
        f"select table_name, comment from duckdb_tables() {in_copy} "
        f"union all select view_name, comment from duckdb_views() {in_copy}"
    ).fetchall()
    columns = work.execute(
        f"select table_name, column_name, comment from duckdb_columns() {in_copy}"
    ).fetchall()
    by_name = {mart.name: mart for mart in marts}
    for table, comment in tables:
        mart = by_name[table]
        if mart.description and mart.description != comment:
            kind = "view" if mart.is_view else "table"
            work.execute(f"comment on {kind} {mart.copy} is {literal(mart.description)}")
    for table, column, comment in columns:
        description = by_name[table].columns.get(column)
        if description and description != comment:
            name = f'{by_name[table].copy}."{column}"'
            work.execute(f"comment on column {name} is {literal(description)}")


# ---- what decides between the two ways of writing


def is_worth_it(work: duckdb.DuckDBPyConnection, mart: Mart) -> bool:
    """Whether at most half of a mart's dates have to be replaced."""
    query = (
        "select (select count(distinct as_of_date) from publishing.dates_to_publish) * 2 "
        f"<= (select count(distinct as_of_date) from {mart.original})"
    )
    return bool(fetch_value(work, query))


def is_full_of_holes(work: duckdb.DuckDBPyConnection, new: Path, marts: Sequence[Mart]) -> bool:
    """Whether the file has grown so much more than its rows that all is to be written anew."""
    query = "select whole_bytes / greatest(whole_rows, 1) from publishing.last_file"
    expected = float(fetch_value(work, query)) * kept_rows(work, marts)
    return new.stat().st_size - expected > max(MOST_HOLES * expected, FEWEST_BYTES_OF_HOLES)


def columns_of(work: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """Name and type of each column in their order; empty where there is no such table.

    table: schema.name, or database.schema.name. From the catalog: a failed `describe` would end
    the transaction that it stands in.
    """
    *database, schema, name = table.split(".")
    return work.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = ?"
        " and table_name = ? and database_name = coalesce(?, current_database())"
        " order by column_index",
        [schema, name, database[0] if database else None],
    ).fetchall()


def rows_of(work: duckdb.DuckDBPyConnection, table: str) -> int:
    """The number of rows of a table."""
    return int(fetch_value(work, f"select count(*) from {table}"))


def kept_rows(work: duckdb.DuckDBPyConnection, marts: Sequence[Mart]) -> int:
    """The number of rows of the marts that are kept by date, in the work file."""
    return sum(rows_of(work, mart.original) for mart in marts if mart.is_kept_by_date)


def fetch_value(work: duckdb.DuckDBPyConnection, query: str) -> Any:
    """The one value of a query."""
    row = work.execute(query).fetchone()
    return row[0] if row else None


def literal(text: str | Path) -> str:
    """A text as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"


# ---- files


def check_place(work: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raises CannotPublish for a path at which no reader could read."""
    query = "select path from duckdb_databases() where database_name = current_database()"
    worked_in = fetch_value(work, query)
    if worked_in and Path(worked_in).resolve() == path:
        raise CannotPublish(
            "HEALTH_PUBLISHED_PATH and HEALTH_DUCKDB_PATH name the same file, and readers of the "
            "file that builds work in would stop them; name two files"
        )
    if path.stem.lower() == SCHEMA:
        raise CannotPublish(
            f"in a file of the name {path.name}, DuckDB cannot tell the schema {SCHEMA} from the "
            "database; give HEALTH_PUBLISHED_PATH another file name"
        )
    if path.is_dir():
        raise CannotPublish("HEALTH_PUBLISHED_PATH names a folder; name a file in it")


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's bytes; the file system shares them between both files where it can."""
    with source.open("rb") as read, target.open("wb") as write:
        remaining = os.fstat(read.fileno()).st_size
        try:
            while remaining > 0:
                copied = os.copy_file_range(read.fileno(), write.fileno(), remaining)
                if copied == 0:
                    break
                remaining -= copied
            return
        except (AttributeError, OSError):
            pass
    # another kind of system or file system; a full disk fails here too, and says so
    shutil.copyfile(source, target)


def check_readable(new: Path, marts: Sequence[Mart]) -> None:
    """Open the new file as a reader does, away from the work file, and look at every mart."""
    reader = duckdb.connect(str(new), read_only=True)
    try:
        for mart in marts:
            reader.execute(f"select * from {mart.original} limit 0")
    finally:
        reader.close()


def put_in_place(new: Path, path: Path) -> None:
    """Rename the new file over the published one so that a power cut leaves one or the other."""
    if path.exists():
        shutil.copymode(path, new)
    flush(new)
    os.replace(new, path)
    flush(path.parent)


def flush(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_ahead_log(file: Path) -> Path:
    """DuckDB's log beside a database file, which a complete file does not have."""
    return file.with_name(file.name + ".wal")


def remove_database(file: Path) -> None:
    """Remove a database file and its log, for example those of a run that was killed."""
    file.unlink(missing_ok=True)
    write_ahead_log(file).unlink(missing_ok=True)
