// The three products of a linear layer. N batch rows, D inputs, H units: X is N x D, W is D x H, G (a gradient) is N x
// H.
//
// Each element of a result is one chain of multiply-adds in the order of the summed index, from 0: the same bits
// whatever the division among threads, the blocks and the processor's vector width. Functions with a `part` parameter
// compute some columns or rows of a result on the calling thread; `Multiplier` divides a whole product among the
// threads of its pool.

/// Overwrites columns `part` of h = X W.
///
/// X is N x D, W is D x H, h is N x H.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func multiply<S: Scalar>(
    _ x: Matrix<S>, _ w: Matrix<S>, into h: Matrix<S>, part columns: Range<Int>, scratch: ProductScratch<S>
) {
    precondition(x.columns == w.rows && h.rows == x.rows && h.columns == w.columns, "X W: shapes do not fit")
    forEachPackable(columns, depth: x.columns, scratch) { group, panels, packed in
        panels.pack(w.base + group.lowerBound, stride: w.columns, depth: x.columns, into: packed)
        multiplyPanels(
            LeftOperand(base: x.base, rowStride: x.columns, depthStride: 1), rows: x.rows, depth: x.columns, panels,
            packed,
            into: h.base + group.lowerBound, stride: h.columns, scratch)
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
    forEachPackable(columns, depth: g.columns, scratch) { group, panels, packed in
        panels.packTransposed(w.base + group.lowerBound * w.columns, stride: w.columns, depth: g.columns, into: packed)
        multiplyPanels(
            LeftOperand(base: g.base, rowStride: g.columns, depthStride: 1), rows: g.rows, depth: g.columns, panels,
            packed,
            into: result.base + group.lowerBound, stride: result.columns, scratch)
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
        let group = start..<min(start + most, columns.upperBound), panels = Panels<S>(columns: group.count)
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
    let panels = Panels<S>(columns: g.columns), depth = x.rows
    let packed = scratch.right(panels.packedCount(depth: depth))
    panels.pack(g.base, stride: g.columns, depth: depth, into: packed)
    forEachRowBlock(rows, columns: g.columns, result, scratch) { block, target in
        multiplyPanels(
            LeftOperand(base: x.base + block.lowerBound, rowStride: 1, depthStride: x.columns), rows: block.count,
            depth: depth, panels, packed,
            into: target, stride: g.columns, scratch)
        body(block, target)
    }
}

/// Calls `body` with some rows at a time and where they are to be computed: in `result`, or else in scratch memory.
@inline(__always)
func forEachRowBlock<S: Scalar>(
    _ rows: Range<Int>, columns: Int, _ result: Matrix<S>?, _ scratch: ProductScratch<S>,
    _ body: (Range<Int>, UnsafeMutablePointer<S>) -> Void
) {
    let blockRows = min(rows.count, max(32, 4096 / columns / tileRows * tileRows))
    let memory = result == nil ? scratch.rows(blockRows * columns) : nil
    var start = rows.lowerBound
    while start < rows.upperBound {
        let block = start..<min(start + blockRows, rows.upperBound)
        if let target = memory ?? result.map({ $0.base + start * columns }) { body(block, target) }
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
    guard depth > 0 else {
        for row in 0..<rows { (c + row * stride).update(repeating: 0, count: panels.columnCount) }
        return
    }
    // Where every value of A is used often, copying it pays: tiles then read one stream, whatever the strides do to the
    // caches.
    let packsLeft = panels.columnCount >= (a.depthStride == 1 ? 1024 : 256)
    let edge = LeftOperand<S>(base: scratch.edgeLeft.base, rowStride: 1, depthStride: tileRows)
    let depthBlocks = (depth + depthBlock - 1) / depthBlock
    for block in 0..<depthBlocks {
        let depthStart = depth * block / depthBlocks, blockDepth = depth * (block + 1) / depthBlocks - depthStart
        for rowStart in Swift.stride(from: 0, to: rows, by: rowBlock) {
            let rowEnd = min(rowStart + rowBlock, rows)
            let blockLeft = packsLeft ? scratch.left((rowBlock + tileRows) * depthBlock) : nil
            if let blockLeft {
                for row in Swift.stride(from: rowStart, to: rowEnd, by: tileRows) {
                    packRows(
                        a, row, min(tileRows, rowEnd - row), depthStart, blockDepth,
                        blockLeft + (row - rowStart) * blockDepth)
                }
            } else if rowEnd % tileRows != 0 {
                packRows(
                    a, rowEnd / tileRows * tileRows, rowEnd % tileRows, depthStart, blockDepth, scratch.edgeLeft.base)
            }
            for panel in 0..<panels.panelCount {
                let first = panels.start(panel), width = panels.width(panel)
                let right = packed + first * depth + depthStart * width
                let columns = min(width, panels.columnCount - first)
                for row in Swift.stride(from: rowStart, to: rowEnd, by: tileRows) {
                    let tileHeight = min(tileRows, rowEnd - row)
                    var left = LeftOperand(
                        base: a.base + row * a.rowStride + depthStart * a.depthStride, rowStride: a.rowStride,
                        depthStride: a.depthStride)
                    if let blockLeft {
                        left = LeftOperand(
                            base: blockLeft + (row - rowStart) * blockDepth, rowStride: 1, depthStride: tileRows)
                    } else if tileHeight < tileRows {
                        left = edge
                    }
                    let target = c + row * stride + first
                    let isWhole = tileHeight == tileRows && columns == width
                    let tile = isWhole ? target : scratch.edgeTile.base, tileStride = isWhole ? stride : width
                    if !isWhole, depthStart > 0 {
                        for r in 0..<tileHeight { (tile + r * width).update(from: target + r * stride, count: columns) }
                    }
                    if panels.isWide(panel) {
                        wideTile(depth: blockDepth, left, right, tile, stride: tileStride, accumulates: depthStart > 0)
                    } else {
                        narrowTile(
                            depth: blockDepth, left, right, tile, stride: tileStride, accumulates: depthStart > 0)
                    }
                    if !isWhole {
                        for r in 0..<tileHeight { (target + r * stride).update(from: tile + r * width, count: columns) }
                    }
                }
            }
        }
    }
}

/// Packs four rows of A for one tile, k by k; rows from `count` on are zeros.
@inline(__always)
private func packRows<S: Scalar>(
    _ a: LeftOperand<S>, _ row: Int, _ count: Int, _ depthStart: Int, _ depth: Int, _ target: UnsafeMutablePointer<S>
) {
    let source = a.base + row * a.rowStride + depthStart * a.depthStride
    if count == tileRows, a.rowStride == 1 {
        for k in 0..<depth {
            let values = UnsafeRawPointer(source + k * a.depthStride).loadUnaligned(as: SIMD4<S>.self)
            UnsafeMutableRawPointer(target + k * tileRows).storeBytes(of: values, as: SIMD4<S>.self)
        }
    } else if count == tileRows {
        for k in 0..<depth {
            let s = source + k * a.depthStride
            UnsafeMutableRawPointer(target + k * tileRows).storeBytes(
                of: SIMD4(s[0], s[a.rowStride], s[2 * a.rowStride], s[3 * a.rowStride]), as: SIMD4<S>.self)
        }
    } else {
        for k in 0..<depth {
            for r in 0..<tileRows {
                target[k * tileRows + r] = r < count ? source[r * a.rowStride + k * a.depthStride] : 0
            }
        }
    }
}
