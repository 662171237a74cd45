import CHDF5
import Foundation

/// What a reader lets pass.
package struct HDF5Permissions: Codable, Hashable, Sendable {
    /// Values that were never written, for which the file has a fill value.
    package var unwritten = false
    /// Values in other files that are no HDF5 files.
    package var rawFiles = false

    package init(unwritten: Bool = false, rawFiles: Bool = false) {
        self.unwritten = unwritten
        self.rawFiles = rawFiles
    }
}

extension HDF5Dataset {
    /// Refuses values that are not in the file, for which the library would give the fill value, mostly 0; but for
    /// those of chunks, see `requirePresent`.
    ///
    /// A dataset whose space was allocated when it was made cannot be told from one that was written.
    /// - Parameters:
    ///   - opened: the file that the dataset is in.
    ///   - notes: receives what lies outside of the file.
    func checkPresence(in opened: HDF5File, _ permissions: HDF5Permissions, _ notes: inout [String]) throws(DataError) {
        var visited: Set<String> = []
        try checkPresence(in: opened, permissions, &notes, &visited)
    }

    /// Refuses a dataset of which any value is not in the file; see `checkPresence` and `requirePresent`.
    func requireWhole(in opened: HDF5File, _ permissions: HDF5Permissions, _ notes: inout [String]) throws(DataError) {
        var visited: Set<String> = []
        try requireWhole(in: opened, permissions, &notes, &visited)
    }

    private func requireWhole(
        in opened: HDF5File, _ permissions: HDF5Permissions, _ notes: inout [String], _ visited: inout Set<String>
    ) throws(DataError) {
        try checkPresence(in: opened, permissions, &notes, &visited)
        if !permissions.unwritten, let count = extent.first {
            try requirePresent(.range(0..<count), dimension: 0)
        }
    }

    private func checkPresence(
        in opened: HDF5File, _ permissions: HDF5Permissions, _ notes: inout [String], _ visited: inout Set<String>
    ) throws(DataError) {
        let creation = try HDF5Handle(handle.place, "see its layout", closing: H5Pclose) { [handle] in
            H5Dget_create_plist(handle.id)
        }
        guard shape.allSatisfy({ $0 > 0 }) else { return }
        switch try creation.check("see its layout", { H5Pget_layout($0).rawValue }) {
        case H5D_VIRTUAL.rawValue: try checkSources(creation, in: opened, permissions, &notes, &visited)
        case H5D_CONTIGUOUS.rawValue:
            if try creation.check("see where its values are", { H5Pget_external_count($0) }) > 0 {
                try checkRawFiles(creation, in: opened, permissions, &notes)
            } else if !permissions.unwritten,
                try handle.check("see its size", { Int(clamping: H5Dget_storage_size($0)) }) == 0
            {
                throw unwritten("all \(shape.first ?? 1) rows were never written")
            }
        default: break
        }
    }

    private func unwritten(_ what: String) -> DataError {
        error("\(what). Write them, read fewer rows, or set data.allow_unwritten to take the fill value for them.")
    }

