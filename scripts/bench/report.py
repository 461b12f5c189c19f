"""The table of a benchmark, as text and as JSON."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.measure import Cost

TITLES = ("what", "seconds", "ratio", "to", "cpu s", "peak GB", "written GB", "size GB", "")


@dataclass(frozen=True)
class Line:
    """One measured thing.

    ratio: seconds against those of the line `ratio_to`. size_bytes: of the files that it left
    behind. left_out: why there is nothing to say; null where there is.
    """

    what: str
    cost: Cost | None = None
    ratio: float | None = None
    ratio_to: str = ""
    size_bytes: int | None = None
    left_out: str | None = None

    def cells(self) -> tuple[str, ...]:
        """The line as texts, in the order of TITLES."""
        cost = self.cost
        if cost is None:
            return (self.what, "-", "", "", "", "", "", "", f"left out: {self.left_out}")
        return (
            self.what,
            f"{cost.seconds:.1f}",
            "" if self.ratio is None else f"{self.ratio:.2f}",
            self.ratio_to,
            "" if cost.processor_seconds is None else f"{cost.processor_seconds:.1f}",
            gigabytes(cost.peak_bytes),
            gigabytes(cost.written_bytes),
            gigabytes(self.size_bytes),
            "",
        )

    def facts(self) -> dict[str, object]:
        """The line for JSON; seconds and bytes unrounded."""
        cost = self.cost
        return {
            "what": self.what,
            "seconds": cost and cost.seconds,
            "ratio": self.ratio,
            "ratio_to": self.ratio_to or None,
            "processor_seconds": cost and cost.processor_seconds,
            "peak_bytes": cost and cost.peak_bytes,
            "written_bytes": cost and cost.written_bytes,
            "size_bytes": self.size_bytes,
            "left_out": self.left_out,
        }


@dataclass(frozen=True)
class Target:
    """A target and what was reached; `reached` is null where a line that it needs was left out."""

    what: str
    reached: float | None
    at_most: float
    unit: str = ""

    @property
    def is_met(self) -> bool | None:
        """Null where nothing was measured."""
        return None if self.reached is None else self.reached <= self.at_most

    def cells(self) -> tuple[str, ...]:
        """The target as texts: what, reached, at most, whether it is met."""
        if self.reached is None:
            return (self.what, "-", f"{self.at_most:g}{self.unit}", "not measured")
        verdict = "met" if self.is_met else "missed"
        return (
            self.what,
            f"{self.reached:.2f}{self.unit}",
            f"{self.at_most:g}{self.unit}",
            verdict,
        )

    def facts(self) -> dict[str, object]:
        """The target for JSON."""
        return vars(self) | {"is_met": self.is_met}


def gigabytes(count: int | None) -> str:
    """Bytes as text in units of 1,000,000,000; empty where they are not known."""
    return "" if count is None else f"{count / 1e9:.3f}"


def aligned(rows: Sequence[tuple[str, ...]], numbers: Iterable[int]) -> str:
    """Rows as lines of text in columns; the columns with these positions end flush right."""
    numbers = set(numbers)
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = (
            cell.rjust(width) if place in numbers else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def table(lines: Sequence[Line]) -> str:
    """The measured lines under their titles."""
    return aligned([TITLES, *(line.cells() for line in lines)], (1, 2, 4, 5, 6, 7))


def target_table(targets: Sequence[Target]) -> str:
    """The targets under their titles."""
    titles = ("target", "reached", "at most", "")
    return aligned([titles, *(target.cells() for target in targets)], (1, 2))


def time_by_layer(nodes: dict[str, float]) -> dict[str, float]:
    """Seconds of a build's nodes by kind; they overlap where dbt has more than one thread.

    nodes: seconds by dbt's unique id, such as `model.customer_health_warehouse.int_scores__groups`.
    """
    totals: dict[str, float] = {}
    for node, seconds in nodes.items():
        kind, name = node.split(".")[0], node.split(".")[2]
        layer = re.match(r"stg_|int_[a-z]+", name)
        group = (layer[0].rstrip("_") if layer else "marts") if kind == "model" else kind
        totals[group] = totals.get(group, 0.0) + seconds
    return dict(sorted(totals.items(), key=lambda item: -item[1]))


def slowest(nodes: dict[str, float], number: int) -> dict[str, float]:
    """The nodes that took longest: seconds by name."""
    longest = sorted(nodes.items(), key=lambda item: -item[1])[:number]
    return {node.split(".", 2)[2]: seconds for node, seconds in longest}


def machine(cores: int) -> dict[str, object]:
    """What the figures were measured with: processor, memory, versions, state of the code."""
    return {
        "cores": cores,
        "processor": _first(Path("/proc/cpuinfo"), r"model name\s*: (.*)") or platform.machine(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: _version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb")},
        "code": _code_version(),
    }


def _first(file: Path, pattern: str) -> str | None:
    found = re.search(pattern, file.read_text()) if file.exists() else None
    return found and found[1]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _code_version() -> str | None:
    """The commit, with `+` where files differ from it; null outside a repository."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        finished = subprocess.run(
            command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return finished.stdout.strip() or None
