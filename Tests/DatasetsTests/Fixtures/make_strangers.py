#!/usr/bin/env python3
"""Makes strangers.h5 beside this script: what other tools and accidents leave, as h5py writes it. 24 rows; x are inputs of 4 features."""

from pathlib import Path

import h5py
import numpy as np

N = 24
rows = np.random.default_rng(1).normal(size=(N, 4)).astype("f4")
labels = np.arange(N) % 3

with h5py.File(Path(__file__).parent / "strangers.h5", "w", libver=("earliest", "v110")) as file:
    def add(name, data, **options):
        return file.create_dataset(name, data=data, track_times=False, **options)

    add("x", rows)
    add("y", labels.astype("u1"))
    add("lzf", rows, chunks=(8, 4), compression="lzf", shuffle=True)

    # Values that are not there.
    file.create_dataset("unwritten", (N, 4), "f4", chunks=(4, 4), track_times=False)[:10] = rows[:10]
    file.create_dataset("never", (N, 4), "f4", track_times=False)
    for name, source in (("virtual", "x"), ("round", "round"), ("gone", "nothing")):
        layout = h5py.VirtualLayout((N, 4), "f4")
        layout[:] = h5py.VirtualSource("gone.h5" if name == "gone" else ".", source, (N, 4))
        file.create_virtual_dataset(name, layout)
    layout = h5py.VirtualLayout((N, 4), "f4")
    layout[:20] = h5py.VirtualSource(".", "x", (N, 4))[:20]
    file.create_virtual_dataset("gap", layout)
    file.create_dataset("raw", (N, 4), "f4", external=[("gone.bin", 0, N * 16)], track_times=False)

    # Labels.
    add("labels/strings", np.array(["cat", "dog", "ant"], object)[labels], dtype=h5py.string_dtype())
    add("labels/fixed", np.array([b"b", b"a", b"c"], "S4")[labels])
    add("labels/numbers_in_strings", np.array([b"10", b"2", b"1"])[labels])
    add("labels/boolean", labels > 0)
    add("labels/signs", np.where(labels > 0, 1, -1).astype("i1"))
    add("labels/from_1", (labels + 1).astype("i4"))
    add("labels/gaps", np.array([0, 64, 71], "f8")[labels])
    add("labels/enumeration", np.array([5, 0, 10], "u1")[labels], dtype=h5py.enum_dtype({"low": 0, "middle": 5, "high": 10}, "u1"))
    add("labels/one_hot", np.eye(3, dtype="f4")[labels])
    add("labels/years", (1950 + np.arange(N)).astype("i4"))
    add("labels/empty", np.array([b"a", b"", b"c"])[labels])

    add("probabilities", np.stack([0.5 + labels / 8, 0.25 - labels / 16, 0.25 - labels / 16], 1))

    add("whole", np.concatenate([rows, labels[:, None]], 1))
    table = np.zeros(N, [("a", "f4"), ("pair", "f8", (2,)), ("d", "f4"), ("name", "S4"), ("label", "i4")])
    table["a"], table["pair"], table["d"] = rows[:, 0], rows[:, 1:3], rows[:, 3]
    table["name"], table["label"] = np.array([b"b", b"a", b"c"])[labels], labels
    add("table", table)

    # Types.
    space = h5py.h5s.create_simple((N, 4))
    bits = h5py.h5d.create(file.id, b"bits", h5py.h5t.STD_B8LE, space)
    bits.write(h5py.h5s.ALL, h5py.h5s.ALL, (rows > 0).astype("u1"), h5py.h5t.NATIVE_B8)
    brain = h5py.h5t.IEEE_F32LE.copy()
    brain.set_fields(15, 7, 8, 0, 7)
    brain.set_size(2)
    brain.set_ebias(127)
    h5py.h5d.create(file.id, b"brain", brain, space).write(h5py.h5s.ALL, h5py.h5s.ALL, rows)
    add("arrays", np.zeros(N, [("a", "f4", (2, 2))])["a"].reshape(N, 4) + rows)
    arrays = h5py.h5t.array_create(h5py.h5t.IEEE_F32LE, (2, 2))
    h5py.h5d.create(file.id, b"array", arrays, h5py.h5s.create_simple((N,))).write(
        h5py.h5s.ALL, h5py.h5s.ALL, rows.reshape(N, 2, 2), arrays)
    add("complex", rows.astype("c8"))

    # Other tools' forms.
    add("matlab", rows.T).attrs["MATLAB_class"] = np.bytes_("double")
    add("matlab_labels", labels[None].astype("f8") + 1).attrs["MATLAB_class"] = np.bytes_("double")
    packed = add("packed", np.round(rows * 100).astype("i2"))
    packed.attrs["scale_factor"], packed.attrs["add_offset"] = 0.01, 5.0
    missing = add("missing", np.where(np.arange(N)[:, None] == 3, -999, np.round(rows * 100)).astype("i2"))
    missing.attrs["scale_factor"], missing.attrs["_FillValue"] = 0.01, np.int16(-999)
    sparse = np.where(rows > 0, rows, 0)
    for name, dense, encoding in (("csr", sparse, "csr_matrix"), ("csc", sparse.T, "csc_matrix")):
        group = file.create_group(name)
        group.attrs["encoding-type"], group.attrs["shape"] = encoding, np.array([N, 4])
        add(name + "/data", dense[dense != 0])
        add(name + "/indices", np.nonzero(dense)[1].astype("i4"))
        add(name + "/indptr", np.concatenate([[0], np.cumsum((dense != 0).sum(1))]).astype("i4"))
    group = file.create_group("category")
    group.attrs["encoding-type"] = "categorical"
    add("category/codes", labels.astype("i1"))
    add("category/categories", np.array(["T", "B", "NK"], object), dtype=h5py.string_dtype())

    # Links.
    file["soft"] = h5py.SoftLink("/x")
    file["dangling"] = h5py.SoftLink("/nowhere")
    file["circle"] = h5py.SoftLink("/circle")
    file["outside"] = h5py.ExternalLink("gone.h5", "/x")
    file["device"] = h5py.ExternalLink("/dev/zero", "/x")
