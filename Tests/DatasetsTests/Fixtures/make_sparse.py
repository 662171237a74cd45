#!/usr/bin/env python3
"""Makes sparse.h5 beside this script: one matrix of 6 x 4 in the forms in which tools keep sparse ones, and MATLAB's cell arrays of texts."""

from pathlib import Path

import h5py
import numpy as np
import scipy.sparse

dense = np.arange(24, dtype="f8").reshape(6, 4) * (np.arange(24).reshape(6, 4) % 3 == 1)

with h5py.File(Path(__file__).parent / "sparse.h5", "w", libver=("earliest", "v110")) as file:
    def add(name, data, **options):
        return file.create_dataset(name, data=np.asarray(data), track_times=False, **options)

    add("x", dense)
    add("y", np.arange(6) % 2)

    def parts(name, matrix, shape=None, names=("data", "indices", "indptr")):
        for part, content in zip(names, (matrix.data, matrix.indices.astype("i8"), matrix.indptr.astype("i8"))):
            add(f"{name}/{part}", content)
        if shape is not None:
            add(f"{name}/shape", np.array(shape, "i4"))
        return file[name]

    columns, rows = scipy.sparse.csc_matrix(dense), scipy.sparse.csr_matrix(dense)
    # 10x Genomics: features x barcodes by barcodes, which have the entries of a CSR of barcodes x features.
    parts("tenx", rows, (4, 6))
    add("tenx/barcodes", np.array([b"AC%d" % row for row in range(6)]))
    for name, matrix, form in (("h5sparse/csr", rows, "csr"), ("h5sparse/csc", columns, "csc"), ("h5sparse/coo", rows, "coo")):
        group = parts(name, matrix)
        group.attrs["h5sparse_format"], group.attrs["h5sparse_shape"] = form, np.array([6, 4])
    parts("scipy/csr", rows, (6, 4))
    parts("scipy/csc", columns, (6, 4))
    parts("scipy/square", scipy.sparse.csr_matrix(dense[:4]), (4, 4))
    parts("scipy/overfull", rows, (2**20, 2**30))

    def matlab(name, matrix, row_count):
        group = parts(name, matrix, names=("data", "ir", "jc"))
        group.attrs["MATLAB_sparse"], group.attrs["MATLAB_class"] = np.uint64(row_count), np.bytes_("double")

    matlab("matlab/x", columns, 6)
    matlab("matlab/row", scipy.sparse.csc_matrix(np.array([[0.0, 1, 0, 1, 0, 1]])), 1)
    matlab("matlab/claims", columns, 2**63)
    matlab("matlab/outside", columns, 3)
    empty = file.create_group("matlab/empty")
    add("matlab/empty/jc", np.zeros(5, "u8"))
    empty.attrs["MATLAB_sparse"] = np.uint64(6)

    def characters(name, word, empty=False):
        data = add(name, np.array([1, 0], "u8") if empty else np.array(list(word.encode("utf-16-le")), "u1").view("u2")[:, None])
        data.attrs["MATLAB_class"] = np.bytes_("char")
        if empty:
            data.attrs["MATLAB_empty"] = np.uint8(1)
        return data.ref

    words = [characters(f"#refs#/{index}", word) for index, word in enumerate(["köln", "ox", "a\U0001F600"])]
    nothing, number = characters("#refs#/nothing", "", empty=True), add("#refs#/number", np.zeros((2, 2))).ref

    def cells(name, references, shape):
        data = file.create_dataset(name, shape, h5py.ref_dtype, track_times=False)
        data[...] = np.array(references, h5py.ref_dtype).reshape(shape)
        data.attrs["MATLAB_class"] = np.bytes_("cell")

    cells("cells/row", words * 2, (1, 6))
    cells("cells/column", words * 2, (6, 1))
    cells("cells/square", words * 2, (2, 3))
    cells("cells/empty", words + [nothing] + words[:2], (1, 6))
    cells("cells/number", words + [number] + words[:2], (1, 6))
    cells("cells/null", words + [h5py.Reference()] + words[:2], (1, 6))
