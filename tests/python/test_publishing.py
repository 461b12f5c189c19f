"""What readers open: whole, of one date, described, and without anything but the marts.

The rules of the plugin are held on a toy company in milliseconds, the whole way on the small world.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from harness import PROJECT
from published import (
    FIRST_NIGHT,
    RAW,
    SECOND_NIGHT,
    WITHOUT_TESTS,
    build_night,
    build_well,
    four_readers,
    mart_differences,
    newest_dates,
    night_of,
    published_file,
    small_disk,
    start_dbt,
    tables_of,
)

sys.path.append(str(PROJECT / "plugins"))
import health_publishing as publishing  # noqa: E402

EMAIL = "planted.person.4711@example.com"
FIRST_DATE = date(2025, 1, 1)


# ---- a toy company


class Toy:
    """A work file with marts of a few accounts, to which nights are added.

    Its history and index are kept by date, customer_health is the newest date, and a view reads
    the history.
    """

    MARTS = (
        publishing.Mart("customer_health", "Newest.", {"account_id": "Who."}),
        publishing.Mart("customer_health_history", "All.", {"score": "It's 0-100."}, False, True),
        publishing.Mart("customer_health_index", "", {}, is_kept_by_date=True),
        publishing.Mart("customer_health_signals", "A view.", {"score": "Of it."}, is_view=True),
    )

    def __init__(self, folder: Path, accounts: int = 50) -> None:
        folder.mkdir()
        self.folder = folder
        self.path = folder / "published" / "customer_health.duckdb"
        self.accounts = accounts
        self.nights = 0
        self.work = duckdb.connect(str(folder / "warehouse.duckdb"))
        self.work.execute(
            "create schema marts; create schema staging;"
            f"create table staging.users as select '{EMAIL}' as email;"
            "create table marts.customer_health_history "
            "(account_id text, as_of_date date, score decimal(28, 6));"
            "create table marts.customer_health_index (as_of_date date, score decimal(28, 6));"
            "create view marts.customer_health_signals as "
            "select * from marts.customer_health_history where score > 0"
        )
        publishing.make_memory(self.work)
        self.build(12)

    @property
    def newest(self) -> date:
        return FIRST_DATE + timedelta(days=self.nights - 1)

    def build(self, nights: int = 1, restated: int = 3) -> None:
        """Score the next nights, and the last ones again with other figures, as a run does."""
        first = max(0, self.nights - restated)
        self.nights += nights
        days = f"(select date '{FIRST_DATE}' + cast(i as integer) as as_of_date "
        days += f"from range({first}, {self.nights}) r(i)) days"
        self.work.execute(
            f"insert into publishing.dates_to_publish select as_of_date from {days};"
            f"delete from marts.customer_health_history where as_of_date in (from {days});"
            f"delete from marts.customer_health_index where as_of_date in (from {days});"
            "insert into marts.customer_health_history select 'a' || account, as_of_date, "
            f"{self.nights} + account / 7 from {days}, range({self.accounts}) r(account);"
            "insert into marts.customer_health_index select as_of_date, sum(score) "
            f"from marts.customer_health_history semi join {days} using (as_of_date) group by all;"
            "create or replace table marts.customer_health as from marts.customer_health_history "
            f"where as_of_date = date '{self.newest}'"
        )

    def publish(self, is_full_refresh: bool = False) -> str:
        cursor = self.work.cursor()
        return publishing.publish(cursor, self.path, self.MARTS, is_full_refresh)

    def differences(self) -> list[str]:
        """What differs between the published file and the marts of the work file."""
        expected = self.folder / "expected.duckdb"
        expected.unlink(missing_ok=True)
        publishing.write_everything(self.work.cursor(), expected, self.MARTS)
        return mart_differences(self.path, expected)


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Toy]:
    company = Toy(tmp_path / "toy")
    yield company
    company.work.close()


def published_score(toy: Toy, day: date) -> float:
    with duckdb.connect(str(toy.path), read_only=True) as reader:
        query = "select max(score) from marts.customer_health_history where as_of_date = ?"
        return float(reader.execute(query, [day]).fetchone()[0])


def test_a_night_copies_the_dates_that_changed_and_no_other(toy: Toy) -> None:
    assert "every date" in toy.publish()
    toy.build()
    # no run ever does that: it shows which rows are read
    toy.work.execute(
        "update marts.customer_health_history set score = 99 where as_of_date < '2025-01-03'"
    )
    assert "the dates that changed" in toy.publish()
    assert published_score(toy, FIRST_DATE) < 99
    assert newest_dates(toy.path) == {toy.newest}
    toy.publish(is_full_refresh=True)
    assert published_score(toy, FIRST_DATE) == 99


def test_nights_and_one_full_copy_publish_the_same(toy: Toy) -> None:
    toy.publish()
    for nights in (1, 2, 1, 0):
        toy.build(nights)
        assert "the dates that changed" in toy.publish()
        assert toy.differences() == []


def test_the_dates_of_a_run_that_did_not_publish_are_published_by_the_next(toy: Toy) -> None:
    toy.publish()
    toy.build(restated=5)
    toy.build(restated=0)
    assert "the dates that changed" in toy.publish()
    assert toy.differences() == []


def other_file(toy: Toy) -> None:
    toy.path.unlink()
    duckdb.connect(str(toy.path)).close()


def touched_file(toy: Toy) -> None:
    os.utime(toy.path)


def other_columns(toy: Toy) -> None:
    toy.work.execute("alter table marts.customer_health_history add column added integer")


def a_new_mart(toy: Toy) -> None:
    toy.work.execute("create table marts.alerts as select as_of_date from marts.customer_health")
    toy.MARTS = (*toy.MARTS, publishing.Mart("alerts", "", {}, is_kept_by_date=True))


def more_rows_than_remembered(toy: Toy) -> None:
    toy.work.execute("delete from publishing.dates_to_publish where as_of_date = '2025-01-13'")


def more_than_half_of_the_dates(toy: Toy) -> None:
    toy.build(restated=10)


def a_file_full_of_holes(toy: Toy) -> None:
    # as if the same rows had once fitted into a hundredth
    toy.work.execute("update publishing.last_file set whole_bytes = whole_bytes / 100")


@pytest.mark.parametrize(
    "case",
    [
        other_file,
        touched_file,
        other_columns,
        a_new_mart,
        more_rows_than_remembered,
        more_than_half_of_the_dates,
        a_file_full_of_holes,
    ],
)
def test_everything_is_copied_after(
    case: Callable[[Toy], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if case is a_file_full_of_holes:
        monkeypatch.setattr(publishing, "FEWEST_BYTES_OF_HOLES", 0)
    toy = Toy(tmp_path / "toy")
    toy.publish()
    if case is other_columns:
        # a column that was added leaves the toy's own inserts without a value
        other_columns(toy)
    else:
        toy.build()
        case(toy)
    assert "every date" in toy.publish()
    assert toy.differences() == []


def test_what_a_killed_run_left_is_removed(toy: Toy) -> None:
    toy.publish()
    for end in (".new", ".new.wal"):
        toy.path.with_name(toy.path.name + end).write_bytes(b"half a file")
    toy.build()
    toy.publish()
    assert [file.name for file in toy.path.parent.iterdir()] == [toy.path.name]
    assert toy.differences() == []


def test_a_run_killed_between_rename_and_note_is_followed_by_a_full_copy(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.publish()
    toy.build()
    with monkeypatch.context() as killed:
        killed.setattr(publishing, "remember_publication", lambda *_, **__: None)
        toy.publish()
    toy.build()
    assert "every date" in toy.publish()
    assert toy.differences() == []


def test_the_file_stays_small_although_rows_are_replaced_every_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "FEWEST_BYTES_OF_HOLES", 0)
    toy = Toy(tmp_path / "toy", accounts=3000)
    toy.publish()
    for _ in range(12):
        toy.build()
        toy.publish()
    size = toy.path.stat().st_size
    toy.publish(is_full_refresh=True)
    assert size < 2 * toy.path.stat().st_size
    toy.work.close()


def test_the_new_file_keeps_the_rights_of_the_old_one_and_a_link_its_target(toy: Toy) -> None:
    target = toy.folder / "elsewhere" / "real.duckdb"
    target.parent.mkdir()
    toy.path.parent.mkdir()
    toy.path.symlink_to(target)
    toy.publish()
    target.chmod(0o640)
    toy.build()
    assert "the dates that changed" in toy.publish()
    assert toy.path.is_symlink() and stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("warehouse.duckdb", "name the same file"),
        ("published/marts.duckdb", "give HEALTH_PUBLISHED_PATH another file name"),
        ("", "names a folder"),
    ],
)
def test_a_place_that_no_reader_could_read_is_refused(toy: Toy, place: str, sentence: str) -> None:
    toy.path = toy.folder / place
    with pytest.raises(publishing.CannotPublish, match=sentence):
        toy.publish()


def test_a_full_disk_leaves_the_published_file_whole_and_the_next_run_mends_it(
    tmp_path: Path,
) -> None:
    toy = Toy(tmp_path / "toy", accounts=20_000)
    toy.publish()
    size = toy.path.stat().st_size / 1e6
    with small_disk(tmp_path / "disk", megabytes=size + 1.5) as disk:
        toy.path = disk / "customer_health.duckdb"
        toy.publish()
        before, bytes_before = toy.newest, toy.path.read_bytes()
        toy.build()
        with pytest.raises((duckdb.Error, OSError), match="No space left on device"):
            toy.publish()
        assert newest_dates(toy.path) == {before} and toy.path.read_bytes() == bytes_before
        assert [file.name for file in disk.iterdir()] == [toy.path.name]
        subprocess.run(["mount", "-o", f"remount,size={int(size * 4e6)}", str(disk)], check=True)
        toy.publish()
        assert newest_dates(toy.path) == {toy.newest}
        assert toy.differences() == []
    toy.work.close()


def test_readers_never_see_an_error_or_two_dates(tmp_path: Path) -> None:
    toy = Toy(tmp_path / "toy", accounts=20_000)
    toy.publish()
    with four_readers(toy.path, tmp_path / "stop") as reports:
        for _ in range(12):
            toy.build()
            toy.publish()
            time.sleep(0.1)
    toy.work.close()
    assert [report["wrong"] for report in reports] == [[]] * 4
    assert all(len(report["seen"]) > 3 for report in reports), reports


# ---- dbt build on the small world


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a build of the first night, of raw data with an e-mail that can be looked for.

    Tests copy it.
    """
    folder = tmp_path_factory.mktemp("first_night")
    shutil.copytree(RAW, folder / "raw")
    users = (folder / "raw" / "users.csv").read_text().splitlines()
    row = dict.fromkeys(users[0].split(","), "")
    account = (RAW / "accounts.csv").read_text().splitlines()[1].split(",")[0]
    row |= {"user_id": "U-planted", "account_id": account, "created_at": "2024-01-01"}
    row |= {"email": EMAIL}
    lines = [*users, ",".join(row.values())]
    (folder / "raw" / "users.csv").write_text("\n".join(lines) + "\n")
    # as the nightly job runs it, so that dbt leaves its manifest too
    process = start_dbt(
        night_of(FIRST_NIGHT), folder / "work", {"HEALTH_RAW_PATH": str(folder / "raw")}
    )
    printed = process.communicate()[0]
    assert process.returncode == 0, printed
    return folder


