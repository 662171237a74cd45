import Datasets

/// Which dimension of an array counts its examples.
package enum ExampleDimension: String, CaseIterable, Sendable { case first, last }

extension StoredArray {
    /// Returns the array as rows of numbers, in this machine's byte order and with the last index varying fastest.
    ///
    /// Values that the file has in that form stay where they are; others are converted in blocks of some 32 MB.
    ///
    /// - Parameters:
    ///   - examples: the dimension that counts the rows; `last` is for arrays in column-major order.
    ///   - output: the file beside which temporary ones may be made.
    func rows(_ examples: ExampleDimension = .first, beside output: String) throws(DataError) -> SpooledRows {
        switch content {
        case .unusable(let what, let remedy): throw error("It is \(what); expected numbers. \(remedy)")
        case .texts, .elements(.utf8, _, _), .elements(.characters, _, _), .elements(.utf32, _, _):
            throw error("It holds texts; expected numbers. Texts may be targets, and are the names of classes there.")
        case .sparse(let columns):
            try requireRows(examples)
            return try columns.denseRows(rowCount: shape[0], place: place, beside: output)
        case .elements(.number(let type), let layout, let bytes):
            try requireRows(examples)
            return try rows(type, layout, try bytes(), examples, beside: output)
        }
    }

    private func requireRows(_ examples: ExampleDimension) throws(DataError) {
        guard let count = examples == .first ? shape.first : shape.last else {
            throw error("It is a single number; expected an array, whose first dimension counts the examples.")
        }
        let rowShape = examples == .first ? shape.dropFirst() : shape.dropLast()
        guard count > 0, rowShape.allSatisfy({ $0 > 0 }) else {
            throw error("It is \(describe(shape: shape)), which holds no values. Check how the file was made.")
        }
        guard count <= Int32.max else {
            throw error("It has \(count) rows; expected at most \(Int32.max). Divide it.")
        }
        guard let features = byteCount(of: Array(rowShape), bytesEach: 1), features <= mostFeatures else {
            throw error(
                "Its rows are \(describe(shape: Array(rowShape))); expected at most \(mostFeatures) features. "
                    + "Is it the array of the inputs?")
        }
    }

    private func rows(
        _ type: ElementType, _ layout: Layout, _ source: SourceBytes, _ examples: ExampleDimension,
        beside output: String
    ) throws(DataError) -> SpooledRows {
        let rowShape = Array(examples == .first ? shape.dropFirst() : shape.dropLast())
        let rowCount = examples == .first ? shape[0] : shape[shape.count - 1]
        func spooled(_ bytes: SourceBytes) -> SpooledRows {
            SpooledRows(
                file: bytes.file, offset: bytes.start, rowCount: rowCount, rowShape: rowShape, elementType: type)
        }
        let isSwapped = layout.isBigEndian != (UInt16(1).bigEndian == 1) && type.byteCount > 1
        // Of a vector, and of the columns of a matrix that are its examples, both orders are the same.
        let isTransposed = layout.isColumnMajor && rowShape.count > (examples == .first ? 0 : 1)
        guard isSwapped || isTransposed else { return spooled(source) }

        let spool = try SpoolWriter(beside: output)
        func convert<Word: FixedWidthInteger & BitwiseCopyable>(_: Word.Type) throws(DataError) {
            let conversion = Conversion<Word>(
                source: source, target: spool, rowCount: rowCount, rowShape: rowShape, isSwapped: isSwapped)
            if !isTransposed {
                try conversion.reorderRows { $0 }
            } else if examples == .last {
                try conversion.reorderRows { columnMajorIndex($0, in: rowShape) }
            } else {
                try conversion.transpose()
            }
        }
        switch type.byteCount {
        case 1: try convert(UInt8.self)
        case 2: try convert(UInt16.self)
        case 4: try convert(UInt32.self)
        default: try convert(UInt64.self)
        }
        return spooled(spool.bytes(place: place))
    }
}

