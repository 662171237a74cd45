#!/usr/bin/env python3
"""Makes inspect.h5 beside this script: what `bnexp data inspect` lists, with numpy's statistics as attributes. Needs h5py and hdf5plugin."""

from pathlib import Path

import h5py
import hdf5plugin
import numpy as np

PATH = Path(__file__).parent / "inspect.h5"
random = np.random.default_rng(7)

with h5py.File(PATH, "w") as file:
    def add(name, values, **options):
        return file.create_dataset(name, data=values, track_times=False, **options)

    # Values.
    table = random.normal(3, 2, (50, 6)).astype("f4")
    table[:, 2], table[4, 0], table[5, 1], table[6, 1] = 7, np.nan, np.inf, -np.inf
    finite = table[np.isfinite(table)].astype("f8")
    stored = add("values/table", table)
    stored.attrs["mean"], stored.attrs["deviation"] = finite.mean(), finite.std()
    stored.attrs["list"], stored.attrs["names"] = np.array([1.5, 2.5]), ["a", "b"]
    add("values/labels", np.repeat(np.arange(100, dtype="i2"), np.arange(1, 101) % 3 + 1))
    add("values/animals", np.array([0, 1, 1, 7], "u1"), dtype=h5py.enum_dtype({"CAT": 0, "DOG": 1, "WOLF": 7}, basetype="u1"))
    add("values/flags", np.array([[True], [False], [True]]))
    add("values/floats", np.array([2, 2, 3], "f4"))
    add("values/species", np.array(["setosa", "größe\x1b", "setosa"], object), dtype=h5py.string_dtype())
    add("values/fixed", np.array([b"a", b"bb", b"a"]))
    add("values/one", 3.25)
    add("values/huge", np.array([1e308, -1e308, 1.5]))

    # Storage.
    add("stored/gzip", np.zeros((40, 10), "f8"), chunks=(8, 10), compression="gzip", compression_opts=7, shuffle=True)
    add("stored/zstd", np.arange(20.0), **hdf5plugin.Zstd(clevel=5))
    partly = file.create_dataset("stored/partly", shape=(50, 4), dtype="f4", chunks=(10, 4), track_times=False)
    partly[:30] = 1.5
    file.create_dataset("stored/never", shape=(10**5, 10**5), dtype="f8", track_times=False)
    file.create_dataset("stored/empty", shape=(0, 4), maxshape=(None, 4), chunks=(8, 4), dtype="f4", track_times=False)
    file.create_dataset("stored/outside", shape=(2, 2), dtype="f4", external=[("gone.bin", 0, 16)], track_times=False)
    layout = h5py.VirtualLayout((50, 6), "f4")
    layout[:] = h5py.VirtualSource(".", "values/table", (50, 6))
    file.create_virtual_dataset("stored/together", layout)
    add("stored/fields", np.zeros(3, [("height", "f4"), ("name", "S8")]))
    add("stored/nothing", h5py.Empty("f4"))
    add("a/path/that/is/much/longer/than/a/column/may/be", np.arange(3))

    # Names and links.
    file["same"] = file["values/table"]
    file["soft"], file["nowhere"] = h5py.SoftLink("/values/table"), h5py.SoftLink("/not/there")
    file["elsewhere"], file["circle"] = h5py.ExternalLink("gone.h5", "/x"), h5py.SoftLink("/circle")
    group = file.create_group("round")
    group["again"], group["up"] = group, file["/"]
    group.attrs["note\x07"] = "\x1b]0;title\x07 a\nb"
    file["named_type"] = np.dtype("f8")
    add("evil\x1b[31m\nname", np.arange(2, dtype="u2"))
    add("日本", np.arange(2, dtype="u2"))

    # Pictures: left to right from dark to bright, and red, green, blue from above.
    ramp = np.tile(np.linspace(0, 255, 8), (2, 8, 1)).astype("u1")
    add("pictures/square", ramp.reshape(2, 64))
    add("pictures/grey", np.stack([ramp[0], ramp[0].T]).astype("f4"))
    color = np.zeros((1, 9, 8, 3), "u1")
    for part in range(3):
        color[0, 3 * part:3 * part + 3, :, part] = 255
    add("pictures/color", color)
    add("pictures/planes", color.transpose(0, 3, 1, 2).astype("f4"))
    add("pictures/numbers:1", np.array([[0.5, np.inf, np.nan], [1, 2, 3]]))

    # Damaged below.
    broken = add("values/broken", np.arange(4))
    address = h5py.h5o.get_info(broken.id).addr

with open(PATH, "r+b") as file:
    file.seek(address)
    file.write(b"\xff" * 24)
