"""Makes numpy_legacy.json: what NumPy's legacy functions draw, in the order of the keys, after each seed.

    python make_numpy_legacy.py    # numpy 2.4.6; the streams are frozen, so that every version gives the same
"""

import json
import pathlib

import numpy as np

cases = []
for seed in [0, 1, 123, 231, 2**32 - 1]:
    np.random.seed(seed)
    cases.append({
        "seed": seed,
        "uniform": np.random.random_sample(5).tolist(),
        "normal": np.random.randn(7).tolist(),  # an odd number: the eighth is kept for later
        "indices": {str(bound): np.random.randint(bound, size=6).tolist() for bound in [2, 10, 16, 1000, 65537]},
        "later_uniform": np.random.rand(1000)[-3:].tolist(),  # past the 624 words of the state
        "later_normal": np.random.randn(3).tolist(),
    })
path = pathlib.Path(__file__).parent / "numpy_legacy.json"
path.write_text(json.dumps(cases, indent=1) + "\n")
