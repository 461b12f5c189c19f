"""From raw files to accepted rows, rejected rows and what was odd about a value.

Source: "Raw tables" and "Bad rows" in the interface page, sections A1 to A2 of the decision log.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from reference.settings import Settings
from reference.tables import PRIVATE_COLUMNS, SURVEY_LIMITS, TABLES, Column, Table
from reference.values import (
    Unreadable,
    delivered_text,
    read_boolean,
    read_code,
    read_date,
    read_number,
    read_text,
    read_timestamp,
)


@dataclass
class Reading:
    """One raw row as delivered, as read, and what could not be read of it.

    `problems` maps a column to `unreadable_value` or `out_of_range`.
    """

    table: Table
    delivered: dict[str, str | None]
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def row_key(self) -> str:
        """The key columns as delivered, trimmed, blank as empty, joined by `|`."""
        return "|".join(self.delivered[name] or "" for name in self.table.key)

    @property
    def row_json(self) -> dict[str, str | None]:
        """The delivered row without e-mail, title and subject."""
        return {k: v for k, v in self.delivered.items() if k not in PRIVATE_COLUMNS}

    @property
    def json_bytes(self) -> bytes:
        """`row_json` as bytes, for ordering."""
        return json.dumps(self.row_json, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass
class RawData:
    """Everything read: per table the accepted readings, and all rejected rows and row counts."""

    accepted: dict[str, list[Reading]]
    rejected_rows: list[dict[str, Any]]
    row_counts: list[dict[str, Any]]

    def rows(self, table: str) -> list[SimpleNamespace]:
        """The accepted rows of a table as read, one attribute per column."""
        return [SimpleNamespace(**reading.values) for reading in self.accepted[table]]


def _parquet(file: Path) -> tuple[list[str], list[dict[str, Any]]]:
    table = pq.read_table(file)
    for index, column in enumerate(table.schema):
        # Python's datetime has no nanoseconds
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            micros = table.column(index).cast(pa.timestamp("us", tz=column.type.tz), safe=False)
            table = table.set_column(index, column.name, micros)
    return table.column_names, table.to_pylist()


def _csv(file: Path) -> tuple[list[str], list[dict[str, Any]]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        return list(reader.fieldnames or ()), list(reader)


def _delivered(raw: Path, table: str) -> tuple[set[str], list[dict[str, Any]]] | None:
    """The column names and rows of a raw table; null when no file delivers it."""
    single, folder, text = raw / f"{table}.parquet", raw / table, raw / f"{table}.csv"
    if single.exists():
        parts = [_parquet(single)]
    elif folder.is_dir():
        parts = [_parquet(file) for file in sorted(folder.rglob("*.parquet"))]
    elif text.exists():
        parts = [_csv(text)]
    else:
        return None
    names = {name for columns, _ in parts for name in columns}
    return names, [row for _, rows in parts for row in rows]


def raw_rows(raw: Path, table: Table, settings: Settings) -> list[dict[str, Any]]:
    """The rows of a raw table, empty where the company does not have it.

    Raises:
        ValueError: `accounts` is missing, or a delivered table lacks a required column.
    """
    found = None if table.name in settings.absent_sources else _delivered(raw, table.name)
    if found is None:
        if table.name == "accounts":
            raise ValueError("The raw table accounts is missing.")
        return []
    names, rows = found
    for column in table.columns:
        if (column.is_key or column.is_required) and column.name not in names:
            raise ValueError(f"The raw table {table.name} lacks its column {column.name}.")
    return rows


def _reader(table: Table, column: Column, settings: Settings) -> Callable[[Any], Any]:
    declared = settings.date_formats.get(f"{table.name}.{column.name}")
    zone = settings.zone
    return {
        "text": read_text,
        "code": read_code,
        "number": read_number,
        "boolean": read_boolean,
        "timestamp": lambda value: read_timestamp(value, zone, declared),
        "date": lambda value: read_date(value, declared),
    }[column.kind]


def _fill_defaults(table: Table, values: dict[str, Any], settings: Settings) -> None:
    defaults: dict[tuple[str, str], Any] = {
        ("accounts", "account_name"): values.get("account_id"),
        ("accounts", "segment"): "unknown",
        ("features", "is_core"): True,
        ("usage_events", "event_count"): 1.0,
    }
    for (name, column), default in defaults.items():
        if table.name == name and values[column] is None:
            values[column] = default
    if table.name == "invoices" and values["due_on"] is None and values["issued_on"] is not None:
        # an unreadable due date rejects its row, so filling it in for that row does no harm
        values["due_on"] = values["issued_on"] + timedelta(days=settings.payment_terms_days)


def read_table(table: Table, rows: list[dict[str, Any]], settings: Settings) -> list[Reading]:
    """Each raw row with its values read, out-of-range optional values emptied, defaults filled."""
    readers = {column.name: _reader(table, column, settings) for column in table.columns}
    readings = []
    for row in rows:
        delivered = {c.name: delivered_text(row.get(c.name)) for c in table.columns}
        reading = Reading(table, delivered)
        for column in table.columns:
            try:
                value = readers[column.name](row.get(column.name))
            except Unreadable:
                value = None
                reading.problems[column.name] = "unreadable_value"
            if value is not None and column.limits is not None:
                lowest, highest = column.limits
                if not lowest <= value <= highest:
                    value = None
                    reading.problems[column.name] = "out_of_range"
            reading.values[column.name] = value
        _fill_defaults(table, reading.values, settings)
        readings.append(reading)
    return readings


def _must_be_readable(table: Table, column: Column) -> bool:
    """Whether an unreadable value of the column rejects the row."""
    if column.is_key or column.is_required:
        return True
    return column.is_date and column.name != "loaded_at" and not table.is_forgiving


def _ends_before_start(table: Table, values: dict[str, Any]) -> bool:
    first, last = {
        "contracts": ("start_date", "end_date"),
        "churn_events": ("churned_on", "reactivated_on"),
    }.get(table.name, (None, None))
    return first is not None and values[last] is not None and values[last] < values[first]


def _is_out_of_range(table: Table, values: dict[str, Any]) -> bool:
    if table.name != "survey_responses" or values["survey_type"] not in SURVEY_LIMITS:
        return False
    lowest, highest = SURVEY_LIMITS[values["survey_type"]]
    return not lowest <= values["score"] <= highest


def reject_reason(reading: Reading, accounts: set[str] | None) -> str | None:
    """The first reason to reject the row by itself, null when it is acceptable.

    `accounts` are the accepted account ids, null while they are not known yet.
    """
    table = reading.table
    if any(reading.delivered[c.name] is None for c in table.columns if c.is_key):
        return "missing_key"
    if any(reading.delivered[c.name] is None for c in table.columns if c.is_required):
        return "missing_value"
    unreadable = {c for c, problem in reading.problems.items() if problem == "unreadable_value"}
    if any(_must_be_readable(table, c) for c in table.columns if c.name in unreadable):
        return "unreadable_value"
    if _is_out_of_range(table, reading.values):
        return "out_of_range"
    if _ends_before_start(table, reading.values):
        return "end_before_start"
    if table.has_account and accounts is not None and reading.values["account_id"] not in accounts:
        return "unknown_account"
    return None


def canonical_value(value: Any) -> str:
    """The text of a value as read, by which two rows of one key are told apart."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        rounded = Decimal(repr(value)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        return str(abs(rounded)) if rounded == 0 else f"{rounded:f}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")
    return value.isoformat() if isinstance(value, date) else str(value)


