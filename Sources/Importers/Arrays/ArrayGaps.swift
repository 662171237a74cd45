import Datasets

/// The NaN among rows of numbers, which stand for missing values.
private struct Gaps {
    private(set) var count = 0
    /// The rows that have one, in ascending order.
    private(set) var rows: [UInt32] = []
    private(set) var first: (row: Int, column: Int)?

    /// - Throws: an error for an infinite value, which nothing stands for.
    init(_ numbers: SpooledRows, of array: StoredArray) throws(DataError) {
        guard numbers.elementType.kind == .floating else { return }
        let width = numbers.featureCount
        var start = 0
        try numbers.forEachBlockOfNumbers { values, rowCount throws(DataError) in
            for index in values.indices where !values[index].isFinite {
                let row = start + index / width, column = index % width
                guard values[index].isNaN else {
                    throw array.error(
                        "Row \(row), column \(column), counted from 0, is \(values[index]); expected finite numbers. "
                            + "Replace it, or leave the row out.")
                }
                count += 1
                if rows.last != UInt32(row) { rows.append(UInt32(row)) }
                if first == nil { first = (row, column) }
            }
            start += rowCount
        }
    }
}

extension ImportedSplit {
    /// Returns the split as the user wants missing values treated, which are NaN in arrays.
    ///
    /// - Parameters:
    ///   - missing: nil to refuse them. A target is never filled.
    ///   - pair: the arrays of which the split was made, for messages.
    ///   - notes: is told what was left out or is filled.
    /// - Throws: an error that names the first row and column at fault.
    func withoutGaps(
        _ missing: TableOptions.MissingValues?, of pair: ArrayPair, beside output: String, _ notes: inout [String]
    ) throws(DataError) -> ImportedSplit {
        let inputGaps = try Gaps(inputs, of: pair.inputs)
        var targetGaps: Gaps?
        if case .numbers(let numbers)? = targets, let array = pair.targets {
            targetGaps = try Gaps(numbers, of: array)
        }
        if let first = targetGaps?.first, let array = pair.targets, missing != .drop {
            throw array.error(
                "Row \(first.row), column \(first.column), counted from 0, is NaN, a missing target. A target is not "
                    + "filled: --missing drop of bnexp data import leaves such rows out.")
        }
        switch missing {
        case nil:
            guard let first = inputGaps.first else { return self }
            throw pair.inputs.error(
                "Row \(first.row), column \(first.column), counted from 0, is NaN, a missing value, one of "
                    + "\(inputGaps.count) in \(inputGaps.rows.count) of \(inputs.rowCount) rows. --missing drop of "
                    + "bnexp data import leaves such rows out, --missing mean puts in the mean of the feature.")
        case .mean:
            guard inputGaps.count > 0 else { return self }
            notes.append(
                "\(name): values are missing in \(inputGaps.rows.count) of \(inputs.rowCount) rows, \(inputGaps.count) "
                    + "in all, and become the mean of their feature")
            return ImportedSplit(
                name: name, inputs: inputs, targets: targets, featureNames: featureNames, fillsMissing: true)
        case .drop:
            let dropped = Set(inputGaps.rows + (targetGaps?.rows ?? []))
            guard !dropped.isEmpty else { return self }
            let kept = (0..<UInt32(inputs.rowCount)).filter { !dropped.contains($0) }
            guard !kept.isEmpty else {
                throw pair.inputs.error("A value is missing in every row, so none is left. Leave out columns instead.")
            }
            notes.append("\(name): left out \(dropped.count) of \(inputs.rowCount) rows, in which a value is missing")
            return try keeping(.list(kept), beside: output)
        }
    }

    /// The split with some of its rows.
    private func keeping(_ rows: RowSet, beside output: String) throws(DataError) -> ImportedSplit {
        let keptTargets: ImportedTargets? =
            switch targets {
            case .names(let names, let codes)?: .names(names, rows.map { codes[$0] })
            case .numbers(let numbers)?: .numbers(try numbers.keeping(rows, beside: output))
            case nil: nil
            }
        return ImportedSplit(
            name: name, inputs: try inputs.keeping(rows, beside: output), targets: keptTargets,
            featureNames: featureNames)
    }
}

extension SpooledRows {
    /// Some of the rows, in a temporary file.
    fileprivate func keeping(_ rows: RowSet, beside output: String) throws(DataError) -> SpooledRows {
        let spool = try SpoolWriter(beside: output)
        try forEachBlock(of: rows) { bytes, _ throws(DataError) in try spool.append(UnsafeRawBufferPointer(bytes)) }
        return SpooledRows(
            file: spool.file, offset: 0, rowCount: rows.count, rowShape: rowShape, elementType: elementType)
    }
}
