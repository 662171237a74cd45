// The innermost kernel of every dense product: a tile of a few rows and vectors whose sums stay in registers while the
// depth goes by.
//
// Each step of the depth reads a vector of B for each of the tile's, and a value of A for each of its rows: as many
// rows and vectors as the registers hold read the least for each multiply-add. Each element is one chain of
// multiply-adds in the order of the depth, so that neither blocks nor threads nor the shape of tiles change a bit.
// Source of the scheme: Goto & van de Geijn 2008, "Anatomy of high-performance matrix multiplication"; Van Zee & van de
// Geijn 2015, "BLIS", for the loops around it.

/// The rows of a tile, and of the blocks that A is packed in.
let tileRows = 4

#if WIDE_VECTORS
    private let registerCount = 32
#else
    private let registerCount = 16
#endif

/// Returns how many vectors wide a tile of so many rows may be, at most 8: its sums, that many vectors of B and a value
/// of A fit the registers.
func tileVectors(rows: Int) -> Int { min(8, (registerCount - 1) / (min(rows, tileRows) + 1)) }

/// The values of A as tiles read them: element (row, k) is `base[row / 4 * tileStride + row % 4 * rowStride + k *
/// depthStride]`.
struct LeftOperand<S: Scalar> {
    var base: UnsafePointer<S>
    var rowStride: Int
    var depthStride: Int
    var tileStride: Int

    /// Values whose rows are all equally far apart.
    init(base: UnsafePointer<S>, rowStride: Int, depthStride: Int) {
        self.base = base
        self.rowStride = rowStride
        self.depthStride = depthStride
        tileStride = tileRows * rowStride
    }

    /// Values packed for tiles, k by k.
    init(packed base: UnsafePointer<S>, depth: Int) {
        self.base = base
        rowStride = 1
        depthStride = tileRows
        tileStride = tileRows * depth
    }
}

/// A strip of B as tiles read it: vector v of row k begins at `base[k * depthStride + v * laneCount]`, the last one
/// `shift` further.
struct RightOperand<S: Scalar> {
    var base: UnsafePointer<S>
    var depthStride: Int
    var shift = 0
}

/// A strip of C: vector v of a row begins at `base[row * stride + v * laneCount]`, the last one `shift` further.
struct ResultStrip<S: Scalar> {
    var base: UnsafeMutablePointer<S>
    var stride: Int
    var vectors: Int
    var shift: Int

    /// The strip of a row of `columns` values that begins at `start`.
    ///
    /// A last vector that would reach beyond the row ends with it instead, and overlaps the one before. Where a row is
    /// shorter than a vector, what is stored beyond it is overwritten by the next row, which therefore must follow at
    /// once; the last row reaches beyond the result, into the vector that storage has there.
    init(_ row: UnsafeMutablePointer<S>, stride: Int, columns: Int, start: Int, vectors: Int) {
        base = row + start
        self.stride = stride
        self.vectors = vectors
        assert(columns >= S.laneCount || columns == stride)
        shift = columns < S.laneCount ? 0 : min(0, columns - start - vectors * S.laneCount)
    }
}

/// Overwrites `rows` rows of a strip with A B, or with `accumulates` adds A B to them.
func multiplyStrip<S: Scalar>(
    _ a: LeftOperand<S>, _ b: RightOperand<S>, rows: Int, depth: Int, into c: ResultStrip<S>, accumulates: Bool = false
) {
    typealias One = VectorSum<S>
    typealias Two = Joined<One, One>
    typealias Four = Joined<Two, Two>
    switch c.vectors {
    case 1: multiplyStrip(One.self, a, b, rows, depth, c, accumulates)
    case 2: multiplyStrip(Two.self, a, b, rows, depth, c, accumulates)
    case 3: multiplyStrip(Joined<Two, One>.self, a, b, rows, depth, c, accumulates)
    case 4: multiplyStrip(Four.self, a, b, rows, depth, c, accumulates)
    case 5: multiplyStrip(Joined<Four, One>.self, a, b, rows, depth, c, accumulates)
    case 6: multiplyStrip(Joined<Four, Two>.self, a, b, rows, depth, c, accumulates)
    case 7: multiplyStrip(Joined<Four, Joined<Two, One>>.self, a, b, rows, depth, c, accumulates)
    default: multiplyStrip(Joined<Four, Four>.self, a, b, rows, depth, c, accumulates)
    }
}

