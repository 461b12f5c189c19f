"""Spark without a cluster for one test: its catalog and its tables lie in a folder.

Java does not come as a wheel: where there is none, the tests that need it are skipped, unless
TEST_EVERY_ENGINE is set.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from harness import PROJECT
from warehouse import run_build

OLDEST_JAVA = 17
# small data: what compiles plans and code costs more than it saves
SETTINGS = """\
spark.driver.memory 2g
spark.ui.enabled false
spark.ui.showConsoleProgress false
spark.sql.shuffle.partitions 2
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.session.timeZone UTC
spark.sql.warehouse.dir {work}/spark
spark.hadoop.javax.jdo.option.ConnectionURL jdbc:derby:;databaseName={work}/metastore;create=true
spark.driver.extraJavaOptions -Dderby.system.home={work} -Dderby.system.durability=test \
-XX:+UseSerialGC -XX:TieredStopAtLevel=1
"""
LOGGING = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n
"""
# another process, because only one may open the catalog at a time
FETCH = """
import json, pickle, sys
from pyspark.sql import SparkSession
session = SparkSession.builder.enableHiveSupport().getOrCreate()
queries = json.loads(sys.argv[1])
rows = {
    name: [row.asDict() for row in session.sql(query).collect()] for name, query in queries.items()
}
with open(sys.argv[2], "wb") as file:
    pickle.dump(rows, file)
"""


def missing_java() -> str:
    """Why Spark cannot be started, as a sentence; empty where it can."""
    java = shutil.which("java")
    if java is None:
        return "Spark is not tested: it needs Java 17 or newer, and there is no java on the path."
    told = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < OLDEST_JAVA:
        return (
            f"Spark is not tested: it needs Java 17 or newer, and {java} is {told.splitlines()[0]}."
        )
    return ""


