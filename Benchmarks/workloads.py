#!/usr/bin/env python3
"""Training steps per second of whole workloads: bnexp and every peer that is installed, in turn, in one run.

A workload trains a multilayer perceptron on shuffled batches of 60,000 images of 784 pixels in [0, 1]: float32, softmax cross-entropy,
batch normalization with running statistics before each activation, no logging. Every contestant gathers its batches within the time that
counts; loading, compiling and evaluation do not count.

  W1  784-100-100-100-10, sigmoid, batch 60, SGD 0.1
  W2  784-256-256-256-10, ReLU, batch 128, SGD 0.01 with momentum 0.9
  W3  784-[100 x 20]-10, ReLU, batch 100, Adam 0.001
  W4  784-2048-2048-2048-10, ReLU, batch 512, SGD 0.01 with momentum 0.9
  W5  784-300-200-10, ReLU, batch 32, SGD 0.01 with momentum 0.9
  W6  784-100-100-100-10, ReLU, batch 4, SGD 0.01 with momentum 0.9

  bnexp-dense     with --dense: bnexp with --inputs dense, which multiplies pixels that are 0 too
  numpy           layer by layer with closed-form gradients
  torch-eager     torch.nn and the fused optimizer
  torch-compiled  the whole step, gather and update included, as one graph of inductor; needs a C++ compiler
  jax-step        one jitted step
  jax-scan        a jitted lax.scan over 50 steps (5 in W4)

Every contestant has a process of its own, and all are pinned to the same cores. A turn trains from initial weights for about --seconds. In
each round everyone has one turn, in an order that rotates, after a pause in which other processes' threads go to sleep. A ratio is the
median over the rounds of bnexp's steps per second by the peer's in the same round; its interval lies between order statistics that
enclose the median with at least 95 % confidence (binomial), or of fewer than 6 rounds is the range. The losses of a first turn, means over
the second half of its steps, show whether all do the same work.
"""

import argparse
import contextlib
import datetime
import itertools
import json
import math
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata, util
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMMON: dict[str, Any] = {"activation": "relu", "optimizer": "momentum", "learning_rate": 0.01, "steps_per_call": 50}
WORKLOADS: dict[str, dict[str, Any]] = {  # check_steps: of the first turn, whose losses are compared
    "W1": COMMON | {"hidden": [100] * 3, "activation": "sigmoid", "batch_size": 60, "optimizer": "sgd", "learning_rate": 0.1, "check_steps": 600},
    "W2": COMMON | {"hidden": [256] * 3, "batch_size": 128, "check_steps": 300},
    "W3": COMMON | {"hidden": [100] * 20, "batch_size": 100, "optimizer": "adam", "learning_rate": 0.001, "check_steps": 600},
    "W4": COMMON | {"hidden": [2048] * 3, "batch_size": 512, "steps_per_call": 5, "check_steps": 20},
    "W5": COMMON | {"hidden": [300, 200], "batch_size": 32, "check_steps": 600},
    "W6": COMMON | {"hidden": [100] * 3, "batch_size": 4, "check_steps": 4000},
}
OPTIMIZERS: dict[str, dict[str, Any]] = {"sgd": {"kind": "sgd"}, "momentum": {"kind": "sgd", "momentum": 0.9}, "adam": {"kind": "adam"}}
PEERS = {"numpy": "numpy", "torch-eager": "torch", "torch-compiled": "torch", "jax-step": "jax", "jax-scan": "jax"}  # and their packages
THREAD_VARIABLES = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]
FASHION = Path("/usr/share/datasets/fashion-mnist")
PAUSE_SECONDS = 0.3
LARGEST_LOSS_RATIO = 1.2


class NotMeasured(Exception):
    """Why a contestant takes no part."""


