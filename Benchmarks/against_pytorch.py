#!/usr/bin/env python3
"""Training steps per second of configs/mnist_bn.json: bnexp against PyTorch, one thread each, interleaved.

bnexp logs its default set every 100 steps; PyTorch (eager, with its fastest SGD) only reads the loss that often. Loading, the first
step and evaluation are not counted on either side, gathering the batch is. Needs torch and h5py. Prints the medians and their ratio
with its range over the rounds.

usage: Benchmarks/against_pytorch.py [--rounds 15] [--steps 2000] [--bnexp .build/release/bnexp]
"""

import argparse
import os
import sqlite3
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"
import h5py
import torch

ROOT = Path(__file__).resolve().parent.parent

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--rounds", type=int, default=15)
parser.add_argument("--steps", type=int, default=2000)
parser.add_argument("--bnexp", default=str(ROOT / ".build/release/bnexp"))
options = parser.parse_args()

torch.set_num_threads(1)
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
with h5py.File(ROOT / "data/mnist-5k.h5") as file:
    images = torch.tensor((file["train/images"][:].reshape(-1, 784) > 127).astype("float32"))
    labels = torch.tensor(file["train/labels"][:].astype("int64"))


def torch_rate() -> float:
    torch.manual_seed(0)
    layers: list[torch.nn.Module] = []
    for inputs in (784, 100, 100):
        layers += [torch.nn.Linear(inputs, 100, bias=False), torch.nn.BatchNorm1d(100, eps=1e-3), torch.nn.Sigmoid()]
    network = torch.nn.Sequential(*layers, torch.nn.Linear(100, 10))
    for parameter in network.parameters():
        if parameter.ndim == 2:
            torch.nn.init.normal_(parameter, std=0.1)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, fused=True)
    losses = []
    order = torch.randperm(len(labels))
    position = 0
    for step in range(options.steps + 1):
        if step == 1:
            start = time.perf_counter()
        if position + 60 > len(order):
            order, position = torch.randperm(len(labels)), 0
        rows = order[position : position + 60]
        position += 60
        loss = torch.nn.functional.cross_entropy(network(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 100 == 0:
            losses.append(loss.item())
    return options.steps / (time.perf_counter() - start)


def bnexp_rate(results: str) -> float:
    config = ROOT / "configs/mnist_bn.json"
    command = [options.bnexp, "run", str(config), "--db", results, "--quiet", "--set", f"training.steps={options.steps}"]
    subprocess.run(command + ["--set", "evaluation.every=0"], check=True, stdout=subprocess.DEVNULL)
    with sqlite3.connect(results) as database:
        (seconds,) = database.execute(
            "SELECT sum(wall_seconds) FROM run_phase WHERE phase IN ('train', 'log') AND run_id = (SELECT max(id) FROM run)"
        ).fetchone()
    return options.steps / seconds


with tempfile.TemporaryDirectory() as folder:
    rounds = [(bnexp_rate(f"{folder}/results.sqlite"), torch_rate()) for _ in range(options.rounds)]
ours, theirs = (statistics.median(side) for side in zip(*rounds))
ratios = sorted(a / b for a, b in rounds)
print(f"bnexp, logging every 100 steps  {ours:8.0f} steps/s")
print(f"PyTorch {torch.__version__:<22}  {theirs:8.0f} steps/s")
print(f"ratio {ours / theirs:.2f} (rounds: {ratios[0]:.2f} to {ratios[-1]:.2f})")
