#!/usr/bin/env python3
"""Makes leading.h5 beside this script: inputs of 24 rows whose values are said to be in other files, by every way that HDF5 has."""

from pathlib import Path

import h5py
import numpy as np

N = 24
with h5py.File(Path(__file__).parent / "leading.h5", "w", libver=("earliest", "v110")) as file:
    file.create_dataset("y", data=np.arange(N) % 3, track_times=False)
    for name in ("pipe", "raw.bin"):
        file.create_dataset(f"external/{name}", (N, 4), "f4", external=[(name, 0, N * 16)], track_times=False)
    for name in ("pipe", "/dev/zero"):
        file[f"link/{Path(name).name}"] = h5py.ExternalLink(name, "/x")
        layout = h5py.VirtualLayout((N, 4), "f4")
        layout[:] = h5py.VirtualSource(name, "x", (N, 4))
        file.create_virtual_dataset(f"virtual/{Path(name).name}", layout)
    # 12 rows each of part-0.h5, part-1.h5, ...: the library opens them as soon as it is asked for the shape.
    unlimited = h5py.h5s.UNLIMITED
    space, source = h5py.h5s.create_simple((N, 4), (unlimited, 4)), h5py.h5s.create_simple((12, 4))
    space.select_hyperslab((0, 0), (unlimited, 1), (12, 1), (12, 4))
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_virtual(space, b"part-%b.h5", b"x", source)
    h5py.h5d.create(file.id, b"virtual/numbered", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((N, 4), (unlimited, 4)), layout)