class Bnexp:
    """Starts a process for every turn; phase `train` of its run counts."""

    def __init__(self, program: str, config: dict[str, Any], arguments: Sequence[str], threads: int, folder: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.config, self.numbers = self.folder / "config.json", itertools.count()
        self.config.write_text(json.dumps(config))
        self.command = [program, "run", str(self.config), *arguments, "--quiet", "--threads", str(threads), "--db"]

    def start(self, steps: int, every: int = 0) -> Callable[[], dict[str, Any]]:
        """Returns a function that waits and returns seconds, mean loss of what was logged in the second half, and the row of `run`."""
        results = self.folder / f"{next(self.numbers)}.sqlite"
        command = [*self.command, str(results), "--set", f"training.steps={steps}", "--set", f"logging.every={every}"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

        def finish() -> dict[str, Any]:
            errors = process.communicate()[1].strip()
            if process.returncode:
                raise NotMeasured(errors.replace(str(self.config), "its config") or f"ended with {process.returncode}")
            with contextlib.closing(sqlite3.connect(results)) as database:
                database.row_factory = sqlite3.Row
                return dict(database.execute(
                    "SELECT wall_seconds AS seconds, (SELECT avg(loss) FROM training_step WHERE step >= :steps / 2 AND step < :steps) AS loss, "
                    "run.* FROM run JOIN run_phase ON run_id = id WHERE phase = 'train'", {"steps": steps}).fetchone())  # fmt: skip

        return finish

    def train(self, steps: int) -> dict[str, Any]:
        return self.start(steps)()

    def first(self, steps: int) -> dict[str, Any]:
        return self.start(steps, every=1)()

    def stop(self) -> None:
        pass


class Peer:
    """A process of peers.py, which sleeps while it is not asked."""

    def __init__(self, name: str, task: dict[str, Any]) -> None:
        variables = {variable: str(task["threads"]) for variable in THREAD_VARIABLES}
        variables |= {"TORCHINDUCTOR_COMPILE_THREADS": "1", "JAX_PLATFORMS": "cpu"}
        command = [sys.executable, str(ROOT / "Benchmarks/peers.py"), name, json.dumps(task)]
        self.errors, pipe = tempfile.TemporaryFile("w+"), subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=self.errors, text=True, env=os.environ | variables)

    def answer(self) -> dict[str, Any]:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            self.errors.seek(0)
            raise NotMeasured((self.errors.read().strip().splitlines() or [f"ended with {self.process.wait()}"])[-1])
        return json.loads(line)

    def train(self, steps: int) -> dict[str, Any]:
        with contextlib.suppress(BrokenPipeError):
            print(steps, file=self.process.stdin, flush=True)
        return self.answer()

    def first(self, steps: int) -> dict[str, Any]:
        self.answer()
        return self.train(steps)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def pinned(cores: list[int]) -> Iterator[None]:
    """Processes started within run on these cores only, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Case:
    """A workload, with or without batch normalization, on so many threads."""

    def __init__(self, name: str, normalized: bool, threads: int, options: argparse.Namespace) -> None:
        self.workload, self.normalized, self.threads, self.options = WORKLOADS[name], normalized, threads, options
        self.title = name if normalized else f"{name} without BN"

    def bnexp(self, *arguments: str) -> Bnexp:
        splits = {split: {"inputs": f"{split}/images", "targets": f"{split}/labels"} for split in ("train", "test")}
        normalization = {"kind": "batch" if self.normalized else "none"}
        config = {
            "data": {"file": str(self.options.imported), "scaling": "unit", **splits},
            "model": {"hidden": self.workload["hidden"], "activation": self.workload["activation"], "normalization": normalization},
            "optimizer": OPTIMIZERS[self.workload["optimizer"]] | {"learning_rate": self.workload["learning_rate"]},
            "training": {"batch_size": self.workload["batch_size"]},
            "logging": {"layers": [], "sites": [], "percentiles": []},
            "evaluation": {"every": 0, "splits": ["test"]},
        }
        return Bnexp(self.options.bnexp, config, arguments, self.threads, self.options.folder)

    def contestant(self, name: str) -> Bnexp | Peer:
        if name not in PEERS:
            return self.bnexp("--inputs", "dense") if name == "bnexp-dense" else self.bnexp()
        needed = ["numpy", PEERS[name], *([] if self.options.data.is_dir() else ["h5py"])]
        if absent := [package for package in needed if util.find_spec(package) is None]:
            raise NotMeasured(f"{absent[0]} is not installed")
        if name == "torch-compiled" and not any(shutil.which(compiler) for compiler in (os.environ.get("CXX", "c++"), "g++", "clang++")):
            raise NotMeasured("there is no C++ compiler")
        task = {key: self.workload[key] for key in ("activation", "batch_size", "optimizer", "learning_rate", "steps_per_call")}
        task |= {"widths": [784, *self.workload["hidden"], 10], "normalized": self.normalized}
        return Peer(name, task | {"data": str(self.options.data), "threads": self.threads})

    def steps_of_a_turn(self, first: dict[str, Any]) -> int:
        """From the seconds of the first turn; a multiple of jax-scan's steps, for everyone."""
        stride = self.workload["steps_per_call"]
        return max(1, round(self.workload["check_steps"] / first["seconds"] * self.options.seconds / stride)) * stride

    def measure(self) -> dict[str, Any]:
        print(f"{self.title}, threads: {self.threads}", file=sys.stderr)
        contestants: dict[str, Bnexp | Peer] = {}
        first: dict[str, dict[str, Any]] = {}
        left_out: dict[str, str] = {}
        with contextlib.ExitStack() as stack:
            stack.enter_context(pinned(self.options.cores[-self.threads :]))
            for name in ["bnexp", *(["bnexp-dense"] if self.options.dense else []), *self.options.peers]:
                try:
                    contestant = self.contestant(name)
                    stack.callback(contestant.stop)
                    first[name] = contestant.first(self.workload["check_steps"])
                    contestants[name] = contestant
                except NotMeasured as reason:
                    if name == "bnexp":
                        raise
                    left_out[name] = str(reason)
                    print(f"  {name} is left out: {reason}", file=sys.stderr)
            steps = {name: self.steps_of_a_turn(turn) for name, turn in first.items()}
            rates: dict[str, list[float]] = {name: [] for name in first}
            for number in range(self.options.rounds):
                order = list(contestants)
                for name in order[number % len(order) :] + order[: number % len(order)]:
                    time.sleep(PAUSE_SECONDS)
                    rates[name].append(steps[name] / contestants[name].train(steps[name])["seconds"])
        build = {key: first["bnexp"].get(key) for key in ("version", "source_commit", "cpu", "blas", "blas_kernel", "engine_path")}
        losses = {name: turn["loss"] for name, turn in first.items()}
        case = {"title": self.title, "threads": self.threads, "batch_normalization": self.normalized, "bnexp": build, "left_out": left_out}
        return case | {"steps_of_a_turn": steps, "losses": losses, "rates": rates}

    def measure_side_by_side(self) -> dict[str, Any]:
        """Steps per second of one run alone, and of two at once together, each on one thread and a core of its own."""
        print(f"{self.title}, two runs at once", file=sys.stderr)
        bnexp = self.bnexp()
        steps = self.steps_of_a_turn(bnexp.first(self.workload["check_steps"]))

        def rate_on(cores: list[int]) -> float:
            time.sleep(PAUSE_SECONDS)
            runs = []
            for core in cores:
                with pinned([core]):
                    runs.append(bnexp.start(steps))
            return sum(steps / finish()["seconds"] for finish in runs)

        rates = [(rate_on(self.options.cores[:1]), rate_on(self.options.cores[:2])) for _ in range(self.options.rounds)]
        return {"title": self.title, "steps_of_a_turn": steps, "rates": {"alone": [r[0] for r in rates], "both": [r[1] for r in rates]}}


def interval(values: list[float]) -> tuple[float, float]:
    """Order statistics that enclose the median with at least 95 % confidence (binomial); of fewer than 6 values the smallest and largest."""
    ordered, count, cut = sorted(values), len(values), 0
    while 2 * sum(math.comb(count, k) for k in range(cut + 2)) <= 0.05 * 2**count:
        cut += 1
    return ordered[cut], ordered[count - 1 - cut]


def ratio(ours: list[float], theirs: list[float]) -> str:
    ratios = [a / b for a, b in zip(ours, theirs)]
    low, high = interval(ratios)
    return f"{statistics.median(ratios):.2f} ({low:.2f} to {high:.2f})"


def rate(values: list[float]) -> str:
    median, low, high = (f"{x:,.0f}" if x >= 100 else f"{x:.3g}" for x in (statistics.median(values), min(values), max(values)))
    return f"{median} ({low} to {high})"


def table(caption: str, heading: list[str], rows: list[list[str]]) -> str:
    return f"{caption}\n\n" + "\n".join("| " + " | ".join(row) + " |" for row in [heading, ["---"] * len(heading), *rows]) + "\n"


def report(results: dict[str, Any]) -> str:
    """Markdown."""
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    bnexp = results["cases"][0]["bnexp"]
    texts = [f"{results['date']}, {bnexp['cpu']}, {results['cores']} cores, bnexp {bnexp['version']} ({bnexp['source_commit']}), {versions}; "
             f"rounds: {results['rounds']}, turns of about {results['seconds']:g} s.\n"]  # fmt: skip
    for threads, group in itertools.groupby(results["cases"], key=lambda case: case["threads"]):
        cases = list(group)
        names = list(dict.fromkeys(name for case in cases for name in case["rates"]))
        peers = [name for name in names if name in PEERS]
        ratios, losses = [], []
        for case in cases:
            rates = case["rates"]
            best = max((name for name in peers if name in rates), key=lambda name: statistics.median(rates[name]), default=None)
            for ours in (name for name in rates if name not in PEERS):
                cells = {name: ratio(rates[ours], rates[name]) for name in peers if name in rates}
                ratios.append([case["title"], ours, *(f"**{cells[name]}**" if name == best else cells.get(name, "") for name in peers)])
            agree = max(case["losses"].values()) <= LARGEST_LOSS_RATIO * min(case["losses"].values())
            cells = {name: f"{loss:.4g}" for name, loss in case["losses"].items()}
            losses.append([case["title"], *(cells.get(name, "") for name in names), "yes" if agree else "**NO**"])
        rows = [[case["title"], *(rate(case["rates"][name]) if name in case["rates"] else "" for name in names)] for case in cases]
        texts.append(table(f"### {threads} thread{'s' * (threads > 1)}\n\nSteps per second, median (range):", ["", *names], rows))
        if peers:
            spread = "95 % interval" if results["rounds"] >= 6 else "range"
            texts.append(table(f"Ratio of steps per second, median ({spread}), the fastest peer's in bold:", ["", "by", *peers], ratios))
        texts.append(table("Mean loss over the second half of a first turn:", ["", *names, "within 20 %"], losses))
        texts += sorted({f"{name} is left out: {reason}\n" for case in cases for name, reason in case["left_out"].items()})
    pairs = [(case["title"], case["rates"]["alone"], case["rates"]["both"]) for case in results["side_by_side"]]
    if pairs:
        rows = [[title, rate(alone), rate(both), ratio(both, alone)] for title, alone, both in pairs]
        texts.append(table("### Two runs of bnexp at once, a core each\n\nSteps per second:", ["", "one alone", "two together", "ratio"], rows))
    return "\n".join(texts)


def parse_options() -> argparse.Namespace:
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))

    def list_of(known: dict[str, Any]) -> Callable[[str], list[str]]:
        def parse(text: str) -> list[str]:
            if unknown := set(filter(None, text.split(","))) - set(known):
                raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}; there are {', '.join(known)}")
            return [word for word in text.split(",") if word]

        return parse

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--data", type=Path, default=FASHION, help="folder of MNIST's four IDX files, or what bnexp data import made of them; default %(default)s")
    add("--workloads", type=list_of(WORKLOADS), default=list(WORKLOADS), help="such as W1,W2; default all")
    counts = {str(count): count for count in range(1, len(cores) + 1)}
    add("--threads", type=list_of(counts), default=list(counts)[:2], help="default 1,2")
    add("--peers", type=list_of(PEERS), default=list(PEERS), help='such as numpy,jax-scan; "" for none; default all that are installed')
    add("--no-bn", action="store_true", help="also measure every workload without batch normalization")
    add("--dense", action="store_true", help="also measure bnexp with --inputs dense, as bnexp-dense")
    add("--side-by-side", action="store_true", help="also measure two runs of bnexp at once, on a core each, against one alone")
    add("--rounds", type=int, default=15, help="default 15")
    add("--seconds", type=float, default=1, help="of a turn; default 1")
    add("--output", type=Path, default=ROOT / ".build/bench", help="folder for results.md and results.json; default .build/bench")
    add("--bnexp", default=str(ROOT / ".build/release/bnexp"), help="the binary; default .build/release/bnexp")
    options = parser.parse_args()
    options.cores, options.threads = cores, [counts[text] for text in options.threads]
    if not shutil.which(options.bnexp):
        parser.error(f"there is no {options.bnexp}; build it with scripts/build, or run scripts/bench, which does")
    if not options.data.exists():
        parser.error(f"{options.data} does not exist; name MNIST's files with --data, or install Debian's dataset-fashion-mnist")
    if options.rounds < 1 or options.seconds <= 0 or (options.side_by_side and len(cores) < 2):
        parser.error("--rounds and --seconds must be above 0, and --side-by-side needs two cores")
    return options


