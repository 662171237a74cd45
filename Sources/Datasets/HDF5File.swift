import CHDF5
import Foundation
import Support

/// An HDF5 file that is open for reading.
package final class HDF5File {
    package let path: String
    let handle: HDF5Handle

    /// Opens a file, also where its file system has no locks, and while a SWMR writer adds to it.
    ///
    /// - Throws: an error that says whether the file is missing, a folder, empty, of another format, cut short, open in
    ///   another program, of a newer format of HDF5, or damaged.
    package init(path: String) throws(DataError) {
        let byteCount = try checkReadable(path)
        ContainedMemory.allow(fileBytes: byteCount)
        let isHDF5 = try HDF5Library.check(path, "look at the file") { H5Fis_hdf5(path) }
        guard isHDF5 > 0 else { throw DataError(file: path, notHDF5(path)) }
        let access = try HDF5Handle(path, "prepare to read", closing: H5Pclose) { H5Pcreate(bnexp_file_access()) }
        try access.check("prepare to read") { H5Pset_file_locking($0, false, true) }
        func open(_ flags: UInt32) throws(DataError) -> HDF5Handle {
            try HDF5Handle(path, "open the file", closing: H5Fclose) { H5Fopen(path, flags, access.id) }
        }
        do {
            handle = try open(bnexp_read_only())
        } catch {
            guard error.message.contains("already open for") || error.message.contains("consistency flags") else {
                throw explained(error, path, byteCount: byteCount)
            }
            do { handle = try open(bnexp_read_beside_writer()) } catch {
                throw DataError(
                    file: path,
                    "A program has this file open for writing, or ended without closing it. Close it there; if no "
                        + "program has it open, h5clear -s \(path) says so to the file.")
            }
        }
        self.path = path
    }

    /// Returns the path of each dataset in the file, in alphabetical order of groups, without a leading slash.
    package func datasetNames() throws(DataError) -> [String] {
        var names: [String] = []
        walk { name, what in if case .dataset = what { names.append(name) } }
        return names
    }

    /// Opens the dataset at `name`; groups are separated by slashes, a leading slash is optional.
    package func dataset(_ name: String) throws(DataError) -> HDF5Dataset {
        let wanted = name.split(separator: "/").joined(separator: "/")
        _ = try follow(wanted)
        return try HDF5Dataset(file: self, name: wanted)
    }
}

/// What the library's account of a file that it does not open means.
private func explained(_ error: DataError, _ path: String, byteCount: Int) -> DataError {
    let account = error.message
    if let match = account.firstMatch(
        of: /truncated file: eof = [0-9]+, sblock->base_addr = [0-9]+, stored_eof = ([0-9]+)/)
    {
        return DataError(
            file: path,
            "The file is cut short: it has \(byteCount) of \(match.1) bytes. Fetch it again, or wait until it is "
                + "written."
        )
    }
    if isOfNewerFormat(account) { return DataError(file: path, newerFormat) }
    return DataError("\(account) The file is damaged or was not written to its end: make or fetch it again.")
}

/// Whether the library's account says that it does not know a version of something in a file.
func isOfNewerFormat(_ account: String) -> Bool {
    account.contains("bad version number") || account.contains("unknown version")
        || account.contains("bad superblock version")
        || account.contains("wrong layout version") || account.contains("unknown chunk index type")
        || account.contains("bad flag value for message")
}

let newerFormat =
    "It has a newer format than HDF5 \(HDF5Library.version) here reads. Write it for older readers (h5py: "
    + "libver=(\"earliest\", \"v110\"); or h5repack --high=3 OLD NEW), or build bnexp with a newer HDF5."

/// Refuses a path that no HDF5 file can be read from, before the library gives it a less helpful message.
///
/// - Returns: the size of the file in bytes.
private func checkReadable(_ path: String) throws(DataError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
        if errno == ENOENT { throw DataError(file: path, "There is no such file. \(remedy(forMissing: path))") }
        throw DataError(file: path, "The file cannot be reached: \(String(cString: strerror(errno))).")
    }
    try requireFile(path, "an HDF5 file")
    guard status.st_mode & S_IFMT == S_IFREG else {
        throw DataError(file: path, "This is no regular file; expected an HDF5 file. Name one.")
    }
    guard access(path, R_OK) == 0 else {
        throw DataError(file: path, "The file may not be read. Change its permissions (chmod +r) or run as its owner.")
    }
    guard status.st_size > 0 else {
        throw DataError(file: path, "The file is empty; expected an HDF5 file. Make or fetch it again.")
    }
    return Int(status.st_size)
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
        return "Make it from MNIST's four IDX files: " + importCommand("")
    case "fashion-mnist.h5":
        return
            "Make it from the IDX files of Debian's package dataset-fashion-mnist (apt-get install "
            + "dataset-fashion-mnist): "
            + importCommand("/usr/share/datasets/fashion-mnist/")
    default:
        let folder = FileManager.default.currentDirectoryPath
        return path.hasPrefix("/") ? "Check the path." : "Check the path; it was looked up in \(folder)."
    }
}
