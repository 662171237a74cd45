#!/usr/bin/env python3
"""Makes the HDF5 files beside this script that `scripts/fuzz-data` damages: one for each way in which files keep values, 24 rows each.

Inputs are x, with 4 features, and targets y, of 3 classes, but for what the table in `scripts/faults/data` names. Made with h5py 3.16.0.
"""

from pathlib import Path

import h5py
import numpy as np

N, D = 24, 4
rows = np.random.default_rng(1).normal(size=(N, D)).astype("f4")
whole = np.round(rows * 100).astype("i4")
labels = (np.arange(N) % 3).astype("u1")
folder = Path(__file__).parent


class Seed(h5py.File):
    """A file of the older format, or of that of HDF5 1.10, which begins with the targets."""

    def __init__(self, name, newer=False, **options):
        super().__init__(folder / f"{name}.h5", "w", libver=("v110" if newer else "earliest", "v110"), **options)
        self.add("y", labels)

    def add(self, name, data, **options):
        return self.create_dataset(name, data=data, track_times=False, **options)

    def add_low(self, name, type, values, creation=None, memory=None):
        """A dataset of a type or layout that h5py has no option for."""
        space = h5py.h5s.create_simple(values.shape)
        h5py.h5d.create(self.id, name.encode(), type, space, creation).write(h5py.h5s.ALL, h5py.h5s.ALL, values, memory)


# Layouts and filters.
with Seed("contiguous", userblock_size=512) as file:
    file.add("x", rows)
with Seed("compact") as file:
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_layout(h5py.h5d.COMPACT)
    file.add_low("x", h5py.h5t.IEEE_F32BE, rows, layout)
for name, data, options in (
    ("gzip", rows, {"compression": "gzip", "shuffle": True, "fletcher32": True}),
    ("lzf", rows, {"compression": "lzf", "shuffle": True}),
    ("szip", np.tile(whole, 4), {"compression": "szip"}),
    ("scale_offset", whole, {"scaleoffset": 0}),
    ("scale_offset_real", rows, {"scaleoffset": 2}),
):
    with Seed(name) as file:
        file.add("x", data, chunks=(8, data.shape[1]), **options)
with Seed("nbit") as file:
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_chunk((8, D))
    layout.set_filter(h5py.h5z.FILTER_NBIT, 0, ())
    narrow = h5py.h5t.STD_I32LE.copy()
    narrow.set_precision(12)
    narrow.set_offset(4)
    file.add_low("x", narrow, whole, layout)
for name, longest, chunks, options in (
    ("index_of_one_chunk", (N, D), (N, D), {}),
    ("index_fixed", (N, D), (8, D), {"compression": "gzip"}),
    ("index_extensible", (None, D), (8, D), {}),
    ("index_tree", (None, None), (8, 2), {"compression": "gzip"}),
):
    with Seed(name, newer=True) as file:
        file.add("x", rows, maxshape=longest, chunks=chunks, **options)

# Values elsewhere.
for newer in (False, True):
    with Seed("virtual_newer" if newer else "virtual", newer) as file:
        file.add("a", rows[:12])
        file.add("b", rows[12:])
        layout = h5py.VirtualLayout((N, D), "f4")
        layout[:12], layout[12:] = (h5py.VirtualSource(".", name, (12, D)) for name in "ab")
        file.create_virtual_dataset("x", layout)
with Seed("external") as file:
    file.create_dataset("x", (N, D), "f4", external=[("contiguous.h5", 0, N * D * 4)], track_times=False)
with Seed("links") as file:
    file["x"] = h5py.ExternalLink("contiguous.h5", "/x")
    file["soft"], file["circle"], file["device"] = map(h5py.SoftLink, ("/y", "/circle", "/x"))

# Types.
with Seed("types") as file:
    file.add("x", rows.astype("f2"))
    file.add("strings", np.array(["cat", "dog", "ant"], object)[labels], dtype=h5py.string_dtype())
    file.add("fixed", np.array([b"b", b"a", b"c"])[labels])
    file.add("enumeration", labels, dtype=h5py.enum_dtype({"low": 0, "middle": 1, "high": 2}, "u1"))
    file.add_low("bits", h5py.h5t.STD_B8LE, (labels > 0).astype("u1"), memory=h5py.h5t.NATIVE_B8)
    arrays = h5py.h5t.array_create(h5py.h5t.IEEE_F32LE, (2, 2))
    file.add_low("array", arrays, rows.reshape(N, 2, 2), memory=arrays)
    file["named"] = np.dtype("f8")
with Seed("compound") as file:
    table = np.zeros(N, [("a", "f4"), ("pair", "f8", (2,)), ("name", "S4"), ("label", "i4")])
    table["a"], table["pair"], table["name"], table["label"] = rows[:, 0], rows[:, 1:3], np.array([b"b", b"a", b"c"])[labels], labels
    file.add("table", table)
with Seed("references") as file:
    file.add("x", rows)
    references = np.array([file["x"].ref, file["y"].ref, h5py.Reference()], dtype=h5py.ref_dtype)
    file.add("references", references, dtype=h5py.ref_dtype).attrs["MATLAB_class"] = np.bytes_("cell")
    file.add("region", np.array([file["x"].regionref[2:5]], dtype=h5py.regionref_dtype), dtype=h5py.regionref_dtype)
    file.add("lists", np.array([np.arange(2), np.arange(3)], object), dtype=h5py.vlen_dtype("i4"))

# Forms of other tools.
with Seed("matlab") as file:
    file.add("X", rows.T.astype("f8")).attrs["MATLAB_class"] = np.bytes_("double")
    file.add("labels", labels[None].astype("f8") + 1).attrs["MATLAB_class"] = np.bytes_("double")
with Seed("netcdf", newer=True) as file:
    x = file.add("x", whole.astype("i2"))
    x.attrs["scale_factor"], x.attrs["add_offset"], x.attrs["_FillValue"] = 0.01, 5.0, np.int16(-9999)
    for place, (name, length) in enumerate((("row", N), ("feature", D))):
        file.add(name, np.arange(length, dtype="f4")).make_scale(name)
        x.dims[place].attach_scale(file[name])
with Seed("anndata") as file:
    sparse = np.where(rows > 0, rows, 0)
    for name, dense in (("csr", sparse), ("csc", sparse.T)):
        group = file.create_group(name)
        group.attrs["encoding-type"], group.attrs["shape"] = name + "_matrix", np.array([N, D])
        file.add(name + "/data", dense[dense != 0])
        file.add(name + "/indices", np.nonzero(dense)[1].astype("i4"))
        file.add(name + "/indptr", np.concatenate([[0], np.cumsum((dense != 0).sum(1))]).astype("i4"))
    file.create_group("category").attrs["encoding-type"] = "categorical"
    file.add("category/codes", labels.astype("i1"))
    file.add("category/categories", np.array(["T", "B", "NK"], object), dtype=h5py.string_dtype())

# Groups and attributes, as both formats keep few and many.
for newer in (False, True):
    with Seed("groups_newer" if newer else "groups", newer) as file:
        file.add("x", rows)
        file["x"].attrs["class_names"], file["x"].attrs["units"] = ["a", "bb", "c"], np.bytes_(b"m")
        file["a/b/c"] = 1.0
        for index in range(N if newer else 10):
            file.add(f"images/{index}", rows[index])
            file.attrs[f"attribute {index}"] = [index, index / 3, "text"][index % 3]
        file.add("chosen", np.arange(0, N, 2))
