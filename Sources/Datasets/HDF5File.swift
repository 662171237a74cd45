import CHDF5
import Foundation
import Support

/// An HDF5 file that is open for reading.
package final class HDF5File {
    package let path: String
    let handle: HDF5Handle

    /// Opens a file.
    ///
    /// - Throws: an error that says whether the file is missing, a folder, empty, not HDF5 or damaged.
    package init(path: String) throws(DataError) {
        try checkReadable(path)
        let isHDF5 = try HDF5Library.check(path, "look at the file") { H5Fis_hdf5(path) }
        guard isHDF5 > 0 else {
            throw DataError(
                file: path,
                "This is not an HDF5 file. Write one with h5py, or import IDX files (MNIST's format) with 'bnexp data "
                    + "import idx'."
            )
        }
        do {
            handle = try HDF5Handle(path, "open the file", closing: H5Fclose) { H5Fopen(path, bnexp_read_only(), 0) }
        } catch {
            throw DataError(
                "\(error.message) The file is damaged or was not written to its end: make or fetch it again.")
        }
        self.path = path
    }

    /// Returns the path of each dataset in the file, in alphabetical order of groups, without a leading slash.
    package func datasetNames() throws(DataError) -> [String] {
        var names: [String] = []
        try withUnsafeMutablePointer(to: &names) { names throws(DataError) in
            _ = try handle.check("list its datasets") { file in
                bnexp_visit_datasets(
                    file,
                    { name, context in
                        guard let name, let context else { return }
                        context.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
                    }, names)
            }
        }
        return names
    }

    /// Opens the dataset at `name`; groups are separated by slashes, a leading slash is optional.
    package func dataset(_ name: String) throws(DataError) -> HDF5Dataset {
        let wanted = name.split(separator: "/").joined(separator: "/")
        let names: [String]
        do {
            return try HDF5Dataset(file: self, name: wanted)  // tried first, since the listing leaves out links
        } catch {
            names = try datasetNames()
            if names.contains(wanted) { throw error }
        }
        if names.isEmpty {
            throw DataError(file: path, dataset: name, "There is no such dataset; the file holds none at all.")
        }
        let guess = nearest(to: wanted, among: names).map { " Did you mean '\($0)'?" } ?? ""
        let listed =
            names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", ... (\(names.count) in all)" : "")
        throw DataError(file: path, dataset: name, "There is no such dataset.\(guess) The file has: \(listed).")
    }
}

/// Refuses a path that no HDF5 file can be read from, before the library gives it a less helpful message.
private func checkReadable(_ path: String) throws(DataError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
        if errno == ENOENT { throw DataError(file: path, "There is no such file. \(remedy(forMissing: path))") }
        throw DataError(file: path, "The file cannot be reached: \(String(cString: strerror(errno))).")
    }
    try requireFile(path, "an HDF5 file")
    guard access(path, R_OK) == 0 else {
        throw DataError(file: path, "The file may not be read. Change its permissions (chmod +r) or run as its owner.")
    }
    guard status.st_size > 0 else {
        throw DataError(file: path, "The file is empty; expected an HDF5 file. Make or fetch it again.")
    }
}

/// Returns the command that makes a well-known file, or for any other file the advice to check the path.
private func remedy(forMissing path: String) -> String {
    func importCommand(_ folder: String) -> String {
        """
        bnexp data import idx --train-images \(folder)train-images-idx3-ubyte.gz \
        --train-labels \(folder)train-labels-idx1-ubyte.gz --test-images \(folder)t10k-images-idx3-ubyte.gz \
        --test-labels \(folder)t10k-labels-idx1-ubyte.gz --output \(path)
        """
    }
    switch URL(fileURLWithPath: path).lastPathComponent {
    case "mnist.h5":
        return "Make it from MNIST's four IDX files:\n  " + importCommand("")
    case "fashion-mnist.h5":
        return
            "Make it from the IDX files of Debian's package dataset-fashion-mnist (apt-get install "
            + "dataset-fashion-mnist):\n  "
            + importCommand("/usr/share/datasets/fashion-mnist/")
    default:
        let folder = FileManager.default.currentDirectoryPath
        return path.hasPrefix("/") ? "Check the path." : "Check the path; it was looked up in \(folder)."
    }
}
