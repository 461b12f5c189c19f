"""dbt that has read the project already: a build starts at once.

dbt takes longer to start and to read the project than to build a small company. A `DbtServer` does
both once and forks a process per build; the tests of a process share one, `dbt_server()`.
"""

from __future__ import annotations

import atexit
import functools
import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from harness import PROJECT, places_of


class DbtServer:
    """dbt on one project, read once; every build is a forked process with memory of its own."""

    def __init__(self, work: Path, project: Path = PROJECT) -> None:
        """Start it. work: folder for its log. project: the folder of the dbt project."""
        work.mkdir(parents=True, exist_ok=True)
        self.log = work / "server.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(project), str(work)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._project = project

    def __enter__(self) -> DbtServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the server; builds that it made stay."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()

    def run_dbt(
        self, arguments: Iterable[str], work: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run dbt as `harness.run_dbt` does: the same arguments, variables and result.

        dbt's own log and artifacts are not written; seeds are read from `HEALTH_SEED_PATH`.
        Raises RuntimeError when the server itself has died.
        """
        work.mkdir(parents=True, exist_ok=True)
        variables = {**places_of(work, self._project), **(environment or {})}
        quick = ["--no-write-json", "--log-level-file", "none"]
        output = work / "output.txt"
        request = {
            "arguments": [*quick, *arguments],
            "environment": variables,
            "output": str(output),
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        answer = ""
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the dbt server has ended; it said:\n{self.log.read_text()}")
        return subprocess.CompletedProcess(
            request["arguments"], int(answer), output.read_text(encoding="utf-8"), ""
        )


@functools.cache
def dbt_server() -> DbtServer:
    """The one that the tests of this process share; it ends with the process."""
    folder = Path(tempfile.mkdtemp(prefix="dbt_server"))
    server = DbtServer(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.close)
    return server


def _build(request: Mapping[str, Any], manifest: Any) -> int:
    """One build, in a process of its own. Returns dbt's exit code."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    # walking the whole project again and again to free what the end frees anyway costs a fifth
    gc.disable()
    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.update(request["environment"])
    seeds = request["environment"].get("HEALTH_SEED_PATH")
    for node in manifest.nodes.values():
        if seeds and node.resource_type == "seed":
            node.original_file_path = str(Path(seeds) / f"{node.name}.csv")
    finished = dbtRunner(manifest=manifest).invoke(request["arguments"])
    # what DuckDB does at the end of a process: write everything into the one file
    DuckDBConnectionManager.close_all_connections()
    if finished.exception:
        print(finished.exception)
    return 0 if finished.success else 2 if finished.exception else 1


def serve(project: Path, work: Path) -> None:
    """Answer requests (a line of JSON each) with dbt's exit codes until the input ends."""
    from dbt.cli.main import dbtRunner

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    os.chdir(project)
    os.environ["DBT_PROFILES_DIR"] = str(project / "profiles")
    os.environ["DBT_TARGET_PATH"] = str(work / "target")
    os.environ["DBT_LOG_PATH"] = str(work / "logs")
    parsed = dbtRunner().invoke(["--quiet", "--no-partial-parse", "parse"])
    if not parsed.success:
        raise SystemExit(f"dbt cannot read the project: {parsed.exception}")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 3
            try:
                code = _build(json.loads(line), parsed.result)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Path(sys.argv[2]))