def import_data(options: argparse.Namespace) -> Path:
    """The HDF5 file for bnexp."""
    if options.data.is_file():
        return options.data.resolve()
    output = options.folder / "images.h5"
    command = [options.bnexp, "data", "import", "idx", "--output", str(output)]
    for option, name in itertools.product(("images", "labels"), ("train", "t10k")):
        plain = options.data / f"{name}-{option}-idx{3 if option == 'images' else 1}-ubyte"
        command += [f"--{'train' if name == 'train' else 'test'}-{option}", str(plain if plain.exists() else f"{plain}.gz")]
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
        sys.exit(f"{options.data} must hold MNIST's four IDX files, such as train-images-idx3-ubyte.gz")
    return output


def main() -> None:
    options = parse_options()
    packages = [name for name in ("numpy", "torch", "jax") if util.find_spec(name)]
    results: dict[str, Any] = {
        "date": datetime.date.today().isoformat(), "system": platform.platform(), "cores": len(options.cores),
        "rounds": options.rounds, "seconds": options.seconds,
        "versions": {"Python": platform.python_version()} | {name: metadata.version(name) for name in packages},
        "cases": [], "side_by_side": [],
    }  # fmt: skip

    def save() -> None:
        (options.output / "results.json").write_text(json.dumps(results, indent=1) + "\n")
        (options.output / "results.md").write_text(report(results))

    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        options.folder = Path(folder)
        options.imported = import_data(options)
        for threads, name, normalized in itertools.product(options.threads, options.workloads, [True, False][: 1 + options.no_bn]):
            results["cases"].append(Case(name, normalized, threads, options).measure())
            save()
        for name in options.workloads if options.side_by_side else []:
            results["side_by_side"].append(Case(name, True, 1, options).measure_side_by_side())
            save()
    print(report(results))


if __name__ == "__main__":
    try:
        main()
    except NotMeasured as reason:
        sys.exit(str(reason))
