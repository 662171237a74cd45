import CHDF5
import Foundation

/// The value of an attribute of a file, a group or a dataset.
package enum AttributeValue: Hashable, Sendable, CustomStringConvertible, Codable {
    case string(String)
    case integer(Int64)
    /// An integer beyond the largest `Int64`.
    case unsigned(UInt64)
    case real(Double)
    /// Up to 100 numbers or strings, in the order of the file whatever their shape is.
    case list([AttributeValue])
    /// A value that bnexp does not read, named by its type.
    case other(String)

    package static func strings(_ strings: [String]) -> AttributeValue { .list(strings.map { .string($0) }) }

    package var description: String {
        switch self {
        case .string(let value): value
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .real(let value): String(value)
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .other(let typeName): "(\(typeName))"
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Double.self) {
            self = .real(value)
        } else if let values = try? container.decode([AttributeValue].self) {
            self = .list(values)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .real(let value) where value.isFinite: try container.encode(value)
        case .list(let values): try container.encode(values)
        case .real, .other: try container.encode(description)
        }
    }
}

extension HDF5File {
    /// Reads the attributes of a group or dataset; those of `/` are the file's own.
    package func attributes(of object: String = "/") throws(DataError) -> [String: AttributeValue] {
        let place = object == "/" ? path : "\(path), object '\(object)'"
        let opened = try HDF5Handle(place, "open it", closing: H5Oclose) { [handle] in H5Oopen(handle.id, object, 0) }
        defer { withExtendedLifetime(opened) {} }
        var attributes: [String: AttributeValue] = [:]
        for index in 0..<(try opened.check("count its attributes") { H5Aget_num_attrs($0) }) {
            let attribute = try HDF5Handle(place, "open an attribute", closing: H5Aclose) {
                H5Aopen_by_idx(opened.id, ".", H5_INDEX_NAME, H5_ITER_INC, hsize_t(index), 0, 0)
            }
            let length = try attribute.check("read the name of an attribute") { H5Aget_name($0, 0, nil) }
            var name = [CChar](repeating: 0, count: length + 1)
            try attribute.check("read the name of an attribute") { H5Aget_name($0, name.count, &name) }
            attributes[string(from: name)] = try value(of: attribute)
        }
        return attributes
    }
}

extension HDF5File {
    /// Reads an attribute that is a list of integers; nil if it is none.
    func integers(ofAttribute name: String, of object: String) throws(DataError) -> [Int]? {
        let opened = try HDF5Handle(path, "open '\(object)'", closing: H5Oclose) { [handle] in
            H5Oopen(handle.id, object, 0)
        }
        guard HDF5Library.serialized({ H5Aexists(opened.id, name) }) > 0 else { return nil }
        let attribute = try HDF5Handle(path, "open an attribute", closing: H5Aclose) { H5Aopen(opened.id, name, 0) }
        let space = try HDF5Handle(path, "see an attribute's shape", closing: H5Sclose) { H5Aget_space(attribute.id) }
        let count = try space.check("see an attribute's shape") { Int(H5Sget_simple_extent_npoints($0)) }
        guard count < 100 else { return nil }
        var values = [Int64](repeating: 0, count: max(1, count))
        try attribute.check("read an attribute") { H5Aread($0, bnexp_native_int64(), &values) }
        withExtendedLifetime((opened, attribute, space)) {}
        return values.prefix(count).map { Int($0) }
    }

