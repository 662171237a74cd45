#!/usr/bin/env python3
"""Writes the npy, npz, MATLAB, svmlight and IDX files of the tests with NumPy, SciPy and scikit-learn: python3 make_arrays.py

Arrays are 4 x 3 with the values 0 to 11 (halves of them for floating types), row by row, unless said otherwise; targets are the classes 1 0 2 1, or the
names "cat", "ape", "dög", "cat".
"""

import gzip
import io
import struct
import zipfile
import zlib

import numpy as np
import scipy.io
import scipy.sparse
from sklearn.datasets import dump_svmlight_file

grid = np.arange(12).reshape(4, 3)
images = np.arange(24).reshape(4, 2, 3)
classes = np.array([1, 0, 2, 1])
names = np.array(["cat", "ape", "dög", "cat"])


def typed(code, array=grid):
    kind = np.dtype(code).kind
    return (array / 2 if kind == "f" else array % 2 if kind == "b" else array).astype(code)


def npy(array, version=None):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=version, allow_pickle=True)
    return buffer.getvalue()


types = {order + code: typed({"l": "<", "b": ">"}[order] + code) for order in "lb"
         for code in "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8".split()}
types |= {"fortran_" + name: np.asfortranarray(array) for name, array in types.items() if name in ("li4", "bi2", "lf8", "lu1")}
types |= {"images": images.astype("<i2"), "fortran_images": np.asfortranarray(images.astype(">i2"))}
types |= {"names": names, "big_names": names.astype(">U3"), "bytes": np.array([b"10", b"9", b"30", b"10"]), "classes": classes}
types |= {"objects": names.astype(object), "complex": grid.astype("c8"), "dates": grid.astype("M8[s]"), "structured": np.zeros(4, "i4,f4"),
          "scalar": np.float32(3), "empty": np.zeros((0, 3)), "blank": np.array(["a", "", "b", "c"])}
np.savez("types.npz", **types)
np.savez_compressed("packed.npz", x_train=grid.astype("f4"), y_train=names, x_test=np.asfortranarray(grid[:2]).astype("f4"), y_test=names[1:3],
                    x_val=grid)
for version in ((1, 0), (2, 0), (3, 0)):
    open(f"version{version[0]}.npy", "wb").write(npy(typed("<f4"), version))
np.save("classes.npy", classes.astype("<i8"))
np.save("names.npy", names)


