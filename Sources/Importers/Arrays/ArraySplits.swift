import Datasets

/// Makes splits of arrays, in the form in which they are written.
///
/// Names are numbered alike in all splits. Rows that are single numbers are rows of one feature.
struct ArraySplits {
    /// Whether the last dimension may count the examples, as is usual for images in MATLAB; told where it does.
    var examplesMayBeLast = false
    /// Which dimension of the inputs counts the examples; nil to decide by the number of targets.
    var examples: ExampleDimension?
    /// What is done about NaN; nil to refuse it.
    var missing: TableOptions.MissingValues?
    /// The file beside which temporary ones may be made.
    let output: String
    private(set) var notes: [String] = []
    /// What the targets of an earlier split have told.
    private var told: ExampleDimension?

    init(
        examplesMayBeLast: Bool = false, examples: ExampleDimension? = nil, missing: TableOptions.MissingValues? = nil,
        beside output: String
    ) {
        self.examplesMayBeLast = examplesMayBeLast
        self.examples = examples
        self.missing = missing
        self.output = output
    }

    mutating func make(train: ArrayPair, test: ArrayPair?) throws(DataError) -> [ImportedSplit] {
        var splits = [try split("train", train)]
        if let test {
            splits.append(try split("test", test))
            guard splits[0].inputs.rowShape == splits[1].inputs.rowShape else {
                throw DataError(
                    "\(test.inputs.place): Its rows are \(describe(shape: splits[1].inputs.rowShape)), those of "
                        + "\(train.inputs.name.isEmpty ? train.inputs.place : "'\(train.inputs.name)'") are "
                        + "\(describe(shape: splits[0].inputs.rowShape)); expected the same shape in all splits.")
            }
        }
        try giveOneKind(to: &splits)
        for (index, pair) in zip(splits.indices, [train] + (test.map { [$0] } ?? [])) {
            splits[index] = try splits[index].withoutGaps(missing, of: pair, beside: output, &notes)
        }
        if splits.contains(where: \.fillsMissing) { try widenHalves(of: &splits) }
        if train.targets == nil {
            notes.append("no targets are named: the file holds inputs alone")
        }
        return try numberedAlike(splits, test?.targets)
    }

    private mutating func split(_ name: String, _ pair: ArrayPair) throws(DataError) -> ImportedSplit {
        let targets = try pair.targets.map { array throws(DataError) in try read(targets: array) }
        let dimension = try exampleDimension(pair, targetCount: targets?.count)
        let inputs = try pair.inputs.rows(dimension, beside: output)
        if let targets, let array = pair.targets, targets.count != inputs.rowCount {
            throw DataError(
                "\(pair.inputs.place): It has \(inputs.rowCount) rows, and \(array.place) has \(targets.count) "
                    + "targets; expected one for each row. Are they of the same split?")
        }
        return ImportedSplit(
            name: name, inputs: inputs.withFeatures, targets: targets?.targets, featureNames: [])
    }

    private func read(targets array: StoredArray) throws(DataError) -> (targets: ImportedTargets, count: Int) {
        if array.isText {
            let flat = examplesMayBeLast ? array.flattenedIfVector : array
            let targets = try flat.names(beside: output)
            return (targets, flat.shape[0])
        }
        let rows: SpooledRows
        if case .sparse = array.content, examplesMayBeLast {
            rows = try array.rows(beside: output).flattenedIfVector
        } else {
            rows = try (examplesMayBeLast ? array.flattenedIfVector : array).rows(beside: output)
        }
        guard rows.rowShape.count <= 1 else {
            throw array.error(
                "It is \(describe(shape: array.shape)); expected targets N, N x 1 or N x K. Are inputs and targets "
                    + "swapped?"
            )
        }
        return (.numbers(rows), rows.rowCount)
    }

    /// The dimension of the inputs that counts the examples, told if it is the last.
    private mutating func exampleDimension(_ pair: ArrayPair, targetCount: Int?) throws(DataError) -> ExampleDimension {
        let array = pair.inputs, shape = array.shape
        guard examplesMayBeLast, shape.count > 1 else { return .first }
        let isLast: Bool
        switch (examples, targetCount) {
        case (let examples?, _): isLast = examples == .last
        case (nil, let count?) where shape.count > 2 && shape[0] == count && shape[shape.count - 1] == count:
            guard let told else {
                throw array.error(
                    "It is \(describe(shape: shape)), and there are \(count) targets: both its first and its last "
                        + "dimension may count the examples. Tell with --examples first or --examples last of bnexp "
                        + "data import mat."
                )
            }
            isLast = told == .last
        case (nil, let count?): isLast = shape[shape.count - 1] == count && shape[0] != count
        case (nil, nil): isLast = shape.count > 2
        }
        told = isLast ? .last : .first
        guard isLast else { return .first }
        if case .sparse = array.content {
            throw array.error("It is \(describe(shape: shape)), sparse; expected a row for each example. Transpose it.")
        }
        notes.append("'\(array.name)' is \(describe(shape: shape)): its last dimension counts the examples")
        return .last
    }

