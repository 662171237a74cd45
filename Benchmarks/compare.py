#!/usr/bin/env python3
"""Whether a build became slower: another binary against this one, by turns, before every release.

Each quantity is measured with both binaries in every round, in an order that rotates, and its ratio is old / new of the same round: above
1 this build is the faster. Printed is the median over the rounds with a 95 % confidence interval (order statistics; of fewer than 6 rounds
the range). A quantity is SLOWER, and the exit code 1, where the whole interval lies below 1 - tolerance.

  start           bnexp --version, seconds of the processor
  first step      a run of one step of the embedded digits, into a file of its own, seconds of the processor
  W1 .. W3        training without logging, as scripts/bench describes the workloads, one thread, seconds of the processor
  logged 10, 1    W1 with the default set every 10 steps and every step: training, measuring and writing, on whichever thread
  trial           a sweep of 40 trials without steps, one job, seconds of the processor
  many writers    16 runs of 100 steps at once into one file, seconds of the processor
  list, compare   10,000 runs, list --json and compare of two
  instructions    of a step of W1 in user mode, by perf stat, where the processor counts them

usage: scripts/bench --compare BINARY [--rounds 11] [--tolerance 0.03] [--only NAME,NAME]
"""

import argparse
import contextlib
import json
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from workloads import OPTIMIZERS, ROOT, WORKLOADS, interval, table

SPLITS = {split: {"inputs": f"{split}/images", "targets": f"{split}/labels"} for split in ("train", "test")}


class NotMeasured(Exception):
    """Why a quantity is left out."""


