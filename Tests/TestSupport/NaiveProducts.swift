import NeuralNetwork

/// C = op(A) op(B) by the definition, summed in Double: what the fast products are compared with.
package func naiveProduct<S: Scalar>(
    _ a: Matrix<S>, transposed transposeA: Bool = false, times b: Matrix<S>, rightTransposed transposeB: Bool = false
) -> Matrix<S> {
    let rows = transposeA ? a.columns : a.rows, inner = transposeA ? a.rows : a.columns
    let columns = transposeB ? b.rows : b.columns
    let c = Matrix<S>(rows: rows, columns: columns)
    for i in 0..<rows {
        for j in 0..<columns {
            var sum = 0.0
            for k in 0..<inner {
                sum += Double(transposeA ? a[k, i] : a[i, k]) * Double(transposeB ? b[j, k] : b[k, j])
            }
            c[i, j] = S(sum)
        }
    }
    return c
}
