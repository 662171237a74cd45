import Datasets

/// A file of any format that is imported without options, by what its first bytes say.
package struct FileImport: Sendable {
    package enum Format: Sendable { case table, npy, npz, mat, svmlight }

    package let format: Format
    private let path: String

    /// Looks at a file.
    ///
    /// - Returns: nil for HDF5, which needs no import.
    /// - Throws: an error for what is no regular file, and for a format that is not known or has an importer with
    ///   options.
    package init?(_ path: String) throws(DataError) {
        let expected = "HDF5, CSV, TSV, npz, npy, mat or svmlight"
        let start = try SourceBytes(path: path, expected).prefix(1 << 12), name = path.lowercased()
        self.path = path
        switch SourceKind(start) {
        case .hdf5, .matlab73: return nil
        case .npy: format = .npy
        case .npz: format = .npz
        case .mat: format = .mat
        case .svmlight: format = .svmlight
        case .gzip where [".svm.gz", ".svmlight.gz", ".libsvm.gz"].contains(where: name.hasSuffix): format = .svmlight
        case .csv, .gzip: format = .table
        // Texts in other alphabets than ASCII.
        case .other where [".csv", ".tsv", ".txt", ".data"].contains(where: name.hasSuffix): format = .table
        case let other:
            throw DataError(file: path, "This is \(other.description); expected \(expected). \(other.remedy)")
        }
    }

    /// Whether the target is named alone: a column of a table, or for npy a file of its own.
    package var takesTargetAlone: Bool { format == .table || format == .npy }

    /// Writes HDF5.
    ///
    /// - Parameters:
    ///   - inputs: the name of an array of npz and mat; nil to find it.
    ///   - target: of a table a column, of npz and mat an array, of npy a file; nil to find it.
    /// - Returns: what was found, a line each.
    package func write(to output: String, inputs: String?, target: String?) throws(DataError) -> [String] {
        let options = ImportOptions()
        let names = ArrayNames(inputs: inputs, target: target, testInputs: nil, testTarget: nil)
        switch format {
        case .table:
            var table = TableOptions(files: [path])
            table.format = [".tsv", ".tsv.gz"].contains(where: path.lowercased().hasSuffix) ? "TSV" : "CSV"
            table.targets = target.map { [$0] } ?? []
            do throws(DataError) {
                return try importTable(table, options, to: output)
            } catch {
                throw DataError(
                    "\(error.message) Options beside --target are those of 'bnexp data import csv', whose output init "
                        + "takes.",
                    exitStatus: error.exitStatus)
            }
        case .npy: return try NPYImport(inputs: path, targets: target, test: nil).write(options, to: output)
        case .npz: return try ArchiveImport(.npz, path: path, names: names).write(options, to: output)
        case .mat: return try ArchiveImport(.mat, path: path, names: names).write(options, to: output)
        case .svmlight:
            return try SVMLightImport(train: path, test: nil, featureCount: nil, isZeroBased: false)
                .write(options, to: output)
        }
    }
}
