#!/usr/bin/env python3
"""Makes the fixtures beside this script: datasets of every kind as h5py writes them."""

from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).parent
UNSIGNED = [[3, 2], [5, 7], [0, 100]]
SIGNED = [[-3, 2], [5, -7], [0, 100]]
REAL = [[-0.5, 2], [5.25, -7], [0, 100]]

with h5py.File(HERE / "types.h5", "w") as file:
    def add(name, values, dtype=None, **options):
        file.create_dataset(name, data=np.array(values, dtype=dtype), track_times=False, **options)

    for order, folder in (("<", "little"), (">", "big")):
        for code, values in (("u", UNSIGNED), ("i", SIGNED)):
            for size in (1, 2, 4, 8):
                add(f"{folder}/{'uint' if code == 'u' else 'int'}{size * 8}", values, f"{order}{code}{size}")
        for size in (2, 4, 8):
            add(f"{folder}/float{size * 8}", REAL, f"{order}f{size}")

    cube = np.arange(5 * 2 * 3 * 2).reshape(5, 2, 3, 2)
    add("rank/1", cube[:, 0, 0, 0], "i4")
    add("rank/3", cube[:, :, :, 0], "i4")
    add("rank/4", cube, "i4")
    add("chunked/plain", cube, "f4", chunks=(2, 2, 2, 2))
    add("chunked/gzip", cube, ">f8", chunks=(2, 2, 3, 1), compression="gzip", shuffle=True, fletcher32=True)
    add("chunked/lzf", cube, "f4", chunks=(5, 2, 3, 2), compression="lzf")

    add("bool", [[True, False], [False, True]])
    add("bad/scalar", 3.0)
    add("bad/no_rows", np.zeros((0, 4)))
    add("bad/compound", [(1, 2.0)], [("a", "i4"), ("b", "f8")])
    add("bad/not_finite", [[1, 2, 3], [4, 5, np.nan], [np.inf, 8, 9]], "f4")
    file.create_dataset("bad/string", data=["one", "two"], dtype=h5py.string_dtype(), track_times=False)
    file.create_dataset("bad/nothing", data=h5py.Empty("f4"), track_times=False)
    file["link"] = h5py.SoftLink("/rank/1")

    file.attrs["text"] = "größer"
    file.attrs["bytes"] = np.bytes_("fixed")
    file.attrs["count"] = np.uint16(7)
    file.attrs["rate"] = np.float32(0.5)
    file.attrs["vector"] = np.arange(3, dtype="i4")
