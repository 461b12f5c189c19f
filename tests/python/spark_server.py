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
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from harness import PROJECT
from warehouse import run_build

OLDEST_JAVA = 17
# small data: what compiles plans and code costs more than it saves
SETTINGS = """\
spark.master local[2]
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
    def create(cls, work: Path) -> SparkWarehouse:
        """An empty warehouse."""
        settings = work / "conf"
        settings.mkdir(parents=True)
        (settings / "spark-defaults.conf").write_text(SETTINGS.format(work=work))
        (settings / "log4j2.properties").write_text(LOGGING)
        return cls(work)

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

        Raises subprocess.CalledProcessError.
        """
        command = [sys.executable, "scripts/load_spark.py", "--raw", str(raw)]
        return self._run(command).stdout

    def build(
        self, raw: Path, as_of_date: date, history_start_date: date, **options: Any
    ) -> SparkWarehouse:
        """Load raw files and run dbt; options as of `warehouse.run_build`. Raises BuildFailed."""
        self.load(raw)
        run_build(
            self.work, raw, as_of_date, history_start_date, engine=self.environment, **options
        )
        return self

    def fetch(self, queries: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
        """The rows of each query as dictionaries. Raises subprocess.CalledProcessError."""
        file = self.work / "rows.pickle"
        self._run([sys.executable, "-c", FETCH, json.dumps(queries), str(file)])
        return pickle.loads(file.read_bytes())

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **self.environment}
        return subprocess.run(
            command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True
        )
