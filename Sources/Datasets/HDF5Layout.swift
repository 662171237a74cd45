import CHDF5

/// How a file stores a dataset: its chunks, its filters and its size on disk.
package struct HDF5Layout: Sendable {
    /// A step that values pass on their way to the disk and back, such as compression.
    package struct Filter: Sendable {
        let number: H5Z_filter_t
        package let name: String
        package let isAvailable: Bool

        /// How to get it where it is not built in.
        ///
        /// The numbers are those that hdf5plugin 7.1 brings filters for.
        var remedy: String {
            let folder: String
            switch number {
            case 32013, 32017, 32018, 32024, 32026, 32028, 32033:
                folder =
                    "Get it from PyPI (pip install hdf5plugin), and name its folder: "
                    + "export HDF5_PLUGIN_PATH=$(python3 -c 'import hdf5plugin; print(hdf5plugin.PLUGIN_PATH)')"
            default: folder = "Set HDF5_PLUGIN_PATH to a folder with a plugin for filter \(number)"
            }
            return "\(folder); or write it again with gzip (in h5py: compression=\"gzip\")."
        }
    }

    /// The shape of a chunk; nil unless the dataset is chunked.
    package let chunkShape: [Int]?
    package let filters: [Filter]
    package let storedByteCount: Int
    /// Whether all values lie in one piece, in the file itself.
    let isContiguous: Bool
}

extension HDF5Dataset {
    /// Reads how the file stores this dataset.
    package func layout() throws(DataError) -> HDF5Layout {
        let creation = try HDF5Handle(handle.place, "see its layout", closing: H5Pclose) { [handle] in
            H5Dget_create_plist(handle.id)
        }
        var chunkShape: [Int]?
        let kind = try creation.check("see its layout") { H5Pget_layout($0).rawValue }
        if kind == H5D_CHUNKED.rawValue {
            var lengths = [hsize_t](repeating: 0, count: shape.count)
            try creation.check("see its chunks") { H5Pget_chunk($0, Int32(lengths.count), &lengths) }
            chunkShape = lengths.map { Int(clamping: $0) }
        }
        var filters: [HDF5Layout.Filter] = []
        for index in 0..<(try creation.check("count its filters") { H5Pget_nfilters($0) }) {
            filters.append(try filter(UInt32(index), of: creation))
        }
        let storedByteCount = try handle.check("see its size") { Int(clamping: H5Dget_storage_size($0)) }
        var isContiguous = kind == H5D_CONTIGUOUS.rawValue
        if isContiguous { isContiguous = try creation.check("see its layout") { H5Pget_external_count($0) } == 0 }
        return HDF5Layout(
            chunkShape: chunkShape, filters: filters, storedByteCount: storedByteCount, isContiguous: isContiguous)
    }

    private func filter(_ index: UInt32, of creation: HDF5Handle) throws(DataError) -> HDF5Layout.Filter {
        var flags: UInt32 = 0, parameters = [UInt32](repeating: 0, count: 8), configuration: UInt32 = 0
        var parameterCount = parameters.count, libraryName = [CChar](repeating: 0, count: 64)
        let code = try creation.check("see its filters") {
            H5Pget_filter2(
                $0, index, &flags, &parameterCount, &parameters, libraryName.count, &libraryName, &configuration)
        }
        let isAvailable = try creation.check("see its filters") { _ in H5Zfilter_avail(code) } > 0
        return HDF5Layout.Filter(
            number: code, name: filterName(code, parameters, named: string(from: libraryName)), isAvailable: isAvailable
        )
    }
}

/// The name of a filter with its level, or with what it is combined with.
///
/// Numbers and parameters are those under which The HDF Group registers filters, and which hdf5plugin writes.
/// - Parameter name: what the file calls it, often with an address behind it.
private func filterName(_ code: H5Z_filter_t, _ parameters: [UInt32], named name: String) -> String {
    func choice(_ names: [UInt32: String], _ number: UInt32) -> String { names[number].map { " (\($0))" } ?? "" }
    switch code {
    case H5Z_FILTER_DEFLATE: return "gzip \(parameters[0])"
    case H5Z_FILTER_SHUFFLE: return "shuffle"
    case H5Z_FILTER_FLETCHER32: return "fletcher32"
    case 307: return "bzip2 \(parameters[0])"
    case 32001:
        let codecs: [UInt32: String] = [0: "blosclz", 1: "lz4", 2: "lz4hc", 3: "snappy", 4: "zlib", 5: "zstd"]
        return "blosc \(parameters[4])" + choice(codecs, parameters[6])
    case 32004: return "lz4"
    case 32008: return "bitshuffle" + choice([2: "lz4", 3: "zstd"], parameters[4])
    case 32013: return "zfp"
    case 32015: return "zstd \(parameters[0])"
    case 32017: return "sz"
    case 32018: return "fcidecomp"
    case 32024: return "sz3"
    case 32026: return "blosc2"
    case 32028: return "sperr"
    case 32033: return "htj2k"
    default:
        let short = name.prefix { $0 != ";" }
        return short.isEmpty ? "number \(code)" : String(short)
    }
}
