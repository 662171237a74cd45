#!/usr/bin/env python3
"""Makes filters.h5 beside this script: one matrix in float32 and uint16, with every filter that h5py and hdf5plugin write.

33 rows of 7 features in chunks of 20 rows, so that the last chunk is ragged; a chunk has 140 elements, which is no multiple of 8.
"""

from pathlib import Path

import h5py
import hdf5plugin
import numpy as np

ROWS, FEATURES = 33, 7
numbers = np.arange(ROWS * FEATURES).reshape(ROWS, FEATURES)
matrices = {"float32": (numbers // 2 / 8 - 5).astype("f4"), "uint16": (numbers // 3).astype("u2")}

filters = {
    "plain": {},
    "lzf": {"compression": "lzf"},
    "szip": {"compression": "szip"},
    "fletcher32": {"shuffle": True, "compression": "gzip", "fletcher32": True},
    "zstd": hdf5plugin.Zstd(clevel=3),
    "lz4": hdf5plugin.LZ4(nbytes=64),
    "bzip2": hdf5plugin.BZip2(blocksize=1),
    "bitshuffle": hdf5plugin.Bitshuffle(cname="none"),
    "bitshuffle_16": hdf5plugin.Bitshuffle(nelems=16, cname="none"),
    "bitshuffle_lz4": hdf5plugin.Bitshuffle(nelems=16, cname="lz4"),
    "bitshuffle_zstd": hdf5plugin.Bitshuffle(cname="zstd"),
    "blosc2": hdf5plugin.Blosc2(cname="zstd"),
}
for codec in ("blosclz", "lz4", "lz4hc", "snappy", "zlib", "zstd"):
    filters[f"blosc_{codec}"] = hdf5plugin.Blosc(cname=codec, clevel=9, shuffle=hdf5plugin.Blosc.SHUFFLE)
filters["blosc_bits"] = hdf5plugin.Blosc(cname="lz4", shuffle=hdf5plugin.Blosc.BITSHUFFLE)
filters["blosc_unshuffled"] = hdf5plugin.Blosc(cname="zstd", shuffle=hdf5plugin.Blosc.NOSHUFFLE)

with h5py.File(Path(__file__).parent / "filters.h5", "w", libver=("v110", "v110")) as file:
    for element, matrix in matrices.items():
        for name, options in filters.items():
            if name == "szip" and not h5py.h5z.filter_avail(h5py.h5z.FILTER_SZIP):
                continue
            file.create_dataset(f"{element}/{name}", data=matrix, chunks=(20, FEATURES), track_times=False, **options)
    # One chunk of several blocks, and of 3 elements more than a multiple of 8.
    long = np.arange(1003, dtype="u2") // 7
    for name in ("plain", "bitshuffle_16", "bitshuffle_lz4", "bitshuffle_zstd", "lz4", "blosc_bits", "zstd", "bzip2"):
        options = {"compression": "gzip"} if name == "plain" else filters[name]
        file.create_dataset(f"long/{name}", data=long[:, None], chunks=(1003, 1), track_times=False, **options)
    # What the first chunk is in the file, for the test to damage, with the numbers beside the filter's own.
    for name in ("lzf", "zstd", "lz4", "bzip2", "bitshuffle_lz4", "bitshuffle_zstd", "blosc_zstd", "blosc_bits"):
        dataset = file[f"uint16/{name}"].id
        skipped, chunk = dataset.read_direct_chunk((0, 0))
        assert skipped == 0, name
        number, _, parameters, _ = dataset.get_create_plist().get_filter(0)
        file.create_dataset(f"stored/{name}", data=np.frombuffer(chunk, "u1"), track_times=False)
        file.create_dataset(f"stored/{name}_parameters", data=np.array([number, *parameters], "u4"), track_times=False)
