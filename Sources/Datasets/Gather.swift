import Matrices

// n rows of the batch, D features: inputs are N x D, `target` is n x D.

extension Examples {
    /// Overwrites `target` with the scaled inputs of the given rows, in their order, and makes it use that many rows.
    ///
    /// It does not allocate. `target` needs D columns and a capacity of at least n rows.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func gather<S: Scalar>(rows: ArraySlice<Int32>, scaling: Scaling, into target: Matrix<S>) {
        precondition(target.columns == featureCount, "\(target.columns) columns for \(featureCount) features")
        target.useRows(rows.count)
        switch storage {
        case .uint8(let values): gatherRows(of: values, rows, scaling.transform, into: target)
        case .float32(let values): gatherRows(of: values, rows, scaling.transform, into: target)
        case .float64(let values): gatherRows(of: values, rows, scaling.transform, into: target)
        }
    }
}

extension Labels {
    /// Overwrites the first n elements of `target` with the classes of the given rows. It does not allocate.
    package func gather(rows: ArraySlice<Int32>, into target: UnsafeMutableBufferPointer<Int32>) {
        precondition(target.count >= rows.count, "room for \(target.count) of \(rows.count) labels")
        for (i, row) in rows.enumerated() { target[i] = classes[Int(row)] }
    }
}

@inline(__always)
private func gatherRows<Element: HDF5Element, S: Scalar>(
    of values: [Element], _ rows: ArraySlice<Int32>, _ transform: Scaling.Transform, into target: Matrix<S>
) {
    switch transform {
    case .uniform(let factor):
        mapRows(of: values, rows, into: target) { x, _ in S(x * factor) }
    case .threshold(let threshold):
        mapRows(of: values, rows, into: target) { x, _ in x > threshold ? 1 : 0 }
    case .perFeature(let offsets, let factors):
        offsets.withUnsafeBufferPointer { offsets in
            factors.withUnsafeBufferPointer { factors in
                mapRows(of: values, rows, into: target) { x, j in S((x - offsets[j]) * factors[j]) }
            }
        }
    }
}

@inline(__always)
private func mapRows<Element: HDF5Element, S: Scalar>(
    of values: [Element], _ rows: ArraySlice<Int32>, into target: Matrix<S>, _ map: (Double, Int) -> S
) {
    let width = target.columns
    values.withUnsafeBufferPointer { values in
        for (i, row) in rows.enumerated() {
            let source = UnsafeBufferPointer(rebasing: values[Int(row) * width..<(Int(row) + 1) * width])  // traps out of range
            let result = target.row(i)
            for j in 0..<width { result[j] = map(source[j].asDouble, j) }
        }
    }
}