def _rank(reading: Reading) -> tuple[Any, ...]:
    """Orders the rows of one key: the greatest stays."""
    loaded_at = reading.values["loaded_at"]
    names = [column.name for column in reading.table.columns if column.name != "loaded_at"]
    text = "|".join(canonical_value(reading.values[name]) for name in names)
    return loaded_at is not None, loaded_at or datetime.min, text.encode(), reading.json_bytes


def _without_superseded(readings: list[Reading]) -> tuple[list[Reading], list[Reading]]:
    """The row that stays of each key, and the others."""
    by_key: dict[tuple[Any, ...], list[Reading]] = defaultdict(list)
    for reading in readings:
        by_key[tuple(reading.values[name] for name in reading.table.key)].append(reading)
    kept, superseded = [], []
    for versions in by_key.values():
        versions.sort(key=_rank)
        kept.append(versions[-1])
        superseded.extend(versions[:-1])
    return kept, superseded


def _numbered(rejected: list[tuple[str, Reading]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    seen: dict[tuple[str, str, str], int] = defaultdict(int)
    for reason, reading in sorted(rejected, key=lambda pair: pair[1].json_bytes):
        key = (reading.table.name, reading.row_key, reason)
        seen[key] += 1
        rows.append(
            dict(zip(["source_table", "row_key", "reason"], key, strict=True))
            | {"reject_number": seen[key], "row_json": reading.row_json}
        )
    return rows


def read_raw(raw: Path, settings: Settings) -> RawData:
    """Reads all raw tables and accepts or rejects every row, with the first reason that applies.

    Raises:
        ValueError: a required table or column is missing, or amounts are in several currencies.
    """
    data = RawData({}, [], [])
    accounts: set[str] | None = None
    for table in TABLES.values():
        readings = read_table(table, raw_rows(raw, table, settings), settings)
        reasons = [reject_reason(reading, accounts) for reading in readings]
        acceptable = [r for r, reason in zip(readings, reasons, strict=True) if reason is None]
        kept, superseded = _without_superseded(acceptable)
        rejected = [(why, r) for r, why in zip(readings, reasons, strict=True) if why is not None]
        rejected += [("superseded", reading) for reading in superseded]
        data.accepted[table.name] = kept
        data.rejected_rows += _numbered(rejected)
        data.row_counts.append(
            {
                "source_table": table.name,
                "rows_in": len(readings),
                "rows_accepted": len(kept),
                "rows_rejected": len(rejected),
            }
        )
        if table.name == "accounts":
            accounts = {reading.values["account_id"] for reading in kept}
    _check_currency(data)
    return data


def _check_currency(data: RawData) -> None:
    rows = data.accepted["contracts"] + data.accepted["invoices"]
    currencies = {r.values["currency"] for r in rows if r.values["currency"] is not None}
    if len(currencies) > 1:
        raise ValueError(f"Amounts are in several currencies: {', '.join(sorted(currencies))}.")
