import CHDF5
import Foundation
import Support

/// Where a link leads.
package enum HDF5Link: Equatable, Sendable {
    case hard
    case soft(target: String)
    /// An object in another file, whose name is relative to the folder of this one.
    case external(file: String, object: String)

    /// Reads the link that a path ends with; nil if there is none.
    init?(_ path: String, in file: HDF5File) throws(DataError) {
        let type = HDF5Library.serialized { bnexp_link_type(file.handle.id, path) }
        if type == H5L_TYPE_HARD.rawValue {
            self = .hard
            return
        }
        guard type == H5L_TYPE_SOFT.rawValue || type == H5L_TYPE_EXTERNAL.rawValue else { return nil }
        var value = [CChar](repeating: 0, count: 1 << 14)
        try file.handle.check("see where the link '\(path)' leads") { H5Lget_val($0, path, &value, value.count - 1, 0) }
        if type == H5L_TYPE_SOFT.rawValue {
            self = .soft(target: string(from: value))
            return
        }
        // A byte of flags, then both names, each with a zero at its end.
        let names = value.dropFirst().split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        self = .external(file: string(from: Array(names[0])), object: string(from: Array(names[1])))
    }

    package var description: String {
        switch self {
        case .hard: ""
        case .soft(let target): "-> \(target)"
        case .external(let file, let object): "-> \(file):\(object)"
        }
    }
}

/// What is said of a pipe or a device that a file leads to.
let isNoRegularFile = "which is no regular file"

extension HDF5File {
    /// Follows a path link by link before the library does, which opens whatever another file's name leads to and says
    /// little of what it does not find.
    ///
    /// - Parameter listing: whether an error says what the file has instead of what is not there.
    /// - Returns: the other files that the path leads into.
    /// - Throws: a sentence on the link that leads nowhere, or on what the path ends with instead of a dataset.
    func follow(_ name: String, listing: Bool = true, depth: Int = 0) throws(DataError) -> [String] {
        func error(_ problem: String) -> DataError { DataError(file: path, dataset: name, problem) }
        guard depth < 32 else { throw error("Its links go round in circles.") }
        let parts = name.split(separator: "/").map(String.init)
        if parts.isEmpty { throw try missing(name, listing) }
        for index in parts.indices {
            let place = parts[...index].joined(separator: "/")
            guard let link = try HDF5Link(place, in: self) else { throw try missing(name, listing) }
            let rest = parts[(index + 1)...]
            switch link {
            case .hard: continue
            case .soft(let target):
                let base = target.hasPrefix("/") ? [] : Array(parts[..<index])
                do {
                    return try follow(
                        (base + [target] + rest).joined(separator: "/"), listing: listing, depth: depth + 1)
                } catch {
                    throw depth > 0 ? error : DataError("\(error.message) '\(place)' is a link to it.")
                }
            case .external(let file, let object):
                guard let other = try otherFile(file) else {
                    throw error("'\(place)' is a link into \(file), which is not there. Put it beside \(path).")
                }
                return [other]
                    + (try HDF5File(path: other).follow(
                        "\(object)/\(rest.joined(separator: "/"))", listing: listing, depth: depth + 1))
            }
        }
        return []
    }

    /// The path of another file that this one names; nil if there is none.
    ///
    /// - Parameter besideOnly: whether a relative path is never one from the working directory.
    /// - Throws: an error if it is no regular file: reading a pipe or a device would wait for ever.
    func otherFile(_ name: String, besideOnly: Bool = false) throws(DataError) -> String? {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let places = name.hasPrefix("/") ? [name] : besideOnly ? ["\(folder)/\(name)"] : ["\(folder)/\(name)", name]
        for place in places {
            var status = stat()
            guard stat(place, &status) == 0 else { continue }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw DataError(file: path, "It leads to \(place), \(isNoRegularFile).")
            }
            return place
        }
        return nil
    }

    /// What an object is: `dataset`, `group` or `named type`; nil where none can be opened.
    func kind(of name: String) -> String? {
        switch HDF5Library.serialized({ bnexp_object_kind(handle.id, name) }) {
        case Int32(H5I_DATASET.rawValue): "dataset"
        case Int32(H5I_GROUP.rawValue): "group"
        case Int32(H5I_DATATYPE.rawValue): "named type"
        default: nil
        }
    }

    /// What is said of a group where a dataset is expected.
    func holdings(ofGroup name: String) throws(DataError) -> String {
        let inside = try datasetNames().filter { $0.hasPrefix(name + "/") }
        let listed = inside.isEmpty ? "no dataset" : inside.prefix(10).joined(separator: ", ")
        return "It is a group; it holds \(listed)\(inside.count > 10 ? ", ..." : ""). Name a dataset, or "
            + "'\(name)/*' if each is one example."
    }

    /// The error for a path that leads to nothing.
    private func missing(_ name: String, _ listing: Bool) throws(DataError) -> DataError {
        guard listing else { return DataError(file: path, dataset: name, "There is no such object.") }
        let names = try datasetNames()
        if names.isEmpty {
            return DataError(file: path, dataset: name, "There is no such dataset; the file holds none at all.")
        }
        let wanted = name.split(separator: "/").joined(separator: "/")
        let guess = nearest(to: wanted, among: names).map { " Did you mean '\($0)'?" } ?? ""
        let listed =
            names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", ... (\(names.count) in all)" : "")
        return DataError(file: path, dataset: name, "There is no such dataset.\(guess) The file has: \(listed).")
    }
}
