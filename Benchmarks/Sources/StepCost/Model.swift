import Timing

/// What one training step of a multilayer perceptron must cost: for each layer the time of its floating-point
/// operations or of its memory traffic, whichever is longer, and an overhead.
///
/// N batch rows, D inputs, H units. Hidden layers have batch normalization and ReLU, the output layer a bias and
/// softmax cross-entropy; all are updated by plain gradient descent. Traffic counts every pass over a matrix that the
/// computation makes. What a pass writes without having read it counts twice, because a cache fetches the line first.
/// Copies that products make of their operands do not count.
struct StepModel {
    var limits: MachineLimits
    var overheadSeconds: Double

    struct Cost {
        var operationSeconds = 0.0
        var trafficSeconds = 0.0
        var overheadSeconds = 0.0
        /// The sum over layers of the longer of the two, and of the overhead.
        var seconds = 0.0
    }

    func cost(_ shape: NetworkShape) -> Cost {
        var cost = Cost()
        for (index, (inputs, outputs)) in shape.layers.enumerated() {
            let operations = Double(operationCount(shape.batch, inputs, outputs, isFirst: index == 0)) / limits.peak
            let (moved, held) = trafficBytes(
                shape.batch, inputs, outputs, isFirst: index == 0, isOutput: index == shape.layers.count - 1)
            let traffic = Double(moved) / limits.level(of: held).bandwidth
            cost.operationSeconds += operations
            cost.trafficSeconds += traffic
            cost.overheadSeconds += overheadSeconds
            cost.seconds += max(operations, traffic) + overheadSeconds
        }
        return cost
    }

    /// 2 N D H for each of the products X W, X^T G and, but for the first layer, G W^T.
    private func operationCount(_ n: Int, _ d: Int, _ h: Int, isFirst: Bool) -> Int {
        (isFirst ? 2 : 3) * 2 * n * d * h
    }

    /// Bytes that a step moves for one layer, and bytes of the matrices that they belong to.
    private func trafficBytes(_ n: Int, _ d: Int, _ h: Int, isFirst: Bool, isOutput: Bool) -> (moved: Int, held: Int) {
        // X W reads both; the update reads and writes W; G W^T reads W.
        let weight = (isFirst ? 3 : 4) * d * h
        // X W and X^T G read X; G W^T writes dL/dX.
        let input = (isFirst ? 2 : 4) * n * d
        // X W writes h; X^T G and G W^T read dL/dh.
        let products = (isFirst ? 3 : 4) * n * h
        // Batch normalization: moments read h twice, then h is read and the normalized values and y are written;
        // backward, the sums read dL/dy and the normalized values, then both are read and dL/dh is written in place.
        // ReLU: y is read, a written; backward, dL/da and a are read, dL/dy is written in place. Output: the bias is
        // added in place, the loss reads the logits and writes dL/dlogits, a sum reads that.
        let passes = (isOutput ? 2 + 3 + 1 : 7 + 5 + 3 + 3) * n * h
        // h, normalized values, y, a and a gradient; logits and theirs.
        let held = d * h + (isFirst ? 1 : 2) * n * d + (isOutput ? 2 : 5) * n * h
        return (4 * (weight + input + products + passes), 4 * held)
    }
}

/// `depth` hidden layers of `width` units between 784 inputs and 10 outputs, trained on batches of `batch` rows.
struct NetworkShape {
    var width: Int
    var depth: Int
    var batch: Int

    /// Inputs and outputs of each layer.
    var layers: [(inputs: Int, outputs: Int)] {
        let sizes = [784] + Array(repeating: width, count: depth) + [10]
        return zip(sizes, sizes.dropFirst()).map { (inputs: $0, outputs: $1) }
    }
}
