import CDeflate
import CHDF5
import Foundation
import Synchronization

/// The rows of a chunked dataset whose chunks are stored as they are, shuffled, or compressed with gzip: several
/// threads restore them at once, which the library does one after the other.
///
/// The library finds and reads the stored chunks; the rest needs nothing of it.
final class DeflatedChunks {
    private let dataset: HDF5Dataset
    private let shape: [Int]
    private let chunkShape: [Int]
    private let byteCount: Int
    private let isDeflated: Bool
    private let isShuffled: Bool
    private let isSwapped: Bool
    private var chunkByteCount: Int { chunkShape.reduce(byteCount, *) }

    /// Chunks of more bytes are left to the library, which needs no room for several.
    private static let largestChunk = 1 << 26

    /// - Returns: nil if the dataset is stored in another way.
    init?(_ dataset: HDF5Dataset, _ layout: HDF5Layout, _ format: NumberFormat) throws(DataError) {
        guard let chunkShape = layout.chunkShape, chunkShape.count == dataset.shape.count,
            chunkShape.allSatisfy({ $0 > 0 }),
            let chunkByteCount = elementCount(of: chunkShape, bytesEach: format.byteCount),
            chunkByteCount * format.byteCount <= DeflatedChunks.largestChunk,
            try dataset.hasPlainElements(format)
        else { return nil }
        switch layout.filters.map(\.number) {
        case []: (isShuffled, isDeflated) = (false, false)
        case [H5Z_FILTER_DEFLATE]: (isShuffled, isDeflated) = (false, true)
        case [H5Z_FILTER_SHUFFLE]: (isShuffled, isDeflated) = (true, false)
        case [H5Z_FILTER_SHUFFLE, H5Z_FILTER_DEFLATE]: (isShuffled, isDeflated) = (true, true)
        default: return nil
        }
        self.dataset = dataset
        self.chunkShape = chunkShape
        shape = dataset.shape
        byteCount = format.byteCount
        isSwapped = try !dataset.isInThisMachinesOrder()
    }

    /// A chunk as the file has it.
    private struct Stored: Sendable {
        let origin: [Int]
        let bytes: Range<Int>
        /// Filters that were left out for this chunk, a bit each.
        let skipped: UInt32
    }

