#!/usr/bin/env python3
"""Makes torch/<case>.safetensors beside this script: states of nn.Sequential as PyTorch and safetensors write them.

Made with torch 2.13.0 (CPU), safetensors and h5py. Each file has the state of a module that has seen a few batches, so that running
statistics are not where they began. Metadata: `model`, the object of a config that is the same network; `precision`; `module`, the
expression that makes it; `outputs`, JSON, what it gives in evaluation for the first 20 rows of /data/inputs of golden.h5.
"""

import json
from pathlib import Path

import h5py
import torch
from safetensors.torch import save_file
from torch import nn

BATCH = {"kind": "batch", "momentum": 0.2}
CASES = {
    "plain": ({"activation": "gelu"}, "nn.Linear(12, 8), nn.GELU(), nn.Linear(8, 3)"),
    "batch": (
        {"activation": "relu", "normalization": BATCH},
        "nn.Linear(12, 8, bias=False), nn.BatchNorm1d(8, eps=1e-05, momentum=0.2), nn.ReLU(), nn.Linear(8, 3)",
    ),
    "batch_float64": (
        {"activation": "tanh", "normalize_logits": True,
         "normalization": {"kind": "batch", "running_statistics": "cumulative_average"}},
        "nn.Linear(12, 8, bias=False), nn.BatchNorm1d(8, eps=1e-05, momentum=None), nn.Tanh(), "
        "nn.Linear(8, 3, bias=False), nn.BatchNorm1d(3, eps=1e-05, momentum=None)",
    ),
    "batch_after": (
        {"activation": "elu", "dropout": 0.25,
         "normalization": {"kind": "batch", "placement": "after_activation", "scale": False, "shift": False}},
        "nn.Linear(12, 8), nn.ELU(), nn.BatchNorm1d(8, eps=1e-05, momentum=0.1, affine=False), nn.Dropout(0.25), "
        "nn.Linear(8, 3)",
    ),
    "layer": (
        {"activation": "silu", "normalization": {"kind": "layer", "epsilon": 0.001}},
        "nn.Linear(12, 8), nn.LayerNorm(8, eps=0.001), nn.SiLU(), nn.Linear(8, 3)",
    ),
    "group": (
        {"activation": "tanh", "normalization": {"kind": "group", "groups": 4}},
        "nn.Linear(12, 8), nn.GroupNorm(4, 8, eps=1e-05), nn.Tanh(), nn.Linear(8, 3)",
    ),
    "rms": (
        {"activation": "leaky_relu", "normalization": {"kind": "rms"}},
        "nn.Linear(12, 8), nn.RMSNorm(8, eps=1e-05), nn.LeakyReLU(0.01), nn.Linear(8, 3)",
    ),
    "weight_norm": (
        {"activation": "sigmoid", "weight_normalization": "weight_norm"},
        "nn.utils.parametrizations.weight_norm(nn.Linear(12, 8)), nn.Sigmoid(), "
        "nn.utils.parametrizations.weight_norm(nn.Linear(8, 3))",
    ),
}


def main() -> None:
    folder = Path(__file__).parent
    torch.set_num_threads(1)
    with h5py.File(folder / "golden.h5") as file:
        inputs = torch.tensor(file["data/inputs"][...])
    (folder / "torch").mkdir(exist_ok=True)
    for name, (model, modules) in CASES.items():
        torch.manual_seed(1)
        is_double = name.endswith("float64")
        expression = f"nn.Sequential({modules})" + (".double()" if is_double else "")
        module = eval(expression, {"nn": nn})
        x = inputs.to(torch.float64 if is_double else torch.float32)
        with torch.no_grad():
            for parameter in module.parameters():
                parameter += 0.1 * torch.randn_like(parameter)
            for start in (0, 20, 40):
                module(x[start : start + 20])
            outputs = module.eval()(x[:20]).tolist()
        metadata = {
            "format": "pt",
            "model": json.dumps({"hidden": [8], **model}),
            "precision": "float64" if is_double else "float32",
            "module": expression,
            "outputs": json.dumps(outputs),
        }
        save_file(module.state_dict(), folder / "torch" / f"{name}.safetensors", metadata)


if __name__ == "__main__":
    main()