    /// Makes float64 of integers if the other split has floating types, since no scaling fits both.
    private mutating func giveOneKind(to splits: inout [ImportedSplit]) throws(DataError) {
        guard Set(splits.map(\.inputs.elementType.isInteger)).count == 2 else { return }
        for (index, split) in splits.enumerated() where split.inputs.elementType.isInteger {
            notes.append(
                "\(split.name): \(split.inputs.elementType.name) inputs become float64, as others are floating")
            let spool = try SpoolWriter(beside: output)
            try split.inputs.forEachBlockOfNumbers { numbers, _ throws(DataError) in
                try spool.append(UnsafeRawBufferPointer(numbers))
            }
            splits[index] = ImportedSplit(
                name: split.name,
                inputs: SpooledRows(
                    file: spool.file, offset: 0, rowCount: split.inputs.rowCount, rowShape: split.inputs.rowShape,
                    elementType: .float64),
                targets: split.targets, featureNames: split.featureNames)
        }
    }

    /// Makes float32 of 16-bit floats, since means are not among the values.
    private func widenHalves(of splits: inout [ImportedSplit]) throws(DataError) {
        for (index, split) in splits.enumerated() where split.inputs.elementType.byteCount == 2 {
            let spool = try SpoolWriter(beside: output)
            try split.inputs.forEachBlockOfNumbers { numbers, _ throws(DataError) in
                try numbers.map { Float($0) }.withBytes { bytes throws(DataError) in try spool.append(bytes) }
            }
            splits[index] = ImportedSplit(
                name: split.name,
                inputs: SpooledRows(
                    file: spool.file, offset: 0, rowCount: split.inputs.rowCount, rowShape: split.inputs.rowShape,
                    elementType: .float32),
                targets: split.targets, featureNames: split.featureNames, fillsMissing: split.fillsMissing)
        }
    }

    /// Gives the names of all splits the same numbers.
    private func numberedAlike(_ splits: [ImportedSplit], _ testTargets: StoredArray?) throws(DataError)
        -> [ImportedSplit]
    {
        guard splits.count == 2, let train = splits[0].targets, let test = splits[1].targets else { return splits }
        switch (train, test) {
        case (.numbers(let train), .numbers(let test)):
            guard train.featureCount == test.featureCount else {
                throw DataError(
                    "\(testTargets?.place ?? "test"): It has \(test.featureCount) targets a row, the training rows have "
                        + "\(train.featureCount); expected the same number.")
            }
            return splits
        case (.names(let trainNames, let trainCodes), .names(let testNames, let testCodes)):
            let names = sortedNames(Set(trainNames + testNames))
            let numbers = Dictionary(zip(names, (0...).lazy.map { Int32($0) }), uniquingKeysWith: { $1 })
            func renumbered(_ split: ImportedSplit, _ own: [String], _ codes: [Int32]) -> ImportedSplit {
                let new = own.map { numbers[$0] ?? 0 }
                return ImportedSplit(
                    name: split.name, inputs: split.inputs, targets: .names(names, codes.map { new[Int($0)] }),
                    featureNames: split.featureNames)
            }
            return [renumbered(splits[0], trainNames, trainCodes), renumbered(splits[1], testNames, testCodes)]
        default:
            throw DataError(
                "\(testTargets?.place ?? "test"): The targets of one split are names, those of the other numbers; expected "
                    + "one of them in both.")
        }
    }
}

extension SpooledRows {
    /// The same rows, as rows of one feature if they are single numbers.
    fileprivate var withFeatures: SpooledRows {
        rowShape.isEmpty
            ? SpooledRows(file: file, offset: offset, rowCount: rowCount, rowShape: [1], elementType: elementType)
            : self
    }

    /// Rows of one number each for a matrix of one row or one column, of which both have the same order of elements.
    fileprivate var flattenedIfVector: SpooledRows {
        guard rowCount == 1 || featureCount == 1 else { return self }
        return SpooledRows(
            file: file, offset: offset, rowCount: rowCount * featureCount, rowShape: [], elementType: elementType)
    }
}

extension StoredArray {
    /// A vector for a matrix of one row or one column, of which both have the same order of elements.
    fileprivate var flattenedIfVector: StoredArray {
        guard shape.count == 2, shape.contains(1) else { return self }
        return StoredArray(name: name, place: place, shape: [max(shape[0], shape[1])], content: content)
    }
}
