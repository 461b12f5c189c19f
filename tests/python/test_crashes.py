"""Builds that are killed, or run out of disk or memory, and the clean run after each.

What readers open stays whole in between, and the clean run ends as if nothing had happened.
"""

from __future__ import annotations

import random
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from published import (
    FIRST_NIGHT,
    SECOND_NIGHT,
    build_night,
    build_well,
    mart_differences,
    newest_dates,
    night_of,
    published_file,
    small_disk,
    start_dbt,
)


@dataclass(frozen=True)
class Nights:
    """Folders that tests copy: after the first night, and after an undisturbed second one.

    nodes: how many nodes the second night has.
    """

    first: Path
    second: Path
    nodes: int


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    folder = tmp_path_factory.mktemp("nights")
    build_well(folder / "first", FIRST_NIGHT)
    shutil.copytree(folder / "first", folder / "second")
    # as a process of its own, so that those that are killed need not read the project again
    process = start_dbt(night_of(SECOND_NIGHT), folder / "second")
    printed = process.communicate()[0]
    assert process.returncode == 0, printed
    shutil.copytree(folder / "second" / "target", folder / "first" / "target", dirs_exist_ok=True)
    count = re.search(r" of (\d+) START ", printed)
    assert count, printed
    return Nights(folder / "first", folder / "second", int(count[1]))


@pytest.fixture
def work(nights: Nights, tmp_path: Path) -> Path:
    return Path(shutil.copytree(nights.first, tmp_path / "work"))


def check_readers_are_served(work: Path, nights: Nights) -> None:
    """What readers open is one night or the other, whole."""
    path, before = published_file(work), published_file(nights.first)
    if path.read_bytes() != before.read_bytes():
        assert newest_dates(path) == {SECOND_NIGHT}
        assert mart_differences(path, published_file(nights.second)) == []


def check_next_run_mends(work: Path, nights: Nights) -> None:
    """A clean run publishes what the undisturbed one did, and leaves nothing else behind."""
    build_well(work, SECOND_NIGHT)
    assert mart_differences(published_file(work), published_file(nights.second)) == []
    assert list(published_file(work).parent.iterdir()) == [published_file(work)]
    left = {file.name for file in work.iterdir()} - {file.name for file in nights.second.iterdir()}
    assert left == set()


# ---- killed


def kill_at_node(work: Path, node: int, seconds: float) -> bool:
    """Kill a build so many seconds after it began its node of that number; 0 is dbt's start.

    Returns whether it was still running.
    """
    process = start_dbt(night_of(SECOND_NIGHT), work)
    assert process.stdout
    line = "-" if node > 0 else ""
    while line and f" {node} of " not in line:
        line = process.stdout.readline()
    time.sleep(seconds)
    was_running = process.poll() is None
    process.kill()
    process.communicate()
    return was_running


def kill_while_publishing(work: Path, seconds: float) -> bool:
    """Kill a build so many seconds after the file appeared that is to be published."""
    new = published_file(work).with_name(published_file(work).name + ".new")
    # quiet, because nobody reads the pipe and dbt would wait when it is full
    process = start_dbt(["--quiet", *night_of(SECOND_NIGHT)], work)
    while process.poll() is None and not new.exists():
        time.sleep(0.001)
    time.sleep(seconds)
    was_running = process.poll() is None
    process.kill()
    process.communicate()
    return was_running


# stratified, so that a few kills are spread over the build as well as many
MANY, FEW = 20, 2


@pytest.mark.parametrize(
    ("part", "parts"),
    [
        *((part, FEW) for part in range(FEW)),
        *(pytest.param(part, MANY, marks=pytest.mark.long) for part in range(MANY)),
    ],
)
def test_a_build_killed_anywhere_is_mended(
    nights: Nights, work: Path, part: int, parts: int
) -> None:
    luck = random.Random(f"{part} of {parts}")
    node = int((part + luck.random()) / parts * (nights.nodes + 1))
    # a node takes about a tenth of a second
    was_running = kill_at_node(work, node, luck.random() * (3 if node == 0 else 0.2))
    assert was_running or newest_dates(published_file(work)) == {SECOND_NIGHT}
    check_readers_are_served(work, nights)
    check_next_run_mends(work, nights)


@pytest.mark.parametrize(
    "seconds",
    [0.05, *(pytest.param(0.03 * i, marks=pytest.mark.long) for i in range(10))],
)
def test_a_build_killed_while_it_publishes_is_mended(
    nights: Nights, work: Path, seconds: float
) -> None:
    kill_while_publishing(work, seconds)
    check_readers_are_served(work, nights)
    check_next_run_mends(work, nights)


# ---- no room


def test_a_full_disk_leaves_readers_what_they_have(nights: Nights, work: Path) -> None:
    size = (work / "warehouse.duckdb").stat().st_size / 1e6
    with small_disk(work / "disk", megabytes=size + 0.6) as disk:
        shutil.move(work / "warehouse.duckdb", disk)
        code, printed = build_night(
            work, SECOND_NIGHT, {"HEALTH_DUCKDB_PATH": str(disk / "warehouse.duckdb")}
        )
        assert code != 0 and "No space left on device" in printed, printed
        for file in disk.iterdir():
            # what the full disk holds goes on where there is room, the log beside the file too
            shutil.move(file, work)
    (work / "disk").rmdir()
    assert published_file(work).read_bytes() == published_file(nights.first).read_bytes()
    check_next_run_mends(work, nights)


def test_a_build_out_of_memory_leaves_readers_what_they_have(nights: Nights, work: Path) -> None:
    code, printed = build_night(work, SECOND_NIGHT, {"HEALTH_MEMORY_LIMIT": "12MB"})
    assert code != 0 and "Out of Memory" in printed, printed
    assert published_file(work).read_bytes() == published_file(nights.first).read_bytes()
    check_next_run_mends(work, nights)
