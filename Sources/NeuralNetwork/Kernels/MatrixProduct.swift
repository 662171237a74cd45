// The three products of a linear layer. N batch rows, D inputs, H units: X is N x D, W is D x H, G (a gradient) is N x
// H.
//
// Each element of a result is one chain of multiply-adds in the order of the summed index, from 0: the same bits
// whatever the division among threads, the blocks and the processor's vector width. Functions with a `part` parameter
// compute some columns or rows of a result on the calling thread; `Multiplier` divides a whole product among the
// threads of its pool.

/// The number of rows up to which X W reads W where it is, and G W^T transposes W for one strip of the result at a
/// time: so few rows do not repay packing all of W.
private let fewRows = 64

/// The number of rows up to which X^T G reads G where it is: as many lines as a set of the first cache holds, whatever
/// the stride.
private let fewSummedRows = 12

/// Overwrites columns `part` of h = X W.
///
/// X is N x D, W is D x H, h is N x H.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func multiply<S: Scalar>(
    _ x: Matrix<S>, _ w: Matrix<S>, into h: Matrix<S>, part columns: Range<Int>, scratch: ProductScratch<S>
) {
    precondition(x.columns == w.rows && h.rows == x.rows && h.columns == w.columns, "X W: shapes do not fit")
    let left = LeftOperand<S>(base: x.base, rowStride: x.columns, depthStride: 1)
    if x.rows <= fewRows || columns.count <= S.laneCount {
        return forEachStrip(of: h, columns, rows: x.rows) { start, strip in
            let right = RightOperand<S>(base: w.base + start, depthStride: w.columns, shift: strip.shift)
            multiplyStrip(left, right, rows: x.rows, depth: x.columns, into: strip)
        }
    }
    forEachPackable(columns, depth: x.columns, scratch) { group, panels, packed in
        panels.pack(w.base + group.lowerBound, stride: w.columns, depth: x.columns, into: packed)
        multiplyPanels(
            left, rows: x.rows, depth: x.columns, panels, packed, into: h.base + group.lowerBound, stride: h.columns,
            scratch)
    }
}

/// Overwrites columns `part` of dL/dX = G W^T.
///
/// G is N x H, W is D x H, the result N x D.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func multiplyTransposedRight<S: Scalar>(
    _ g: Matrix<S>, _ w: Matrix<S>, into result: Matrix<S>, part columns: Range<Int>, scratch: ProductScratch<S>
) {
    precondition(
        g.columns == w.columns && result.rows == g.rows && result.columns == w.rows, "G W^T: shapes do not fit")
    let left = LeftOperand<S>(base: g.base, rowStride: g.columns, depthStride: 1)
    if g.rows <= fewRows || columns.count <= S.laneCount {
        let weights = w.base + columns.lowerBound * w.columns
        return forEachStrip(of: result, columns, rows: g.rows, most: 4) { start, strip in
            multiplyTransposing(
                left, weights, stride: w.columns, columns: columns.count, start: start - columns.lowerBound,
                rows: g.rows, depth: g.columns, into: strip, scratch)
        }
    }
    forEachPackable(columns, depth: g.columns, scratch) { group, panels, packed in
        panels.packTransposed(w.base + group.lowerBound * w.columns, stride: w.columns, depth: g.columns, into: packed)
        multiplyPanels(
            left, rows: g.rows, depth: g.columns, panels, packed, into: result.base + group.lowerBound,
            stride: result.columns, scratch)
    }
}

/// Overwrites a strip of C = A B, with B given as its transpose, of which column `start` is the strip's first; see
/// `packTransposedStrip`.
///
/// A block of B at a time is transposed, which stays in the first cache until it is used.
@inline(__always)
private func multiplyTransposing<S: Scalar>(
    _ a: LeftOperand<S>, _ transposed: UnsafePointer<S>, stride: Int, columns: Int, start: Int, rows: Int, depth: Int,
    into strip: ResultStrip<S>, _ scratch: ProductScratch<S>
) {
    let width = strip.vectors * S.laneCount
    // Rows shorter than a vector, which overwrite each other's ends, cannot be added to.
    let blocks = columns < S.laneCount ? 1 : max(1, (depth + 127) / 128)
    for block in 0..<blocks {
        let depthStart = depth * block / blocks, blockDepth = depth * (block + 1) / blocks - depthStart
        let packed = scratch.right(packedStripCount(S.self, vectors: strip.vectors, blockDepth))
        packTransposedStrip(
            transposed + depthStart, stride: stride, depth: blockDepth, columns: columns, start: start,
            vectors: strip.vectors, into: packed)
        let left = LeftOperand(
            base: a.base + depthStart * a.depthStride, rowStride: a.rowStride, depthStride: a.depthStride)
        multiplyStrip(
            left, RightOperand(base: packed, depthStride: width), rows: rows, depth: blockDepth, into: strip,
            accumulates: block > 0)
    }
}

