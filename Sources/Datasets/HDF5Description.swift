import CHDF5

/// Returns the lengths of a data space's dimensions; `[0]` for one that holds nothing (h5py's Empty), although it has
/// no dimensions.
func extent(of space: HDF5Handle) throws(DataError) -> [Int] {
    if try space.check("see its shape", { H5Sget_simple_extent_type($0).rawValue }) == H5S_NULL.rawValue { return [0] }
    let rank = Int(try space.check("see its rank") { H5Sget_simple_extent_ndims($0) })
    var lengths = [hsize_t](repeating: 0, count: rank)
    try space.check("see its shape") { H5Sget_simple_extent_dims($0, &lengths, nil) }
    return lengths.map { Int(clamping: $0) }
}

/// What the elements of a dataset are.
struct HDF5ValueType {
    /// How the library is asked for numbers.
    enum Form: Equatable {
        case numbers
        /// Bytes of bits, PyTables' booleans, which the library converts to no number.
        case bits
        /// Arrays of numbers in each element, of the shape given.
        case arrays([Int])
        /// Strings of so many bytes; nil stands for variable length.
        case strings(byteCount: Int?)
        case other
    }
    var form: Form
    /// The type of the numbers; nil where there are none.
    var elementType: ElementType?
    /// The name for people: `uint8`, `float32`, `string`, `compound`.
    var name: String
    /// The names of the values of an enumeration.
    var names: [Int: String] = [:]

    var isText: Bool { if case .strings = form { true } else { false } }

    /// Describes a type; an enumeration, such as h5py's bool, counts as its integers.
    init(_ type: HDF5Handle) throws(DataError) {
        let typeClass = H5T_class_t(rawValue: try type.check("see its type") { H5Tget_class($0).rawValue })
        form = .other
        switch typeClass {
        case H5T_INTEGER, H5T_FLOAT:
            form = .numbers
            let byteCount = Int(try type.check("see its type") { Int(H5Tget_size($0)) })
            var kind = ElementType.Kind.floating
            if typeClass == H5T_INTEGER {
                kind =
                    try type.check("see its sign") { H5Tget_sign($0).rawValue } == H5T_SGN_NONE.rawValue
                    ? .unsigned : .signed
            }
            let elementType = ElementType(kind, byteCount: byteCount)
            self.elementType = elementType
            let isBrain = kind == .floating ? try isBrainFloat(type) : false
            name = isBrain ? "bfloat16" : elementType.name
        case H5T_ENUM:
            self = try HDF5ValueType(
                HDF5Handle(type.place, "see its type", closing: H5Tclose) { H5Tget_super(type.id) })
            names = try memberNames(of: type)
            if names == [0: "FALSE", 1: "TRUE"] {
                elementType = .boolean
                name = "bool"
            }
        case H5T_BITFIELD:
            let byteCount = Int(try type.check("see its type") { Int(H5Tget_size($0)) })
            name = byteCount == 1 ? "bool" : "\(byteCount * 8) bits"
            guard byteCount == 1 else { return }
            (form, elementType) = (.bits, .boolean)
        case H5T_ARRAY:
            let base = try HDF5ValueType(
                HDF5Handle(type.place, "see its type", closing: H5Tclose) { H5Tget_super(type.id) })
            let rank = Int(try type.check("see its type") { H5Tget_array_ndims($0) })
            var lengths = [hsize_t](repeating: 0, count: rank)
            try type.check("see its type") { H5Tget_array_dims2($0, &lengths) }
            name = "array of \(base.name)"
            guard base.form == .numbers else { return }
            (form, elementType) = (.arrays(lengths.map { Int(clamping: $0) }), base.elementType)
        case H5T_STRING:
            let isVariable = try type.check("see its type") { H5Tis_variable_str($0) } > 0
            form = .strings(byteCount: isVariable ? nil : try type.check("see its type") { Int(H5Tget_size($0)) })
            name = "string"
        case H5T_COMPOUND:
            var members: [String] = []
            for index in 0..<(try type.check("see its fields") { H5Tget_nmembers($0) }) {
                members.append(try memberName(of: type, Int(index)))
            }
            name = members == ["r", "i"] ? "complex" : "compound"
        case H5T_VLEN: name = "variable-length"
        case H5T_REFERENCE: name = "reference"
        default: name = "opaque"
        }
    }
}

/// Whether a floating type is bfloat16: 8 bits of exponent and 7 of significand.
private func isBrainFloat(_ type: HDF5Handle) throws(DataError) -> Bool {
    var sign = 0, exponent = 0, exponentBits = 0, significand = 0, significandBits = 0
    try type.check("see its type") {
        H5Tget_fields($0, &sign, &exponent, &exponentBits, &significand, &significandBits)
    }
    return (exponentBits, significandBits) == (8, 7)
}

/// The name of a member of an enumeration or a compound type.
func memberName(of type: HDF5Handle, _ index: Int) throws(DataError) -> String {
    var name = ""
    try type.check("see its members") { id in
        guard let characters = H5Tget_member_name(id, UInt32(index)) else { return -1 }
        name = String(cString: characters)
        H5free_memory(characters)
        return 0
    }
    return name
}

private func memberNames(of type: HDF5Handle) throws(DataError) -> [Int: String] {
    var names: [Int: String] = [:]
    let count = try type.check("see its members") { H5Tget_nmembers($0) }
    let byteCount = try type.check("see its type") { Int(H5Tget_size($0)) }
    guard count <= 1 << 16, byteCount <= 8 else { return [:] }
    for index in 0..<Int(count) {
        var value: Int64 = 0
        try type.check("see its members") { H5Tget_member_value($0, UInt32(index), &value) }
        // In the byte order of this machine that is the number where it is not negative.
        try HDF5Library.check(type.place, "see its members") { [id = type.id] () -> herr_t in
            let base = H5Tget_super(id)
            defer { H5Tclose(base) }
            return H5Tconvert(base, bnexp_native_int64(), 1, &value, nil, 0)
        }
        names[Int(value)] = try memberName(of: type, index)
    }
    return names
}

/// Returns the string in a buffer that ends at its first zero, or at its end.
func string(from buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