def member(name):
    """Without the time of writing."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED if name in ("data.npy", "target.npy") else zipfile.ZIP_DEFLATED
    return info


class Pipe(io.RawIOBase):
    """A file without places, into which zipfile writes sizes behind members."""

    def __init__(self):
        self.content = b""

    def writable(self):
        return True

    def write(self, data):
        self.content += bytes(data)
        return len(data)


pipe = Pipe()
with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr(member("X.npy"), npy(typed("<i4")))
    archive.writestr(member("y.npy"), npy(classes.astype("u1")))
    archive.writestr(member("read me.txt"), "no array")
open("descriptors.npz", "wb").write(pipe.content)

zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 20, 1  # as if they were large
with zipfile.ZipFile("zip64.npz", "w") as archive:
    archive.writestr(member("data.npy"), npy(typed("<i4")))
    archive.writestr(member("target.npy"), npy(classes.astype("u1")))
    archive.comment = b"a comment"


def element(order, number, content, padded=True):
    small = 0 < len(content) <= 4
    head = struct.pack(order + "I", len(content) << 16 | number) if small else struct.pack(order + "II", number, len(content))
    length = 4 if small else len(content) + (-len(content) % 8 if padded else 0)
    return head + content.ljust(length, b"\0")


numbers = {"i1": 1, "u1": 2, "i2": 3, "u2": 4, "i4": 5, "u4": 6, "f4": 7, "f8": 9, "i8": 12, "u8": 13}


def matrix(order, name, kind, shape, parts, flags=0, packed=False):
    """An array of the class `kind`; parts are pairs of a type of elements and bytes."""
    content = element(order, 6, struct.pack(order + "II", kind | flags << 8, 0))
    content += element(order, 5, struct.pack(order + f"{len(shape)}i", *shape)) + element(order, 1, name.encode())
    content += b"".join(element(order, number, data) for number, data in parts)
    whole = element(order, 14, content)
    return element(order, 15, zlib.compress(whole), padded=False) if packed else whole


def numeric(order, name, kind, code, array, flags=0, packed=False):
    data = np.asfortranarray(array.astype(order + code)).tobytes(order="F")
    return matrix(order, name, kind, array.shape, [(numbers[code], data)], flags, packed)


def text(order, name, word):
    return matrix(order, name, 4, (1, len(word)), [(17, word.encode("utf-16-" + ("le" if order == "<" else "be")))])


for label, order in (("little", "<"), ("big", ">")):
    content = (b"MATLAB 5.0 MAT-file, " + label.encode()).ljust(124) + struct.pack(order + "H", 0x0100) + (b"IM" if order == "<" else b"MI")
    # Doubles in bytes, as MATLAB stores whole numbers.
    content += numeric(order, "X", 6, "u1", grid) + numeric(order, "y", 6, "u1", classes.reshape(4, 1))
    content += numeric(order, "halves", 6, "f8", grid / 2, packed=True) + numeric(order, "row", 10, "u2", classes.reshape(1, 4), packed=True)
    # h x w x examples
    content += numeric(order, "images", 10, "i2", images.transpose(1, 2, 0), packed=True)
    content += numeric(order, "flags", 9, "u1", grid % 2, flags=2)
    content += numeric(order, "wide", 14, "i8", grid) + numeric(order, "single", 7, "f4", grid / 2)
    cells = b"".join(text(order, "", word) for word in names)
    head = matrix(order, "cells", 1, (4, 1), [])
    body = head[8:] + cells
    content += struct.pack(order + "II", 14, len(body)) + body
    letters = np.array([list(word) for word in names]).T
    content += matrix(order, "letters", 4, (4, 3), [(17, "".join(letters.ravel()).encode("utf-16-" + ("le" if order == "<" else "be")))])
    entries = scipy.sparse.csc_matrix(np.where(grid % 3 == 1, grid, 0) / 2)
    content += matrix(order, "sparse", 5, (4, 3), [(5, entries.indices.astype(order + "i4").tobytes()),
                                                   (5, entries.indptr.astype(order + "i4").tobytes()),
                                                   (9, entries.data.astype(order + "f8").tobytes())], packed=True)
    content += matrix(order, "complex", 6, (1, 1), [(9, bytes(8)), (9, bytes(8))], flags=8)
    open(label + ".mat", "wb").write(content)
    read = scipy.io.loadmat(label + ".mat")
    assert np.array_equal(read["X"], grid) and np.array_equal(read["images"], images.transpose(1, 2, 0))
    assert [cell[0] for cell in read["cells"][:, 0]] == list(names) and list(read["letters"]) == list(names)
    assert np.array_equal(read["sparse"].toarray(), entries.toarray())
column = np.empty((4, 1), object)
column[:, 0] = names
scipy.io.savemat("struct.mat", {"data": {"X": grid.astype("f4"), "names": column}, "list": [{"a": 1}, {"a": 2}],
                                "short": np.array(["cat", "ox", "cat", "ape"])}, do_compression=True)
with open("struct.mat", "r+b") as file:
    file.write(b"MATLAB 5.0 MAT-file, SciPy".ljust(116))  # without the time of writing
scipy.io.savemat("version4.mat", {"X": grid.astype("f8")}, format="4")

rows = np.where(grid % 2 == 1, grid / 2, 0)
dump_svmlight_file(rows, classes, "from1.svmlight", zero_based=False, comment="Written by scikit-learn.", query_id=[1, 1, 2, 2])
dump_svmlight_file(rows, classes / 4 - 1, "from0.svmlight", zero_based=True)
dump_svmlight_file(rows, np.array([[1, 0, 1], [0, 0, 0], [0, 1, 0], [0, 0, 1]]), "several.svmlight", zero_based=False, multilabel=True)


def idx(code, kind, array):
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape) + array.astype(">" + kind).tobytes()


for name, content in (("images-idx3-ubyte", idx(8, "u1", np.arange(24).reshape(4, 2, 3))), ("labels-idx1-ubyte", idx(8, "u1", classes))):
    open(name, "wb").write(content)
    open(name + ".gz", "wb").write(gzip.compress(content, mtime=0))
