import NeuralNetwork

// n rows of the batch, D features: inputs are N x D, `target` is n x D.

extension Examples {
    /// Overwrites the rows of `target` from `first` on with the scaled inputs of the given rows, in their order, and
    /// makes it use no more rows.
    ///
    /// It does not allocate. Values must be in memory; `target` needs D columns and a capacity of at least `first` + n
    /// rows.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func gather<S: Scalar>(
        rows: ArraySlice<UInt32>, scaling: Scaling, into target: Matrix<S>, from first: Int = 0
    ) {
        precondition(target.columns == featureCount, "\(target.columns) columns for \(featureCount) features")
        target.useRows(first + rows.count)
        guard case .memory(let storage) = content else { preconditionFailure("\(place) is streamed") }
        storage.withUnsafeBytes { bytes in
            func gather<Element: StoredNumber>(_: Element.Type) {
                gatherRows(of: bytes.bindMemory(to: Element.self), rows, scaling.transform, into: target, from: first)
            }
            switch storage.format {
            case .uint8:
                if scaling.isUniform {
                    gatherBytes(bytes.bindMemory(to: UInt8.self), rows, scaling, into: target, from: first)
                } else {
                    gather(UInt8.self)
                }
            case .int8: gather(Int8.self)
            case .uint16: gather(UInt16.self)
            case .int16: gather(Int16.self)
            case .uint32: gather(UInt32.self)
            case .int32: gather(Int32.self)
            case .float16: gather(HalfFloat.self)
            case .bfloat16: gather(BrainFloat.self)
            case .float32: gather(Float.self)
            case .float64: gather(Double.self)
            }
        }
    }
}

extension Labels {
    /// Overwrites the first n elements of `target` with the classes of the given rows, and does not allocate.
    package func gather(rows: ArraySlice<UInt32>, into target: UnsafeMutableBufferPointer<Int32>) {
        precondition(target.count >= rows.count, "room for \(target.count) of \(rows.count) labels")
        for (i, row) in rows.enumerated() { target[i] = classes[Int(row)] }
    }
}

/// Overwrites `target` with scaled rows, with a loop of its own for each kind of scaling.
@inline(__always)
private func gatherRows<Element: StoredNumber, S: Scalar>(
    of values: UnsafeBufferPointer<Element>, _ rows: ArraySlice<UInt32>, _ transform: Scaling.Transform,
    into target: Matrix<S>,
    from first: Int
) {
    switch transform {
    case .uniform(let factor):
        mapRows(of: values, rows, into: target, from: first) { x, _ in S(x * factor) }
    case .threshold(let threshold):
        mapRows(of: values, rows, into: target, from: first) { x, _ in x > threshold ? 1 : 0 }
    case .perFeature(let offsets, let factors):
        offsets.withUnsafeBufferPointer { offsets in
            factors.withUnsafeBufferPointer { factors in
                mapRows(of: values, rows, into: target, from: first) { x, j in S((x - offsets[j]) * factors[j]) }
            }
        }
    }
}

/// Overwrites `target` with scaled bytes, where the scaling is the same in every feature: the results of the 256 bytes
/// are computed once and looked up.
@inline(__always)
private func gatherBytes<S: Scalar>(
    _ values: UnsafeBufferPointer<UInt8>, _ rows: ArraySlice<UInt32>, _ scaling: Scaling, into target: Matrix<S>,
    from first: Int
) {
    withUnsafeTemporaryAllocation(of: S.self, capacity: 256) { table in
        for byte in 0..<256 { table.initializeElement(at: byte, to: S(scaling.value(Double(byte)))) }
        forEachRow(of: values, rows, into: target, from: first) { source, result in
            for j in 0..<target.columns { result[j] = table[Int(source[j])] }
        }
    }
}

/// Overwrites `target` with what `map` makes of each value and its column.
@inline(__always)
private func mapRows<Element: StoredNumber, S: Scalar>(
    of values: UnsafeBufferPointer<Element>, _ rows: ArraySlice<UInt32>, into target: Matrix<S>, from first: Int,
    _ map: (Double, Int) -> S
) {
    forEachRow(of: values, rows, into: target, from: first) { source, result in
        for j in 0..<target.columns { result[j] = map(source[j].asDouble, j) }
    }
}

/// Calls `body` with each row of the data and the row of the target that it goes to.
@inline(__always)
private func forEachRow<Element: StoredNumber, S: Scalar>(
    of values: UnsafeBufferPointer<Element>, _ rows: ArraySlice<UInt32>, into target: Matrix<S>, from first: Int,
    _ body: (UnsafePointer<Element>, UnsafeMutablePointer<S>) -> Void
) {
    let width = target.columns
    guard let base = values.baseAddress else { return }
    func row(_ i: Int) -> UnsafePointer<Element> {
        let row = Int(rows[rows.startIndex + i])
        precondition(row >= 0 && (row + 1) * width <= values.count, "there is no row \(row)")
        return base + row * width
    }
    for i in 0..<rows.count {
        // Rows lie anywhere in memory: the one after the next is asked for early.
        if i + 2 < rows.count { prefetch(row(i + 2), byteCount: width * MemoryLayout<Element>.stride) }
        body(row(i), target.base + (first + i) * width)
    }
}
