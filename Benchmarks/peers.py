"""One peer of workloads.py, which starts it: trains a workload with one library and says how long it took.

usage: peers.py NAME TASK      NAME is a key of PEERS, TASK the fields of Task as JSON

Answers {} on standard output once it is ready, and then, for every line with a number of steps on standard input, trains so many from the
initial weights and answers {"seconds": ..., "loss": the mean over the second half of the steps}.

X is N x D, W is D x H. All peers start from the same weights and see the same batches, so that losses agree but for rounding.
"""

import copy
import gzip
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

EPSILON, RUNNING_MOMENTUM = 1e-5, 0.1  # of batch normalization; running = 0.9 running + 0.1 batch
MOMENTUM, BETA1, BETA2, ADAM_EPSILON = 0.9, 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Task:
    data: str  # folder of IDX files, or HDF5 file
    widths: list[int]  # inputs, hidden units, classes
    activation: str  # sigmoid or relu
    normalized: bool
    batch_size: int
    optimizer: str  # sgd, momentum or adam
    learning_rate: float
    steps_per_call: int  # of jax-scan
    threads: int

    @property
    def hidden(self) -> range:
        return range(len(self.widths) - 2)

    def split(self, parameters: list[Any]) -> tuple[list[Any], list[Any], list[Any]]:
        """Weights, shifts (biases, or betas under batch normalization) and gammas."""
        count = len(self.widths) - 1
        return parameters[:count], parameters[count : 2 * count], parameters[2 * count :]


@dataclass(frozen=True)
class Peer:
    reset: Callable[[], None]  # goes back to the initial weights
    advance: Callable[[np.ndarray], Any]  # makes a step for each row of row numbers; the losses that it returns may still be on their way
    stride: int = 1  # how many steps that are


