#!/usr/bin/env python3
"""Makes perturbations.h5 beside this script: gradients of the loss with respect to inputs, and attacks, as PyTorch computes them.

Made with torch 2.13.0 (CPU), numpy 2.4.6 and h5py 3.16.0. Networks are 6 - 5 - 4 - 3 with tanh, the loss is the mean softmax
cross-entropy, all is float64. Layout, for each case and each of the modes `running` (module.eval()) and `batch` (module.train()):

/inputs, /labels                                    20 x 6 inputs within 0 to 1, 20 classes in 0..2
/cases/<name>                                       attribute `normalization`: none, batch or layer
  layer/<i>/{weight,bias,gamma,beta,running_mean,running_variance}   those that layer i has; weight is D x H
  <mode>/gradient                                   dL/dX, 20 x 6
  <mode>/{fgsm,pgd}_{linf,l2}                       perturbed inputs, 20 x 6, for the sizes below
"""

from pathlib import Path

import h5py
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

EPSILON = {"linf": 0.1, "l2": 0.3}
STEP_SIZE = {"linf": 0.03, "l2": 0.1}
STEPS = 7


def make_network(normalization: str) -> nn.Sequential:
    """The network with parameters and running statistics drawn anew."""
    modules: list[nn.Module] = []
    for inputs, outputs in [(6, 5), (5, 4), (4, 3)]:
        modules.append(nn.Linear(inputs, outputs))
        if outputs != 3:
            if normalization == "batch":
                modules.append(nn.BatchNorm1d(outputs))
            elif normalization == "layer":
                modules.append(nn.LayerNorm(outputs))
            modules.append(nn.Tanh())
    network = nn.Sequential(*modules).double()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.8 + (1 if parameter.dim() == 1 else 0))
        for module in network:
            if isinstance(module, nn.BatchNorm1d):
                module.running_mean.normal_()
                module.running_var.uniform_(0.5, 2)
                module.momentum = 0.0  # attacks in training mode leave the running statistics
    return network


def input_gradient(network: nn.Sequential, x: Tensor, labels: Tensor) -> Tensor:
    x = x.clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(network(x), labels), x)[0]


def direction(gradient: Tensor, norm: str) -> Tensor:
    return gradient.sign() if norm == "linf" else gradient / gradient.norm(dim=1, keepdim=True)


def fgsm(network: nn.Sequential, x: Tensor, labels: Tensor, norm: str) -> Tensor:
    return (x + EPSILON[norm] * direction(input_gradient(network, x, labels), norm)).clamp(0, 1)


def pgd(network: nn.Sequential, clean: Tensor, labels: Tensor, norm: str) -> Tensor:
    x, epsilon = clean, EPSILON[norm]
    for _ in range(STEPS):
        change = x + STEP_SIZE[norm] * direction(input_gradient(network, x, labels), norm) - clean
        if norm == "linf":
            change = change.clamp(-epsilon, epsilon)
        else:
            change = change * (epsilon / change.norm(dim=1, keepdim=True)).clamp(max=1)
        x = (clean + change).clamp(0, 1)
    return x


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(7)
    inputs, labels = torch.rand(20, 6, dtype=torch.float64), torch.randint(3, (20,))
    with h5py.File(Path(__file__).with_name("perturbations.h5"), "w", track_order=False) as file:
        file.attrs["torch_version"], file.attrs["numpy_version"] = str(torch.__version__), np.__version__
        file["inputs"], file["labels"] = inputs.numpy(), labels.numpy()
        for normalization in ["none", "batch", "layer"]:
            network = make_network(normalization)
            group = file.create_group(f"cases/{normalization}")
            group.attrs["normalization"] = normalization
            layer = -1
            for module in network:
                if isinstance(module, nn.Linear):
                    layer += 1
                    group[f"layer/{layer}/weight"] = module.weight.detach().numpy().T.copy()
                    group[f"layer/{layer}/bias"] = module.bias.detach().numpy()
                elif isinstance(module, nn.BatchNorm1d | nn.LayerNorm):
                    group[f"layer/{layer}/gamma"] = module.weight.detach().numpy()
                    group[f"layer/{layer}/beta"] = module.bias.detach().numpy()
                    if isinstance(module, nn.BatchNorm1d):
                        group[f"layer/{layer}/running_mean"] = module.running_mean.numpy()
                        group[f"layer/{layer}/running_variance"] = module.running_var.numpy()
            for mode in ["running", "batch"]:
                network.train(mode == "batch")
                group[f"{mode}/gradient"] = input_gradient(network, inputs, labels).numpy()
                for norm in EPSILON:
                    group[f"{mode}/fgsm_{norm}"] = fgsm(network, inputs, labels, norm).numpy()
                    group[f"{mode}/pgd_{norm}"] = pgd(network, inputs, labels, norm).numpy()


if __name__ == "__main__":
    main()
