#!/usr/bin/env python3
"""Makes golden.h5 and architecture.h5 beside this script: what PyTorch computes for many small networks, for other code to be
held against. The second has residual networks, SELU, mean-only normalization and whitening; names on the command line
choose.

Made with torch 2.13.0 (CPU), numpy 2.4.6 and h5py 3.16.0; the file's root names the first two in the attributes
`torch_version` and `numpy_version`. Seeds are fixed and one thread is used, so that a second run writes the same bytes.
Nearly every network is 12 - 8 - 6 - 3; all matrices are row-major, N x features or inputs x units. Layout:

/data/{inputs,labels,values}   200 x 12 inputs, 200 classes in 0..2, 200 x 3 targets of regression
/data/{shares,memberships}     200 x 3 probabilities of the classes, and 200 x 3 targets of their own from 0 to 1, half of them 0 or 1
/cases/<name>                  attribute `config`: model, loss, optimizer, schedule and training as JSON, defaults left out;
                               attribute `targets`: the name in /data of those that the loss takes
  initial/layer/<i>/{weight,bias,gain,gamma,beta,alpha,factor}   those that layer i has; weight is D x H (v of weight normalization)
  first/                       batch 0 before any update:
    loss                       without the l2 term
    layer/<i>/preactivation    N x H input of the activation function; the logits in the last layer
    layer/<i>/output           N x H, what the next layer receives; hidden layers only
    gradient/layer/<i>/...     of the loss with its l2 term, neither clipped nor with weight decay
    running/layer/<i>/...      running_mean and running_variance (batch_renorm: running_standard_deviation) afterwards;
                               decorrelated_batch: running_whitening too, H x G
  float32/...                  paths as in first/: max|a32 - a64| / max|a64| of the same pass in float32 (0 if both are 0)
  losses, losses_float32       of batch t before update t + 1, without the l2 term; in float64, and run wholly in float32
  learning_rates               of update t + 1
  final/layer/<i>/..., final/running/layer/<i>/...   after the last update

All is float64 but the labels; data and initial values are float32 numbers, so that both precisions start alike.
Batch t has the rows (t mod 10) * 20 ..< (t mod 10) * 20 + 20, in the file's order.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations, parametrize
from torch.optim import lr_scheduler

Config = dict[str, Any]
Arrays = dict[str, np.ndarray]

ROWS, FEATURES, CLASSES, BATCH_SIZE, STEPS = 200, 12, 3, 20, 50
BATCH_KINDS = ("batch", "ghost_batch", "batch_renorm", "decorrelated_batch")

# Networks


class BiasedBatchNorm(nn.BatchNorm1d):
    """Batch normalization whose running variance averages the biased variance."""

    def forward(self, x: Tensor) -> Tensor:
        old = self.running_var.clone()
        y = super().forward(x)
        self.running_var = old + self.momentum * (x.detach().var(0, correction=0) - old)
        return y


class GhostBatchNorm(nn.BatchNorm1d):
    """Normalizes each group of `size` consecutive rows by itself, and updates the running statistics group after group."""

    def __init__(self, units: int, size: int, **options: Any) -> None:
        super().__init__(units, **options)
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        normalize = super().forward
        return torch.cat([normalize(group) for group in x.split(self.size)])


class UncenteredBatchNorm(nn.Module):
    """y = gamma x / sqrt(m + eps) + beta with m the batch's mean of x^2, which the running variance averages."""

    def __init__(self, units: int, eps: float, momentum: float) -> None:
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(units)), nn.Parameter(torch.zeros(units))
        self.register_buffer("running_mean", torch.zeros(units))
        self.register_buffer("running_var", torch.ones(units))

    def forward(self, x: Tensor) -> Tensor:
        mean_square = x.square().mean(0)
        self.running_var = self.running_var + self.momentum * (mean_square.detach() - self.running_var)
        return self.weight * x / (mean_square + self.eps).sqrt() + self.bias


class BatchRenorm(nn.Module):
    """Batch renormalization: Ioffe 2017, algorithm 1, with the same limits from the first step on."""

    def __init__(self, units: int, eps: float, momentum: float, r_max: float, d_max: float) -> None:
        super().__init__()
        self.eps, self.momentum, self.r_max, self.d_max = eps, momentum, r_max, d_max
        self.weight, self.bias = nn.Parameter(torch.ones(units)), nn.Parameter(torch.zeros(units))
        self.register_buffer("running_mean", torch.zeros(units))
        self.register_buffer("running_standard_deviation", torch.ones(units))

    def forward(self, x: Tensor) -> Tensor:
        mu, sigma = self.running_mean, self.running_standard_deviation
        batch_mu, batch_sigma = x.mean(0), (x.var(0, correction=0) + self.eps).sqrt()
        r = (batch_sigma / sigma).clamp(1 / self.r_max, self.r_max).detach()
        d = ((batch_mu - mu) / sigma).clamp(-self.d_max, self.d_max).detach()
        self.running_mean = mu + self.momentum * (batch_mu.detach() - mu)
        self.running_standard_deviation = sigma + self.momentum * (batch_sigma.detach() - sigma)
        return self.weight * ((x - batch_mu) / batch_sigma * r + d) + self.bias