    /// Refuses rows of which a chunk was never written.
    ///
    /// - Parameters:
    ///   - rows: in ascending order.
    ///   - dimension: that which counts the rows.
    func requirePresent(_ rows: RowSet, dimension: Int) throws(DataError) {
        guard let chunk = try layout().chunkShape?.map({ max(1, $0) }), !rows.isEmpty else { return }
        let grid = zip(shape, chunk).map { ($0 + $1 - 1) / $1 }
        let total = grid.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 }
        var count: hsize_t = 0
        let space = try HDF5Handle(handle.place, "see its shape", closing: H5Sclose) { [handle] in
            H5Dget_space(handle.id)
        }
        try handle.check("count its chunks") { H5Dget_num_chunks($0, space.id, &count) }
        let present = Int(clamping: count)
        guard present < total else { return }
        let chunks = "\(total - present) of \(total) chunks are not in the file"
        guard present > 0 else { throw unwritten("all \(shape[dimension]) rows were never written: \(chunks)") }
        var absent = 0, place = 0
        while place < rows.count {
            let band = rows[place] / chunk[dimension]
            let places = rows.places(in: band * chunk[dimension]..<(band + 1) * chunk[dimension])
            if try lacksChunk(band: band, dimension, grid, chunk) { absent += places.count }
            place = places.upperBound
        }
        guard absent > 0 else { return }
        let filled =
            rows.count == shape[dimension] && dimension == 0
            ? try rowsOfFillValue().map { ", and \($0) rows hold nothing but the fill value" } ?? "" : ""
        throw unwritten("\(absent) of \(rows.count) rows were never written: \(chunks)\(filled)")
    }

    /// How many bytes the file has of the chunk with a first element; 0 if it has none.
    func storedByteCount(ofChunkAt offset: [hsize_t]) -> Int {
        var byteCount: hsize_t = 0
        // The library calls it an error that there is none.
        let status = HDF5Library.serialized { H5Dget_chunk_storage_size(handle.id, offset, &byteCount) }
        return status < 0 ? 0 : Int(clamping: byteCount)
    }

    /// Whether any chunk that has rows of a band is not in the file.
    private func lacksChunk(band: Int, _ dimension: Int, _ grid: [Int], _ chunk: [Int]) throws(DataError) -> Bool {
        var place = grid.map { _ in 0 }
        place[dimension] = band
        while true {
            let offset = zip(place, chunk).map { hsize_t($0 * $1) }
            if storedByteCount(ofChunkAt: offset) == 0 { return true }
            // The next place in the grid, but for the dimension of the rows.
            guard let next = grid.indices.last(where: { $0 != dimension && place[$0] + 1 < grid[$0] }) else {
                return false
            }
            place[next] += 1
            for later in grid.indices where later > next && later != dimension { place[later] = 0 }
        }
    }

    /// How many rows hold the fill value alone, also such of chunks that were written; nil where that is much to read.
    private func rowsOfFillValue() throws(DataError) -> Int? {
        let count = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 }
        guard elementType != nil, count <= 1 << 23 else { return nil }
        let creation = try HDF5Handle(handle.place, "see its fill value", closing: H5Pclose) { [handle] in
            H5Dget_create_plist(handle.id)
        }
        var fill = 0.0
        try creation.check("see its fill value") { H5Pget_fill_value($0, bnexp_native_double(), &fill) }
        let values = try read(Double.self), width = count / shape[0]
        return (0..<shape[0]).count { row in values[row * width..<(row + 1) * width].allSatisfy { $0 == fill } }
    }

    /// Checks the files that hold the values without being HDF5 files.
    private func checkRawFiles(
        _ creation: HDF5Handle, in opened: HDF5File, _ permissions: HDF5Permissions, _ notes: inout [String]
    ) throws(DataError) {
        var needed = (try handle.check("see its type") { Int(clamping: H5Dget_storage_size($0)) })
        for index in 0..<(try creation.check("see where its values are") { H5Pget_external_count($0) }) {
            var name = [CChar](repeating: 0, count: 1 << 12), offset: off_t = 0, size: hsize_t = 0
            try creation.check("see where its values are") {
                H5Pget_external($0, UInt32(index), name.count - 1, &name, &offset, &size)
            }
            let file = string(from: name)
            guard permissions.rawFiles else {
                throw error(
                    "Its values are in another file, \(file), which is not an HDF5 file. Set data.allow_external to "
                        + "read it, if you know what it is.")
            }
            guard let place = try opened.otherFile(file, besideOnly: true) else {
                throw error("Its values are in \(file), which is not there. Put it beside \(opened.path).")
            }
            var status = stat()
            let byteCount = stat(place, &status) == 0 ? max(0, Int(status.st_size) - Int(offset)) : 0
            let part = size == hsize_t.max ? needed : min(needed, Int(clamping: size))
            guard byteCount >= part || permissions.unwritten else {
                throw error(
                    "Its values are in \(place), which has \(byteCount) bytes for them, expected \(part); the rest was "
                        + "never written. Fetch the file again.")
            }
            needed -= part
            notes.append("'\(self.name)' has its values in \(place)")
        }
    }

    /// Checks the datasets that a virtual one is put together from.
    private func checkSources(
        _ creation: HDF5Handle, in opened: HDF5File, _ permissions: HDF5Permissions, _ notes: inout [String],
        _ visited: inout Set<String>
    ) throws(DataError) {
        guard visited.insert("\(opened.path):\(name)").inserted else {
            throw error("It is a virtual dataset whose sources lead back to itself.")
        }
        var count = 0
        try creation.check("count its sources") { H5Pget_virtual_count($0, &count) }
        var covered = 0
        for index in 0..<count {
            func text(_ get: (Int, UnsafeMutablePointer<CChar>) -> Int) throws(DataError) -> String {
                var buffer = [CChar](repeating: 0, count: 1 << 12)
                try creation.check("see its sources") { _ in get(buffer.count - 1, &buffer) }
                return string(from: buffer)
            }
            let file = try text { H5Pget_virtual_filename(creation.id, index, $1, $0) }
                .replacingOccurrences(of: "%b", with: "0")
            let source = try text { H5Pget_virtual_dsetname(creation.id, index, $1, $0) }
                .replacingOccurrences(of: "%b", with: "0")
            let space = try HDF5Handle(handle.place, "see its sources", closing: H5Sclose) {
                H5Pget_virtual_vspace(creation.id, index)
            }
            let selected = HDF5Library.serialized { H5Sget_select_npoints(space.id) }
            covered += selected < 0 ? shape.reduce(1, *) : Int(selected)
            let other: HDF5File
            if file == "." || file.isEmpty {
                other = opened
            } else {
                guard let place = try opened.otherFile(file) else {
                    if permissions.unwritten { continue }
                    throw error(
                        "It is put together from other datasets, and \(file), which has one, is not there. Put it "
                            + "beside \(opened.path)."
                    )
                }
                notes.append("'\(name)' has values in \(place)")
                other = try HDF5File(path: place)
            }
            _ = try other.follow(source)
            try HDF5Dataset(file: other, name: source).requireWhole(in: other, permissions, &notes, &visited)
        }
        let all = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 }
        guard covered >= all || permissions.unwritten else {
            throw unwritten("\(all - covered) of \(all) values have no source in this virtual dataset")
        }
        visited.remove("\(opened.path):\(name)")
    }
}
