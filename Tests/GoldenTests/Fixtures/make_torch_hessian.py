#!/usr/bin/env python3
"""Makes hessian.h5 beside this script: Hessians that PyTorch's double backward computes, of networks of make_golden.py.

Made with torch 2.13.0 (CPU), numpy 2.4.6 and h5py 3.16.0. Of every case of golden.h5 that differs from others in more than
its optimizer or schedule, at its initial values, of the first 20 rows, in training mode and float64, with the l2 term:

/cases/<name>/direction/layer/<i>/...   v, standard normal, one array for each parameter
/cases/<name>/product/layer/<i>/...     H v, stored as the parameters of golden.h5 are
/cases/<name>/eigenvalues               the 5 largest and the smallest of H, which is made column by column

What is constant to the gradient is constant here: r and d of batch renormalization.
"""

from pathlib import Path

import h5py
import numpy as np
import torch
from make_golden import BATCH_SIZE, Config, Network, loss_value, make_cases, make_data, stored, targets_name, write
from torch import Tensor, nn


class WeightNorm(nn.Module):
    """PyTorch's own has a second derivative that is not symmetric (torch 2.13.0)."""

    def forward(self, gain: Tensor, weight: Tensor) -> Tensor:
        return gain * weight / weight.square().sum(1, keepdim=True).sqrt()


def objective(config: Config, network: Network, inputs: Tensor, targets: Tensor) -> Tensor:
    loss = config.get("loss", {"kind": "softmax_cross_entropy"})
    logits, _ = network(inputs)
    if loss["kind"] == "hinge":  # multi_margin_loss has no second derivative in PyTorch
        margins = (1 + logits - logits.gather(1, targets[:, None])).clamp(min=0)
        value = (margins.sum() - len(margins)) / len(margins)
    else:
        value = loss_value(loss, logits, targets)
    weights = [parameter for path, parameter in network.named_values() if path.endswith("/weight")]
    return value + 0.5 * loss.get("l2", 0.0) * sum(weight.square().sum() for weight in weights)


def main() -> None:
    torch.set_num_threads(1)
    data = make_data()
    inputs = torch.tensor(data["inputs"][:BATCH_SIZE])
    cases = {name: config for name, config in make_cases().items() if not name.startswith(("optimizer_", "schedule_"))}
    with h5py.File(Path(__file__).with_name("hessian.h5"), "w", libver=("v110", "v110")) as file:
        file.attrs["torch_version"] = str(torch.__version__)
        for name, config in cases.items():
            torch.manual_seed(3)
            network = Network(config["model"], torch.float64)
            for layer in network.layers if config["model"].get("weight_normalization") == "weight_norm" else []:
                layer.linear.parametrizations["weight"][0] = WeightNorm()
            paths, parameters = zip(*network.named_values())
            targets = torch.tensor(data[targets_name(name, config)][:BATCH_SIZE])
            gradients = torch.autograd.grad(objective(config, network, inputs, targets), parameters, create_graph=True)
            flat = torch.cat([gradient.reshape(-1) for gradient in gradients])

            def product(v: Tensor) -> list[Tensor]:
                found = torch.autograd.grad(flat, parameters, v, retain_graph=True, allow_unused=True)
                return [torch.zeros_like(p) if part is None else part for part, p in zip(found, parameters)]

            v = [torch.randn_like(parameter) for parameter in parameters]
            products = product(torch.cat([part.reshape(-1) for part in v]))
            columns = [torch.cat([part.reshape(-1) for part in product(row)]) for row in torch.eye(len(flat), dtype=torch.float64)]
            hessian = torch.stack(columns)
            eigenvalues = torch.linalg.eigvalsh((hessian + hessian.T) / 2).numpy()[::-1]
            assert (hessian - hessian.T).abs().max() < 1e-12 * max(1.0, np.abs(eigenvalues).max()), name
            group = file.create_group(f"cases/{name}")
            write(group, {f"direction/{path}": stored(path, part) for path, part in zip(paths, v)})
            write(group, {f"product/{path}": stored(path, part) for path, part in zip(paths, products)})
            write(group, {"eigenvalues": np.ascontiguousarray(np.append(eigenvalues[:5], eigenvalues[-1]))})


if __name__ == "__main__":
    main()