/// Calls `body` with the first column of each strip of some columns of a result, and its place, as wide as suits tiles
/// of so many rows.
@inline(__always)
private func forEachStrip<S: Scalar>(
    of result: Matrix<S>, _ columns: Range<Int>, rows: Int, most: Int = .max,
    _ body: (_ start: Int, ResultStrip<S>) -> Void
) {
    precondition(
        columns.count >= S.laneCount || columns.count == result.columns, "a part is narrower than a vector")
    forEachStrip(of: S.self, in: columns, most: min(most, tileVectors(rows: rows))) { start, vectors in
        body(
            start,
            ResultStrip(
                result.base + columns.lowerBound, stride: result.columns, columns: columns.count,
                start: start - columns.lowerBound, vectors: vectors))
    }
}

/// Calls `body` with as many columns at a time as stay in the last cache when they are packed, and the memory to pack
/// them in.
@inline(__always)
private func forEachPackable<S: Scalar>(
    _ columns: Range<Int>, depth: Int, _ scratch: ProductScratch<S>,
    _ body: (Range<Int>, Panels<S>, UnsafeMutablePointer<S>) -> Void
) {
    let panel = 3 * S.laneCount, most = max(panel, (1 << 19) / max(1, depth) / panel * panel)
    var start = columns.lowerBound
    while start < columns.upperBound {
        let end = columns.upperBound - start < most + S.laneCount ? columns.upperBound : start + most
        let group = start..<end, panels = Panels<S>(columns: group.count)
        body(group, panels, scratch.right(panels.packedCount(depth: depth)))
        start = group.upperBound
    }
}

/// Computes rows `part` of dL/dW = X^T G.
///
/// X is N x D, G is N x H, the result D x H.
///
/// Without `result` the rows are computed some at a time in memory that stays in the first caches. `body` receives each
/// such range of rows with its values, and may overwrite them: an optimizer that updates W from there never writes the
/// gradient to main memory.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func multiplyTransposedLeft<S: Scalar>(
    _ x: Matrix<S>, _ g: Matrix<S>, into result: Matrix<S>?, part rows: Range<Int>, scratch: ProductScratch<S>,
    each body: (Range<Int>, UnsafeMutablePointer<S>) -> Void = { _, _ in }
) {
    precondition(x.rows == g.rows, "X^T G: shapes do not fit")
    precondition(
        result.map { $0.rows == x.columns && $0.columns == g.columns } ?? true, "X^T G: the result does not fit")
    let depth = x.rows
    func left(_ block: Range<Int>) -> LeftOperand<S> {
        LeftOperand(base: x.base + block.lowerBound, rowStride: 1, depthStride: x.columns)
    }
    if depth <= fewSummedRows || g.columns <= S.laneCount {
        return forEachRowBlock(
            rows, columns: g.columns, result, scratch,
            { block, target in
                forEachStrip(of: S.self, in: 0..<g.columns, most: tileVectors(rows: block.count)) { start, vectors in
                    let strip = ResultStrip(
                        target, stride: g.columns, columns: g.columns, start: start, vectors: vectors)
                    let right = RightOperand<S>(base: g.base + start, depthStride: g.columns, shift: strip.shift)
                    multiplyStrip(left(block), right, rows: block.count, depth: depth, into: strip)
                }
            }, then: body)
    }
    let panels = Panels<S>(columns: g.columns)
    let packed = scratch.right(panels.packedCount(depth: depth))
    panels.pack(g.base, stride: g.columns, depth: depth, into: packed)
    forEachRowBlock(
        rows, columns: g.columns, result, scratch,
        { block, target in
            multiplyPanels(
                left(block), rows: block.count, depth: depth, panels, packed, into: target, stride: g.columns, scratch)
        }, then: body)
}

