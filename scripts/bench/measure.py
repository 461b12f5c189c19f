"""Runs one process and says what it cost."""

from __future__ import annotations

import multiprocessing
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# the kernel counts a process's largest resident memory in KiB, on macOS in bytes
MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024


class BenchFailed(Exception):
    """A step went wrong; the message says which, and where to look."""


@dataclass(frozen=True)
class Cost:
    """What a process and the children that it waited for cost.

    seconds: wall time. processor_seconds: of all processors, so that a machine with other work to
    do shows. peak_bytes: the largest resident memory of any one of them.
    written_bytes: what they sent to storage; null where the system does not say.
    """

    seconds: float
    processor_seconds: float | None = None
    peak_bytes: int | None = None
    written_bytes: int | None = None


def _written_bytes(pid: int) -> int | None:
    """Bytes sent to storage by a process that has ended but was not reaped yet."""
    try:
        counters = Path(f"/proc/{pid}/io").read_text()
    except OSError:
        return None
    return int(re.search(r"^write_bytes: (\d+)$", counters, re.MULTILINE)[1])


def run(
    command: Sequence[str | Path],
    log: Path,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Cost:
    """Run a command to its end, its output in the file `log`.

    Raises BenchFailed with the last lines of the output when the command does not end well.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    # what an earlier step left to be written is not this one's load
    os.sync()
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=cwd,
        )
        written = None
        if hasattr(os, "waitid"):
            # its counters vanish when it is reaped, so they are read before
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            written = _written_bytes(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
        raise BenchFailed(f"{log.stem} ended with code {process.returncode}, see {log}:\n{tail}")
    busy = usage.ru_utime + usage.ru_stime
    return Cost(seconds, busy, usage.ru_maxrss * MEMORY_UNIT, written)


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function in a process of its own and return what it returns.

    A child starts with its parent's peak memory on its account: whatever needs memory stays out
    of the process that measures.
    """
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(function, *arguments).result()


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder; 0 where it is not there."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
