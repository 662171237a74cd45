import Datasets

/// What is said of text files in svmlight's format, which do not tell how many features there are.
package struct SVMLightImport: Sendable {
    package var train: String
    package var test: String?
    /// D; nil for the largest index of all files.
    package var featureCount: Int?
    /// Whether the first feature has the index 0; else it has where that index occurs.
    package var isZeroBased: Bool

    package init(train: String, test: String?, featureCount: Int?, isZeroBased: Bool) {
        self.train = train
        self.test = test
        self.featureCount = featureCount
        self.isZeroBased = isZeroBased
    }

    /// Writes the files to an HDF5 file, as dense rows of float32.
    ///
    /// - Returns: what the user should know, a sentence each.
    package func write(_ options: ImportOptions, to output: String) throws(DataError) -> [String] {
        var notes: [String] = []
        var rows = [try SVMLightRows(path: train, beside: output)]
        if let test { rows.append(try SVMLightRows(path: test, beside: output)) }
        let (firstIndex, width) = try features(of: rows, &notes)

        var labels = rows[0].labels
        for other in rows.dropFirst() { labels.add(other.labels) }
        if labels.areSeveral {
            guard (1...LabelSummary.mostValues).contains(labels.values.count) else {
                throw DataError(
                    "\(rows[0].place): Rows have no label or several, and there are "
                        + "\(labels.values.isEmpty ? "none" : "more than \(LabelSummary.mostValues)") in all; expected one label "
                        + "a row, or columns for up to \(LabelSummary.mostValues) labels.")
            }
            let shown = labels.values.map { String(format: "%.15g", $0) }
            notes.append(
                "rows have several labels or none: targets are columns of 0 and 1, for the labels "
                    + (shown.count <= 12 ? shown : shown.prefix(10) + ["...", shown[shown.count - 1]]).joined(
                        separator: ", "))
        }
        if rows.contains(where: \.hasQueries) { notes.append("the numbers of queries (qid) are left out") }

        let rowCount = rows.map(\.rowCount).reduce(0, +)
        let (byteCount, hasOverflow) = rowCount.multipliedReportingOverflow(by: 4 * width)
        // A file with a few large indexes would otherwise fill the disk.
        let largest = max(
            1 << 28, rows.map(\.byteCount).reduce(0, +).multipliedReportingOverflow(by: 1000).partialValue)
        guard !hasOverflow, byteCount <= largest || featureCount != nil else {
            throw DataError(
                "\(rows[0].place): With its zeros it would have \(rowCount) rows of \(width) features, a thousand "
                    + "times as much as it stores. Give --features \(width) if that is meant.")
        }
        if byteCount > 1 << 30 {
            notes.append("with its zeros the file will have \(String(format: "%.1f", Double(byteCount) / 1e9)) GB")
        }
        var splits: [ImportedSplit] = []
        for (name, part) in zip(["train", "test"], rows) {
            splits.append(
                ImportedSplit(
                    name: name,
                    inputs: try part.inputs(firstIndex: firstIndex, featureCount: width, beside: output),
                    targets: .numbers(try part.targets(labels, beside: output)), featureNames: []))
        }
        return notes
            + (try Importers.write(
                splits, options, from: [train, test].compactMap { $0 }, format: "svmlight", to: output))
    }

    /// The index of the first feature, and how many there are.
    private func features(of rows: [SVMLightRows], _ notes: inout [String]) throws(DataError) -> (
        first: Int, count: Int
    ) {
        guard let smallest = rows.compactMap(\.indexes?.lowerBound).min(),
            let largest = rows.compactMap(\.indexes?.upperBound).max()
        else {
            throw DataError(
                "\(rows[0].place): No row has an index:value; expected 'label index:value ...'. For CSV there is "
                    + "'bnexp data import csv'.")
        }
        let first = isZeroBased || smallest == 0 ? 0 : 1
        if !isZeroBased {
            notes.append(
                first == 0
                    ? "indexes are counted from 0, since that index occurs"
                    : "indexes are counted from 1; --zero-based counts from 0")
        }
        let needed = largest - first + 1, count = featureCount ?? needed
        guard needed <= count else {
            throw DataError(
                "\(rows[0].place): The largest index is \(largest), of feature \(needed); expected at most \(count), "
                    + "since --features says so.")
        }
        guard count <= mostFeatures else {
            throw DataError("--features \(count): expected at most \(mostFeatures).", exitStatus: .usage)
        }
        return (first, count)
    }
}