    /// Overwrites `target` with consecutive rows.
    ///
    /// - Returns: false if it did not, since the library knows better what is there instead of a chunk.
    func read(_ rows: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError) -> Bool {
        var chunks: [Stored] = [], bytes: [UInt8] = []
        for origin in origins(of: rows) {
            let offset = origin.map { hsize_t($0) }
            let stored = dataset.storedByteCount(ofChunkAt: offset)
            guard stored > 0, stored <= 2 * chunkByteCount + 4096 else { return false }
            var skipped: UInt32 = 0
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: stored))
            try bytes.withUnsafeMutableBufferPointer { (buffer) throws(DataError) in
                _ = try dataset.handle.check("read its values") {
                    H5Dread_chunk($0, 0, offset, &skipped, buffer.baseAddress.map { $0 + start })
                }
            }
            chunks.append(Stored(origin: origin, bytes: start..<bytes.count, skipped: skipped))
        }
        let next = Atomic(0), damaged = Atomic(0)
        bytes.withUnsafeBytes { bytes in
            // Each thread has buffers of its own, and each chunk has a place of its own in the target.
            nonisolated(unsafe) let bytes = bytes, target = target, reader = self
            let chunks = chunks
            concurrently(min(chunks.count, ProcessInfo.processInfo.activeProcessorCount, 8)) { _ in
                let restorer = Restorer(reader)
                while case let index = next.add(1, ordering: .relaxed).oldValue, index < chunks.count {
                    let chunk = chunks[index]
                    let stored = UnsafeRawBufferPointer(rebasing: bytes[chunk.bytes])
                    if let restored = restorer.restore(stored, skipping: chunk.skipped) {
                        reader.place(restored, chunk.origin, rows, target)
                    } else {
                        damaged.add(1, ordering: .relaxed)
                    }
                }
            }
        }
        // What is damaged here may be stored in a way that the library knows, and if not, it has the words for it.
        return damaged.load(ordering: .relaxed) == 0
    }

    /// The first element of each chunk that has some of the rows.
    private func origins(of rows: Range<Int>) -> [[Int]] {
        let first = rows.lowerBound / chunkShape[0] * chunkShape[0]
        var origins = stride(from: first, to: rows.upperBound, by: chunkShape[0]).map { [$0] }
        for dimension in 1..<max(1, shape.count) {
            let starts = Array(stride(from: 0, to: shape[dimension], by: chunkShape[dimension]))
            origins = origins.flatMap { origin in starts.map { origin + [$0] } }
        }
        return origins
    }

    /// Copies what is asked for of a chunk to its place in `target`, whose first row is `rows.lowerBound`.
    private func place(
        _ chunk: UnsafeMutableRawPointer, _ origin: [Int], _ rows: Range<Int>, _ target: UnsafeMutableRawPointer
    ) {
        let wanted = rows.clamped(to: origin[0]..<origin[0] + chunkShape[0])
        let rowByteCount = shape.dropFirst().reduce(byteCount, *)
        let chunkRowByteCount = chunkShape.dropFirst().reduce(byteCount, *)
        // Consecutive bytes of a row: (where in the chunk's row, where in the row, how many).
        var runs = [(source: 0, target: 0, count: byteCount)]
        var sourceStride = chunkRowByteCount, targetStride = rowByteCount
        for dimension in 1..<max(1, shape.count) {
            sourceStride /= chunkShape[dimension]
            targetStride /= shape[dimension]
            let count = min(chunkShape[dimension], shape[dimension] - origin[dimension])
            if dimension == shape.count - 1 || chunkShape[(dimension + 1)...] == shape[(dimension + 1)...] {
                // What follows is whole in both.
                runs = runs.map {
                    ($0.source, $0.target + origin[dimension] * targetStride, count * targetStride)
                }
                break
            }
            runs = runs.flatMap { run in
                (0..<count).map { index in
                    (
                        run.source + index * sourceStride, run.target + (origin[dimension] + index) * targetStride,
                        byteCount
                    )
                }
            }
        }
        for row in wanted {
            let from = chunk + (row - origin[0]) * chunkRowByteCount
            let to = target + (row - rows.lowerBound) * rowByteCount
            for run in runs { (to + run.target).copyMemory(from: from + run.source, byteCount: run.count) }
        }
    }

    /// The buffers of a thread.
    private final class Restorer {
        private let chunks: DeflatedChunks
        private let inflated: UnsafeMutableRawPointer
        private let restored: UnsafeMutableRawPointer
        private let decompressor = libdeflate_alloc_decompressor()

        init(_ chunks: DeflatedChunks) {
            self.chunks = chunks
            inflated = .allocate(byteCount: chunks.chunkByteCount, alignment: 64)
            restored = .allocate(byteCount: chunks.chunkByteCount, alignment: 64)
        }

        deinit {
            inflated.deallocate()
            restored.deallocate()
            libdeflate_free_decompressor(decompressor)
        }

        /// Returns the values of a stored chunk, in a buffer that the next call overwrites; nil if it is damaged.
        func restore(_ stored: UnsafeRawBufferPointer, skipping: UInt32) -> UnsafeMutableRawPointer? {
            let count = chunks.chunkByteCount
            // Bits are those of filters in their order.
            let deflateBit: UInt32 = chunks.isShuffled ? 2 : 1
            if chunks.isDeflated, skipping & deflateBit == 0 {
                guard let decompressor,
                    libdeflate_zlib_decompress(
                        decompressor, stored.baseAddress, stored.count, inflated, count, nil) == LIBDEFLATE_SUCCESS
                else { return nil }
            } else {
                guard stored.count == count, let start = stored.baseAddress else { return nil }
                inflated.copyMemory(from: start, byteCount: count)
            }
            var result = inflated
            if chunks.isShuffled, chunks.byteCount > 1, skipping & 1 == 0 {
                unshuffle(inflated, into: restored, count: count / chunks.byteCount, width: chunks.byteCount)
                result = restored
            }
            if chunks.isSwapped { swapBytes(result, count: count / chunks.byteCount, width: chunks.byteCount) }
            return result
        }
    }
}

/// Undoes HDF5's shuffle, which puts first all first bytes, then all second bytes, and so on.
private func unshuffle(
    _ source: UnsafeMutableRawPointer, into target: UnsafeMutableRawPointer, count: Int, width: Int
) {
    let source = source.assumingMemoryBound(to: UInt8.self), target = target.assumingMemoryBound(to: UInt8.self)
    switch width {
    case 2: for i in 0..<count { for byte in 0..<2 { target[i * 2 + byte] = source[byte * count + i] } }
    case 4: for i in 0..<count { for byte in 0..<4 { target[i * 4 + byte] = source[byte * count + i] } }
    default: for i in 0..<count { for byte in 0..<8 { target[i * 8 + byte] = source[byte * count + i] } }
    }
}

private func swapBytes(_ values: UnsafeMutableRawPointer, count: Int, width: Int) {
    func swap<Element: FixedWidthInteger & BitwiseCopyable>(_: Element.Type) {
        let values = values.assumingMemoryBound(to: Element.self)
        for index in 0..<count { values[index] = values[index].byteSwapped }
    }
    switch width {
    case 2: swap(UInt16.self)
    case 4: swap(UInt32.self)
    default: swap(UInt64.self)
    }
}
