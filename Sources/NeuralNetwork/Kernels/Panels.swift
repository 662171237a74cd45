/// The division of a product's columns into panels of 3 or 2 vectors, the last one padded with zeros, and the place of
/// each in packed memory.
///
/// A packed panel holds, for each k, its values of B one after another, so that a tile reads them in one stream.
struct Panels<S: Scalar> {
    let columnCount: Int
    let panelCount: Int
    private let wideCount: Int

    init(columns: Int) {
        columnCount = columns
        let vectors = max(2, (columns + S.laneCount - 1) / S.laneCount)
        // 3 q + 1 vectors are q - 1 wide panels and 2 narrow ones.
        wideCount = vectors % 3 == 1 ? vectors / 3 - 1 : vectors / 3
        panelCount = wideCount + (vectors - 3 * wideCount) / 2
    }

    @inline(__always) func isWide(_ panel: Int) -> Bool { panel < wideCount }
    /// Returns the first column of a panel, and for `panelCount` the end of all, padding included.
    @inline(__always) func start(_ panel: Int) -> Int {
        (3 * min(panel, wideCount) + 2 * max(0, panel - wideCount)) * S.laneCount
    }
    @inline(__always) func width(_ panel: Int) -> Int { (isWide(panel) ? 3 : 2) * S.laneCount }

    /// Returns the number of values of packed memory for a given depth.
    func packedCount(depth: Int) -> Int { start(panelCount) * depth }

    /// Packs B, `depth` rows of which start `stride` apart.
    @inline(__always)
    func pack(_ b: UnsafePointer<S>, stride: Int, depth: Int, into packed: UnsafeMutablePointer<S>) {
        for panel in 0..<panelCount {
            let first = start(panel), width = width(panel), used = min(width, columnCount - first)
            let target = packed + first * depth
            if used == width {
                isWide(panel) ? copy(3, b + first, stride, depth, target) : copy(2, b + first, stride, depth, target)
            } else {
                for k in 0..<depth {
                    let source = b + k * stride + first, row = target + k * width
                    for j in 0..<used { row[j] = source[j] }
                    for j in max(0, used)..<width { row[j] = 0 }
                }
            }
        }
    }

    @inline(__always)
    private func copy(
        _ vectors: Int, _ b: UnsafePointer<S>, _ stride: Int, _ depth: Int, _ target: UnsafeMutablePointer<S>
    ) {
        for k in 0..<depth {
            for v in 0..<vectors {
                S.store(S.load(b + k * stride + v * S.laneCount), target + (k * vectors + v) * S.laneCount)
            }
        }
    }

    /// Packs B given as its transpose: column j of B is row j of `transposed`, rows of which start `stride` apart.
    @inline(__always)
    func packTransposed(_ transposed: UnsafePointer<S>, stride: Int, depth: Int, into packed: UnsafeMutablePointer<S>) {
        let depthBlock = 64  // so that what is written stays in the first cache until it is whole
        for panel in 0..<panelCount {
            let first = start(panel), width = width(panel), used = max(0, min(width, columnCount - first))
            let target = packed + first * depth
            for kStart in Swift.stride(from: 0, to: depth, by: depthBlock) {
                let kEnd = min(kStart + depthBlock, depth)
                var j = 0
                while j + 4 <= used {
                    transposeFour(transposed + (first + j) * stride, stride, kStart..<kEnd, target + j, width)
                    j += 4
                }
                while j < used {
                    let source = transposed + (first + j) * stride
                    for k in kStart..<kEnd { target[k * width + j] = source[k] }
                    j += 1
                }
                while j < width {
                    for k in kStart..<kEnd { target[k * width + j] = 0 }
                    j += 1
                }
            }
        }
    }

    /// Copies some values of four rows into four columns.
    @inline(__always)
    private func transposeFour(
        _ source: UnsafePointer<S>, _ stride: Int, _ range: Range<Int>, _ target: UnsafeMutablePointer<S>, _ width: Int
    ) {
        func row(_ r: Int, _ k: Int) -> SIMD4<S> {
            UnsafeRawPointer(source + r * stride + k).loadUnaligned(as: SIMD4<S>.self)
        }
        func put(_ k: Int, _ column: SIMD4<S>) {
            UnsafeMutableRawPointer(target + k * width).storeBytes(of: column, as: SIMD4<S>.self)
        }
        var k = range.lowerBound
        while k + 4 <= range.upperBound {
            let a = row(0, k), b = row(1, k), c = row(2, k), d = row(3, k)
            put(k, SIMD4(a[0], b[0], c[0], d[0]))
            put(k + 1, SIMD4(a[1], b[1], c[1], d[1]))
            put(k + 2, SIMD4(a[2], b[2], c[2], d[2]))
            put(k + 3, SIMD4(a[3], b[3], c[3], d[3]))
            k += 4
        }
        while k < range.upperBound {
            for r in 0..<4 { target[k * width + r] = source[r * stride + k] }
            k += 1
        }
    }
}