class WeightStandardization(nn.Module):
    """(W - mean) / sqrt(biased variance + 1e-5), of each unit over its inputs."""

    def forward(self, weight: Tensor) -> Tensor:
        variance, mean = torch.var_mean(weight, 1, correction=0, keepdim=True)
        return (weight - mean) / (variance + 1e-5).sqrt()


class DynamicTanh(nn.Module):
    """y = gamma tanh(alpha x) + beta, alpha one value for all units: Zhu et al. 2025, equation 1."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.tensor([0.5]))
        self.weight, self.bias = nn.Parameter(torch.ones(units)), nn.Parameter(torch.zeros(units))

    def forward(self, x: Tensor) -> Tensor:
        return self.weight * torch.tanh(self.alpha * x) + self.bias


class MeanOnlyBatchNorm(nn.Module):
    """y = gamma (x - mean) + beta: Salimans & Kingma 2016, section 3; the running variance is kept and not used."""

    def __init__(self, units: int, momentum: float) -> None:
        super().__init__()
        self.momentum = momentum
        self.weight, self.bias = nn.Parameter(torch.ones(units)), nn.Parameter(torch.zeros(units))
        self.register_buffer("running_mean", torch.zeros(units))
        self.register_buffer("running_var", torch.ones(units))

    def forward(self, x: Tensor) -> Tensor:
        variance, mean = torch.var_mean(x, 0)
        self.running_mean = self.running_mean + self.momentum * (mean.detach() - self.running_mean)
        self.running_var = self.running_var + self.momentum * (variance.detach() - self.running_var)
        return self.weight * (x - mean) + self.bias


class DecorrelatedBatchNorm(nn.Module):
    """Whitening of groups of units: by eigenvalues (Huang et al. 2018) or by Newton's iterations (Huang et al. 2019).

    Running statistics are averages of the mean, the biased variance and the whitening matrix.
    """

    def __init__(self, units: int, eps: float, momentum: float, group_size: int, iterations: int | None) -> None:
        super().__init__()
        self.eps, self.momentum, self.group_size, self.iterations = eps, momentum, group_size, iterations
        self.weight, self.bias = nn.Parameter(torch.ones(units)), nn.Parameter(torch.zeros(units))
        self.register_buffer("running_mean", torch.zeros(units))
        self.register_buffer("running_var", torch.ones(units))
        self.register_buffer("running_whitening", torch.eye(group_size).repeat(units // group_size + 1, 1)[:units])

    def whitening(self, covariance: Tensor) -> Tensor:
        if self.iterations is None:
            values, vectors = torch.linalg.eigh(covariance)
            return vectors @ torch.diag(values**-0.5) @ vectors.T
        trace = covariance.trace()
        scaled, p = covariance / trace, torch.eye(len(covariance), dtype=covariance.dtype)
        for _ in range(self.iterations):
            p = (3 * p - p @ p @ p @ scaled) / 2
        return p / trace.sqrt()

    def forward(self, x: Tensor) -> Tensor:
        centered, outputs, matrices = x - x.mean(0), [], []
        for group in centered.split(self.group_size, 1):
            covariance = group.T @ group / len(x) + self.eps * torch.eye(group.shape[1], dtype=x.dtype)
            matrices.append(self.whitening(covariance))
            outputs.append(group @ matrices[-1])
        whitening = torch.cat([F.pad(matrix, (0, self.group_size - len(matrix))) for matrix in matrices]).detach()
        for name, value in [("mean", x.mean(0)), ("var", x.var(0, correction=0)), ("whitening", whitening)]:
            old = getattr(self, f"running_{name}")
            setattr(self, f"running_{name}", old + self.momentum * (value.detach() - old))
        return self.weight * torch.cat(outputs, 1) + self.bias


def make_normalization(config: Config, units: int) -> nn.Module:
    kind, eps, momentum = config["kind"], config.get("epsilon", 1e-5), config.get("momentum", 0.1)
    scale, shift = config.get("scale", True), config.get("shift", kind != "rms")
    if kind == "layer":
        return nn.LayerNorm(units, eps)
    if kind == "group":
        return nn.GroupNorm(config["groups"], units, eps)
    if kind == "rms":
        return nn.RMSNorm(units, eps)
    if kind == "dyt":
        return DynamicTanh(units)
    if kind == "batch_renorm":
        return BatchRenorm(units, eps, momentum, config["r_max"], config["d_max"])
    if kind == "decorrelated_batch":
        iterations = config.get("iterations", 5) if config.get("method") == "newton" else None
        return DecorrelatedBatchNorm(units, eps, momentum, config["group_size"], iterations)
    if not config.get("divide_by_deviation", True):
        return MeanOnlyBatchNorm(units, momentum)
    if not config.get("subtract_mean", True):
        return UncenteredBatchNorm(units, eps, momentum)
    if config.get("running_statistics") == "cumulative_average":
        momentum = None
    assert scale == shift, "torch has both or neither"
    options = {"eps": eps, "momentum": momentum, "affine": scale}
    if kind == "ghost_batch":
        return GhostBatchNorm(units, config["size"], **options)
    biased = config.get("running_variance_estimator") == "biased"
    return (BiasedBatchNorm if biased else nn.BatchNorm1d)(units, **options)


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda x: x,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "elu": F.elu,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "selu": F.selu,
}


class Layer(nn.Module):
    def __init__(self, model: Config, inputs: int, units: int, is_last: bool, ends_block: bool) -> None:
        super().__init__()
        residual = model.get("residual", {})
        self.constant_factor = residual.get("factor", 1.0)
        if ends_block and residual.get("train_factor", False):
            self.factor = nn.Parameter(torch.tensor([self.constant_factor]))
        config = model.get("normalization", {"kind": "none"})
        is_normalized = config["kind"] != "none" and (not is_last or model.get("normalize_logits", False))
        self.is_last = is_last
        self.after = config.get("placement") == "after_activation"
        subtracts_bias = config["kind"] in BATCH_KINDS and config.get("subtract_mean", True) and not self.after
        self.linear = nn.Linear(inputs, units, bias=not (is_normalized and subtracts_bias))
        self.normalization = make_normalization(config, units) if is_normalized else nn.Identity()
        self.activation = ACTIVATIONS["identity" if is_last else model["activation"]]
        if model.get("weight_normalization") == "weight_norm":
            parametrizations.weight_norm(self.linear)
        if model.get("weight_normalization") == "weight_standardization":
            parametrize.register_parametrization(self.linear, "weight", WeightStandardization())

    def forward(self, x: Tensor, skipped: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """The sum with what is skipped, or X W + b; the preactivation; the output."""
        stream = x = self.linear(x)
        if skipped is not None:
            stream = x = skipped + getattr(self, "factor", self.constant_factor) * x
        if self.after:
            return stream, x, self.normalization(self.activation(x))
        x = self.normalization(x)
        return stream, x, self.activation(x)


NAMES = {
    "factor": "factor",
    "linear.weight": "weight",
    "linear.bias": "bias",
    "linear.parametrizations.weight.original": "weight",
    "linear.parametrizations.weight.original0": "gain",
    "linear.parametrizations.weight.original1": "weight",
    "normalization.weight": "gamma",
    "normalization.bias": "beta",
    "normalization.alpha": "alpha",
    "normalization.running_mean": "running_mean",
    "normalization.running_var": "running_variance",
    "normalization.running_standard_deviation": "running_standard_deviation",
    "normalization.running_whitening": "running_whitening",
}


class Network(nn.Module):
    def __init__(self, model: Config, dtype: torch.dtype) -> None:
        super().__init__()
        sizes = [FEATURES, *model["hidden"], CLASSES]
        last = len(sizes) - 2
        self.residual = model.get("residual")
        self.layers = nn.ModuleList(
            Layer(model, sizes[i], sizes[i + 1], i == last, self.block(i, last) is not None) for i in range(last + 1)
        )
        random = np.random.default_rng(2)
        for path, parameter in self.named_values():
            values = random.standard_normal(tuple(parameter.shape))
            match path.split("/")[-1]:
                case "weight":
                    values /= np.sqrt(parameter.shape[1])
                case "gain" | "gamma":
                    values = 1 + 0.2 * values
                case "alpha":
                    values = 0.5 + 0.1 * values
                case "factor":
                    values = 0.7 + 0.1 * values
                case _:
                    values *= 0.2
            parameter.data = torch.tensor(values, dtype=torch.float32)
        self.to(dtype)

    def forward(self, x: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The logits, and the values on the way."""
        trace, streams, outputs = {}, [], []
        for i, layer in enumerate(self.layers):
            source = self.block(i, len(self.layers) - 1)
            carried = outputs if self.residual and self.residual["placement"] == "post" else streams
            stream, trace[f"layer/{i}/preactivation"], x = layer(x, None if source is None else carried[source])
            streams.append(stream)
            outputs.append(x)
            if not layer.is_last:
                trace[f"layer/{i}/output"] = x
        return x, trace

    def block(self, i: int, last: int) -> int | None:
        """The layer from which the skip connection that ends in layer i comes."""
        if self.residual is None or i in (0, last) or i % self.residual["every"]:
            return None
        return i - self.residual["every"]

    def named_values(self) -> Iterator[tuple[str, nn.Parameter]]:
        for i, layer in enumerate(self.layers):
            for name, parameter in layer.named_parameters():
                yield f"layer/{i}/{NAMES[name]}", parameter

    def parameter_arrays(self) -> Arrays:
        return {path: stored(path, parameter) for path, parameter in self.named_values()}

    def gradient_arrays(self) -> Arrays:
        return {f"gradient/{path}": stored(path, parameter.grad) for path, parameter in self.named_values()}

    def running_arrays(self) -> Arrays:
        return {
            f"running/layer/{i}/{NAMES[name]}": array(buffer)
            for i, layer in enumerate(self.layers)
            for name, buffer in layer.named_buffers()
            if name in NAMES
        }


