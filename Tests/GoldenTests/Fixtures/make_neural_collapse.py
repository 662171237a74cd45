#!/usr/bin/env python3
"""Makes neural_collapse.h5 beside this script: the numbers of neural collapse as numpy computes them by their definitions.

Made with numpy 2.4.6 and h5py 3.16.0; the root names numpy's version. Every case has the rows' features (N x H), logits and
labels, the classifier's weight (H x K), and one number for each of NAMES. The definitions are those of Papyan, Han & Donoho
2020; the global mean is the mean of class means, and Sigma_W the mean over rows. Classes without rows are left out.
"""

from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

NAMES = (
    "within_class_variability",
    "mean_norm_variation",
    "mean_cosine_deviation",
    "mean_angle_gap",
    "weight_norm_variation",
    "weight_cosine_deviation",
    "weight_angle_gap",
    "self_duality",
    "center_disagreement",
)

Array = NDArray[np.float64]


def frame(vectors: Array) -> tuple[float, float, float]:
    """Of the columns: variation of the norms, deviation of the cosines, mean distance of these from -1 / (C - 1)."""
    norms = np.linalg.norm(vectors, axis=0)
    count = len(norms)
    cosines = (vectors.T @ vectors / np.outer(norms, norms))[~np.eye(count, dtype=bool)]
    return norms.std() / norms.mean(), cosines.std(), np.abs(cosines + 1 / (count - 1)).mean()


def measure(features: Array, logits: Array, labels: NDArray[np.uint8], weight: Array) -> list[float]:
    classes = np.unique(labels)
    class_means = np.stack([features[labels == c].mean(0) for c in classes])
    means = (class_means - class_means.mean(0)).T
    deviations = features - class_means[np.searchsorted(classes, labels)]
    within = deviations.T @ deviations / len(features)
    between = means @ means.T / len(classes)
    weights = weight[:, classes]
    distances = np.linalg.norm(features[:, None] - class_means[None], axis=2)
    return [
        np.trace(within @ np.linalg.pinv(between, rcond=1e-12, hermitian=True)) / len(classes),
        *frame(means),
        *frame(weights),
        np.linalg.norm(weights / np.linalg.norm(weights) - means / np.linalg.norm(means)) ** 2,
        (logits.argmax(1) != classes[distances.argmin(1)]).mean(),
    ]


def main() -> None:
    random = np.random.default_rng(20)
    with h5py.File(Path(__file__).with_name("neural_collapse.h5"), "w") as file:
        file.attrs["numpy_version"] = np.__version__
        # Name, rows, features, classes, outputs, and how far rows lie from their class's mean.
        for name, rows, width, classes, outputs, spread in [
            ("usual", 120, 9, 4, 4, 0.5),
            ("collapsed", 60, 12, 5, 5, 1e-6),
            ("two_classes", 30, 6, 2, 2, 1.0),
            ("narrow", 100, 2, 5, 5, 0.3),
            ("missing_class", 80, 7, 4, 6, 0.7),
        ]:
            labels = random.integers(0, classes, rows).astype(np.uint8)
            if name == "missing_class":
                labels[labels == 1] = 5
            centers = random.normal(size=(outputs, width))
            features = centers[labels] + spread * random.normal(size=(rows, width)) + 3
            weight = centers.T + 0.3 * random.normal(size=(width, outputs))
            logits = features @ weight
            for array, value in [("features", features), ("logits", logits), ("labels", labels), ("weight", weight)]:
                file[f"{name}/{array}"] = value
            for number, value in zip(NAMES, measure(features, logits, labels, weight), strict=True):
                file[f"{name}/{number}"] = np.array([value])


if __name__ == "__main__":
    main()
