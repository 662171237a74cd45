#!/usr/bin/env python3
"""Writes odd.mat and gaps.npz of the tests with NumPy and SciPy: python3 make_odd_arrays.py"""

import struct

import numpy as np
import scipy.io
import scipy.sparse

HEAD = b"MATLAB 5.0 MAT-file, by hand".ljust(124) + struct.pack("<H", 0x0100) + b"IM"


def element(number, content):
    return struct.pack("<II", number, len(content)) + content.ljust(-(-len(content) // 8) * 8, b"\0")


def matrix(name, kind, shape, *parts):
    body = element(6, struct.pack("<II", kind, 0)) + element(5, struct.pack(f"<{len(shape)}i", *shape)) + element(1, name.encode())
    return element(14, body + b"".join(parts))


def letters(name, rows, number, encoding):
    """A char matrix, whose first index varies fastest."""
    text = "".join("".join(column) for column in zip(*rows))
    return matrix(name, 4, (len(rows), len(rows[0])), element(number, text.encode(encoding)))


rows = ["köln", "ox  ", "größ", "ox  "]
images = np.arange(4 * 3 * 4, dtype="u1").reshape(4, 3, 4)
with open("odd.mat", "wb") as file:
    file.write(HEAD)
    file.write(matrix("X", 6, (4, 2), element(2, np.arange(8, dtype="u1").reshape(4, 2).tobytes("F"))))
    file.write(matrix("images", 6, images.shape, element(2, images.tobytes("F"))))
    file.write(matrix("labels", 6, (1, 4), element(2, bytes([1, 0, 2, 1]))))
    file.write(letters("utf8", rows, 16, "utf-8") + letters("utf16", rows, 17, "utf-16-le") + letters("utf32", rows, 18, "utf-32-le"))
    file.write(letters("emoji", ["a\U0001F600", "ox", "a\U0001F600", "ox"], 17, "utf-16-le"))
    file.write(letters("wrong", ["ab", "cd", "ef", "gh"], 16, "utf-8").replace(b"acegbdfh", b"\xff\xfeegbdfh"))
    file.write(matrix("short", 4, (4, 2), element(16, b"abcdefg")))
    cells = b"".join(matrix("", 4, (1, 2), element(18, word.encode("utf-32-le"))) for word in ("öx", "ab", "öx", "cd"))
    file.write(matrix("cells", 1, (4, 1), cells))
    entries = scipy.sparse.csc_matrix(np.array([[1.0, 0, 2, 1]]))
    file.write(matrix("row", 5, (1, 4), element(5, entries.indices.astype("<i4").tobytes()),
                      element(5, entries.indptr.astype("<i4").tobytes()), element(9, entries.data.tobytes())))
read = scipy.io.loadmat("odd.mat", variable_names=["X", "images", "labels", "utf8", "utf16", "row"])
assert list(read["utf8"]) == rows == list(read["utf16"]) and np.array_equal(read["row"].toarray(), [[1, 0, 2, 1]])

x = np.arange(12.0).reshape(4, 3)
gaps, infinite = x.copy(), x.copy()
gaps[1, 2] = gaps[3, 0] = np.nan
infinite[2, 1] = -np.inf
np.savez("gaps.npz", x=x, gaps=gaps, halves=gaps.astype("f2"), infinite=infinite, every=np.full((4, 3), np.nan),
         labels=np.array([1, 0, 2, 1]), names=np.array(["a", "b", "c", "a"]), missing=np.array([1, np.nan, 2, 1]))