@pytest.fixture
def night(first_night: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first_night / "work", tmp_path / "work"))


def mart_nodes(work: Path) -> list[dict]:
    nodes = json.loads((work / "target" / "manifest.json").read_text())["nodes"].values()
    return [
        node for node in nodes if node["resource_type"] == "model" and node["schema"] == "marts"
    ]


def test_a_second_night_publishes_the_dates_that_changed(night: Path) -> None:
    code, printed = build_night(night, SECOND_NIGHT)
    assert code == 0 and "Published the dates that changed to" in printed, printed
    # the same night again, to a place where there is nothing yet
    whole = night / "whole" / "customer_health.duckdb"
    code, printed = build_night(night, SECOND_NIGHT, {"HEALTH_PUBLISHED_PATH": str(whole)})
    assert code == 0 and "Published every date to" in printed, printed
    assert mart_differences(published_file(night), whole) == []


def test_the_published_file_holds_every_mart_and_nothing_else(first_night: Path) -> None:
    work = first_night / "work"
    expected = {f"marts.{node['name']}" for node in mart_nodes(work)}
    assert set(tables_of(published_file(work))) == expected
    assert list(published_file(work).parent.iterdir()) == [published_file(work)]
    with duckdb.connect(str(published_file(work)), read_only=True) as reader:
        view = "select count(*), sum(points_lost) > 0 from marts.customer_health_signals"
        rows, has_points = reader.execute(view).fetchone()
        assert rows > 0 and has_points


