import Foundation

/// The inputs of N examples with D features each, kept in the smallest type that holds the file's values.
package struct Examples: Sendable {
    /// The N x D values, row by row.
    package enum Storage: Sendable {
        case uint8(Values<UInt8>)
        case float32(Values<Float>)
        case float64(Values<Double>)

        package static func uint8(_ array: [UInt8]) -> Storage { .uint8(Values(array)) }
        package static func float32(_ array: [Float]) -> Storage { .float32(Values(array)) }
        package static func float64(_ array: [Double]) -> Storage { .float64(Values(array)) }
    }

    package let storage: Storage
    /// N, the number of examples.
    package let rowCount: Int
    /// D, the number of features of an example: the product of `shape`.
    package let featureCount: Int
    /// The shape of one example, `[28, 28]` for an image; empty if an example is a single number.
    package let shape: [Int]
    /// The type of the values in the file.
    package let elementType: ElementType
    /// The name that messages give to the data: file and dataset.
    package let place: String

    /// Makes examples from values in memory.
    package init(_ storage: Storage, shape: [Int], elementType: ElementType, place: String = "data in memory") {
        self.storage = storage
        self.shape = shape
        self.elementType = elementType
        self.place = place
        featureCount = shape.reduce(1, *)
        precondition(
            featureCount > 0 && storage.count % featureCount == 0, "\(storage.count) values are no rows of \(shape)")
        rowCount = storage.count / featureCount
    }

    /// Reads examples alone, in a child process that a damaged file may end.
    package init(file: String, _ request: DatasetRequest, _ permissions: HDF5Permissions = .init()) throws(DataError) {
        let (read, shared) = try contained(file: file) { (shared) throws(DataError) in
            try HDF5File(path: file).read(request, areTargets: false, permissions, into: shared)
        }
        try self.init(read, from: shared)
    }

    /// Takes what was read; see `ReadDataset`.
    ///
    /// - Throws: an error if any value is not finite.
    init(_ read: ReadDataset, from file: NamelessFile) throws(DataError) {
        let count = read.shape.reduce(1, *)
        let storage: Storage =
            switch read.form {
            case .uint8: .uint8(try Values(file, offset: read.offset, count: count))
            case .float32: .float32(try Values(file, offset: read.offset, count: count))
            case .float64: .float64(try Values(file, offset: read.offset, count: count))
            case .codes: preconditionFailure("\(read.place) holds names")
            }
        self.init(
            storage, shape: Array(read.shape.dropFirst()), elementType: read.elementType, place: read.place)
        try requireFinite(missing: read.missingCount)
    }

    /// Refuses targets of outputs that are probabilities which are none.
    package func requireUnitInterval() throws(DataError) {
        func first<Element: HDF5Element>(_ values: Values<Element>) -> Int? {
            values.firstIndex { !($0.asDouble >= 0 && $0.asDouble <= 1) }
        }
        let found =
            switch storage {
            case .uint8(let values): first(values)
            case .float32(let values): first(values)
            case .float64(let values): first(values)
            }
        guard let found else { return }
        throw DataError(
            "\(place): row \(found / featureCount), column \(found % featureCount), counted from 0, is not between 0 and 1, as "
                + "loss.kind sigmoid_cross_entropy expects. For one class a row choose softmax_cross_entropy, for values "
                + "mean_squared_error.")
    }

    /// - Parameter missing: how many values the file says are missing.
    private func requireFinite(missing: Int) throws(DataError) {
        let found: (first: Int, count: Int)? =
            switch storage {
            case .uint8: nil
            case .float32(let values): nonfinite(values)
            case .float64(let values): nonfinite(values)
            }
        guard let found else { return }
        throw DataError(
            "\(place): \(found.count) of \(rowCount * featureCount) values are "
                + (missing == found.count ? "missing (_FillValue)" : "not finite (NaN or infinity)") + ", the first "
                + "in row \(found.first / featureCount), column \(found.first % featureCount), counted from 0. "
                + "Replace them or leave out their rows.")
    }
}

extension Examples.Storage {
    package var count: Int {
        switch self {
        case .uint8(let values): values.count
        case .float32(let values): values.count
        case .float64(let values): values.count
        }
    }

    /// Calls `body` with the bytes of the values in this machine's order, which are valid during the call.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch self {
        case .uint8(let values): values.withUnsafeBytes(body)
        case .float32(let values): values.withUnsafeBytes(body)
        case .float64(let values): values.withUnsafeBytes(body)
        }
    }
}

/// Finds values that are not finite: the index of the first, and how many there are; nil if there are none.
private func nonfinite<T: BinaryFloatingPoint>(_ values: Values<T>) -> (first: Int, count: Int)? {
    let count = values.reduce(0) { $0 + ($1.isFinite ? 0 : 1) }
    guard count > 0, let first = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    return (first, count)
}
