/// Overwrites every element of `target` with the function of its counterpart in `source`.
@inline(__always)
func mapElements<S: Scalar>(_ source: MatrixBlock<S>, _ target: MatrixBlock<S>, _ function: (S) -> S) {
    target.forEachRun { offset, count in
        let x = source.base + offset, y = target.base + offset
        for index in 0..<count { y[index] = function(x[index]) }
    }
}

/// Overwrites every element of `target` with the function of itself and of its counterpart in `other`.
@inline(__always)
func updateElements<S: Scalar>(_ target: MatrixBlock<S>, _ other: MatrixBlock<S>, _ function: (S, S) -> S) {
    target.forEachRun { offset, count in
        let x = target.base + offset, y = other.base + offset
        for index in 0..<count { x[index] = function(x[index], y[index]) }
    }
}