def array(values: Tensor) -> np.ndarray:
    return values.detach().to(torch.float64).numpy().copy()


def stored(path: str, values: Tensor) -> np.ndarray:
    """A parameter as the file has it: matrices inputs x units, all else a vector."""
    return np.ascontiguousarray(array(values).T) if path.endswith("/weight") else array(values).reshape(-1)


def under(folder: str, arrays: Arrays) -> Arrays:
    return {f"{folder}/{path}": values for path, values in arrays.items()}


# Training


def loss_value(config: Config, logits: Tensor, targets: Tensor) -> Tensor:
    reduction = config.get("reduction", "mean")
    match config["kind"]:
        case "mean_squared_error":
            return F.mse_loss(logits, targets)
        case "sigmoid_cross_entropy":
            return F.binary_cross_entropy_with_logits(logits, targets, reduction=reduction)
        case "hinge":
            return CLASSES * F.multi_margin_loss(logits, targets)
        case _:
            return F.cross_entropy(logits, targets, label_smoothing=config.get("label_smoothing", 0.0), reduction=reduction)


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2; PyTorch itself has no Lion."""

    def __init__(self, groups: list[dict[str, Any]], lr: float, betas: tuple[float, float]) -> None:
        super().__init__(groups, {"lr": lr, "betas": betas, "weight_decay": 0.0})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(group["lr"] * torch.sign(beta1 * m + (1 - beta1) * p.grad))
                m.mul_(beta2).add_((1 - beta2) * p.grad)


class LARS(torch.optim.Optimizer):
    """You, Gitman & Ginsburg 2017, algorithm 1, with rate 1 for what is not a matrix."""

    def __init__(self, groups: list[dict[str, Any]], lr: float, momentum: float, coefficient: float) -> None:
        super().__init__(groups, {"lr": lr, "momentum": momentum, "coefficient": coefficient, "weight_decay": 0.0})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            decay = group["weight_decay"]
            for p in group["params"]:
                v = self.state[p].setdefault("v", torch.zeros_like(p))
                local = group["coefficient"] * p.norm() / (p.grad.norm() + decay * p.norm()) if p.ndim > 1 else 1.0
                v.mul_(group["momentum"]).add_(group["lr"] * local * (p.grad + decay * p))
                p.sub_(v)


class LAMB(torch.optim.Optimizer):
    """You et al. 2020, algorithm 2, with rate 1 for what is not a matrix."""

    def __init__(self, groups: list[dict[str, Any]], lr: float, betas: tuple[float, float], eps: float) -> None:
        super().__init__(groups, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": 0.0})
        self.t = 0

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        self.t += 1
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                v = self.state[p].setdefault("v", torch.zeros_like(p))
                m.mul_(beta1).add_((1 - beta1) * p.grad)
                v.mul_(beta2).add_((1 - beta2) * p.grad.square())
                ratio = (m / (1 - beta1**self.t)) / ((v / (1 - beta2**self.t)).sqrt() + group["eps"])
                update = ratio + group["weight_decay"] * p
                p.sub_(group["lr"] * (p.norm() / update.norm() if p.ndim > 1 else 1.0) * update)


class SharpnessAware:
    """Moves parameters to where Foret et al. 2021 take the gradient, equation 2, or Kwon et al. 2021, and back."""

    def __init__(self, config: Config, network: Network) -> None:
        self.rho, self.is_adaptive, self.eta = config["rho"], config.get("adaptive", False), config.get("eta", 0.01)
        self.values = [(path.split("/")[-1], parameter) for path, parameter in network.named_values()]
        self.saved = [parameter.detach().clone() for _, parameter in self.values]

    @torch.no_grad()
    def climb(self) -> None:
        scales = [
            p.abs() + self.eta if self.is_adaptive and kind not in ("bias", "beta") else torch.ones_like(p)
            for kind, p in self.values
        ]
        norm = torch.stack([(t * p.grad).norm() for t, (_, p) in zip(scales, self.values)]).norm()
        self.saved = [p.detach().clone() for _, p in self.values]
        for t, (_, p) in zip(scales, self.values):
            p.add_(self.rho * t.square() * p.grad / (norm + 1e-12))

    @torch.no_grad()
    def descend(self) -> None:
        for saved, (_, p) in zip(self.saved, self.values):
            p.copy_(saved)


class WeightProjection:
    """Returns weights to the norms that they start with, of the whole or of each unit: of the rows in PyTorch."""

    def __init__(self, kind: str, network: Network) -> None:
        self.dim = 1 if kind == "unit" else (0, 1)
        self.weights = [parameter for path, parameter in network.named_values() if path.endswith("/weight")]
        self.norms = [self.norm(weight) for weight in self.weights]

    def norm(self, weight: Tensor) -> Tensor:
        return torch.linalg.vector_norm(weight.detach(), dim=self.dim, keepdim=True)

    @torch.no_grad()
    def project(self) -> None:
        for weight, norm in zip(self.weights, self.norms):
            weight.mul_(norm / self.norm(weight))


class KeptPrecision(torch.optim.Muon):
    """Muon in the network's precision: PyTorch's rounds the gradient to bfloat16 before it is orthogonalized."""

    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        rounding = torch.Tensor.bfloat16
        torch.Tensor.bfloat16 = torch.Tensor.clone  # type: ignore[method-assign]
        try:
            super().step(closure)
        finally:
            torch.Tensor.bfloat16 = rounding  # type: ignore[method-assign]


def rate_factor(config: Config, path: str) -> float:
    _, layer, kind = path.split("/")
    factors = config.get("learning_rate_multipliers", {})
    return factors.get(f"{layer}/{kind}", factors.get(kind, 1.0))


def make_muon(config: Config, network: Network) -> list[torch.optim.Optimizer]:
    last, takes_all = len(network.layers) - 1, config.get("matrices") == "all"
    hidden, rest = [], []
    for path, parameter in network.named_values():
        _, layer, kind = path.split("/")
        (hidden if kind == "weight" and (takes_all or 0 < int(layer) < last) else rest).append(parameter)
    adamw, decay = config["adamw"], config["weight_decay"]
    return [
        KeptPrecision(
            hidden, config["learning_rate"], decay, config["momentum"], config["nesterov"],
            adjust_lr_fn=config.get("learning_rate_adjustment", "original"),
        ),
        torch.optim.AdamW(rest, adamw["learning_rate"], (0.9, 0.999), 1e-8, decay),
    ]  # fmt: skip


def make_optimizers(config: Config, network: Network) -> list[torch.optim.Optimizer]:
    return make_muon(config, network) if config["kind"] == "muon" else [make_optimizer(config, network)]


def make_optimizer(config: Config, network: Network) -> torch.optim.Optimizer:
    decay, excluded = config.get("weight_decay", 0.0), config.get("weight_decay_exclude", [])
    rate, momentum = config["learning_rate"], config.get("momentum", 0.0)
    grouped: dict[tuple[float, float], list[nn.Parameter]] = {(1.0, decay): []}
    for path, parameter in network.named_values():
        factor, own_decay = rate_factor(config, path), 0.0 if path.split("/")[-1] in excluded else decay
        grouped.setdefault((factor, own_decay), []).append(parameter)
    groups: list[dict[str, Any]] = [
        {"params": parameters, "lr": rate * factor, "weight_decay": own_decay}
        for (factor, own_decay), parameters in grouped.items()
        if parameters
    ]
    match config["kind"]:
        case "lars":
            return LARS(groups, rate, momentum, config["trust_coefficient"])
        case "lamb":
            return LAMB(groups, rate, (config["beta1"], config["beta2"]), config["epsilon"])
        case "sgd":
            return torch.optim.SGD(groups, rate, momentum, nesterov=config.get("nesterov", False))
        case "rmsprop":
            return torch.optim.RMSprop(groups, rate, config["decay"], config["epsilon"], momentum=momentum)
        case "adagrad":
            return torch.optim.Adagrad(groups, rate, config["learning_rate_decay"], eps=config["epsilon"])
        case "lion":
            return Lion(groups, rate, (config["beta1"], config["beta2"]))
        case kind:
            adam = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind]
            return adam(groups, rate, (config["beta1"], config["beta2"]), config["epsilon"])


class HeldCosineLR(lr_scheduler.CosineAnnealingLR):
    """Cosine annealing in its closed form, which stays at the minimum once there."""

    get_lr = lr_scheduler.CosineAnnealingLR._get_closed_form_lr

    def step(self, epoch: int | None = None) -> None:
        if self.last_epoch < self.T_max:
            super().step(epoch)


def make_schedule(config: Config, optimizer: torch.optim.Optimizer) -> lr_scheduler.LRScheduler:
    schedule: lr_scheduler.LRScheduler
    match config["kind"]:
        case "step":
            schedule = lr_scheduler.StepLR(optimizer, config["every"], config["factor"])
        case "exponential":
            schedule = lr_scheduler.ExponentialLR(optimizer, config["factor"])
        case "cosine":
            schedule = HeldCosineLR(optimizer, config["steps"], config["minimum_learning_rate"])
        case "one_cycle":
            schedule = lr_scheduler.OneCycleLR(
                optimizer, optimizer.defaults["lr"], config["steps"], pct_start=config["warmup_fraction"],
                cycle_momentum=False, div_factor=config["initial_divisor"], final_div_factor=config["final_divisor"],
            )  # fmt: skip
        case "cosine_restarts":
            schedule = lr_scheduler.CosineAnnealingWarmRestarts(
                optimizer, config["first_cycle_steps"], config.get("cycle_factor", 1), config["minimum_learning_rate"]
            )
        case "cyclic":
            schedule = lr_scheduler.CyclicLR(
                optimizer, optimizer.defaults["lr"], config["maximum_learning_rate"], config["rising_steps"],
                config.get("falling_steps"), config.get("mode", "triangular"), config.get("factor", 1.0), cycle_momentum=False,
            )  # fmt: skip
        case _:
            schedule = lr_scheduler.ConstantLR(optimizer, factor=1.0)
    if warmup := config.get("warmup_steps", 0):
        rise = lr_scheduler.LinearLR(optimizer, start_factor=1 / warmup, total_iters=warmup - 1)
        schedule = lr_scheduler.SequentialLR(optimizer, [rise, schedule], milestones=[warmup])
    return schedule


def targets_name(name: str, config: Config) -> str:
    match config.get("loss", {}).get("kind"):
        case "mean_squared_error":
            return "values"
        case "sigmoid_cross_entropy":
            return "memberships"
        case _:
            return "shares" if "probabilities" in name else "labels"


def train(config: Config, inputs: np.ndarray, targets: np.ndarray, dtype: torch.dtype) -> Arrays:
    """All arrays of a case but those that compare two precisions, by their paths."""
    inputs = torch.tensor(inputs, dtype=dtype)
    targets = torch.tensor(targets, dtype=dtype if targets.dtype == np.float64 else torch.int64)
    loss_config = config.get("loss", {"kind": "softmax_cross_entropy"})
    network = Network(config["model"], dtype)
    optimizers = make_optimizers(config["optimizer"], network)
    schedules = [make_schedule(config.get("schedule", {"kind": "constant"}), optimizer) for optimizer in optimizers]
    sharpness_aware = config["optimizer"].get("sharpness_aware")
    perturbation = sharpness_aware and SharpnessAware(sharpness_aware, network)
    projection_kind = config["optimizer"].get("weight_projection", "none")
    projection = None if projection_kind == "none" else WeightProjection(projection_kind, network)
    arrays = under("initial", network.parameter_arrays())
    losses, learning_rates = [], []
    for step in range(STEPS):
        if step > 0:
            for schedule in schedules:
                schedule.step()
        start = step % (ROWS // BATCH_SIZE) * BATCH_SIZE
        batch = slice(start, start + BATCH_SIZE)
        logits, trace = network(inputs[batch])
        loss = loss_value(loss_config, logits, targets[batch])
        weights = [parameter for path, parameter in network.named_values() if path.endswith("/weight")]
        penalty = 0.5 * loss_config.get("l2", 0.0) * sum(weight.square().sum() for weight in weights)
        network.zero_grad()
        (loss + penalty).backward()
        losses.append(loss.item())
        learning_rates.append(float(optimizers[0].param_groups[0]["lr"]))
        if step == 0:
            first = {"loss": array(loss)} | {path: array(passed) for path, passed in trace.items()}
            arrays |= under("first", first | network.gradient_arrays() | network.running_arrays())
        if limit := config["optimizer"].get("clip_gradient_norm"):
            nn.utils.clip_grad_norm_(network.parameters(), limit)
        if perturbation:
            perturbation.climb()
            buffers = [buffer.clone() for buffer in network.buffers()]
            network.zero_grad()
            loss_value(loss_config, network(inputs[batch])[0], targets[batch]).backward()
            for buffer, saved in zip(network.buffers(), buffers):
                buffer.copy_(saved)
            perturbation.descend()
        for optimizer in optimizers:
            optimizer.step()
        if projection:
            projection.project()
    arrays |= {"losses": np.array(losses), "learning_rates": np.array(learning_rates)}
    return arrays | under("final", network.parameter_arrays() | network.running_arrays())


# Cases

BATCH: Config = {"kind": "batch"}
ADAM: Config = {"learning_rate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
MUON: Config = {
    "kind": "muon", "learning_rate": 0.02, "momentum": 0.95, "nesterov": True, "weight_decay": 0.1, "adamw": {"learning_rate": 0.005},
}  # fmt: skip
RMSPROP: Config = {"kind": "rmsprop", "learning_rate": 0.01, "decay": 0.99, "epsilon": 1e-8}


def sgd(learning_rate: float = 0.1, **options: Any) -> Config:
    return {"kind": "sgd", "learning_rate": learning_rate, **options}


def case(normalization: Config | None = BATCH, model: Config | None = None, **sections: Config) -> Config:
    full_model: Config = {"hidden": [8, 6], "activation": "tanh"}
    if normalization:
        full_model["normalization"] = normalization
    training = {"batch_size": BATCH_SIZE, "steps": STEPS}
    return {"model": full_model | (model or {}), "optimizer": sgd(), "training": training} | sections


def make_cases() -> dict[str, Config]:
    cases = {
        "plain": case(None),
        "batch": case(),
        "batch_epsilon_momentum": case(BATCH | {"epsilon": 0.1, "momentum": 0.3}),
        "batch_biased": case(BATCH | {"running_variance_estimator": "biased"}),
        "batch_cumulative": case(BATCH | {"running_statistics": "cumulative_average"}),
        "batch_no_scale_shift": case(BATCH | {"scale": False, "shift": False}),
        "batch_after_activation": case(BATCH | {"placement": "after_activation"}),
        "batch_logits": case(model={"normalize_logits": True}),
        "batch_uncentered": case(BATCH | {"subtract_mean": False, "running_variance_estimator": "biased"}),
        "ghost_batch": case({"kind": "ghost_batch", "size": 5}),
        "layer": case({"kind": "layer"}),
        "layer_after_activation": case({"kind": "layer", "placement": "after_activation"}),
        "group": case({"kind": "group", "groups": 2}, {"hidden": [16, 12]}),
        "rms": case({"kind": "rms"}),
        "dyt": case({"kind": "dyt"}),
        "dyt_after_activation": case({"kind": "dyt", "placement": "after_activation"}),
        "batch_renorm": case({"kind": "batch_renorm", "r_max": 1.5, "d_max": 0.5}),
        "batch_renorm_tight": case({"kind": "batch_renorm", "r_max": 1.1, "d_max": 0.1}),
        "weight_norm": case(None, {"weight_normalization": "weight_norm"}),
        "weight_standardization": case(None, {"weight_normalization": "weight_standardization"}),
    }
    cases |= {f"activation_{name}": case(model={"activation": name}) for name in ACTIVATIONS if name not in ("tanh", "selu")}
    # With a second normalized layer, the first one's beta would have no gradient but rounding errors.
    cases["activation_identity"]["model"]["hidden"] = [8]

    cross_entropy: Config = {"kind": "softmax_cross_entropy"}
    cases |= {
        "loss_label_smoothing": case(None, loss=cross_entropy | {"label_smoothing": 0.1}),
        "loss_l2": case(None, loss=cross_entropy | {"l2": 0.01}),
        "loss_sum": case(None, loss=cross_entropy | {"reduction": "sum"}, optimizer=sgd(0.005)),
        "loss_mean_squared_error": case(None, loss={"kind": "mean_squared_error"}),
        "loss_hinge": case(None, loss={"kind": "hinge"}),
        "loss_sigmoid_cross_entropy": case(loss={"kind": "sigmoid_cross_entropy"}),
        "loss_sigmoid_cross_entropy_sum": case(loss={"kind": "sigmoid_cross_entropy", "reduction": "sum"}, optimizer=sgd(0.005)),
        "loss_probabilities": case(loss=cross_entropy),
        "loss_probabilities_smoothed": case(loss=cross_entropy | {"label_smoothing": 0.1, "l2": 0.01}),
    }
    decay: Config = {"weight_decay": 0.01}
    optimizers: dict[str, Config] = {
        "momentum": sgd(momentum=0.9),
        "nesterov": sgd(momentum=0.9, nesterov=True),
        "rmsprop": RMSPROP,
        "rmsprop_momentum": RMSPROP | {"momentum": 0.9},
        "adam": ADAM | {"kind": "adam"},
        "adamw": ADAM | {"kind": "adamw"} | decay,
        "adagrad": {"kind": "adagrad", "learning_rate": 0.01, "learning_rate_decay": 0.05, "epsilon": 1e-10},
        "lion": {"kind": "lion", "learning_rate": 0.003, "beta1": 0.9, "beta2": 0.99} | decay,
        "weight_decay": sgd(weight_decay=0.01),
        "weight_decay_excluded": sgd(weight_decay=0.01, weight_decay_exclude=["bias", "gamma", "beta"]),
        "clip": sgd(clip_gradient_norm=0.5),
        "adam_weight_decay": ADAM | {"kind": "adam"} | decay,
        "multipliers_momentum": sgd(momentum=0.9, learning_rate_multipliers={"gamma": 0.1, "0/weight": 2, "bias": 0.5}),
        "multipliers_adam": ADAM | {"kind": "adam", "learning_rate_multipliers": {"weight": 0.5, "1/weight": 3}},
        "multipliers_adamw": ADAM | {"kind": "adamw", "learning_rate_multipliers": {"0/weight": 0.1, "beta": 2}} | {"weight_decay": 0.1},
        "lars": {"kind": "lars", "learning_rate": 0.5, "momentum": 0.9, "trust_coefficient": 0.05} | decay,
        "lamb": ADAM | {"kind": "lamb", "epsilon": 1e-6} | decay,
        "sam": sgd(momentum=0.9, sharpness_aware={"rho": 0.1}),
        "asam": ADAM | {"kind": "adamw", "sharpness_aware": {"rho": 0.5, "adaptive": True}} | decay,
        "muon": MUON,
        "muon_all": MUON | {"matrices": "all", "nesterov": False, "learning_rate_adjustment": "match_rms_adamw"},
        "projection_layer": sgd(momentum=0.9, weight_projection="layer"),
        "projection_unit": ADAM | {"kind": "adam", "weight_projection": "unit"},
    }
    cases |= {f"optimizer_{name}": case(optimizer=optimizer) for name, optimizer in optimizers.items()}

    warmup: Config = {"warmup_steps": 5}
    step: Config = {"kind": "step", "every": 15, "factor": 0.5}
    exponential: Config = {"kind": "exponential", "factor": 0.95}
    cosine: Config = {"kind": "cosine", "steps": 40, "minimum_learning_rate": 0.001}
    one_cycle = {"kind": "one_cycle", "steps": 50, "warmup_fraction": 0.3, "initial_divisor": 25, "final_divisor": 10000}
    cyclic: Config = {"kind": "cyclic", "maximum_learning_rate": 0.3, "rising_steps": 6}
    schedules: dict[str, Config] = {
        "constant_warmup": {"kind": "constant"} | warmup,
        "step": step,
        "step_warmup": step | warmup,
        "exponential": exponential,
        "exponential_warmup": exponential | warmup,
        "cosine": cosine,
        "cosine_warmup": cosine | warmup,
        "one_cycle": one_cycle,
        "cosine_restarts": {"kind": "cosine_restarts", "first_cycle_steps": 7, "cycle_factor": 2, "minimum_learning_rate": 0.001},
        "cosine_restarts_warmup": {"kind": "cosine_restarts", "first_cycle_steps": 11, "minimum_learning_rate": 0.0} | warmup,
        "cyclic": cyclic,
        "cyclic_halved_warmup": cyclic | {"mode": "triangular2"} | warmup,
        "cyclic_exponential": cyclic | {"falling_steps": 9, "mode": "exp_range", "factor": 0.95},
    }
    return cases | {f"schedule_{name}": case(schedule=schedule) for name, schedule in schedules.items()}


def make_architecture_cases() -> dict[str, Config]:
    pre: Config = {"every": 2, "factor": 1.0, "train_factor": False, "placement": "pre"}
    post, adam = pre | {"placement": "post"}, {"optimizer": ADAM | {"kind": "adam"}}
    wide: Config = {"hidden": [8, 6, 8, 6, 8]}
    short: Config = {"hidden": [8, 8, 8]}
    block: Config = {"hidden": [8, 6, 8]}
    eigen: Config = {"kind": "decorrelated_batch", "method": "eigen", "group_size": 4, "epsilon": 1e-3}
    newton = eigen | {"method": "newton", "iterations": 5}
    cases = {
        "selu": case(None, {"activation": "selu"}),
        "selu_batch": case(model={"activation": "selu"}),
        "mean_only": case(BATCH | {"divide_by_deviation": False}),
        "mean_only_weight_norm": case(BATCH | {"divide_by_deviation": False}, {"weight_normalization": "weight_norm"}),
        "mean_only_after_activation": case(BATCH | {"divide_by_deviation": False, "placement": "after_activation"}),
        "decorrelated": case(eigen),
        "decorrelated_after_activation": case(eigen | {"placement": "after_activation"}),
        "decorrelated_logits": case(eigen | {"group_size": 3}, {"normalize_logits": True}),
        "decorrelated_newton": case(newton),
        "decorrelated_newton_once": case(newton | {"iterations": 1, "group_size": 5, "momentum": 0.3}),
    }
    for name, residual in [("pre", pre), ("post", post)]:
        single = residual | {"every": 1, "factor": 0.5}
        trained = residual | {"train_factor": True}
        cases |= {
            f"residual_{name}": case(None, wide | {"residual": residual}),
            f"residual_{name}_batch": case(model=wide | {"residual": residual}),
            f"residual_{name}_batch_after_activation": case(
                BATCH | {"placement": "after_activation"}, wide | {"residual": residual}
            ),
            f"residual_{name}_layer": case({"kind": "layer"}, short | {"residual": single, "activation": "relu"}),
            f"residual_{name}_factor": case(None, block | {"residual": trained}),
            f"residual_{name}_batch_factor": case(model=block | {"residual": trained}, **adam),
            f"residual_{name}_decorrelated": case(eigen, block | {"residual": trained}),
        }
    return cases


# File


def make_data() -> Arrays:
    random = np.random.default_rng(1)

    def as_float32(values: np.ndarray) -> np.ndarray:
        return values.astype(np.float32).astype(np.float64)

    means, scales = random.normal(0, 0.5, FEATURES), random.uniform(0.5, 1.5, FEATURES)
    inputs = as_float32(means + scales * random.standard_normal((ROWS, FEATURES)))
    scores = (inputs - means) @ random.normal(0, 0.5, (FEATURES, CLASSES)) + random.normal(0, 0.5, (ROWS, CLASSES))
    labels, values = scores.argmax(1).astype(np.int64), as_float32(np.tanh(scores) + 0.5)
    # Multiples of 1/64, whose sums and differences both precisions have exactly.
    shares = random.multinomial(64, [0.5, 0.3, 0.2], ROWS) / 64
    shares[:: 10] = np.eye(CLASSES)[labels[:: 10]]
    memberships = np.where(random.random((ROWS, CLASSES)) < 0.5, scores > 0, random.integers(0, 65, (ROWS, CLASSES)) / 64)
    return {"inputs": inputs, "labels": labels, "values": values, "shares": shares, "memberships": memberships}


def distance(float32: np.ndarray, float64: np.ndarray) -> np.ndarray:
    largest = np.abs(float64).max()
    difference = np.abs(float32 - float64).max()
    return np.float64(difference / largest if largest > 0 else difference)


def write(group: h5py.Group, arrays: Arrays) -> None:
    for path, values in arrays.items():
        options = {"compression": "gzip", "shuffle": True} if values.nbytes > 1024 else {}
        group.create_dataset(path, data=values, track_times=False, **options)


def main() -> None:
    torch.set_num_threads(1)
    data = make_data()
    files = {"golden.h5": make_cases(), "architecture.h5": make_architecture_cases()}
    for name in sys.argv[1:] or files:
        write_file(name, files[name], data)


def write_file(name: str, cases: dict[str, Config], data: Arrays) -> None:
    # The format of HDF5 1.10, in which many small groups and datasets take half the room of the oldest one's.
    with h5py.File(Path(__file__).with_name(name), "w", libver=("v110", "v110")) as file:
        file.attrs["torch_version"] = str(torch.__version__)
        file.attrs["numpy_version"] = np.__version__
        write(file.create_group("data"), data)
        for name, config in cases.items():
            targets = targets_name(name, config)
            arrays, arrays32 = (train(config, data["inputs"], data[targets], dtype) for dtype in (torch.float64, torch.float32))
            arrays["losses_float32"] = arrays32["losses"]
            for path in [path for path in arrays if path.startswith("first/")]:
                arrays["float32" + path.removeprefix("first")] = distance(arrays32[path], arrays[path])
            group = file.create_group(f"cases/{name}")
            group.attrs["config"], group.attrs["targets"] = json.dumps(config), targets
            write(group, arrays)


if __name__ == "__main__":
    main()
