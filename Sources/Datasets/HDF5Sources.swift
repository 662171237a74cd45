import CHDF5
import Foundation

extension HDF5File {
    /// Refuses a virtual dataset that leads to a pipe or a device, which the library would wait for as soon as it is
    /// asked for the shape.
    ///
    /// It looks at the sources then if a selection has no limit, as with one source for each block of rows
    /// (`part-%b.h5`). Other sources it opens when values are read, before which `checkPresence` has looked at them.
    func requireRegularSources(of dataset: HDF5Handle, named name: String) throws(DataError) {
        var visited: Set<String> = []
        try requireRegularSources(of: dataset, named: name, &visited)
    }

    private func requireRegularSources(
        of dataset: HDF5Handle, named name: String, _ visited: inout Set<String>
    ) throws(DataError) {
        let creation = try HDF5Handle(dataset.place, "see its layout", closing: H5Pclose) {
            H5Dget_create_plist(dataset.id)
        }
        guard try creation.check("see its layout", { H5Pget_layout($0).rawValue }) == H5D_VIRTUAL.rawValue,
            visited.insert("\(path):\(name)").inserted
        else { return }
        var count = 0
        try creation.check("count its sources") { H5Pget_virtual_count($0, &count) }
        for index in 0..<count {
            let space = try HDF5Handle(dataset.place, "see its sources", closing: H5Sclose) {
                H5Pget_virtual_vspace(creation.id, index)
            }
            guard HDF5Library.serialized({ H5Sget_select_npoints(space.id) }) < 0 else { continue }
            func text(_ get: (UnsafeMutablePointer<CChar>, Int) -> Int) throws(DataError) -> String {
                var buffer = [CChar](repeating: 0, count: 1 << 12)
                try creation.check("see its sources") { _ in get(&buffer, buffer.count - 1) }
                return string(from: buffer)
            }
            let file = try text { H5Pget_virtual_filename(creation.id, index, $0, $1) }
            let source = try text { H5Pget_virtual_dsetname(creation.id, index, $0, $1) }
            let isNumbered = file.contains("%b") || source.contains("%b")
            for block in 0..<(isNumbered ? largestBlockCount : 1) {
                func numbered(_ name: String) -> String { name.replacingOccurrences(of: "%b", with: String(block)) }
                guard try hasRegularSource(numbered(file), numbered(source), &visited) else { break }
            }
        }
    }

    /// - Returns: whether the source is there, after which the library looks for the next one.
    private func hasRegularSource(
        _ file: String, _ source: String, _ visited: inout Set<String>
    ) throws(DataError) -> Bool {
        let other: HDF5File
        if file == "." || file.isEmpty {
            other = self
        } else {
            guard let place = try otherFile(file) else { return false }
            // What is wrong with a file is said where its values are asked for.
            guard case .success(let opened) = Result(catching: { () throws(DataError) in try HDF5File(path: place) })
            else { return false }
            other = opened
        }
        do {
            _ = try other.follow(source, listing: false)
        } catch {
            if error.message.contains(isNoRegularFile) { throw error }
            return false
        }
        let opened = Result { () throws(DataError) in
            try HDF5Handle(Datasets.place(file: other.path, dataset: source), "open it", closing: H5Dclose) {
                H5Dopen2(other.handle.id, source, 0)
            }
        }
        guard case .success(let dataset) = opened else { return false }
        try other.requireRegularSources(of: dataset, named: source, &visited)
        return true
    }
}

/// More files than a dataset is put together from by number.
private let largestBlockCount = 100_000
