#!/usr/bin/env python3
"""Writes pandas.csv, a table as pandas writes it, and pandas.h5, what pandas reads of it with its exact reader of numbers.

usage: make_tables.py    (needs numpy, pandas and h5py)
"""

from pathlib import Path

import h5py
import numpy as np
import pandas as pd

folder = Path(__file__).resolve().parent
random = np.random.default_rng(3)
count = 60
frame = pd.DataFrame(
    {
        "wide": random.normal(size=count) * 10.0 ** random.integers(-30, 30, count),
        "usual": random.normal(size=count),
        "whole": random.integers(-(10**6), 10**6, count),
        "flag": random.random(count) < 0.5,
        "colour, of all": random.choice(["red", 'so-called "blue"', "two\nlines"], count),
        "class": random.choice(["no. 1", "no. 2", "Ümlaut"], count),
    }
)
frame.loc[[3, 17, 40], "usual"] = np.nan
frame.loc[[9, 21, 50], "class"] = None
frame.to_csv(folder / "pandas.csv")

read = pd.read_csv(folder / "pandas.csv", index_col=0, float_precision="round_trip").dropna()
colours = sorted(read["colour, of all"].unique(), key=lambda text: text.encode())
classes = sorted(read["class"].unique(), key=lambda text: text.encode())
columns = [read[name].to_numpy("float64") for name in ["wide", "usual", "whole", "flag"]]
columns += [(read["colour, of all"] == colour).to_numpy("float64") for colour in colours]
with h5py.File(folder / "pandas.h5", "w") as file:
    file["inputs"] = np.stack(columns, axis=1)
    file["targets"] = read["class"].map(classes.index).to_numpy("uint8")
