import Foundation
import Support

/// One row of a dataset: its numbers, or its strings.
package struct DatasetPreview: Codable, Sendable {
    package let dataset: String
    package let row: Int
    package let rowCount: Int
    /// The lengths of the row's own dimensions; empty for a single value.
    package let shape: [Int]
    package let type: String
    package let numbers: [ExactNumber]
    package let strings: [String]

    enum CodingKeys: String, CodingKey {
        case dataset, row, rowCount = "row_count", shape, type, numbers, strings
    }

    /// Reads a row, in a child process that a damaged file may end.
    ///
    /// - Parameter request: the path of a dataset, and behind a colon the number of a row, by default 0. A dataset
    ///   whose name ends so itself comes first.
    /// - Throws: an error where there is no such row, it is too long to be shown, or it holds neither numbers nor
    ///   strings.
    package init(file path: String, _ request: String) throws(DataError) {
        self = try contained(file: path) { (_) throws(DataError) in try DatasetPreview(reading: path, request) }
    }

    private init(reading path: String, _ request: String) throws(DataError) {
        let file = try HDF5File(path: path)
        var name = request.split(separator: "/").joined(separator: "/"), row = 0
        if try HDF5Link(name, in: file) == nil, let colon = request.lastIndex(of: ":"),
            let number = Int(request[request.index(after: colon)...])
        {
            (name, row) = (String(request[..<colon]), number)
        }
        let dataset = try file.dataset(name)
        rowCount = dataset.shape.first ?? 1
        guard (0..<rowCount).contains(row) else {
            throw dataset.error(
                rowCount < 2
                    ? "It has \(rowCount == 0 ? "no rows" : "one row, 0")."
                    : "There is no row \(row); expected 0 to \(rowCount - 1), as in \(name):0.")
        }
        let shape = Array(dataset.shape.dropFirst())
        guard dataset.elementType != nil || dataset.valueType.isText else {
            throw dataset.error("It holds values of type \(dataset.typeName); numbers and strings are shown.")
        }
        guard shape.reduce(1, { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 }) <= 1 << 24 else {
            throw dataset.error("A row of it has \(describe(shape: shape)) values; expected up to 16,777,216.")
        }
        var notes: [String] = []
        try dataset.checkPresence(in: file, HDF5Permissions(), &notes)
        try dataset.requirePresent(.range(row..<row + 1), dimension: 0)
        (self.dataset, self.row, self.shape, type) = (dataset.name, row, shape, dataset.typeName)
        numbers = dataset.valueType.isText ? [] : try dataset.exactNumbers(inRows: row..<row + 1)
        strings = dataset.valueType.isText ? try dataset.strings(inRows: row..<row + 1) : []
    }
}

/// How a row is drawn as a picture.
package struct PictureShape: Equatable, Sendable {
    package let height: Int
    package let width: Int
    /// 1 for grey, 3 for red, green and blue.
    package let channelCount: Int
    /// Whether the channels are planes behind each other, as in PyTorch, and not beside each other in each pixel.
    package let isPlanar: Bool

    /// Sees a picture in a row of the shape given: h x w, h x w x c or c x h x w with c of 1 or 3, or n flat numbers
    /// that make a square, n = h * h (784) or 3 * h * h (3072, h x w x 3), of at least 8 x 8.
    ///
    /// - Returns: nil where there is none.
    package init?(ofRow shape: [Int]) {
        switch shape.count {
        case 1:
            let isColor = shape[0] % 3 == 0 && Self.side(ofSquare: shape[0] / 3) != nil
            guard let side = Self.side(ofSquare: shape[0]) ?? Self.side(ofSquare: shape[0] / 3), side >= 8 else {
                return nil
            }
            let isSquare = side * side == shape[0]
            guard isSquare || isColor else { return nil }
            (height, width, channelCount, isPlanar) = (side, side, isSquare ? 1 : 3, false)
        case 2 where shape.allSatisfy { $0 >= 3 }:
            (height, width, channelCount, isPlanar) = (shape[0], shape[1], 1, false)
        case 3 where [1, 3].contains(shape[2]) && shape[0] >= 3 && shape[1] >= 3:
            (height, width, channelCount, isPlanar) = (shape[0], shape[1], shape[2], false)
        case 3 where [1, 3].contains(shape[0]) && shape[1] >= 3 && shape[2] >= 3:
            (height, width, channelCount, isPlanar) = (shape[1], shape[2], shape[0], true)
        default: return nil
        }
    }

    private static func side(ofSquare count: Int) -> Int? {
        let side = Int(Double(count).squareRoot().rounded())
        return side.multipliedReportingOverflow(by: side) == (count, false) ? side : nil
    }
}

extension DatasetPreview {
    /// The row as a picture: for each line its pixels, each the channels from 0, the darkest, to 1; nil where it is
    /// none.
    ///
    /// Pixels of uint8 go from 0 to 255, others from the least to the greatest number of the row.
    package var picture: [[[Double]]]? {
        let numbers = numbers.map(\.value)
        guard !numbers.isEmpty, let form = PictureShape(ofRow: shape) else { return nil }
        let finite = numbers.filter(\.isFinite)
        let (low, high) = type == "uint8" ? (0, 255) : (finite.min() ?? 0, finite.max() ?? 1)
        let (height, width, channelCount) = (form.height, form.width, form.channelCount)
        return (0..<height).map { y in
            (0..<width).map { x in
                (0..<channelCount).map { c in
                    let index = form.isPlanar ? (c * height + y) * width + x : (y * width + x) * channelCount + c
                    let value = numbers[index]
                    // Halves, since the difference of the largest numbers would overflow.
                    return value.isFinite && high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0
                }
            }
        }
    }
}