def test_descriptions_are_comments(first_night: Path) -> None:
    work = first_night / "work"
    with duckdb.connect(str(published_file(work)), read_only=True) as reader:
        tables = dict(
            reader.execute(
                "select table_name, comment from duckdb_tables() union all "
                "select view_name, comment from duckdb_views() where not internal"
            ).fetchall()
        )
        found = reader.execute("select table_name, column_name, comment from duckdb_columns()")
        columns = {(table, column): comment for table, column, comment in found.fetchall()}
    for node in mart_nodes(work):
        assert tables[node["name"]] == node["description"].strip() != ""
        for column in node["columns"].values():
            assert columns[node["name"], column["name"]] == column["description"].strip() != ""


def texts_of(path: Path) -> str:
    """Every value of every table of a database file, in one text."""
    with duckdb.connect(str(path), read_only=True) as reader:
        return "\n".join(str(reader.execute(f"from {name}").fetchall()) for name in tables_of(path))


def test_no_email_is_published(first_night: Path) -> None:
    published = published_file(first_night / "work")
    with duckdb.connect(str(first_night / "work" / "warehouse.duckdb"), read_only=True) as work:
        # the way of looking finds it where it is
        assert EMAIL in str(work.execute("from raw_input.users").fetchall())
    assert EMAIL not in texts_of(published)
    assert EMAIL.encode() not in published.read_bytes()


