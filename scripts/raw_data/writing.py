"""Puts a finished folder of raw tables in place, whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .settings import DAY_US, Settings, month_starts
from .usage import Events, EventTables

# Marks a folder as made up, so that a company's own raw files are never replaced by it.
MARKER = "_generated.json"
ROW_GROUP_ROWS = 122_880


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write one Parquet file (zstd); plain types only, so that every reader sees the same."""
    pq.write_table(
        table, path, compression="zstd", row_group_size=ROW_GROUP_ROWS, store_schema=False
    )


def write_events(
    settings: Settings, tables: EventTables, months: Iterable[Events], folder: Path
) -> int:
    """Write usage events by month or day, in event-time order.

    Returns:
        The number of rows written.
    """
    folder.mkdir()
    rows = 0
    spans = month_starts(settings.first_day, settings.last_day)
    for (first, last), events in zip(spans, months, strict=True):
        rows += len(events)
        days = range(first, last + 1) if settings.partition == "day" else (first,)
        cuts = np.searchsorted(events.at_us, [day * DAY_US for day in days])
        whole = tables.table(events)
        for day, low, high in zip(days, cuts, [*cuts[1:], len(events)], strict=True):
            name = str(np.datetime64(int(day), "D"))
            name = name if settings.partition == "day" else name[:7]
            write_parquet(whole.slice(low, high - low), folder / f"{name}.parquet")
    return rows


def check_replaceable(out: Path) -> None:
    """Refuse to replace what this command did not make.

    Raises:
        FileExistsError: where ``out`` is a file, or a folder with other content.
    """
    if not out.exists() or (out / MARKER).is_file():
        return
    if not out.is_dir() or any(out.iterdir()):
        raise FileExistsError(
            f"{out} holds data that this command did not make; remove it or choose another --out"
        )


def write_marker(folder: Path, facts: dict[str, object]) -> None:
    """Note beside the data how they were made and which faults were planted."""
    (folder / MARKER).write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")


class Staging:
    """A sibling folder that becomes ``out`` when the block ends well, and vanishes otherwise."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.partial = out.with_name(f".{out.name}.partial")
        self.old = out.with_name(f".{out.name}.old")

    def __enter__(self) -> Path:
        check_replaceable(self.out)
        self.out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.partial, ignore_errors=True)
        self.partial.mkdir()
        return self.partial

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            shutil.rmtree(self.partial, ignore_errors=True)
            return
        shutil.rmtree(self.old, ignore_errors=True)
        if self.out.exists():
            self.out.rename(self.old)
        self.partial.rename(self.out)
        shutil.rmtree(self.old, ignore_errors=True)
