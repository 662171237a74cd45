import NeuralNetwork

/// An HDF5 file of arrays by name, such as a checkpoint, that child processes open and read for this one.
///
/// A damaged file ends such a child, see `contained`, and a file that another one takes the place of meanwhile is an
/// error.
package struct ArrayFile: Sendable {
    package let path: String
    /// The paths of its datasets, without a leading slash.
    package let names: Set<String>
    /// Those of the file, and by their paths those of the groups that hold datasets.
    private let attributes: [String: [String: AttributeValue]]
    private let state: FileState

    /// What a child process finds in the file.
    private struct Contents: Codable {
        var names: [String]
        var attributes: [String: [String: AttributeValue]]

        init(_ path: String, _ work: ContainedWork) throws(DataError) {
            let file = try HDF5File(path: path)
            names = try file.datasetNames()
            attributes = ["/": try file.attributes()]
            for group in Set(names.compactMap(ArrayFile.group)) {
                work.extendPatience()
                attributes[group] = try file.attributes(of: group)
            }
        }
    }

    /// Looks at a file.
    ///
    /// - Throws: what `HDF5File` throws, or an error that says that the file is damaged.
    package init(path: String) throws(DataError) {
        let state = try FileState(checking: path)
        let contents = try state.held(by: path) { () throws(DataError) in
            try contained(file: path) { (work) throws(DataError) in try Contents(path, work) }
        }
        self.path = path
        self.state = state
        names = Set(contents.names)
        attributes = contents.attributes
    }

    /// The attributes of the file (`/`), or of a group that holds datasets; empty for another object.
    package func attributes(of object: String = "/") -> [String: AttributeValue] { attributes[object] ?? [:] }

    /// Fills matrices from datasets of their shapes (a vector counts as one row), converted to their precision.
    ///
    /// They are read by the 64 MiB at a time, or one by one if they are larger.
    /// - Throws: an error about the first that is missing, has another shape or cannot be read; the matrices before it
    ///   may have been filled.
    package func read<S: Scalar>(_ arrays: [(name: String, matrix: Matrix<S>)]) throws(DataError) {
        var next = 0
        while next < arrays.count {
            var end = next, byteCount = 0
            while end < arrays.count, end == next || byteCount + arrays[end].matrix.byteCount <= 1 << 26 {
                byteCount += arrays[end].matrix.byteCount
                end += 1
            }
            try state.held(by: path) { () throws(DataError) in
                try readTogether(arrays[next..<end], byteCount: byteCount)
            }
            next = end
        }
    }

    private func readTogether<S: Scalar>(
        _ arrays: ArraySlice<(name: String, matrix: Matrix<S>)>, byteCount: Int
    ) throws(DataError) {
        let memory = try MemoryBlock(byteCount: byteCount, isShared: true)
        _ = try contained(file: path) { (work) throws(DataError) in
            let file = try HDF5File(path: path)
            var place = memory.base
            for (name, matrix) in arrays {
                // The child fills its own copy of the matrix.
                try file.read(name, into: matrix, progress: work.extendPatience)
                place.copyMemory(from: matrix.base, byteCount: matrix.byteCount)
                place += matrix.byteCount
            }
            return true
        }
        var place = memory.base
        for (_, matrix) in arrays {
            UnsafeMutableRawPointer(matrix.base).copyMemory(from: place, byteCount: matrix.byteCount)
            place += matrix.byteCount
        }
        withExtendedLifetime(memory) {}
    }

    /// The group that a dataset is in; nil for the root.
    private static func group(_ name: String) -> String? {
        name.lastIndex(of: "/").map { String(name[..<$0]) }
    }
}

extension Matrix {
    fileprivate var byteCount: Int { rows * columns * MemoryLayout<S>.stride }
}
