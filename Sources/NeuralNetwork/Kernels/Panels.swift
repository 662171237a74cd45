/// The division of a product's columns, at least a vector of them, into panels of 3 or 2 vectors, and the place of each
/// in packed memory.
///
/// A packed panel holds, for each k, its values of B one after another, so that a tile reads them in one stream. Where
/// the columns do not fill the last vector it ends with them, and overlaps the one before.
struct Panels<S: Scalar> {
    let columnCount: Int
    let panelCount: Int
    private let wideCount: Int

    init(columns: Int) {
        precondition(columns >= S.laneCount)
        columnCount = columns
        let vectors = max(2, (columns + S.laneCount - 1) / S.laneCount)
        // 3 q + 1 vectors are q - 1 wide panels and 2 narrow ones.
        wideCount = vectors % 3 == 1 ? vectors / 3 - 1 : vectors / 3
        panelCount = wideCount + (vectors - 3 * wideCount) / 2
    }

    @inline(__always) func vectors(_ panel: Int) -> Int { panel < wideCount ? 3 : 2 }
    /// Returns the first column of a panel, and for `panelCount` the end of all, as if the last vector were filled.
    @inline(__always) func start(_ panel: Int) -> Int {
        (3 * min(panel, wideCount) + 2 * max(0, panel - wideCount)) * S.laneCount
    }

    /// Returns the number of values of packed memory for a given depth.
    func packedCount(depth: Int) -> Int { packedStripCount(S.self, vectors: start(panelCount) / S.laneCount, depth) }

    /// A panel's place in a result whose first column is at `base`.
    @inline(__always)
    func strip(_ panel: Int, of base: UnsafeMutablePointer<S>, stride: Int) -> ResultStrip<S> {
        ResultStrip(base, stride: stride, columns: columnCount, start: start(panel), vectors: vectors(panel))
    }

    /// Packs B, `depth` rows of which start `stride` apart.
    @inline(__always)
    func pack(_ b: UnsafePointer<S>, stride: Int, depth: Int, into packed: UnsafeMutablePointer<S>) {
        for panel in 0..<panelCount {
            let first = start(panel), source = b + first, target = packed + first * depth
            let lastStart = min(first + (vectors(panel) - 1) * S.laneCount, columnCount - S.laneCount) - first
            if vectors(panel) == 3 {
                for k in 0..<depth {
                    let row = source + k * stride, place = target + 3 * k * S.laneCount
                    S.store(S.load(row), place)
                    S.store(S.load(row + S.laneCount), place + S.laneCount)
                    S.store(S.load(row + lastStart), place + 2 * S.laneCount)
                }
            } else {
                for k in 0..<depth {
                    let row = source + k * stride, place = target + 2 * k * S.laneCount
                    S.store(S.load(row), place)
                    S.store(S.load(row + lastStart), place + S.laneCount)
                }
            }
        }
    }

    /// Packs B given as its transpose: column j of B is row j of `transposed`, rows of which start `stride` apart.
    @inline(__always)
    func packTransposed(_ transposed: UnsafePointer<S>, stride: Int, depth: Int, into packed: UnsafeMutablePointer<S>) {
        for panel in 0..<panelCount {
            let first = start(panel)
            packTransposedStrip(
                transposed, stride: stride, depth: depth, columns: columnCount, start: first, vectors: vectors(panel),
                into: packed + first * depth)
        }
    }
}

/// Returns the number of values that packing a strip may write, those beyond its end included.
func packedStripCount<S: Scalar>(_: S.Type, vectors: Int, _ depth: Int) -> Int {
    vectors * S.laneCount * max(depth, S.laneCount)
}

/// Packs a strip of B given as its transpose: column j of B, of `columns` in all, is row j of `transposed`, rows of
/// which start `stride` apart.
///
/// The last vector ends with the columns where it would reach beyond them. Rows of `transposed` may be read beyond by
/// one vector.
func packTransposedStrip<S: Scalar>(
    _ transposed: UnsafePointer<S>, stride: Int, depth: Int, columns: Int, start: Int, vectors: Int,
    into packed: UnsafeMutablePointer<S>
) {
    let width = vectors * S.laneCount
    for vector in 0..<vectors {
        let target = packed + vector * S.laneCount
        guard columns >= S.laneCount else {
            for k in 0..<depth {
                for j in 0..<S.laneCount { target[k * width + j] = j < columns ? transposed[j * stride + k] : 0 }
            }
            continue
        }
        let source = transposed + min(start + vector * S.laneCount, columns - S.laneCount) * stride
        var k = 0
        while k + S.laneCount < depth {
            S.transpose(source + k, stride, target + k * width, width)
            k += S.laneCount
        }
        // The last block ends with the depth and overlaps the one before; a depth below a vector is filled up.
        k = max(0, depth - S.laneCount)
        S.transpose(source + k, stride, target + k * width, width)
    }
}
