import CHDF5

/// Writes an attribute of a group or dataset of an open file; those of `/` are the file's own.
///
/// - Parameters:
///   - value: a list is written as strings of variable length in UTF-8, which h5py reads as an array of str.
///   - path: what messages call the file.
func setAttribute(
    _ name: String, _ value: AttributeValue, of object: String, in file: HDF5Handle, _ path: String
) throws(DataError) {
    let action = "write the attribute '\(name)' of '\(object)'"
    let target = try HDF5Handle(path, action, closing: H5Oclose) { H5Oopen(file.id, object, 0) }
    defer { withExtendedLifetime(target) {} }

    func write(type: hid_t, count: Int? = nil, from value: UnsafeRawPointer) throws(DataError) {
        let space = try HDF5Handle(path, action, closing: H5Sclose) {
            guard let count else { return H5Screate(H5S_SCALAR) }
            return H5Screate_simple(1, [hsize_t(count)], nil)
        }
        let attribute = try HDF5Handle(path, action, closing: H5Aclose) {
            H5Acreate2(target.id, name, type, space.id, 0, 0)
        }
        withExtendedLifetime(space) {}
        try attribute.check(action) { H5Awrite($0, type, value) }
    }
    func write(strings: [String], count: Int?) throws(DataError) {
        let type = try HDF5Handle(path, action, closing: H5Tclose) { H5Tcopy(bnexp_c_string()) }
        try type.check(action) { H5Tset_size($0, bnexp_variable_length()) }
        try type.check(action) { H5Tset_cset($0, H5T_CSET_UTF8) }
        // All texts in one piece of memory, each ended by 0, and where each begins.
        var starts: [Int] = [], texts: [CChar] = []
        for string in strings {
            starts.append(texts.count)
            texts += string.utf8CString
        }
        try texts.withUnsafeBufferPointer { texts throws(DataError) in
            let pointers = starts.map { start in texts.baseAddress.map { $0 + start } }
            try pointers.withUnsafeBufferPointer { pointers throws(DataError) in
                if let start = pointers.baseAddress { try write(type: type.id, count: count, from: start) }
            }
        }
        withExtendedLifetime(type) {}
    }

    switch value {
    case .integer(var value): try write(type: HDF5Library.serialized { bnexp_native_int64() }, from: &value)
    case .unsigned(var value): try write(type: HDF5Library.serialized { bnexp_native_uint64() }, from: &value)
    case .real(var value): try write(type: HDF5Library.serialized { bnexp_native_double() }, from: &value)
    case .string, .other: try write(strings: [value.description], count: nil)
    case .list(let values): try write(strings: values.map(\.description), count: values.count)
    }
}
