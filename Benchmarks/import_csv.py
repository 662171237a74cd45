#!/usr/bin/env python3
"""How long a CSV file of 28 columns of floats and a label takes to become HDF5, beside pandas.read_csv and h5py.

Two tables of random numbers are written: with the 16 or 17 digits that Python prints, and with 6. Runs of both programs are interleaved and
begin without an output; those of pandas are fresh processes as well, whose imports are not counted. Prints for each table the median over the rounds of time
of pandas / time of bnexp in the same round, with a 95 % confidence interval of that median (by its order statistics). Needs numpy, pandas and h5py.

usage: Benchmarks/import_csv.py [--megabytes 200] [--rounds 9] [--bnexp .build/release/bnexp]
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import pandas
from workloads import interval

ROOT = Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--megabytes", type=int, default=200)
parser.add_argument("--rounds", type=int, default=9)
parser.add_argument("--bnexp", default=str(ROOT / ".build/release/bnexp"))
options = parser.parse_args()

PANDAS = """
import sys, time
import h5py, pandas
start = time.perf_counter()
frame = pandas.read_csv(sys.argv[1])
with h5py.File(sys.argv[2], "w") as file:
    file["train/inputs"] = frame.drop(columns="label").to_numpy()
    file["train/targets"] = frame["label"].to_numpy()
print(time.perf_counter() - start)
"""


def write_table(path: Path, digits: int | None) -> None:
    random = numpy.random.default_rng(1)
    size, is_first = 0, True
    while size < options.megabytes * 1e6:
        frame = pandas.DataFrame(random.normal(size=(20_000, 28)), columns=[f"x{j}" for j in range(28)])
        frame["label"] = random.integers(0, 2, len(frame))
        frame.to_csv(path, mode="a", header=is_first, index=False, float_format=digits and f"%.{digits}g")
        size, is_first = path.stat().st_size, False


with tempfile.TemporaryDirectory() as folder:
    table, output = Path(folder) / "table.csv", Path(folder) / "table.h5"
    for title, digits in [("all digits", None), ("6 digits", 6)]:
        table.unlink(missing_ok=True)
        write_table(table, digits)
        rounds = []
        for _ in range(options.rounds):
            output.unlink(missing_ok=True)
            run = subprocess.run([sys.executable, "-c", PANDAS, table, output], check=True, capture_output=True, text=True)
            output.unlink()
            start = time.perf_counter()
            subprocess.run([options.bnexp, "data", "import", "csv", table, "-o", output], check=True, capture_output=True)
            rounds.append((float(run.stdout), time.perf_counter() - start))
        ratios = [peer / ours for peer, ours in rounds]
        low, high = interval(ratios)
        rate = table.stat().st_size / 1e6 / statistics.median(ours for _, ours in rounds)
        print(f"{title}: {statistics.median(ratios):.2f} times ({low:.2f} to {high:.2f}), {rate:.0f} MB/s")