/// Calls `compute` with some rows at a time and where they are to be computed, then `body`: in `result`, or in scratch
/// memory where there is none.
///
/// Rows shorter than a vector are computed in scratch memory, since tiles write beyond the last.
@inline(__always)
func forEachRowBlock<S: Scalar>(
    _ rows: Range<Int>, columns: Int, _ result: Matrix<S>?, _ scratch: ProductScratch<S>,
    _ compute: (Range<Int>, UnsafeMutablePointer<S>) -> Void, then body: (Range<Int>, UnsafeMutablePointer<S>) -> Void
) {
    let blockRows = min(rows.count, max(32, 4096 / columns / tileRows * tileRows))
    let memory = result == nil || columns < S.laneCount ? scratch.rows(blockRows * columns) : nil
    var start = rows.lowerBound
    while start < rows.upperBound {
        let block = start..<min(start + blockRows, rows.upperBound)
        let target = result.map { $0.base + start * columns }
        if let place = memory ?? target {
            compute(block, place)
            if let target, target != place { target.update(from: place, count: block.count * columns) }
            body(block, target ?? place)
        }
        start = block.upperBound
    }
}

/// The depth that keeps a panel of B in the first cache; `rowBlock` rows keep a block of A in the second.
let depthBlock = 272
private let rowBlock = 128

/// Overwrites C = A B for the columns of `panels`; B is packed.
private func multiplyPanels<S: Scalar>(
    _ a: LeftOperand<S>, rows: Int, depth: Int, _ panels: Panels<S>, _ packed: UnsafePointer<S>,
    into c: UnsafeMutablePointer<S>, stride: Int,
    _ scratch: ProductScratch<S>
) {
    // Where every value of A is used often, copying it pays: tiles then read one stream, whatever the strides do to the
    // caches.
    let packsLeft = panels.columnCount >= (a.depthStride == 1 ? 1024 : 256)
    let depthBlocks = max(1, (depth + depthBlock - 1) / depthBlock)
    for block in 0..<depthBlocks {
        let depthStart = depth * block / depthBlocks, blockDepth = depth * (block + 1) / depthBlocks - depthStart
        for rowStart in Swift.stride(from: 0, to: rows, by: rowBlock) {
            let blockRows = min(rowBlock, rows - rowStart)
            var left = LeftOperand(
                base: a.base + rowStart * a.rowStride + depthStart * a.depthStride, rowStride: a.rowStride,
                depthStride: a.depthStride)
            if packsLeft {
                let memory = scratch.left(rowBlock * depthBlock)
                packLeft(left, rows: blockRows, depth: blockDepth, into: memory)
                left = LeftOperand(packed: memory, depth: blockDepth)
            }
            for panel in 0..<panels.panelCount {
                let width = panels.vectors(panel) * S.laneCount
                let right = RightOperand(
                    base: packed + panels.start(panel) * depth + depthStart * width, depthStride: width)
                multiplyStrip(
                    left, right, rows: blockRows, depth: blockDepth,
                    into: panels.strip(panel, of: c + rowStart * stride, stride: stride), accumulates: depthStart > 0)
            }
        }
    }
}

/// Packs rows of A for tiles of four, k by k; rows beyond the last are left as they are.
@inline(__always)
private func packLeft<S: Scalar>(
    _ a: LeftOperand<S>, rows: Int, depth: Int, into packed: UnsafeMutablePointer<S>
) {
    for row in Swift.stride(from: 0, to: rows, by: tileRows) {
        let source = a.base + row * a.rowStride, target = packed + row * depth, count = min(tileRows, rows - row)
        if count < tileRows {
            for k in 0..<depth {
                for r in 0..<count { target[k * tileRows + r] = source[r * a.rowStride + k * a.depthStride] }
            }
        } else if a.rowStride == 1 {
            for k in 0..<depth {
                let values = UnsafeRawPointer(source + k * a.depthStride).loadUnaligned(as: SIMD4<S>.self)
                UnsafeMutableRawPointer(target + k * tileRows).storeBytes(of: values, as: SIMD4<S>.self)
            }
        } else {
            for k in 0..<depth {
                let s = source + k * a.depthStride
                UnsafeMutableRawPointer(target + k * tileRows).storeBytes(
                    of: SIMD4(s[0], s[a.rowStride], s[2 * a.rowStride], s[3 * a.rowStride]), as: SIMD4<S>.self)
            }
        }
    }
}