@dataclass(frozen=True)
class SparkWarehouse:
    """A folder for the catalog, the tables and dbt's own files."""

    work: Path

    @classmethod
    def create(cls, work: Path, master: str = "local[2]") -> SparkWarehouse:
        """An empty warehouse. master: who computes, as Spark names it."""
        settings = work / "conf"
        settings.mkdir(parents=True)
        defaults = f"spark.master {master}\n{SETTINGS.format(work=work)}"
        (settings / "spark-defaults.conf").write_text(defaults)
        (settings / "log4j2.properties").write_text(LOGGING)
        return cls(work)

    @property
    def engine(self) -> str:
        """The engine's name, for messages."""
        return "Spark"

    @property
    def environment(self) -> dict[str, str]:
        """What makes dbt build here."""
        return {
            "DBT_TARGET": "spark",
            "SPARK_CONF_DIR": str(self.work / "conf"),
            "HEALTH_THREADS": "1",
            # Python shows moments in the zone of the machine
            "TZ": "UTC",
        }

    def load(self, raw: Path) -> str:
        """Put a folder of raw files into the raw schema; returns what the command printed.

        Raises RuntimeError.
        """
        command = [sys.executable, "scripts/load_spark.py", "--raw", str(raw)]
        return self._run(command)

    def build(
        self, raw: Path, as_of_date: date, history_start_date: date, **options: Any
    ) -> SparkWarehouse:
        """Load raw files and run dbt; options as of `warehouse.run_build`. Raises BuildFailed."""
        self.load(raw)
        run_build(
            self.work, raw, as_of_date, history_start_date, engine=self.environment, **options
        )
        return self

    def fetch_all(self, queries: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
        """The rows of each query as dictionaries. Raises RuntimeError."""
        file = self.work / "rows.pickle"
        self._run([sys.executable, "-c", FETCH, json.dumps(queries), str(file)])
        return pickle.loads(file.read_bytes())

    def _run(self, command: list[str]) -> str:
        finished = subprocess.run(
            command,
            cwd=PROJECT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
        )
        if finished.returncode != 0:
            raise RuntimeError(finished.stderr[-3000:])
        return finished.stdout


# ---- a cluster on this machine

# each worker has one processor, so that a stage needs both
WORKERS = 2
STARTUP_SECONDS = 120
HOST = "127.0.0.1"
MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
THRIFT_SERVER = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"


@dataclass(frozen=True)
class SparkCluster(SparkWarehouse):
    """A warehouse that a Thrift server opens; a master and two workers compute for it."""

    port: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """What makes dbt build here, through the Thrift server."""
        return {
            "DBT_TARGET": "spark",
            "HEALTH_SPARK_METHOD": "thrift",
            "HEALTH_SPARK_HOST": HOST,
            "HEALTH_SPARK_PORT": str(self.port),
            "HEALTH_SPARK_LOAD_PATH": str(self.work),
            "HEALTH_THREADS": "1",
            "TZ": "UTC",
        }

    def fetch_all(self, queries: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
        """The rows of each query as dictionaries. Raises pyhive.exc.Error."""
        from pyhive import hive

        found = {}
        with closing(hive.connect(HOST, self.port, "health")) as connection:
            for name, query in queries.items():
                cursor = connection.cursor()
                cursor.execute(query)
                names, types = list(zip(*cursor.description, strict=True))[:2]
                found[name] = [
                    dict(zip(names, map(of_hive, row, types), strict=True))
                    for row in cursor.fetchall()
                ]
        return found


def of_hive(value: Any, type_name: str) -> Any:
    """A value as Spark's own session gives it; PyHive leaves dates as text."""
    return date.fromisoformat(value) if type_name == "DATE_TYPE" and value else value


@contextmanager
def running_cluster(work: Path) -> Iterator[SparkCluster]:
    """A standalone master, two workers and a Thrift server, on loopback and on free ports.

    work: a folder that does not exist. Raises RuntimeError with the last lines of a log.
    """
    ports = [free_port() for _ in range(2)]
    master = f"spark://{HOST}:{ports[0]}"
    SparkWarehouse.create(work, master)
    with ExitStack() as stack:

        def start(name: str, *command: str) -> None:
            stack.enter_context(running_program(work, name, command))

        local = ("--host", HOST, "--webui-port", "0")
        cores = ("--cores", "1", "--memory", "1g", "--work-dir", str(work / "workers"))
        start("master", "spark-class", MASTER, *local, "--port", str(ports[0]))
        for number in range(WORKERS):
            start(f"worker_{number}", "spark-class", WORKER, *local, *cores, master)
        start("thrift", "spark-submit", "--class", THRIFT_SERVER,
              "--hiveconf", f"hive.server2.thrift.port={ports[1]}",
              "--hiveconf", f"hive.server2.thrift.bind.host={HOST}", "spark-internal")  # fmt: skip
        cluster = SparkCluster(work, ports[1])
        wait_until_open(cluster)
        yield cluster


@contextmanager
def running_program(work: Path, name: str, command: Sequence[str]) -> Iterator[None]:
    """One of Spark's programs, ended with the block; its output goes to `work/<name>.log`."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_CONF_DIR": str(work / "conf"),
        "SPARK_LOCAL_IP": HOST,
        "PYSPARK_PYTHON": sys.executable,
    }
    with (work / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [str(home / "bin" / command[0]), *command[1:]],
            cwd=work, env=environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        yield
    finally:
        # the script, and the Java that it became
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return listener.getsockname()[1]


def wait_until_open(cluster: SparkCluster) -> None:
    """Until the Thrift server answers. Raises RuntimeError with the logs."""
    from pyhive.exc import Error
    from thrift.transport.TTransport import TTransportException

    end = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < end:
        with suppress(TTransportException, Error, OSError):
            cluster.fetch_all({"one": "select 1 as one"})
            return
        time.sleep(1)
    logs = [f"{file.name}\n{file.read_text()[-2000:]}" for file in cluster.work.glob("*.log")]
    raise RuntimeError("the cluster did not start:\n" + "\n".join(logs))


# ---- plans


def plan_faults(plan: str) -> list[str]:
    """What in a plan would not grow with the cluster; empty where nothing would.

    plan: what `explain formatted` says. One row from each partition may meet in one place.
    """
    # "(4) Exchange" and the lines below it, by number
    steps = dict(re.findall(r"^\((\d+)\) (.+(?:\n(?!\(|=).*)*)", plan, re.MULTILINE))
    tree = re.findall(r"^[ :|+-]*(?:\* )?(\w+)[^\n]*? \((\d+)\)$", plan, re.MULTILINE)
    found = [name for name, _ in tree if re.match(r"Broadcast|Collect|Take", name)]
    for (_, number), (_, child) in zip(tree, tree[1:], strict=False):
        if "Arguments: SinglePartition" in steps[number] and not (
            "Keys: []" in steps[child] and "partial_" in steps[child]
        ):
            found.append(f"all rows in one place: {steps[child]}")
    return found
