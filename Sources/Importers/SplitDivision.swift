import Datasets
import Support

/// Some rows of a split that a source has, to be written as a split of their own.
struct SplitPart {
    /// `train` or `test`.
    let name: String
    let source: ImportedSplit
    /// In ascending order; nil for all.
    let rows: RowSet?

    var rowCount: Int { rows?.count ?? source.inputs.rowCount }
}

/// Divides the rows of a source between training and test as the options say.
///
/// - Throws: an error if the source has a test split already, has no rows, or has no classes to stratify by.
func divide(_ splits: [ImportedSplit], _ options: ImportOptions) throws(DataError) -> [SplitPart] {
    for split in splits {
        guard split.inputs.rowCount > 0 else {
            throw DataError("The \(split.name) split has no rows; there is nothing to import.")
        }
        guard split.inputs.rowCount <= UInt32.max else {
            throw DataError("The \(split.name) split has \(split.inputs.rowCount) rows; expected less than 2^32.")
        }
        let targetCount = split.targets?.rowCount ?? split.inputs.rowCount
        guard targetCount == split.inputs.rowCount else {
            throw DataError(
                "The \(split.name) split has \(counted(split.inputs.rowCount, "row")) of inputs and \(targetCount) of targets; expected "
                    + "one target for each.")
        }
    }
    guard let fraction = options.testFraction else {
        return splits.map { SplitPart(name: $0.name, source: $0, rows: nil) }
    }
    guard splits.count == 1, let split = splits.first else {
        throw DataError(
            "The source has a test split of its own; leave out --test-fraction, or the test data.", exitStatus: .usage)
    }
    let rowCount = split.inputs.rowCount, testCount = (Double(rowCount) * fraction).rounded()
    guard testCount >= 1, testCount < Double(rowCount) else {
        throw DataError(
            "--test-fraction: Found \(fraction) of \(counted(rowCount, "row")), which is \(Int(testCount)); expected a fraction that "
                + "leaves rows for both training and test.")
    }
    var classes: [Int32]?
    if options.isStratified { classes = try classesToStratifyBy(split) }
    let (train, test) = try naming("--test-fraction") { () throws(DataError) in
        try divideRows(
            rowCount: split.inputs.rowCount, validationFraction: fraction, seed: options.seed,
            stratifiedBy: classes.map { ClassNumbers($0, classCount: .max) })
    }
    return [
        SplitPart(name: "train", source: split, rows: train), SplitPart(name: "test", source: split, rows: test),
    ]
}

/// The class of each row, of which there may be as many as names of classes are recorded.
private func classesToStratifyBy(_ split: ImportedSplit) throws(DataError) -> [Int32] {
    switch split.targets {
    case .names(_, let codes): return codes
    case .numbers(let rows) where rows.featureCount == 1:
        var numbers: [Double: Int32] = [:], classes: [Int32] = []
        classes.reserveCapacity(rows.rowCount)
        try rows.forEachBlockOfNumbers { values, _ throws(DataError) in
            for value in values {
                guard value == value.rounded(), numbers.count <= 1 << 16 else {
                    throw DataError(
                        "The targets hold \(value == value.rounded() ? "more than 65536 different values" : "\(value)"), so "
                            + "they are no classes. Leave out --stratify.")
                }
                classes.append(numbers[value, default: Int32(numbers.count)])
                numbers[value] = classes.last
            }
        }
        // The numbers of classes follow their values, not the order in which they occur.
        let order = Dictionary(
            uniqueKeysWithValues: numbers.sorted { $0.key < $1.key }.map(\.value).enumerated()
                .map { ($1, Int32($0)) })
        return classes.map { order[$0] ?? 0 }
    case .numbers, nil:
        throw DataError("There is no class for each row that --stratify could keep the shares of. Leave it out.")
    }
}

extension ImportedTargets {
    var rowCount: Int {
        switch self {
        case .names(_, let codes): codes.count
        case .numbers(let rows): rows.rowCount
        }
    }
}
