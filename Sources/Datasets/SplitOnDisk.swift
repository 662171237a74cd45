import Foundation

/// Where a split's inputs and targets lie.
package struct SplitRequest: Hashable, Sendable {
    /// HDF5 files whose rows follow each other; at least one.
    package var files: [String]
    package var inputs: DatasetRequest
    package var targets: DatasetRequest
    package var permissions = HDF5Permissions()

    package init(
        files: [String], inputs: DatasetRequest, targets: DatasetRequest, permissions: HDF5Permissions = .init()
    ) {
        self.files = files
        self.inputs = inputs
        self.targets = targets
        self.permissions = permissions
    }
}

/// The inputs and targets of a split as they are found in its files, before their values are read.
package struct SplitOnDisk: Sendable {
    package let inputs: RowsOnDisk
    package let targets: RowsOnDisk
    package var rowCount: Int { inputs.rowCount }

    /// Looks at a split's files, each in a child process that a damaged file may end.
    package init(_ split: SplitRequest) throws(DataError) {
        var inputs: [RowsOnDisk.Part] = [], targets: [RowsOnDisk.Part] = [], firstRow = 0
        for file in split.files {
            let state = try FileState(checking: file), pair = try Pair(split, in: file)
            inputs.append(
                .init(file: file, state: state, request: pair.inputRequest, found: pair.inputs, firstRow: firstRow))
            targets.append(
                .init(file: file, state: state, request: pair.targetRequest, found: pair.targets, firstRow: firstRow))
            firstRow += pair.inputs.rowCount
        }
        self.inputs = try RowsOnDisk(inputs, areTargets: false, split.permissions)
        self.targets = try RowsOnDisk(targets, areTargets: true, split.permissions)
    }

    package var notes: [String] { inputs.found.notes + targets.found.notes }

    /// Reads and checks the targets of some rows.
    ///
    /// - Parameters:
    ///   - rows: in ascending order.
    ///   - training: for a validation or test split, the data whose classes or number of values they must have.
    package func readTargets(
        _ rows: RowSet, as rules: LabelledData.TargetRules, matching training: LabelledData? = nil
    ) throws(DataError) -> TargetData {
        try TargetData(targets, rows: rows, as: rules, matching: training?.targets)
    }

    /// What a child process finds in one file.
    private struct Pair: Codable {
        var inputRequest: DatasetRequest
        var targetRequest: DatasetRequest
        var inputs: FoundRows
        var targets: FoundRows

        init(_ split: SplitRequest, in file: String) throws(DataError) {
            self = try contained(file: file) { (_) throws(DataError) in
                try Pair(split, in: HDF5File(path: file))
            }
        }

        private init(_ split: SplitRequest, in file: HDF5File) throws(DataError) {
            inputRequest = split.inputs
            targetRequest = split.targets
            inputs = try file.rows(inputRequest, areTargets: false, split.permissions).found
            targets = try file.rows(targetRequest, areTargets: true, split.permissions).found
            if targets.rowCount == 1, targets.rowShape == [inputs.rowCount], targetRequest.examplesAreLast == nil,
                !targets.areNames
            {
                // Targets that stand in one row are meant as a column.
                targetRequest.examplesAreLast = true
                targets = try file.rows(targetRequest, areTargets: true, split.permissions).found
            }
            if inputs.rowCount != targets.rowCount, inputRequest.examplesAreLast == nil {
                // MATLAB's images have the examples last there, and first in the file.
                var other = inputRequest
                other.examplesAreLast = false
                let found = try? file.rows(other, areTargets: false, split.permissions).found
                if let found, found.rowCount == targets.rowCount { (inputRequest, inputs) = (other, found) }
            }
            guard inputs.rowCount == targets.rowCount else {
                let isTurned = inputs.rowShape.last == targets.rowCount
                throw DataError(
                    file: file.path,
                    "'\(inputRequest.name)' has \(inputs.rowCount) rows and '\(targetRequest.name)' has "
                        + "\(targets.rowCount); expected one target for each input. "
                        + (isTurned
                            ? "Its last dimension has as many: set \"examples\" to \"last\", or store it transposed."
                            : "Are they of the same split?"))
            }
        }
    }
}

extension RowsOnDisk {
    /// Looks at the rows of one file alone.
    init(
        file: String, _ request: DatasetRequest, areTargets: Bool, _ permissions: HDF5Permissions
    ) throws(DataError) {
        let state = try FileState(checking: file)
        let found = try contained(file: file) { (_) throws(DataError) in
            try HDF5File(path: file).rows(request, areTargets: areTargets, permissions).found
        }
        try self.init(
            [.init(file: file, state: state, request: request, found: found, firstRow: 0)], areTargets: areTargets,
            permissions)
    }
}

extension FileState {
    /// The state of a file that must be there; opening it says what is wrong with one that is not.
    init(checking path: String) throws(DataError) {
        guard let state = FileState(path) else {
            _ = try HDF5File(path: path)
            throw DataError(file: path, "The file cannot be reached.")
        }
        self = state
    }
}
