/// The classes of N examples, counted from 0.
package struct Labels: Sendable {
    package let classes: [Int32]
    package let classCount: Int
    /// Whether they were stored as one-hot rows of floating values.
    package let areFloatingRows: Bool

    /// Makes labels from classes in memory, all in 0 ..< classCount.
    package init(classes: [Int32], classCount: Int) {
        precondition(classes.allSatisfy { $0 >= 0 && $0 < classCount }, "classes must lie in 0 ..< \(classCount)")
        self.classes = classes
        self.classCount = classCount
        areFloatingRows = false
    }

    /// Reads whole numbers (N or N x 1, of any integer or floating type) or one-hot rows (N x K).
    ///
    /// - Parameters:
    ///   - classCount: the number of classes that is expected. If it is nil, the data tell (largest + 1, or K), and
    ///     more than one class must occur in them.
    ///   - countName: what messages call the number of classes, such as a config key.
    /// - Throws: an error that names the row and value at fault.
    package init(
        _ dataset: HDF5Dataset, classCount expected: Int? = nil, countName: String = "the number of classes"
    ) throws(DataError) {
        let values = try Examples(dataset)
        areFloatingRows = values.featureCount > 1 && !values.elementType.isInteger
        let numbers: [Double] =
            switch values.storage {
            case .uint8(let values): values.map(Double.init)
            case .float32(let values): values.map(Double.init)
            case .float64(let values): values
            }
        switch values.shape.count {
        case _ where values.featureCount == 1:
            classes = try wholeNumbers(numbers, of: dataset)
            let largest = classes.reduce(0, max)
            if let expected, largest >= expected {
                throw dataset.error(
                    "The largest class is \(largest); expected 0 to \(expected - 1), since there are \(expected) "
                        + "classes. Number the classes from 0; the training data must hold every class, or "
                        + "\(countName) must count them all.")
            }
            classCount = expected ?? Int(largest) + 1
        case 1:
            classes = try hotColumns(numbers, width: values.featureCount, of: dataset)
            if let expected, values.featureCount != expected {
                throw dataset.error(
                    "Its rows have \(values.featureCount) columns; expected \(expected), one for each class. "
                        + "Store all splits with the same columns.")
            }
            classCount = values.featureCount
        default:
            throw dataset.error(
                "It is \(describe(shape: dataset.shape)); expected classes (N or N x 1) or one-hot rows (N x K). "
                    + "Is this the dataset of the inputs?")
        }
        if expected == nil, classes.allSatisfy({ $0 == classes[0] }) {
            throw dataset.error(
                "Every row is of class \(classes[0]): there is nothing to learn. Expected two classes or more.")
        }
    }
}

/// Returns the numbers as classes, if all of them are whole and not negative; else it throws.
private func wholeNumbers(_ numbers: [Double], of dataset: HDF5Dataset) throws(DataError) -> [Int32] {
    if let row = numbers.firstIndex(where: { Int32(exactly: $0) == nil || $0 < 0 || $0 == Double(Int32.max) }) {
        let value = numbers[row]
        let shown = Int(exactly: value).map(String.init) ?? String(value)
        let problem =
            value != value.rounded() ? "is not a whole number" : value < 0 ? "is negative" : "is too large for a class"
        throw dataset.error(
            "Row \(row) (counted from 0) holds \(shown), which \(problem); expected classes 0, 1, 2, ...")
    }
    return numbers.map { Int32($0) }
}

/// Returns the column of the one in each row.
private func hotColumns(_ numbers: [Double], width: Int, of dataset: HDF5Dataset) throws(DataError) -> [Int32] {
    var columns: [Int32] = []
    columns.reserveCapacity(numbers.count / width)
    for start in stride(from: 0, to: numbers.count, by: width) {
        let row = numbers[start..<start + width]
        guard let hot = row.firstIndex(of: 1), row.allSatisfy({ $0 == 0 || $0 == 1 }), row.reduce(0, +) == 1 else {
            throw dataset.error(
                "Row \(start / width) (counted from 0) is not one-hot: expected one 1 and \(width - 1) zeros. "
                    + "Store classes as N whole numbers, or correct the row.")
        }
        columns.append(Int32(hot - start))
    }
    return columns
}
