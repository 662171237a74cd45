#!/usr/bin/env python3
"""What logging costs: 784-100-100-100-10 with batch normalization, batch 60, one thread, the default set of measurements.

Runs of the same steps without logging and logging every 100, 10 and 1 steps, interleaved. Prints for each the median over the rounds of
time with logging / time without in the same round, with a 95 % confidence interval of that median (by its order statistics), and the
bytes that a row takes. Phases train and log are counted; loading and evaluation are not. Needs data/mnist.h5 (README, Install).

usage: Benchmarks/logging_cost.py [--rounds 15] [--steps 2000] [--bnexp .build/release/bnexp]
"""

import argparse
import sqlite3
import statistics
import subprocess
import tempfile
from pathlib import Path

from workloads import interval

ROOT = Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--rounds", type=int, default=15)
parser.add_argument("--steps", type=int, default=2000)
parser.add_argument("--bnexp", default=str(ROOT / ".build/release/bnexp"))
options = parser.parse_args()
INTERVALS = [0, 100, 10, 1]


def seconds(every: int, folder: str) -> float:
    results = f"{folder}/every-{every}.sqlite"
    settings = [f"training.steps={options.steps}", f"logging.every={every}", "evaluation.every=0", 'evaluation.splits=["test"]']
    command = [options.bnexp, "run", str(ROOT / "configs/mnist_full_bn.json"), "--db", results, "--quiet"]
    subprocess.run(command + [word for text in settings for word in ("--set", text)], check=True, stdout=subprocess.DEVNULL)
    with sqlite3.connect(results) as database:
        return database.execute(
            "SELECT sum(wall_seconds) FROM run_phase WHERE phase IN ('train', 'log') AND run_id = (SELECT max(id) FROM run)"
        ).fetchone()[0]


with tempfile.TemporaryDirectory() as folder:
    rounds = [{every: seconds(every, folder) for every in INTERVALS} for _ in range(options.rounds)]
    with sqlite3.connect(f"{folder}/every-1.sqlite") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        tables = ["training_step", "activation_statistic", "activation_percentile", "parameter_statistic", "normalization_statistic"]
        rows = sum(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)
    size = Path(f"{folder}/every-1.sqlite").stat().st_size

print(f"without logging: {statistics.median(r[0] for r in rounds) / options.steps * 1e6:.0f} microseconds a step")
for every in INTERVALS[1:]:
    ratios = [r[every] / r[0] for r in rounds]
    low, high = interval(ratios)
    print(f"every {every:>3} steps: {statistics.median(ratios):.3f} times ({low:.3f} to {high:.3f})")
print(f"{size / rows:.0f} bytes a row of {rows:,} rows")
