import Support

/// The datasets and attributes of an HDF5 file, without the datasets' values.
package struct FileSummary: Encodable, Sendable {
    package struct Dataset: Encodable, Sendable {
        package let path: String
        package let shape: [Int]
        package let type: String
        /// The shape of a chunk; nil unless the dataset is chunked.
        package let chunks: [Int]?
        package let filters: [String]
        package let storedBytes: Int

        enum CodingKeys: String, CodingKey { case path, shape, type, chunks, filters, storedBytes = "stored_bytes" }
    }

    package let file: String
    package let attributes: [String: AttributeValue]
    package let datasets: [Dataset]

    /// Reads the summary of a file.
    package init(file path: String) throws(DataError) {
        let file = try HDF5File(path: path)
        self.file = path
        attributes = try file.attributes()
        var datasets: [Dataset] = []
        for name in try file.datasetNames() {
            let dataset = try file.dataset(name)
            let layout = try dataset.layout()
            datasets.append(
                Dataset(
                    path: name, shape: dataset.shape, type: dataset.typeName, chunks: layout.chunkShape,
                    filters: layout.filters.map(\.name), storedBytes: layout.storedByteCount))
        }
        self.datasets = datasets
    }

    /// The summary for people: a table of the datasets, then the file's attributes.
    package var table: String {
        var lines = [["dataset", "shape", "type", "chunks", "filters", "stored bytes"]]
        for dataset in datasets {
            lines.append([
                dataset.path.escapedForTerminal(), describe(shape: dataset.shape), dataset.type,
                dataset.chunks.map(describe(shape:)) ?? "-",
                dataset.filters.isEmpty ? "-" : dataset.filters.joined(separator: ", "), String(dataset.storedBytes),
            ])
        }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        var text = lines.map { line in
            let cells = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
        if !attributes.isEmpty {
            text.append("")
            text += attributes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)".escapedForTerminal() }
        }
        return text.joined(separator: "\n")
    }
}
