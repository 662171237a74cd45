#!/usr/bin/env python3
"""A sweep of many trials of W1 on all cores: bnexp, JAX with all trials as one vectorized program, PyTorch with one process a core.

Trials differ in their seeds. bnexp is measured as it is called, with its start, loading, an evaluation of the test rows for every trial and
the results file; of the peers only the training counts. JAX's trials see the same batches, so that it gathers them once for all; those of
bnexp and PyTorch do not. Rounds are interleaved, and a ratio is bnexp's steps per second by the peer's in the same round.

usage: Benchmarks/sweep_peers.py --data FOLDER_OR_FILE [--trials 64] [--steps 500] [--rounds 5] [--bnexp .build/release/bnexp]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peers import Task, batches, functional_step, initial_state, read_training_data
from workloads import FASHION, ROOT, WORKLOADS, NotMeasured, Peer, import_data, interval

CORES = len(os.sched_getaffinity(0))
STRIDE = 50


def bnexp(options: argparse.Namespace) -> Callable[[], float]:
    shape = WORKLOADS["W1"]
    config, sweep = options.folder / "config.json", options.folder / "sweep.json"
    splits = {split: {"inputs": f"{split}/images", "targets": f"{split}/labels"} for split in ("train", "test")}
    config.write_text(json.dumps({
        "data": {"file": str(options.imported), "scaling": "unit", **splits},
        "model": {"hidden": shape["hidden"], "activation": shape["activation"], "normalization": {"kind": "batch"}},
        "optimizer": {"kind": "sgd", "learning_rate": shape["learning_rate"]},
        "training": {"batch_size": shape["batch_size"], "steps": options.steps},
        "logging": {"every": 0}, "evaluation": {"every": 0, "splits": ["test"]},
    }))  # fmt: skip
    sweep.write_text(json.dumps({"config": str(config), "seeds": {"range": [1, options.trials, 1]}}))

    def measure() -> float:
        for end in ("", "-wal", "-shm", ".lock"):
            (options.folder / f"r.sqlite{end}").unlink(missing_ok=True)
        command = [options.bnexp, "sweep", str(sweep), "--jobs", str(CORES), "--db", str(options.folder / "r.sqlite"), "--quiet"]
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    return measure


def task(options: argparse.Namespace) -> dict[str, Any]:
    shape = WORKLOADS["W1"]
    known = {key: shape[key] for key in ("activation", "batch_size", "optimizer", "learning_rate")}
    return known | {"widths": [784, *shape["hidden"], 10], "normalized": True, "data": str(options.data), "threads": 1, "steps_per_call": STRIDE}


def jax_vmap(options: argparse.Namespace) -> Callable[[], float]:
    """One program that makes the same step of all trials, 50 steps a call."""
    try:
        import jax
        import jax.numpy as jnp
    except ImportError as error:
        raise NotMeasured(str(error)) from error
    own = Task(**task(options))
    images, labels = read_training_data(options.data)
    x, y = jnp.asarray(images), jnp.asarray(labels.astype("int32"))

    def cross_entropy(logits: Any, targets: Any) -> Any:
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), targets[:, None], 1).mean()

    step = functional_step(own, jnp.sqrt, jax.nn.sigmoid, cross_entropy, lambda function: jax.value_and_grad(function, has_aux=True))
    vectorized = jax.vmap(step, in_axes=(0, None, None, None))
    scan = jax.jit(lambda state, x, y, rows: jax.lax.scan(lambda s, batch: vectorized(s, x, y, batch), state, rows), donate_argnums=0)

    def train(steps: int) -> float:
        state = jax.block_until_ready(jax.tree.map(lambda v: jnp.stack([jnp.asarray(v)] * options.trials), initial_state(own)))
        source = batches(len(labels), own.batch_size, STRIDE)
        start = time.perf_counter()
        for _ in range(steps // STRIDE):
            state, losses = scan(state, x, y, next(source).astype("int32"))
        jax.block_until_ready(losses)
        return time.perf_counter() - start

    train(STRIDE)  # compiles
    return lambda: train(options.steps)


def torch(name: str, options: argparse.Namespace) -> Callable[[], float]:
    """A process for each core, which trains its share of the trials one after the other."""
    workers = [Peer(name, task(options)) for _ in range(CORES)]
    for worker in workers:
        worker.answer()

    def measure() -> float:
        start = time.perf_counter()
        for _ in range(options.trials // CORES):
            for worker in workers:
                print(options.steps, file=worker.process.stdin, flush=True)
            for worker in workers:
                worker.answer()
        return time.perf_counter() - start

    return measure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=FASHION)
    parser.add_argument("--trials", type=int, default=64, help="a multiple of the number of cores; default 64")
    parser.add_argument("--steps", type=int, default=500, help="of a trial, a multiple of 50; default 500")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bnexp", default=str(ROOT / ".build/release/bnexp"))
    options = parser.parse_args()
    if options.trials % CORES or options.steps % STRIDE or min(options.trials, options.steps, options.rounds) < 1:
        parser.error(f"--trials must be a multiple of the {CORES} cores, and --steps of {STRIDE}")
    with tempfile.TemporaryDirectory() as folder:
        options.folder = Path(folder)
        options.imported = import_data(options)
        contestants = {"bnexp": bnexp(options)}
        makers: dict[str, Callable[[], Callable[[], float]]] = {
            "jax-vmap": lambda: jax_vmap(options), "torch-eager": lambda: torch("torch-eager", options),
            "torch-compiled": lambda: torch("torch-compiled", options),
        }  # fmt: skip
        for name, make in makers.items():
            try:
                contestants[name] = make()
            except NotMeasured as reason:
                print(f"{name} is left out: {reason}", file=sys.stderr)
        seconds = [{name: measure() for name, measure in contestants.items()} for _ in range(options.rounds)]
    for name in contestants:
        rates = [options.trials * options.steps / round[name] for round in seconds]
        low, high = interval(ratios := [round[name] / round["bnexp"] for round in seconds])
        print(f"{name:16} {statistics.median(rates):9,.0f} steps a second; bnexp {statistics.median(ratios):.2f} times ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
