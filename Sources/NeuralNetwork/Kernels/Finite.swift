/// Returns whether no value of a matrix is infinite or not-a-number.
///
/// A finite number times 0 is 0; any other is not-a-number, which stays in the sum.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func isFinite<S: Scalar>(_ matrix: Matrix<S>) -> Bool {
    let values = matrix.base, count = matrix.count
    var lanes = S.Lanes.zero, rest = S.zero, i = 0
    while i + S.laneCount <= count {
        lanes += S.load(values + i) * S.zero
        i += S.laneCount
    }
    while i < count {
        rest += values[i] * 0
        i += 1
    }
    return lanes.sum() + rest == 0
}
