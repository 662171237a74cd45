import Datasets
import Foundation
import Support

extension NamedArray {
    /// Reads the arrays of an HDF5 or an npz file, whichever it is.
    package static func read(_ path: String) throws(DataError) -> [NamedArray] {
        let source = try SourceBytes(path: path, "arrays with names, in an HDF5 or an npz file")
        switch SourceKind(try source.prefix(512)) {
        case .npz: return try readNPZ(path)
        case .hdf5, .matlab73, .other: return try readHDF5(path)
        case let kind:
            throw source.error(
                "This is \(kind.description); expected arrays with names, in an HDF5 file (h5py) or in an npz file "
                    + "(numpy.savez).")
        }
    }

    private static func readNPZ(_ path: String) throws(DataError) -> [NamedArray] {
        let temporary = FileManager.default.temporaryDirectory.appendingPathComponent("arrays").path
        var count = 0, result: [NamedArray] = []
        for array in try npzArrays(path, beside: temporary) {
            let size = byteCount(of: array.shape, bytesEach: 1) ?? .max
            count = count.addingReportingOverflow(size).overflow ? .max : count + size
            try require(count, of: array.shape, file: path, array: array.name)
            result.append(try NamedArray(array))
        }
        return result
    }

    private init(_ array: StoredArray) throws(DataError) {
        func made(_ type: String, _ content: Content) -> NamedArray {
            NamedArray(path: array.name, shape: array.shape, type: type, content)
        }
        switch array.content {
        case .elements(.number(let type), let layout, let bytes):
            self = NamedArray(
                path: array.name, shape: array.shape, type: type.name,
                numbers: try orderedNumbers(array.shape, type, layout, bytes()))
        case .elements(.utf32(let length), let layout, let bytes) where array.shape.reduce(1, *) == 1:
            let source = try bytes()
            let units = try source.bytes(0..<4 * length)
            let scalars = (0..<length).compactMap { index in
                UInt32(exactly: units.number(at: 4 * index, width: 4, isBigEndian: layout.isBigEndian))
            }
            self = made("text", .text(String(decoding: scalars.prefix { $0 != 0 }, as: UTF32.self)))
        case .elements(.utf8(let length), _, let bytes) where array.shape.reduce(1, *) == 1:
            let units = try bytes().bytes(0..<length)
            self = made("text", .text(String(decoding: units.prefix { $0 != 0 }, as: UTF8.self)))
        case .elements, .texts: self = made("text", .other("text"))
        case .sparse: self = made("sparse", .other("sparse"))
        case .unusable(let what, _): self = made("other", .other(what))
        }
    }
}

/// The numbers of an array with the last index varying fastest.
private func orderedNumbers(
    _ shape: [Int], _ type: ElementType, _ layout: StoredArray.Layout, _ source: SourceBytes
) throws(DataError) -> [Double] {
    let count = shape.reduce(1, *), size = type.byteCount
    var bytes = try source.bytes(0..<count * size)
    if layout.isBigEndian, size > 1 {
        for start in stride(from: 0, to: bytes.count, by: size) { bytes[start..<start + size].reverse() }
    }
    var numbers = [Double](repeating: 0, count: count)
    bytes.withUnsafeBytes { bytes in
        numbers.withUnsafeMutableBufferPointer { type.convert(bytes, to: $0) }
    }
    guard layout.isColumnMajor else { return numbers }
    return (0..<count).map { numbers[columnMajorIndex($0, in: shape)] }
}