READ_WITH_AN_OLDER_CLIENT = """
import json, sys, duckdb
reader = duckdb.connect(sys.argv[1], read_only=True)
found = reader.execute("select table_name from duckdb_tables() union all "
    "select view_name from duckdb_views() where not internal").fetchall()
rows = {name: reader.execute(f"select count(*), max(comment) from marts.{name}, "
    "(select comment from duckdb_columns() where table_name = ? limit 1)", [name]).fetchall()
    for (name,) in found}
print(json.dumps({"version": duckdb.__version__, "rows": rows,
    "points": str(reader.execute("select round(sum(points_lost), 3) from "
        "marts.customer_health_signals").fetchone()[0])}))
"""


@pytest.fixture(scope="module")
def older_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with an older DuckDB."""
    folder = tmp_path_factory.mktemp("older") / "venv"
    uv = str(Path(sys.executable).with_name("uv"))
    lock = str(PROJECT / "requirements" / "older_duckdb.txt")
    python = folder / "bin" / "python"
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
        [uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "-r", lock],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"left out: DuckDB 1.5 cannot be installed here ({done.stderr[:200]})")
    return python


def test_an_older_client_reads_it(first_night: Path, older_python: Path) -> None:
    path = published_file(first_night / "work")
    command = [str(older_python), "-c", READ_WITH_AN_OLDER_CLIENT, str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["version"].startswith("1.5.")
    with duckdb.connect(str(path), read_only=True) as reader:
        for name in tables_of(path):
            rows = reader.execute(f"select count(*) from {name}").fetchone()[0]
            assert found["rows"][name.removeprefix("marts.")][0][0] == rows
        points = "select round(sum(points_lost), 3) from marts.customer_health_signals"
        assert found["points"] == str(reader.execute(points).fetchone()[0])


def copy_of_project(folder: Path) -> Path:
    """A copy of what a build needs, to be broken."""
    for name in ("dbt_project.yml", "selectors.yml"):
        folder.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, folder / name)
    ignore = shutil.ignore_patterns("__pycache__", "python", "small_world")
    for name in ("models", "macros", "plugins", "profiles", "seeds", "snapshots", "tests"):
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, folder / name, ignore=ignore)
    return folder


def test_a_build_with_a_failing_test_publishes_nothing(night: Path, tmp_path: Path) -> None:
    before = published_file(night).read_bytes()
    project = copy_of_project(tmp_path / "project")
    (project / "tests" / "assert_never.sql").write_text("select 1 as one")
    selection = ["--exclude", "test_type:generic", "test_type:unit", "path:tests/singular"]
    code, printed = build_night(night, SECOND_NIGHT, selection=selection, project=project)
    assert code != 0 and "Failure in test assert_never" in printed
    assert "Not published: something failed, so readers keep what was published last." in printed
    assert published_file(night).read_bytes() == before


def test_a_build_with_a_seed_mistake_publishes_nothing(night: Path, tmp_path: Path) -> None:
    before = published_file(night).read_bytes()
    seeds = Path(shutil.copytree(PROJECT / "seeds", tmp_path / "seeds"))
    with (seeds / "score_weights.csv").open("a") as file:
        file.write("composite,*,usage,login_frequency,3\n")
    code, _ = build_night(night, SECOND_NIGHT, {"HEALTH_SEED_PATH": str(seeds)})
    assert code != 0
    assert published_file(night).read_bytes() == before


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [
        (["--select", "customer_health_history"], "this build left out backtest_bands, "),
        pytest.param(
            [*WITHOUT_TESTS, "--empty"], "this build left rows out", marks=pytest.mark.long
        ),
    ],
)
def test_a_part_of_a_build_publishes_nothing(
    night: Path, selection: list[str], sentence: str
) -> None:
    before = published_file(night).read_bytes()
    code, printed = build_night(night, SECOND_NIGHT, selection=selection)
    assert code == 0, printed
    assert f"Not published: {sentence}" in printed
    assert published_file(night).read_bytes() == before
    # history was written without the models that note its dates
    with duckdb.connect(str(night / "warehouse.duckdb")) as work:
        publishing.make_memory(work)
        assert not publishing.is_as_published(work, published_file(night))


def test_a_run_that_cannot_publish_fails_and_says_why(night: Path) -> None:
    before = published_file(night).read_bytes()
    small = published_file(night).stat().st_size / 2e6
    with small_disk(night / "disk", megabytes=small) as disk:
        elsewhere = {"HEALTH_PUBLISHED_PATH": str(disk / "customer_health.duckdb")}
        code, printed = build_night(night, SECOND_NIGHT, elsewhere)
        assert code != 0 and list(disk.iterdir()) == []
    assert f"could not be published to {disk / 'customer_health.duckdb'}: " in printed
    assert "No space left on device. Readers still have the file" in printed
    assert published_file(night).read_bytes() == before
    build_well(night, SECOND_NIGHT)
    assert newest_dates(published_file(night)) == {SECOND_NIGHT}


@pytest.mark.parametrize("builds", [2, pytest.param(10, marks=pytest.mark.long)])
def test_readers_stay_undisturbed_during_builds(night: Path, tmp_path: Path, builds: int) -> None:
    with four_readers(published_file(night), tmp_path / "stop") as reports:
        for number in range(builds):
            build_well(night, FIRST_NIGHT + timedelta(days=number + 1))
    assert [report["wrong"] for report in reports] == [[]] * 4
    assert all(len(report["seen"]) >= min(builds, 9) for report in reports), reports
