import CHDF5

/// How a dataset lies in its file.
package struct HDF5Layout: Sendable {
    /// A step between values and disk, such as compression.
    package struct Filter: Sendable {
        package let name: String
        package let isAvailable: Bool
    }

    /// Nil unless the dataset is chunked.
    package let chunkShape: [Int]?
    package let filters: [Filter]
    package let storedByteCount: Int
}

extension HDF5Dataset {
    /// How the file stores this dataset.
    package func layout() throws(DataError) -> HDF5Layout {
        let creation = try HDF5Handle(handle.place, "see its layout", closing: H5Pclose) { [handle] in
            H5Dget_create_plist(handle.id)
        }
        var chunkShape: [Int]?
        if try creation.check("see its layout", { H5Pget_layout($0).rawValue }) == H5D_CHUNKED.rawValue {
            var lengths = [hsize_t](repeating: 0, count: shape.count)
            try creation.check("see its chunks") { H5Pget_chunk($0, Int32(lengths.count), &lengths) }
            chunkShape = lengths.map { Int(clamping: $0) }
        }
        var filters: [HDF5Layout.Filter] = []
        for index in 0..<(try creation.check("count its filters") { H5Pget_nfilters($0) }) {
            filters.append(try filter(UInt32(index), of: creation))
        }
        let storedByteCount = try handle.check("see its size") { Int(clamping: H5Dget_storage_size($0)) }
        return HDF5Layout(chunkShape: chunkShape, filters: filters, storedByteCount: storedByteCount)
    }

    private func filter(_ index: UInt32, of creation: HDF5Handle) throws(DataError) -> HDF5Layout.Filter {
        var flags: UInt32 = 0, parameterCount = 1, parameter: UInt32 = 0, configuration: UInt32 = 0
        var libraryName = [CChar](repeating: 0, count: 64)
        let code = try creation.check("see its filters") {
            H5Pget_filter2(
                $0, index, &flags, &parameterCount, &parameter, libraryName.count, &libraryName, &configuration)
        }
        let isAvailable = try creation.check("see its filters") { _ in H5Zfilter_avail(code) } > 0
        let name =
            switch code {
            case H5Z_FILTER_DEFLATE: "gzip \(parameter)"
            case H5Z_FILTER_SHUFFLE: "shuffle"
            case H5Z_FILTER_FLETCHER32: "fletcher32"
            default: libraryName.first == 0 ? "number \(code)" : string(from: libraryName)
            }
        return HDF5Layout.Filter(name: name, isAvailable: isAvailable)
    }
}

/// The string in a buffer that ends at its first zero, or at its end.
func string(from buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