    /// Reads an attribute that is a list of strings; nil if it is none.
    func strings(ofAttribute name: String, of object: String) throws(DataError) -> [String]? {
        let opened = try HDF5Handle(path, "open '\(object)'", closing: H5Oclose) { [handle] in
            H5Oopen(handle.id, object, 0)
        }
        guard HDF5Library.serialized({ H5Aexists(opened.id, name) }) > 0 else { return nil }
        let attribute = try HDF5Handle(path, "open an attribute", closing: H5Aclose) { H5Aopen(opened.id, name, 0) }
        let space = try HDF5Handle(path, "see an attribute's shape", closing: H5Sclose) { H5Aget_space(attribute.id) }
        let type = try HDF5Handle(path, "see an attribute's type", closing: H5Tclose) { H5Aget_type(attribute.id) }
        defer { withExtendedLifetime((opened, attribute, space, type)) {} }
        let count = try space.check("see an attribute's shape") { Int(H5Sget_simple_extent_npoints($0)) }
        guard count > 0, count <= 1 << 16,
            try type.check("see an attribute's type", { H5Tget_class($0).rawValue }) == H5T_STRING.rawValue
        else { return nil }
        let byteCount = try type.check("see an attribute's type") { Int(H5Tget_size($0)) }
        guard elementCount(of: [count], bytesEach: byteCount) != nil else { return nil }
        return try Datasets.strings(of: attribute, type: type, count: count)
    }
}

/// Reads the value of an attribute.
private func value(of attribute: HDF5Handle) throws(DataError) -> AttributeValue {
    let type = try HDF5Handle(attribute.place, "see an attribute's type", closing: H5Tclose) {
        H5Aget_type(attribute.id)
    }
    let space = try HDF5Handle(attribute.place, "see an attribute's shape", closing: H5Sclose) {
        H5Aget_space(attribute.id)
    }
    let described = try HDF5ValueType(type)
    let (elementType, typeName) = (described.form == .numbers ? described.elementType : nil, described.name)
    let shape = try extent(of: space)
    let count = try space.check("see an attribute's shape") { Int(clamping: H5Sget_simple_extent_npoints($0)) }
    let values: [AttributeValue]
    if !(1...100).contains(count) || shape == [0] {
        values = []
    } else if described.isText {
        values = try strings(of: attribute, type: type, count: count).map { .string($0) }
    } else if elementType == ElementType(.unsigned, byteCount: 8) {
        var integers = [UInt64](repeating: 0, count: count)
        try attribute.check("read an attribute") { H5Aread($0, bnexp_native_uint64(), &integers) }
        values = integers.map { number in Int64(exactly: number).map { .integer($0) } ?? .unsigned(number) }
    } else if elementType?.isInteger == true {
        var integers = [Int64](repeating: 0, count: count)
        try attribute.check("read an attribute") { H5Aread($0, bnexp_native_int64(), &integers) }
        values = integers.map { .integer($0) }
    } else if elementType != nil {
        var reals = [Double](repeating: 0, count: count)
        try attribute.check("read an attribute") { H5Aread($0, bnexp_native_double(), &reals) }
        values = reals.map { .real($0) }
    } else {
        values = []
    }
    guard let first = values.first else {
        return .other(count == 1 ? typeName : "\(describe(shape: shape)) \(typeName)")
    }
    return count == 1 ? first : .list(values)
}

/// Reads strings, which a file stores with a fixed number of bytes or, as h5py does, with variable length.
private func strings(of attribute: HDF5Handle, type: HDF5Handle, count: Int) throws(DataError) -> [String] {
    if try type.check("see an attribute's type", { H5Tis_variable_str($0) }) > 0 {
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        defer { HDF5Library.serialized { for pointer in pointers { if let pointer { H5free_memory(pointer) } } } }
        try attribute.check("read an attribute") { H5Aread($0, type.id, &pointers) }
        return pointers.map { $0.map { String(cString: $0) } ?? "" }
    }
    let byteCount = try type.check("see an attribute's type") { Int(H5Tget_size($0)) }
    guard byteCount <= 1 << 24 else {
        throw DataError(
            "\(attribute.place): An attribute has strings of \(byteCount) bytes; expected up to 16,777,216.")
    }
    var buffer = [CChar](repeating: 0, count: count * byteCount)
    try attribute.check("read an attribute") { H5Aread($0, type.id, &buffer) }
    return (0..<count).map { string(from: Array(buffer[$0 * byteCount..<($0 + 1) * byteCount])) }
}