/// Where an element is if the first index varies fastest, given where it is if the last one does.
func columnMajorIndex(_ index: Int, in shape: [Int]) -> Int {
    var rest = index, stride = shape.reduce(1, *), result = 0
    for length in shape.reversed() {
        stride /= length
        result += rest % length * stride
        rest /= length
    }
    return result
}

/// Puts the elements of a source in another order, a block at a time.
private struct Conversion<Word: FixedWidthInteger & BitwiseCopyable> {
    let source: SourceBytes
    let target: SpoolWriter
    let rowCount: Int
    let rowShape: [Int]
    let isSwapped: Bool

    private let size = MemoryLayout<Word>.size
    private let blockLength = (1 << 25) / MemoryLayout<Word>.size

    init(source: SourceBytes, target: SpoolWriter, rowCount: Int, rowShape: [Int], isSwapped: Bool) {
        self.source = source
        self.target = target
        self.rowCount = rowCount
        self.rowShape = rowShape
        self.isSwapped = isSwapped
    }

    /// Reorders the elements of each row of a source that has whole rows one after the other.
    ///
    /// - Parameter place: gives for each feature its index in the rows of the source.
    func reorderRows(_ place: (Int) -> Int) throws(DataError) {
        let width = rowShape.reduce(1, *)
        let places = (0..<width).map(place)
        let blockRows = min(rowCount, max(1, blockLength / width))
        var read = [Word](repeating: 0, count: blockRows * width), written = read
        for start in stride(from: 0, to: rowCount, by: blockRows) {
            let count = min(blockRows, rowCount - start)
            try read.withMutableBytes { buffer throws(DataError) in
                try source.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * width * size)]),
                    at: start * width * size)
            }
            for first in stride(from: 0, to: count * width, by: width) {
                for feature in 0..<width {
                    let word = read[first + places[feature]]
                    written[first + feature] = isSwapped ? word.byteSwapped : word
                }
            }
            try written.withBytes { bytes throws(DataError) in
                try target.append(UnsafeRawBufferPointer(rebasing: bytes[..<(count * width * size)]))
            }
        }
    }

    /// Transposes a source whose first index, that of the rows, varies fastest: tiles of thousands of rows and as many
    /// features as fit are read column by column.
    func transpose() throws(DataError) {
        let width = rowShape.reduce(1, *)
        let tileRows = min(rowCount, max(4096, blockLength / width))
        let tileWidth = min(width, max(1, blockLength / tileRows))
        var read = [Word](repeating: 0, count: tileRows * tileWidth), written = read
        for firstRow in stride(from: 0, to: rowCount, by: tileRows) {
            let rows = min(tileRows, rowCount - firstRow)
            for firstFeature in stride(from: 0, to: width, by: tileWidth) {
                let features = min(tileWidth, width - firstFeature)
                try read.withMutableBytes { buffer throws(DataError) in
                    for feature in 0..<features {
                        let column = columnMajorIndex(firstFeature + feature, in: rowShape)
                        let start = feature * rows * size
                        try source.read(
                            into: UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + rows * size]),
                            at: (column * rowCount + firstRow) * size)
                    }
                }
                transposeTile(read, into: &written, rows: rows, features: features)
                try written.withBytes { bytes throws(DataError) in
                    // One piece if the tile has whole rows.
                    let pieceRows = features == width ? rows : 1
                    let pieceLength = pieceRows * features * size
                    for row in stride(from: 0, to: rows, by: pieceRows) {
                        let start = row * features * size
                        try target.write(
                            UnsafeRawBufferPointer(rebasing: bytes[start..<start + pieceLength]),
                            at: ((firstRow + row) * width + firstFeature) * size)
                    }
                }
            }
        }
    }

    /// Squares of 32 x 32 elements stay in the cache.
    private func transposeTile(_ read: [Word], into written: inout [Word], rows: Int, features: Int) {
        for row in stride(from: 0, to: rows, by: 32) {
            for feature in stride(from: 0, to: features, by: 32) {
                for r in row..<min(row + 32, rows) {
                    for f in feature..<min(feature + 32, features) {
                        let word = read[f * rows + r]
                        written[r * features + f] = isSwapped ? word.byteSwapped : word
                    }
                }
            }
        }
    }
}
