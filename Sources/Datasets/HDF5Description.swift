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

/// Returns the number type that `type` is, if it is one, and its name; an enumeration, such as h5py's bool, counts as
/// its integers.
func elementTypeAndName(of type: HDF5Handle) throws(DataError) -> (ElementType?, String) {
    let typeClass = H5T_class_t(rawValue: try type.check("see its type") { H5Tget_class($0).rawValue })
    switch typeClass {
    case H5T_INTEGER, H5T_FLOAT:
        let byteCount = Int(try type.check("see its type") { Int(H5Tget_size($0)) })
        var kind = ElementType.Kind.floating
        if typeClass == H5T_INTEGER {
            kind =
                try type.check("see its sign") { H5Tget_sign($0).rawValue } == H5T_SGN_NONE.rawValue
                ? .unsigned : .signed
        }
        let elementType = ElementType(kind, byteCount: byteCount)
        return (elementType, elementType.name)
    case H5T_ENUM:
        return try elementTypeAndName(
            of: HDF5Handle(type.place, "see its type", closing: H5Tclose) { H5Tget_super(type.id) })
    case H5T_STRING: return (nil, "string")
    case H5T_COMPOUND: return (nil, "compound")
    case H5T_ARRAY: return (nil, "array")
    case H5T_VLEN: return (nil, "variable-length")
    case H5T_REFERENCE: return (nil, "reference")
    default: return (nil, "opaque")
    }
}

/// Returns the string in a buffer that ends at its first zero, or at its end.
func string(from buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