private func multiplyStrip<S: Scalar, Row: RowSums>(
    _: Row.Type, _ a: LeftOperand<S>, _ b: RightOperand<S>, _ rows: Int, _ depth: Int, _ c: ResultStrip<S>,
    _ accumulates: Bool
) where Row.S == S {
    typealias One = TileRow<Row>
    typealias Two = Stacked<One, One>
    typealias Four = Stacked<Two, Two>
    var row = 0
    if (2 * tileRows + 1) * Row.vectors < registerCount {
        multiplyTiles(Stacked<Four, Four>.self, &row, rows, a, b, depth, c, accumulates)
    }
    if (tileRows + 1) * Row.vectors < registerCount {
        multiplyTiles(Four.self, &row, rows, a, b, depth, c, accumulates)
    }
    switch rows - row {
    case 0: break
    case 1: multiplyTiles(One.self, &row, rows, a, b, depth, c, accumulates)
    case 2: multiplyTiles(Two.self, &row, rows, a, b, depth, c, accumulates)
    case 3: multiplyTiles(Stacked<Two, One>.self, &row, rows, a, b, depth, c, accumulates)
    default: preconditionFailure("a strip of \(Row.vectors) vectors is too wide for \(rows) rows")
    }
}

/// Computes as many tiles as fit the rows from `row` on, which is a multiple of 4.
private func multiplyTiles<S: Scalar, Sums: TileSums>(
    _: Sums.Type, _ row: inout Int, _ rows: Int, _ a: LeftOperand<S>, _ b: RightOperand<S>, _ depth: Int,
    _ c: ResultStrip<S>, _ accumulates: Bool
) where Sums.S == S {
    while row + Sums.rows <= rows {
        var left = a.base + row / tileRows * a.tileStride, right = b.base
        let target = c.base + row * c.stride
        var sums = Sums()
        if accumulates { sums.load(target, c) }
        for _ in 0..<depth {
            sums.add(left, a, times: right, shift: b.shift)
            left += a.depthStride
            right += b.depthStride
        }
        sums.store(target, c)
        row += Sums.rows
    }
}

/// Sums of some rows of a tile, composed as a type.
private protocol TileSums {
    associatedtype S: Scalar
    static var rows: Int { get }
    init()
    mutating func load(_ source: UnsafePointer<S>, _ c: ResultStrip<S>)
    /// Adds the values of A at `left`, one a row, times a row of B.
    mutating func add(_ left: UnsafePointer<S>, _ a: LeftOperand<S>, times right: UnsafePointer<S>, shift: Int)
    func store(_ target: UnsafeMutablePointer<S>, _ c: ResultStrip<S>)
}

private struct TileRow<Row: RowSums>: TileSums {
    typealias S = Row.S
    var sums = Row()
    static var rows: Int { 1 }

    @inline(__always) mutating func load(_ source: UnsafePointer<S>, _ c: ResultStrip<S>) {
        sums.load(source, shift: c.shift)
    }
    @inline(__always)
    mutating func add(_ left: UnsafePointer<S>, _ a: LeftOperand<S>, times right: UnsafePointer<S>, shift: Int) {
        sums.add(S.Lanes(repeating: left.pointee), times: right, shift: shift)
    }
    @inline(__always) func store(_ target: UnsafeMutablePointer<S>, _ c: ResultStrip<S>) {
        sums.store(target, shift: c.shift, count: S.laneCount)
    }
}

private struct Stacked<Upper: TileSums, Lower: TileSums>: TileSums where Upper.S == Lower.S {
    typealias S = Upper.S
    var upper = Upper()
    var lower = Lower()
    static var rows: Int { Upper.rows + Lower.rows }

    @inline(__always) mutating func load(_ source: UnsafePointer<S>, _ c: ResultStrip<S>) {
        upper.load(source, c)
        lower.load(source + Upper.rows * c.stride, c)
    }
    @inline(__always)
    mutating func add(_ left: UnsafePointer<S>, _ a: LeftOperand<S>, times right: UnsafePointer<S>, shift: Int) {
        upper.add(left, a, times: right, shift: shift)
        let offset = Upper.rows == tileRows ? a.tileStride : Upper.rows * a.rowStride
        lower.add(left + offset, a, times: right, shift: shift)
    }
    @inline(__always) func store(_ target: UnsafeMutablePointer<S>, _ c: ResultStrip<S>) {
        upper.store(target, c)
        lower.store(target + Upper.rows * c.stride, c)
    }
}