def read_training_data(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images, rows x pixels in [0, 1], and labels."""
    if path.is_dir():
        parts = []
        for name, header_size in (("train-images-idx3-ubyte", 16), ("train-labels-idx1-ubyte", 8)):
            plain = path / name
            content = plain.read_bytes() if plain.exists() else gzip.decompress((path / f"{name}.gz").read_bytes())
            parts.append(np.frombuffer(content, np.uint8, offset=header_size))
        images, labels = parts
    else:
        import h5py

        with h5py.File(path) as file:
            images, labels = file["train/images"][:], file["train/labels"][:]
    return images.reshape(len(labels), -1).astype(np.float32) / np.float32(255), labels.astype(np.int64)


def initial_state(task: Task) -> tuple[list[np.ndarray], list[np.ndarray], list[list[np.ndarray]], np.ndarray]:
    """Parameters (weights as He et al., shifts, gammas), running means and variances, the optimizer's averages, updates made."""
    generator = np.random.default_rng(1)
    shapes, units = list(zip(task.widths, task.widths[1:])), task.widths[1:-1] if task.normalized else []
    parameters = [(generator.standard_normal(shape) * (2 / shape[0]) ** 0.5).astype(np.float32) for shape in shapes]
    parameters += [np.zeros(outputs, np.float32) for _, outputs in shapes] + [np.ones(count, np.float32) for count in units]
    running = [np.zeros(count, np.float32) for count in units] + [np.ones(count, np.float32) for count in units]
    average_count = {"sgd": 0, "momentum": 1, "adam": 2}[task.optimizer]
    return parameters, running, [[np.zeros_like(p) for p in parameters] for _ in range(average_count)], np.zeros((), np.float32)


def batches(row_count: int, batch_size: int, stride: int) -> Iterator[np.ndarray]:
    """Row numbers, stride x batch_size, shuffled without replacement; what does not fill the last of an epoch is left out."""
    generator = np.random.default_rng(2)
    while True:
        rows = generator.permutation(row_count)[: row_count // batch_size * batch_size].reshape(-1, batch_size)
        for start in range(0, len(rows) - stride + 1, stride):
            yield rows[start : start + stride]


def numpy_peer(task: Task, images: np.ndarray, labels: np.ndarray) -> Peer:
    """Layer by layer with closed-form gradients, in place where that saves memory traffic."""
    count, share, rate = task.batch_size, 1 / task.batch_size, task.learning_rate
    each, is_relu = np.arange(count), task.activation == "relu"
    state: list[Any] = []

    def reset() -> None:
        state[:] = initial_state(task)

    def advance(rows: np.ndarray) -> np.floating:
        weights, shifts, gammas = task.split(state[0])
        a, y = images.take(rows[0], 0), labels[rows[0]]
        saved: list[Any] = []
        for layer in task.hidden:
            x, normalized, factor = a, None, None
            h = x @ weights[layer]
            if task.normalized:
                mean = h.sum(0) * share
                h -= mean
                variance = np.square(h).sum(0) * share
                factor = 1 / np.sqrt(variance + EPSILON)
                h *= factor
                for running, batch in zip(state[1][layer :: len(task.hidden)], (mean, variance * (count / (count - 1)))):
                    running += RUNNING_MOMENTUM * (batch - running)
                normalized, h = h, h * gammas[layer]
            h += shifts[layer]
            if is_relu:
                a = np.maximum(h, 0, out=h)
            else:
                np.exp(np.negative(h, out=h), out=h)
                h += 1
                a = np.reciprocal(h, out=h)
            saved.append((x, normalized, factor, a))
        logits = a @ weights[-1] + shifts[-1]
        logits -= logits.max(1, keepdims=True)
        exponentials = np.exp(logits)
        sums = exponentials.sum(1, keepdims=True)
        loss = (np.log(sums[:, 0]) - logits[each, y]).mean()
        g = exponentials / sums
        g[each, y] -= 1
        g *= share
        weight_gradients, shift_gradients = [a.T @ g], [g.sum(0)]
        gamma_gradients: list[np.ndarray] = []
        for layer in reversed(task.hidden):
            x, normalized, factor, a = saved[layer]
            g = g @ weights[layer + 1].T
            g *= a > 0 if is_relu else a * (1 - a)
            shift_gradients.insert(0, g.sum(0))
            if task.normalized:  # gamma / sigma (g - mean(g) - normalized mean(g normalized))
                gamma_gradients.insert(0, (g * normalized).sum(0))
                g -= shift_gradients[0] * share
                normalized *= gamma_gradients[0] * share
                g -= normalized
                g *= gammas[layer] * factor
            weight_gradients.insert(0, x.T @ g)
        update(weight_gradients + shift_gradients + gamma_gradients)
        return loss

    def update(gradients: list[np.ndarray]) -> None:
        parameters, _, averages, t = state
        t += 1
        first_correction, second_correction = rate / (1 - BETA1**t), 1 / np.sqrt(1 - BETA2**t)
        for p, g, *average in zip(parameters, gradients, *averages):
            if task.optimizer == "adam":
                m, v = average
                m += (1 - BETA1) * (g - m)
                v += (1 - BETA2) * (np.square(g) - v)
                root = np.sqrt(v)
                root *= second_correction
                root += ADAM_EPSILON
                p -= first_correction * np.divide(m, root, out=root)
            elif task.optimizer == "momentum":
                average[0] *= MOMENTUM
                average[0] += g
                p -= rate * average[0]
            else:
                g *= rate
                p -= g

    return Peer(reset, advance)


def torch_eager(task: Task, images: np.ndarray, labels: np.ndarray) -> Peer:
    """torch.nn with the fused optimizer, as most people write it but for index_select, which is faster than indexing."""
    import torch

    torch.set_num_threads(task.threads)
    x, y = torch.from_numpy(images), torch.from_numpy(labels)
    weights = [torch.from_numpy(weight.T) for weight in task.split(initial_state(task)[0])[0]]
    layers: list[torch.nn.Module] = []
    for layer, (inputs, outputs) in enumerate(zip(task.widths, task.widths[1:])):
        is_hidden = layer in task.hidden
        layers += [torch.nn.Linear(inputs, outputs, bias=not (is_hidden and task.normalized))]
        layers += [torch.nn.BatchNorm1d(outputs)] if is_hidden and task.normalized else []
        layers += [torch.nn.ReLU() if task.activation == "relu" else torch.nn.Sigmoid()] if is_hidden else []
    network = torch.nn.Sequential(*layers)
    for linear, weight in zip((module for module in network if isinstance(module, torch.nn.Linear)), weights):
        linear.weight.data.copy_(weight)
        if linear.bias is not None:
            linear.bias.data.zero_()
    first = copy.deepcopy(network.state_dict())
    if task.optimizer == "adam":
        optimizer: torch.optim.Optimizer = torch.optim.Adam(network.parameters(), lr=task.learning_rate, fused=True)
    else:
        momentum = MOMENTUM if task.optimizer == "momentum" else 0
        optimizer = torch.optim.SGD(network.parameters(), lr=task.learning_rate, momentum=momentum, fused=True)

    def reset() -> None:
        network.load_state_dict(first)
        for averages in optimizer.state.values():
            for value in filter(torch.is_tensor, averages.values()):
                value.zero_()

    def advance(rows: np.ndarray) -> torch.Tensor:
        batch = torch.from_numpy(rows[0])
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(network(x.index_select(0, batch)), y[batch])
        loss.backward()
        optimizer.step()
        return loss.detach()

    return Peer(reset, advance)


def functional_step(task: Task, sqrt: Any, activation: Any, cross_entropy: Any, value_and_gradient: Any) -> Callable[..., Any]:
    """(state, images, labels, rows) -> (new state, loss), for a compiler to fuse; state as `initial_state` has it."""

    def loss_and_moments(parameters: list[Any], x: Any, y: Any) -> tuple[Any, list[Any]]:
        weights, shifts, gammas = task.split(parameters)
        means, variances = [], []
        for layer in task.hidden:
            x = x @ weights[layer]
            if task.normalized:
                means.append(x.mean(0))
                x = x - means[-1]
                variance = (x * x).mean(0)
                variances.append(variance * (task.batch_size / (task.batch_size - 1)))
                x = x * (gammas[layer] / sqrt(variance + EPSILON))
            x = activation(x + shifts[layer])
        return cross_entropy(x @ weights[-1] + shifts[-1], y), means + variances

    def step(state: Any, images: Any, labels: Any, rows: Any) -> tuple[Any, Any]:
        parameters, running, averages, t = state
        (loss, moments), gradients = value_and_gradient(loss_and_moments)(parameters, images[rows], labels[rows])
        running = [r + RUNNING_MOMENTUM * (batch - r) for r, batch in zip(running, moments)]
        t, rate = t + 1, task.learning_rate
        if task.optimizer == "adam":
            first = [m + (1 - BETA1) * (g - m) for m, g in zip(averages[0], gradients)]
            second = [v + (1 - BETA2) * (g * g - v) for v, g in zip(averages[1], gradients)]
            averages, rate, correction = [first, second], rate / (1 - BETA1**t), 1 / (1 - BETA2**t)
            updates = [m / (sqrt(v * correction) + ADAM_EPSILON) for m, v in zip(first, second)]
        elif task.optimizer == "momentum":
            updates = [MOMENTUM * m + g for m, g in zip(averages[0], gradients)]
            averages = [updates]
        else:
            updates = gradients
        return ([p - rate * u for p, u in zip(parameters, updates)], running, averages, t), loss

    return step


def torch_compiled(task: Task, images: np.ndarray, labels: np.ndarray) -> Peer:
    """Gather, forward, backward and update as one graph of inductor, which changes the state in place."""
    import torch
    from torch.utils import _pytree as tree

    def value_and_gradient(function: Any) -> Any:
        return lambda *arguments: torch.func.grad_and_value(function, has_aux=True)(*arguments)[::-1]

    def step(state: Any, *data: torch.Tensor) -> torch.Tensor:
        new_state, loss = pure_step(state, *data)
        for old, new in zip(tree.tree_leaves(state), tree.tree_leaves(new_state)):
            old.copy_(new)
        return loss

    torch.set_num_threads(task.threads)
    x, y = torch.from_numpy(images), torch.from_numpy(labels)
    activation = torch.relu if task.activation == "relu" else torch.sigmoid
    pure_step = functional_step(task, torch.sqrt, activation, torch.nn.functional.cross_entropy, value_and_gradient)
    compiled = torch.compile(step, dynamic=False, fullgraph=True, options={"cpp_wrapper": True})
    state = tree.tree_map(torch.from_numpy, initial_state(task))

    def reset() -> None:
        for value, first in zip(tree.tree_leaves(state), tree.tree_leaves(initial_state(task))):
            value.copy_(torch.from_numpy(first))

    @torch.no_grad()
    def advance(rows: np.ndarray) -> torch.Tensor:
        return compiled(state, x, y, torch.from_numpy(rows[0]))

    return Peer(reset, advance)


def jax_peer(task: Task, images: np.ndarray, labels: np.ndarray, stride: int = 1) -> Peer:
    """A jitted step, or a jitted scan over `stride` steps, which takes over the buffers of the state that it replaces."""
    import jax
    import jax.numpy as jnp

    def cross_entropy(logits: jax.Array, y: jax.Array) -> jax.Array:
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()

    def scan(state: Any, x: jax.Array, y: jax.Array, rows: jax.Array) -> tuple[Any, jax.Array]:
        return jax.lax.scan(lambda state, batch: step(state, x, y, batch), state, rows)

    activation = jax.nn.relu if task.activation == "relu" else jax.nn.sigmoid
    step = functional_step(task, jnp.sqrt, activation, cross_entropy, lambda function: jax.value_and_grad(function, has_aux=True))
    compiled = jax.jit(step if stride == 1 else scan, donate_argnums=0)
    x, y = jnp.asarray(images), jnp.asarray(labels.astype(np.int32))
    state: list[Any] = [None]

    def reset() -> None:
        state[0] = jax.block_until_ready(jax.tree.map(jnp.array, initial_state(task)))

    def advance(rows: np.ndarray) -> jax.Array:
        batch = rows.astype(np.int32)
        state[0], losses = compiled(state[0], x, y, batch[0] if stride == 1 else batch)
        return losses

    return Peer(reset, advance, stride)


def jax_scan(task: Task, images: np.ndarray, labels: np.ndarray) -> Peer:
    return jax_peer(task, images, labels, task.steps_per_call)


PEERS = {"numpy": numpy_peer, "torch-eager": torch_eager, "torch-compiled": torch_compiled, "jax-step": jax_peer, "jax-scan": jax_scan}


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    task = Task(**json.loads(sys.argv[2]))
    images, labels = read_training_data(Path(task.data))
    peer = PEERS[sys.argv[1]](task, images, labels)

    def train(steps: int) -> dict[str, float]:
        peer.reset()
        source = batches(len(labels), task.batch_size, peer.stride)
        start = time.perf_counter()
        losses = [peer.advance(next(source)) for _ in range(steps // peer.stride)]
        np.asarray(losses[-1])  # waits for the last step
        seconds = time.perf_counter() - start
        values = np.concatenate([np.ravel(loss) for loss in losses])
        return {"seconds": seconds, "loss": float(values[len(values) // 2 :].mean())}

    train(peer.stride)  # compiles
    print("{}", file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(train(int(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
