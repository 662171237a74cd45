import NeuralNetwork

extension Examples {
    /// The root mean square of values after scaling, of up to 1,000 of the given rows, evenly spread.
    package func typicalSize(rows: [Int32], scaling: Scaling) -> Double? {
        guard !rows.isEmpty else { return nil }
        let sample = stride(from: 0, to: rows.count, by: max(1, rows.count / 1000)).map { Int(rows[$0]) }
        func sum<Element: HDF5Element>(_ values: Values<Element>) -> Double {
            sample.reduce(0) { sum, row in
                (0..<featureCount).reduce(sum) {
                    let value = scaling.value(values[row * featureCount + $1].asDouble, feature: $1)
                    return $0 + value * value
                }
            }
        }
        let total =
            switch storage {
            case .uint8(let values): sum(values)
            case .float32(let values): sum(values)
            case .float64(let values): sum(values)
            }
        return (total / Double(sample.count * featureCount)).squareRoot()
    }

    /// Measures the share of values that are not 0 after scaling, on up to 1,000 of the given rows, evenly spread; nil
    /// where scaling moves zeros, so that they cannot be skipped.
    package func density(rows: [Int32], scaling: Scaling) -> Double? {
        guard scaling.keepsZeros, !rows.isEmpty else { return nil }
        let step = max(1, rows.count / 1000)
        let sample = stride(from: 0, to: rows.count, by: step).map { Int(rows[$0]) }
        let count: Int =
            switch storage {
            case .uint8(let values): countNonzero(values, sample, scaling)
            case .float32(let values): countNonzero(values, sample, scaling)
            case .float64(let values): countNonzero(values, sample, scaling)
            }
        return Double(count) / Double(sample.count * featureCount)
    }

    /// Returns all rows, scaled as by `gather`, without their zeros; `scaling` must keep zeros.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func withoutZeros<S: Scalar>(scaling: Scaling) -> SparseRows<S> {
        precondition(scaling.keepsZeros)
        switch storage {
        case .uint8(let values): return sparseRows(values, scaling)
        case .float32(let values): return sparseRows(values, scaling)
        case .float64(let values): return sparseRows(values, scaling)
        }
    }

    private func countNonzero<Element: HDF5Element>(_ values: Values<Element>, _ rows: [Int], _ scaling: Scaling) -> Int
    {
        rows.reduce(0) { count, row in
            (row * featureCount..<(row + 1) * featureCount).reduce(count) {
                $0 + (scaling.value(values[$1].asDouble) == 0 ? 0 : 1)
            }
        }
    }

    @inline(__always)
    private func sparseRows<Element: HDF5Element, S: Scalar>(_ values: Values<Element>, _ scaling: Scaling)
        -> SparseRows<S>
    {
        let width = featureCount
        return values.withUnsafeBufferPointer { values in
            // What scaling makes 0 is 0 before, or below a threshold: counting zeros of the raw values gives room
            // enough.
            let entryCount = values.reduce(0) { $0 + ($1.asDouble == 0 ? 0 : 1) }
            return SparseRows(rows: rowCount, columns: width, entryCount: entryCount) { row, target in
                var next = 0
                for column in 0..<width {
                    let x = values[row * width + column].asDouble
                    guard x != 0 else { continue }
                    let value = S(scaling.value(x))
                    guard value != 0 else { continue }
                    target[next] = SparseEntry(index: Int32(truncatingIfNeeded: column), value: value)
                    next += 1
                }
                return next
            }
        }
    }
}
