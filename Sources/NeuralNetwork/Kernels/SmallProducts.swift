// Products of square matrices of a few dozen rows, n x n in float64, on the thread that asks: no packing, no scratch.

/// Overwrites c = a b.
func multiply(_ a: Matrix<Double>, _ b: Matrix<Double>, into c: Matrix<Double>) {
    c.elements.update(repeating: 0)
    let n = c.columns
    for i in 0..<a.rows {
        let target = c.base + i * n
        for k in 0..<b.rows {
            let factor = a.base[i * a.columns + k], row = b.base + k * n
            for j in 0..<n { target[j] += factor * row[j] }
        }
    }
}

/// Overwrites c = a^T b.
func multiplyTransposedLeft(_ a: Matrix<Double>, _ b: Matrix<Double>, into c: Matrix<Double>) {
    c.elements.update(repeating: 0)
    let n = c.columns
    for k in 0..<a.rows {
        let row = b.base + k * n
        for i in 0..<a.columns {
            let factor = a.base[k * a.columns + i], target = c.base + i * n
            for j in 0..<n { target[j] += factor * row[j] }
        }
    }
}

/// Overwrites c = a b^T.
func multiplyTransposedRight(_ a: Matrix<Double>, _ b: Matrix<Double>, into c: Matrix<Double>) {
    let length = a.columns
    for i in 0..<a.rows {
        let x = a.base + i * length
        for j in 0..<b.rows {
            let y = b.base + j * length
            c.base[i * c.columns + j] = sum(count: length) { x[$0] * y[$0] }
        }
    }
}

/// Overwrites a with (a + a^T) / 2.
func symmetrize(_ a: Matrix<Double>) {
    let n = a.columns
    for i in 0..<n {
        for j in 0..<i {
            let mean = (a.base[i * n + j] + a.base[j * n + i]) / 2
            a.base[i * n + j] = mean
            a.base[j * n + i] = mean
        }
    }
}