class Bench:
    """One binary, with a folder of its own."""

    def __init__(self, binary: str, folder: Path) -> None:
        self.binary, self.folder = binary, folder
        folder.mkdir()
        self.call("demo", str(folder / "demo"))
        self.data = folder / "demo/data/mnist-5k.h5"
        self.results = folder / "r.sqlite"

    def call(self, *words: str) -> None:
        finished = subprocess.run([self.binary, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if finished.returncode:
            raise NotMeasured(f"{self.binary} {' '.join(words)}: {finished.stderr.strip() or finished.returncode}")

    def processor_seconds(self, body: Callable[[], None]) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        body()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def fresh(self) -> str:
        for end in ("", "-wal", "-shm", ".lock"):
            Path(f"{self.results}{end}").unlink(missing_ok=True)
        return str(self.results)

    def config(self, workload: str, every: int, steps: int) -> str:
        shape = WORKLOADS[workload]
        logging = {"every": every} if every else {"every": 0, "layers": [], "sites": [], "percentiles": []}
        path = self.folder / f"{workload}-{every}-{steps}.json"
        path.write_text(json.dumps({
            "data": {"file": str(self.data), "scaling": "unit", **SPLITS},
            "model": {"hidden": shape["hidden"], "activation": shape["activation"], "normalization": {"kind": "batch"}},
            "optimizer": OPTIMIZERS[shape["optimizer"]] | {"learning_rate": shape["learning_rate"]},
            "training": {"batch_size": shape["batch_size"], "steps": steps}, "logging": logging,
            "evaluation": {"every": 0, "splits": ["test"]},
        }))  # fmt: skip
        return str(path)

    def phases(self, workload: str, every: int, steps: int) -> float:
        results = self.fresh()
        self.call("run", self.config(workload, every, steps), "--db", results, "--quiet", "--threads", "1")
        with contextlib.closing(sqlite3.connect(results)) as database:
            return database.execute("SELECT sum(cpu_seconds) FROM run_phase WHERE phase IN ('train', 'log')").fetchone()[0]

    def first_step(self) -> float:
        words = ["--set", "training.steps=1", "--db", self.fresh(), "--quiet", "--threads", "1"]
        return self.processor_seconds(lambda: self.call("run", str(self.folder / "demo/configs/mnist_bn.json"), *words))

    def trials(self) -> float:
        sweep = self.folder / "trials.json"
        sweep.write_text(json.dumps({"config": str(self.folder / "demo/configs/mnist_bn.json"), "seeds": {"range": [1, 40, 1]}}))
        words = ["--jobs", "1", "--set", "training.steps=0", "--db", self.fresh(), "--quiet"]
        return self.processor_seconds(lambda: self.call("sweep", str(sweep), *words))

    def writers(self) -> float:
        config, results = str(self.folder / "demo/configs/mnist_bn.json"), self.fresh()

        def run_all() -> None:
            words = ["--set", "training.steps=100", "--db", results, "--quiet", "--threads", "1"]
            runs = [subprocess.Popen([self.binary, "run", config, *words, "--seed", str(seed)], stdout=subprocess.DEVNULL) for seed in range(16)]
            if any([run.wait() for run in runs]):
                raise NotMeasured("a run of many at once failed")

        return self.processor_seconds(run_all)

    def many_runs(self) -> str:
        """A file of 10,000 runs, copied row by row from one."""
        path = self.folder / "many.sqlite"
        if path.exists():
            return str(path)
        config = str(self.folder / "demo/configs/mnist_bn.json")
        self.call("run", config, "--set", "training.steps=10", "--db", str(path), "--quiet")
        with contextlib.closing(sqlite3.connect(path)) as database:
            for name in [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]:
                columns = [row[0] for row in database.execute("SELECT name FROM pragma_table_info(?)", [name])]
                if name != "run" and "run_id" not in columns:
                    continue
                new = {"id": "n.number", "run_id": "n.number", "uuid": "lower(hex(randomblob(16)))"}
                selected = ", ".join(new.get(column, f'"{column}"') for column in columns)
                database.execute(
                    f'WITH RECURSIVE n(number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM n WHERE number < 10000) '
                    f'INSERT INTO "{name}" SELECT {selected} FROM n, "{name}" WHERE {"id" if name == "run" else "run_id"} = 1')  # fmt: skip
            database.commit()
        return str(path)

    def instructions(self) -> float:
        def count(steps: int) -> int:
            command = ["perf", "stat", "-x,", "-e", "instructions:u", self.binary, "run", self.config("W1", 0, steps), "--db", self.fresh(),
                       "--quiet", "--threads", "1"]  # fmt: skip
            text = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
            fields = [line.split(",") for line in text.splitlines() if "instructions" in line]
            if not fields or not fields[-1][0].isdigit():
                raise NotMeasured("this processor, or its host, counts no instructions for perf stat")
            return int(fields[-1][0])

        if not shutil.which("perf"):
            raise NotMeasured("perf is not installed (Debian's linux-perf)")
        return (count(1100) - count(100)) / 1000


QUANTITIES: dict[str, tuple[str, Callable[[Bench], float]]] = {
    "start": ("ms", lambda b: 1000 * b.processor_seconds(lambda: b.call("--version"))),
    "first step": ("ms", lambda b: 1000 * b.first_step()),
    "W1": ("us a step", lambda b: 1e6 * b.phases("W1", 0, 2000) / 2000),
    "W2": ("us a step", lambda b: 1e6 * b.phases("W2", 0, 300) / 300),
    "W3": ("us a step", lambda b: 1e6 * b.phases("W3", 0, 300) / 300),
    "logged 10": ("us a step", lambda b: 1e6 * b.phases("W1", 10, 2000) / 2000),
    "logged 1": ("us a step", lambda b: 1e6 * b.phases("W1", 1, 1000) / 1000),
    "trial": ("ms", lambda b: 1000 * b.trials() / 40),
    "many writers": ("ms a run", lambda b: 1000 * b.writers() / 16),
    "list": ("ms", lambda b: 1000 * b.processor_seconds(lambda: b.call("list", "--json", "--db", b.many_runs()))),
    "compare": ("ms", lambda b: 1000 * b.processor_seconds(lambda: b.call("compare", "1", "2", "--db", b.many_runs()))),
    "instructions": ("thousand a step", lambda b: b.instructions() / 1000),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compare", required=True, metavar="BINARY", help="the older binary")
    parser.add_argument("--bnexp", default=str(ROOT / ".build/release/bnexp"), help="this build; default .build/release/bnexp")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--tolerance", type=float, default=0.03, help="what counts as noise; default 0.03")
    parser.add_argument("--only", help=f"some of {', '.join(QUANTITIES)}")
    options = parser.parse_args()
    names = options.only.split(",") if options.only else list(QUANTITIES)
    if unknown := set(names) - set(QUANTITIES):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(QUANTITIES)}")
    for binary in (options.compare, options.bnexp):
        if not shutil.which(binary):
            parser.error(f"{binary} is no program; scripts/build builds one")
    if options.rounds < 1:
        parser.error("--rounds must be above 0")
    rows: list[list[str]] = []
    slower: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        old, new = Bench(os.path.abspath(options.compare), Path(folder) / "old"), Bench(os.path.abspath(options.bnexp), Path(folder) / "new")
        for name in names:
            unit, measure = QUANTITIES[name]
            print(name, file=sys.stderr)
            values: dict[Bench, list[float]] = {old: [], new: []}
            try:
                for bench in values:
                    measure(bench)  # once without counting: files are read into memory
                for number in range(options.rounds):
                    for bench in [old, new] if number % 2 else [new, old]:
                        values[bench].append(measure(bench))
            except NotMeasured as reason:
                rows.append([name, "", "", f"left out: {reason}"])
                continue
            ratios = [a / b for a, b in zip(values[old], values[new])]
            low, high = interval(ratios)
            verdict = " **SLOWER**" if high < 1 - options.tolerance else ""
            slower += [name] if verdict else []
            medians = [f"{statistics.median(values[bench]):.4g} {unit}" for bench in (old, new)]
            rows.append([name, *medians, f"{statistics.median(ratios):.3f} ({low:.3f} to {high:.3f}){verdict}"])
    print(table(f"{options.rounds} rounds, old / new:", ["", "old", "new", "ratio"], rows))
    return 1 if slower else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NotMeasured as reason:
        sys.exit(str(reason))
