import Foundation

/// The inputs of N examples with D features each, kept in the smallest type that holds the file's values.
package struct Examples: Sendable {
    /// The N x D values, row by row.
    package enum Storage: Sendable {
        case uint8([UInt8])
        case float32([Float])
        case float64([Double])
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

    /// Reads all rows: `uint8` as it is, other integers of up to 16 bits and floating types of up to 32 as `Float`
    /// (exactly), wider types as `Double` (integers beyond 2^53 are rounded).
    ///
    /// - Throws: an error if there are no rows or no features, if the values are no numbers, or if any is not finite.
    package init(_ dataset: HDF5Dataset) throws(DataError) {
        guard dataset.shape.allSatisfy({ $0 > 0 }), !dataset.shape.isEmpty else {
            let found = dataset.shape.isEmpty ? "a single value (rank 0)" : describe(shape: dataset.shape)
            throw dataset.error(
                "It is \(found); expected at least one row of at least one feature: N x ... with the examples first.")
        }
        let elementType = dataset.elementType ?? .float64  // reading says what is wrong with a dataset without numbers
        let storage: Storage
        switch (elementType.kind, elementType.byteCount) {
        case (.unsigned, 1): storage = .uint8(try dataset.read())
        case (.unsigned, 2), (.signed, ...2), (.floating, ...4): storage = .float32(try dataset.read())
        default: storage = .float64(try dataset.read())
        }
        self.init(
            storage, shape: Array(dataset.shape.dropFirst()), elementType: elementType,
            place: Datasets.place(file: dataset.file, dataset: dataset.name))
        try requireFinite()
    }

    private func requireFinite() throws(DataError) {
        let found: (first: Int, count: Int)? =
            switch storage {
            case .uint8: nil
            case .float32(let values): nonfinite(values)
            case .float64(let values): nonfinite(values)
            }
        guard let found else { return }
        throw DataError(
            "\(place): \(found.count) of \(rowCount * featureCount) values are not finite (NaN or infinity), the first "
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
private func nonfinite<T: BinaryFloatingPoint>(_ values: [T]) -> (first: Int, count: Int)? {
    let count = values.reduce(0) { $0 + ($1.isFinite ? 0 : 1) }
    guard count > 0, let first = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    return (first, count)
}
