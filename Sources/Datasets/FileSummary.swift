import Foundation
import Support

/// What an HDF5 file holds, object by object; one that is broken hides no other.
package struct FileSummary: Codable, Sendable {
    package struct Dataset: Codable, Sendable {
        package let path: String
        package let shape: [Int]
        package let type: String
        /// The shape of a chunk; nil unless the dataset is chunked.
        package let chunks: [Int]?
        package let filters: [String]
        package let storedBytes: Int
        package fileprivate(set) var values: ValueSummary?

        enum CodingKeys: String, CodingKey {
            case path, shape, type, chunks, filters, storedBytes = "stored_bytes", values
        }
    }
    /// What was found in a dataset's values.
    package struct ValueSummary: Codable, Sendable {
        package let minimum: Double?
        package let maximum: Double?
        package let nonfiniteCount: Int
        /// How many different values there are, if few.
        package let distinctCount: Int?

        enum CodingKeys: String, CodingKey {
            case minimum, maximum, nonfiniteCount = "nonfinite_count", distinctCount = "distinct_count"
        }
    }
    /// Another name of an object, or a name in another file.
    package struct Link: Codable, Sendable {
        package let path: String
        package let target: String
    }
    package struct Problem: Codable, Sendable {
        package let path: String
        package let problem: String
    }

    package let file: String
    package let attributes: [String: AttributeValue]
    package let datasets: [Dataset]
    package let links: [Link]
    package let problems: [Problem]

    /// Reads the summary of a file.
    ///
    /// The file is walked in a child process; where that crashes, once more without the object at which it did.
    /// - Parameter readsValues: whether the values are looked at too.
    package init(file path: String, readsValues: Bool = false) throws(DataError) {
        var skipped: [Problem] = []
        let start = ContinuousClock.now
        while true {
            let trail = try Trail()
            do {
                self = try contained(file: path) { (work) throws(DataError) in
                    try FileSummary(walking: path, readsValues: readsValues, skipped, work, trail)
                }
                return
            } catch {
                let place = trail.text
                guard !place.isEmpty, ContinuousClock.now - start < .seconds(5),
                    !skipped.contains(where: { $0.path == place })
                else {
                    throw error
                }
                skipped.append(Problem(path: place, problem: "it is damaged: the HDF5 library does not survive it"))
            }
        }
    }

    private init(walking path: String, readsValues: Bool, _ skipped: [Problem], _ work: ContainedWork, _ trail: Trail)
        throws(DataError)
    {
        let file = try HDF5File(path: path)
        var datasets: [Dataset] = [], links: [Link] = [], problems = skipped
        var attributes: [String: AttributeValue] = [:]
        do { attributes = try file.attributes() } catch { problems.append(Problem(path: "/", problem: error.message)) }
        file.walk(
            skipping: Set(skipped.map(\.path)),
            touching: {
                work.extendPatience()
                trail.leave($0)
            }
        ) { name, what in
            do throws(DataError) {
                switch what {
                case .dataset:
                    datasets.append(try Dataset(name, in: file))
                    if readsValues { datasets[datasets.count - 1].values = try ValueSummary(name, in: file) }
                case .link(let link):
                    links.append(Link(path: name, target: link.description))
                    _ = try file.follow(name)
                case .broken:
                    _ = try HDF5Dataset(file: file, name: name)
                    problems.append(Problem(path: name, problem: "it cannot be listed; it is damaged"))
                }
            } catch {
                let start = "\(place(file: path, dataset: name)): "
                let message =
                    error.message.hasPrefix(start) ? String(error.message.dropFirst(start.count)) : error.message
                problems.append(Problem(path: name, problem: message))
            }
        }
        trail.leave("")
        self.file = path
        self.attributes = attributes
        self.datasets = datasets
        self.links = links
        self.problems = problems
    }

    /// The summary for people: a table of the datasets, then links, problems and the file's attributes.
    package var table: String {
        let hasValues = datasets.contains { $0.values != nil }
        var lines = [
            ["dataset", "shape", "type", "chunks", "filters", "stored bytes"]
                + (hasValues ? ["least", "greatest", "not finite", "distinct"] : [])
        ]
        for dataset in datasets {
            var cells = [
                dataset.path.escapedForTerminal(), describe(shape: dataset.shape), dataset.type,
                dataset.chunks.map(describe(shape:)) ?? "-",
                dataset.filters.isEmpty ? "-" : dataset.filters.joined(separator: ", "), String(dataset.storedBytes),
            ]
            if hasValues {
                func text(_ number: Double?) -> String { number.map { String(format: "%.6g", $0) } ?? "-" }
                cells += [
                    text(dataset.values?.minimum), text(dataset.values?.maximum),
                    dataset.values.map { "\($0.nonfiniteCount)" } ?? "-",
                    dataset.values.map { $0.distinctCount.map(String.init) ?? "many" } ?? "-",
                ]
            }
            lines.append(cells)
        }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        var text = lines.map { line in
            let cells = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
        func append(_ more: [String]) { if !more.isEmpty { text += [""] + more.map { $0.escapedForTerminal() } } }
        append(links.map { "\($0.path) \($0.target)" })
        append(problems.map { "problem: \($0.path): \($0.problem)" })
        append(attributes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
        return text.joined(separator: "\n")
    }
}

extension FileSummary.Dataset {
    fileprivate init(_ name: String, in file: HDF5File) throws(DataError) {
        let dataset = try file.dataset(name), layout = try dataset.layout()
        path = name
        shape = dataset.shape
        type = dataset.typeName
        chunks = layout.chunkShape
        filters = layout.filters.map(\.name)
        storedBytes = layout.storedByteCount
    }
}

extension FileSummary.ValueSummary {
    /// - Returns: nil for what holds no numbers.
    fileprivate init?(_ name: String, in file: HDF5File) throws(DataError) {
        let dataset = try file.dataset(name)
        guard dataset.elementType != nil else { return nil }
        var notes: [String] = []
        try dataset.checkPresence(in: file, HDF5Permissions(), &notes)
        var least = Double.infinity, greatest = -Double.infinity, nonfinite = 0
        var distinct: Set<Double> = []
        for value in try dataset.read(Double.self) {
            guard value.isFinite else {
                nonfinite += 1
                continue
            }
            least = min(least, value)
            greatest = max(greatest, value)
            if distinct.count <= 1000 { distinct.insert(value) }
        }
        minimum = least.isFinite ? least : nil
        maximum = greatest.isFinite ? greatest : nil
        nonfiniteCount = nonfinite
        distinctCount = distinct.count <= 1000 ? distinct.count : nil
    }
}
