import Foundation

/// An array of a file that holds several by their names, with its values as they are: of any shape, finite or not.
package struct NamedArray: Codable, Sendable {
    package enum Content: Codable, Sendable, Equatable {
        /// The bit patterns of the numbers as float64, the last index varying fastest.
        case numbers(Data)
        /// A single text.
        case text(String)
        /// Values that are neither; what they are.
        case other(String)
    }

    /// Its path in the file, without a leading slash.
    package let path: String
    package let shape: [Int]
    /// The name that NumPy gives to the type.
    package let type: String
    package let content: Content

    package init(path: String, shape: [Int], type: String, _ content: Content) {
        self.path = path
        self.shape = shape
        self.type = type
        self.content = content
    }

    package init(path: String, shape: [Int], type: String, numbers: [Double]) {
        self.init(path: path, shape: shape, type: type, .numbers(numbers.withUnsafeBytes { Data($0) }))
    }

    /// The numbers; nil where there are none.
    package var numbers: [Double]? {
        guard case .numbers(let bytes) = content else { return nil }
        return bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 8).map { bytes.loadUnaligned(fromByteOffset: $0, as: Double.self) }
        }
    }

    /// How many numbers are read of a file.
    package static let mostNumbers = 1 << 24

    /// Refuses arrays that are too large to be computed with at leisure.
    package static func require(_ count: Int, of shape: [Int], file: String, array: String) throws(DataError) {
        guard count <= mostNumbers else {
            throw DataError(
                "\(file), array '\(array)': It is \(describe(shape: shape)); expected at most \(mostNumbers) numbers "
                    + "in all arrays. Save fewer rows.")
        }
    }
}

extension NamedArray {
    /// Reads every dataset of an HDF5 file, and the numbers and texts that are attributes of the file or of its groups.
    ///
    /// It is read in a child process, which a damaged file may end.
    package static func readHDF5(_ path: String) throws(DataError) -> [NamedArray] {
        try contained(file: path) { (work) throws(DataError) in
            let file = try HDF5File(path: path), names = try file.datasetNames()
            var arrays: [NamedArray] = [], count = 0
            for name in names {
                work.extendPatience()
                let dataset = try file.dataset(name)
                let size = elementCount(of: dataset.shape, bytesEach: 8) ?? .max
                count = count.addingReportingOverflow(size).overflow ? .max : count + size
                try require(count, of: dataset.shape, file: path, array: name)
                arrays.append(try NamedArray(dataset))
            }
            let groups = Set(names.compactMap { name in name.lastIndex(of: "/").map { String(name[..<$0]) } })
            for group in ["/"] + groups.sorted() {
                for (name, value) in try file.attributes(of: group).sorted(by: { $0.key < $1.key }) {
                    let path = group == "/" ? name : "\(group)/\(name)"
                    if let array = NamedArray(attribute: path, value), !names.contains(path) { arrays.append(array) }
                }
            }
            return arrays
        }
    }

    private init(_ dataset: HDF5Dataset) throws(DataError) {
        let content: Content
        if dataset.elementType != nil {
            content = .numbers(try dataset.read(Double.self).withUnsafeBytes { Data($0) })
        } else if dataset.valueType.isText, dataset.shape.reduce(1, *) == 1 {
            content = .text(try dataset.strings(inRows: 0..<1).first ?? "")
        } else {
            content = .other(dataset.typeName)
        }
        self.init(path: dataset.name, shape: dataset.shape, type: dataset.typeName, content)
    }

    private init?(attribute path: String, _ value: AttributeValue) {
        switch value {
        case .string(let text): self.init(path: path, shape: [], type: "string", .text(text))
        case .integer(let number): self.init(path: path, shape: [], type: "int64", numbers: [Double(number)])
        case .unsigned(let number): self.init(path: path, shape: [], type: "uint64", numbers: [Double(number)])
        case .real(let number): self.init(path: path, shape: [], type: "float64", numbers: [number])
        case .list, .other: return nil
        }
    }
}
