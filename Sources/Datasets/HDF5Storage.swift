import CHDF5

/// Where the values of a dataset are, and how many of them were written.
struct HDF5Storage {
    /// How the file keeps values, by the names of the HDF5 library.
    enum Form: String, Codable, Sendable { case compact, contiguous, chunked, external, virtual }
    let form: Form
    /// The bytes of all values as the file has them, before filters; nil where elements have no fixed size.
    let valueByteCount: Int?
    /// The share of the chunks, or of all values, that is in the file; nil where that is elsewhere or not known.
    let writtenShare: Double?
    /// The files outside of this one that have the values, and for virtual datasets the datasets in them.
    let sources: [String]
}

extension HDF5Dataset {
    /// Reads where the values of this dataset are.
    func storage() throws(DataError) -> HDF5Storage {
        let creation = try HDF5Handle(handle.place, "see its layout", closing: H5Pclose) { [handle] in
            H5Dget_create_plist(handle.id)
        }
        let form: HDF5Storage.Form
        switch try creation.check("see its layout", { H5Pget_layout($0).rawValue }) {
        case H5D_COMPACT.rawValue: form = .compact
        case H5D_CHUNKED.rawValue: form = .chunked
        case H5D_VIRTUAL.rawValue: form = .virtual
        default: form = try creation.check("see its files") { H5Pget_external_count($0) } > 0 ? .external : .contiguous
        }
        return HDF5Storage(
            form: form, valueByteCount: try valueByteCount(), writtenShare: try writtenShare(form, creation),
            sources: try sources(form, creation))
    }

    private func valueByteCount() throws(DataError) -> Int? {
        let type = try HDF5Handle(handle.place, "see its type", closing: H5Tclose) { [handle] in H5Dget_type(handle.id)
        }
        let isVariable = try type.check("see its type") { H5Tdetect_class($0, H5T_VLEN) } > 0
        if isVariable || valueType.form == .strings(byteCount: nil) { return nil }
        // The lengths of arrays in each element are in its size already.
        let space = try HDF5Handle(handle.place, "see its shape", closing: H5Sclose) { [handle] in
            H5Dget_space(handle.id)
        }
        let lengths = try Datasets.extent(of: space)
        return lengths.reduce(try type.check("see its type") { Int(H5Tget_size($0)) } as Int?) { count, length in
            guard let (product, hasOverflow) = count?.multipliedReportingOverflow(by: length) else { return nil }
            return hasOverflow ? nil : product
        }
    }

    private func writtenShare(_ form: HDF5Storage.Form, _ creation: HDF5Handle) throws(DataError) -> Double? {
        guard shape.allSatisfy({ $0 > 0 }) else { return nil }
        switch form {
        case .compact: return 1
        case .external, .virtual: return nil
        case .contiguous:
            return try handle.check("see its size") { Int(clamping: H5Dget_storage_size($0)) } > 0 ? 1 : 0
        case .chunked:
            let space = try HDF5Handle(handle.place, "see its shape", closing: H5Sclose) { [handle] in
                H5Dget_space(handle.id)
            }
            let lengths = try Datasets.extent(of: space)
            var chunk = [hsize_t](repeating: 0, count: lengths.count), count: hsize_t = 0
            try creation.check("see its chunks") { H5Pget_chunk($0, Int32(chunk.count), &chunk) }
            try handle.check("count its chunks") { H5Dget_num_chunks($0, space.id, &count) }
            withExtendedLifetime(space) {}
            let total = zip(lengths, chunk).reduce(1.0) { $0 * (Double($1.0) / max(1, Double($1.1))).rounded(.up) }
            return min(1, Double(count) / total)
        }
    }

    private func sources(_ form: HDF5Storage.Form, _ creation: HDF5Handle) throws(DataError) -> [String] {
        var sources: [String] = []
        if form == .external {
            for index in 0..<(try creation.check("see its files") { H5Pget_external_count($0) }) {
                var name = [CChar](repeating: 0, count: 1 << 12), offset: off_t = 0, size: hsize_t = 0
                try creation.check("see its files") {
                    H5Pget_external($0, UInt32(index), name.count - 1, &name, &offset, &size)
                }
                sources.append(string(from: name))
            }
        } else if form == .virtual {
            var count = 0
            try creation.check("count its sources") { H5Pget_virtual_count($0, &count) }
            for index in 0..<min(count, 10_000) {
                var file = [CChar](repeating: 0, count: 1 << 12), dataset = file
                try creation.check("see its sources") { H5Pget_virtual_filename($0, index, &file, file.count - 1) }
                try creation.check("see its sources") {
                    H5Pget_virtual_dsetname($0, index, &dataset, dataset.count - 1)
                }
                sources.append("\(string(from: file)):\(string(from: dataset))")
            }
        }
        return sources
    }
}
