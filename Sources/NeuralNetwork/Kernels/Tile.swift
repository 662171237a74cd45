// The innermost kernel of every dense product: a tile of 4 rows whose sums stay in registers while the depth goes by.
//
// A tile is 3 vectors wide, or 2 where 3 do not fit: with 12 sums, 3 vectors of B and one value of A they fill the 16
// registers of AVX2, and each step does 12 fused multiply-adds for 7 loads. Each element is one chain of multiply-adds
// in the order of the depth, so that neither blocks nor threads nor the vector width change a bit. Source of the
// scheme: Goto & van de Geijn 2008, "Anatomy of high-performance matrix multiplication"; Van Zee & van de Geijn 2015,
// "BLIS", for the loops around it.

let tileRows = 4

/// The values of A as a tile reads them: element (row, k) is `base[row * rowStride + k * depthStride]`.
struct LeftOperand<S: Scalar> {
    var base: UnsafePointer<S>
    var rowStride: Int
    var depthStride: Int
}

/// Computes C = A B, or C += A B with `accumulates`, for a tile of 4 rows and 3 vectors.
///
/// `b` holds the 3 vectors of each k one after another.
@inline(__always)
func wideTile<S: Scalar>(
    depth: Int, _ a: LeftOperand<S>, _ b: UnsafePointer<S>, _ c: UnsafeMutablePointer<S>, stride: Int, accumulates: Bool
) {
    let lanes = S.laneCount
    let c0 = c, c1 = c + stride, c2 = c + 2 * stride, c3 = c + 3 * stride
    var c00 = S.Lanes(), c01 = S.Lanes(), c02 = S.Lanes()
    var c10 = S.Lanes(), c11 = S.Lanes(), c12 = S.Lanes()
    var c20 = S.Lanes(), c21 = S.Lanes(), c22 = S.Lanes()
    var c30 = S.Lanes(), c31 = S.Lanes(), c32 = S.Lanes()
    if accumulates {
        (c00, c01, c02) = (S.load(c0), S.load(c0 + lanes), S.load(c0 + 2 * lanes))
        (c10, c11, c12) = (S.load(c1), S.load(c1 + lanes), S.load(c1 + 2 * lanes))
        (c20, c21, c22) = (S.load(c2), S.load(c2 + lanes), S.load(c2 + 2 * lanes))
        (c30, c31, c32) = (S.load(c3), S.load(c3 + lanes), S.load(c3 + 2 * lanes))
    }
    var left = a.base, right = b
    for _ in 0..<depth {
        let b0 = S.load(right), b1 = S.load(right + lanes), b2 = S.load(right + 2 * lanes)
        let a0 = S.Lanes(repeating: left[0])
        (c00, c01, c02) = (multiplyAdd(a0, b0, c00), multiplyAdd(a0, b1, c01), multiplyAdd(a0, b2, c02))
        let a1 = S.Lanes(repeating: left[a.rowStride])
        (c10, c11, c12) = (multiplyAdd(a1, b0, c10), multiplyAdd(a1, b1, c11), multiplyAdd(a1, b2, c12))
        let a2 = S.Lanes(repeating: left[2 * a.rowStride])
        (c20, c21, c22) = (multiplyAdd(a2, b0, c20), multiplyAdd(a2, b1, c21), multiplyAdd(a2, b2, c22))
        let a3 = S.Lanes(repeating: left[3 * a.rowStride])
        (c30, c31, c32) = (multiplyAdd(a3, b0, c30), multiplyAdd(a3, b1, c31), multiplyAdd(a3, b2, c32))
        left += a.depthStride
        right += 3 * lanes
    }
    S.store(c00, c0)
    S.store(c01, c0 + lanes)
    S.store(c02, c0 + 2 * lanes)
    S.store(c10, c1)
    S.store(c11, c1 + lanes)
    S.store(c12, c1 + 2 * lanes)
    S.store(c20, c2)
    S.store(c21, c2 + lanes)
    S.store(c22, c2 + 2 * lanes)
    S.store(c30, c3)
    S.store(c31, c3 + lanes)
    S.store(c32, c3 + 2 * lanes)
}

/// Computes C = A B, or C += A B with `accumulates`, for a tile of 4 rows and 2 vectors.
///
/// `b` holds the 2 vectors of each k one after another.
@inline(__always)
func narrowTile<S: Scalar>(
    depth: Int, _ a: LeftOperand<S>, _ b: UnsafePointer<S>, _ c: UnsafeMutablePointer<S>, stride: Int, accumulates: Bool
) {
    let lanes = S.laneCount
    let c0 = c, c1 = c + stride, c2 = c + 2 * stride, c3 = c + 3 * stride
    var c00 = S.Lanes(), c01 = S.Lanes(), c10 = S.Lanes(), c11 = S.Lanes()
    var c20 = S.Lanes(), c21 = S.Lanes(), c30 = S.Lanes(), c31 = S.Lanes()
    if accumulates {
        (c00, c01, c10, c11) = (S.load(c0), S.load(c0 + lanes), S.load(c1), S.load(c1 + lanes))
        (c20, c21, c30, c31) = (S.load(c2), S.load(c2 + lanes), S.load(c3), S.load(c3 + lanes))
    }
    var left = a.base, right = b
    for _ in 0..<depth {
        let b0 = S.load(right), b1 = S.load(right + lanes)
        let a0 = S.Lanes(repeating: left[0]), a1 = S.Lanes(repeating: left[a.rowStride])
        (c00, c01, c10, c11) = (
            multiplyAdd(a0, b0, c00), multiplyAdd(a0, b1, c01), multiplyAdd(a1, b0, c10), multiplyAdd(a1, b1, c11)
        )
        let a2 = S.Lanes(repeating: left[2 * a.rowStride]), a3 = S.Lanes(repeating: left[3 * a.rowStride])
        (c20, c21, c30, c31) = (
            multiplyAdd(a2, b0, c20), multiplyAdd(a2, b1, c21), multiplyAdd(a3, b0, c30), multiplyAdd(a3, b1, c31)
        )
        left += a.depthStride
        right += 2 * lanes
    }
    S.store(c00, c0)
    S.store(c01, c0 + lanes)
    S.store(c10, c1)
    S.store(c11, c1 + lanes)
    S.store(c20, c2)
    S.store(c21, c2 + lanes)
    S.store(c30, c3)
    S.store(c31, c3 + lanes)
}
