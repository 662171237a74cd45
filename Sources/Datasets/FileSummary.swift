import CHDF5
import Foundation
import Support

/// What an HDF5 file holds, object by object; one that is broken hides no other.
package struct FileSummary: Codable, Sendable {
    package struct Dataset: Codable, Sendable {
        package let path: String
        package let shape: [Int]
        package let type: String
        /// The fields of a compound type.
        package let fields: [Field]?
        /// `compact`, `contiguous`, `chunked`, `external` or `virtual`.
        package fileprivate(set) var layout: String?
        /// The shape of a chunk; nil unless the dataset is chunked.
        package let chunks: [Int]?
        package let filters: [String]
        /// Those of the filters that this build cannot read, for want of a plugin.
        package let unavailableFilters: [String]
        package let storedBytes: Int
        /// The bytes of the values before compression; nil where elements have no fixed size.
        package fileprivate(set) var valueBytes: Int?
        /// The share of the chunks, or of all values, that was written; nil where that is not known.
        package fileprivate(set) var writtenShare: Double?
        /// The files, and datasets in them, that have the values.
        package fileprivate(set) var sources: [String] = []
        /// The first path of the same dataset, where it has several.
        package fileprivate(set) var sameAs: String?
        package fileprivate(set) var attributes: [String: AttributeValue] = [:]
        package fileprivate(set) var values: ValueSummary?

        enum CodingKeys: String, CodingKey {
            case path, shape, type, fields, layout, chunks, filters, unavailableFilters = "unavailable_filters"
            case storedBytes = "stored_bytes", valueBytes = "value_bytes", writtenShare = "written_share", sources
            case sameAs = "same_as", attributes, values
        }
    }
    /// A field of a compound type.
    package struct Field: Codable, Sendable {
        package let name: String
        package let type: String
    }
    package struct Group: Codable, Sendable {
        package let path: String
        package let attributes: [String: AttributeValue]
    }
    /// A type that datasets refer to by its name.
    package struct NamedType: Codable, Sendable {
        package let path: String
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
    package let fileBytes: Int
    package let attributes: [String: AttributeValue]
    package let groups: [Group]
    package private(set) var datasets: [Dataset]
    package let namedTypes: [NamedType]
    package let links: [Link]
    package private(set) var problems: [Problem]
    /// Whether everything is listed: not more than 100,000 paths are, and 64 groups in each other.
    package let isComplete: Bool

    enum CodingKeys: String, CodingKey {
        case file, fileBytes = "file_bytes", attributes, groups, datasets, namedTypes = "named_types", links, problems
        case isComplete = "is_complete"
    }

    /// Reads the summary of a file.
    ///
    /// The file is walked in a child process; where that crashes, once more without the object at which it did. The
    /// values are then read in children of their own, some datasets in each, so that a crash costs little.
    /// - Parameter readsValues: whether the values are looked at too.
    package init(file path: String, readsValues: Bool = false) throws(DataError) {
        var patience = Duration.seconds(5)
        let walk = try surviving(file: path, &patience) { (skipped, work, trail) throws(DataError) in
            try FileSummary(walking: path, skipped, work, trail)
        }
        self = walk.answer
        problems += walk.damaged.map { Problem(path: $0, problem: fatalDamage) }
        guard readsValues else { return }
        let broken = Set(problems.map(\.path))
        var start = 0
        while start < datasets.count {
            var end = start, byteCount = 0
            repeat {
                byteCount += min(1 << 30, datasets[end].valueBytes ?? 1 << 20)
                end += 1
            } while end < datasets.count && end < start + 500 && byteCount < 1 << 26
            let paths = datasets[start..<end].filter { $0.sameAs == nil && !broken.contains($0.path) }.map(\.path)
            do throws(DataError) {
                guard patience > .zero else { throw DataError("the file is damaged in too many places.") }
                let read = try surviving(file: path, &patience) { (skipped, work, trail) throws(DataError) in
                    try readValues(of: paths.filter { !skipped.contains($0) }, file: path, work, trail)
                }
                for index in start..<end { datasets[index].values = read.answer.values[datasets[index].path] }
                problems += read.answer.problems + read.damaged.map { Problem(path: $0, problem: fatalDamage) }
            } catch {
                problems += paths.map {
                    Problem(path: $0, problem: "Its values were not read: \(error.withoutPlace(in: path))")
                }
            }
            start = end
        }
        let values = Dictionary(datasets.map { ($0.path, $0.values) }) { first, _ in first }
        for index in datasets.indices {
            if let other = datasets[index].sameAs { datasets[index].values = values[other] ?? nil }
        }
    }

    private init(walking path: String, _ skipped: Set<String>, _ work: ContainedWork, _ trail: Trail)
        throws(DataError)
    {
        let file = try HDF5File(path: path)
        var status = stat()
        fileBytes = stat(path, &status) == 0 ? Int(status.st_size) : 0
        var datasets: [Dataset] = [], links: [Link] = [], problems: [Problem] = [], groups: [Group] = []
        var types: [NamedType] = [], root: [String: AttributeValue] = [:], places: [UInt64: String] = [:]
        isComplete = file.walk(
            skipping: skipped,
            touching: {
                work.extendPatience()
                trail.leave($0)
            }
        ) { name, what in
            do throws(DataError) {
                switch what {
                case .dataset:
                    datasets.append(try Dataset(name, in: file))
                    try datasets[datasets.count - 1].describeStorage(in: file, &places)
                case .group:
                    let attributes = try file.attributes(of: name)
                    if name == "/" {
                        root = attributes
                    } else {
                        groups.append(Group(path: name, attributes: attributes))
                    }
                case .namedType: types.append(NamedType(path: name))
                case .sameGroup(let first): links.append(Link(path: name, target: "= \(first)"))
                case .link(let link):
                    links.append(Link(path: name, target: link.description))
                    _ = try file.follow(name, listing: false)
                case .broken:
                    throw damage(of: name, in: file)
                }
            } catch {
                problems.append(Problem(path: name, problem: error.withoutPlace(in: path)))
            }
        }
        trail.leave("")
        self.file = path
        (attributes, namedTypes) = (root, types)
        self.groups = groups
        self.datasets = datasets
        self.links = links
        self.problems = problems
    }
}

extension FileSummary.Dataset {
    fileprivate init(_ name: String, in file: HDF5File) throws(DataError) {
        let dataset = try HDF5Dataset(file: file, name: name), layout = try dataset.layout()
        path = name
        shape = dataset.shape
        type = dataset.typeName
        let fields = try dataset.fields()
        self.fields = fields.isEmpty ? nil : fields.map { FileSummary.Field(name: $0.name, type: $0.type.name) }
        chunks = layout.chunkShape
        filters = layout.filters.map(\.name)
        unavailableFilters = layout.filters.filter { !$0.isAvailable }.map(\.name)
        storedBytes = layout.storedByteCount
    }

    /// Adds what may be damaged though the dataset can be listed.
    ///
    /// - Parameter places: the first path of each object that has been seen, by its place in the file.
    fileprivate mutating func describeStorage(
        in file: HDF5File, _ places: inout [UInt64: String]
    ) throws(DataError) {
        let address = HDF5Library.serialized { [path] in bnexp_object_address(file.handle.id, path) }
        sameAs = places[address]
        if address != 0, sameAs == nil { places[address] = path }
        let storage = try HDF5Dataset(file: file, name: path).storage()
        layout = storage.form.rawValue
        (valueBytes, writtenShare, sources) = (storage.valueByteCount, storage.writtenShare, storage.sources)
        attributes = try file.attributes(of: path)
    }
}

/// What children found in the values of datasets.
private struct ReadValues: Codable {
    var values: [String: ValueSummary] = [:]
    var problems: [FileSummary.Problem] = []
}

private func readValues(of paths: [String], file path: String, _ work: ContainedWork, _ trail: Trail)
    throws(DataError) -> ReadValues
{
    let file = try HDF5File(path: path)
    var read = ReadValues()
    for name in paths {
        work.extendPatience()
        trail.leave(name)
        do throws(DataError) {
            read.values[name] = try ValueSummary(
                of: try HDF5Dataset(file: file, name: name), in: file, extendPatience: work.extendPatience)
        } catch {
            read.problems.append(FileSummary.Problem(path: name, problem: error.withoutPlace(in: path)))
        }
    }
    trail.leave("")
    return read
}

/// The error for what cannot be opened, with the library's account of it.
private func damage(of name: String, in file: HDF5File) -> DataError {
    if file.kind(of: name) == "group" { return DataError("It is damaged: its content cannot be listed.") }
    do {
        _ = try HDF5Dataset(file: file, name: name)
    } catch {
        let account = error.withoutPlace(in: file.path)
        return DataError(account.hasPrefix("the HDF5 library") ? "It is damaged: \(account)" : account)
    }
    return DataError("It is damaged: it cannot be listed.")
}

private let fatalDamage = "It is damaged: the HDF5 library does not survive it."

/// Runs `body` in a child process, and again without the objects at which a child came to its end.
///
/// - Parameters:
///   - patience: the time that failing children may still take; what they took is subtracted.
///   - body: is given the paths that it must not touch, and leaves the path that it touches as its trail.
private func surviving<Answer: Codable>(
    file path: String, _ patience: inout Duration,
    _ body: (Set<String>, ContainedWork, Trail) throws(DataError) -> Answer
) throws(DataError) -> (answer: Answer, damaged: [String]) {
    var damaged: [String] = []
    while true {
        let trail = try Trail(), skipped = Set(damaged), start = ContinuousClock.now
        do {
            let answer = try contained(file: path) { (work) throws(DataError) in
                try body(skipped, work, trail)
            }
            return (answer, damaged)
        } catch {
            patience -= ContinuousClock.now - start
            let place = trail.text
            guard !place.isEmpty, patience > .zero, !skipped.contains(place) else { throw error }
            damaged.append(place)
        }
    }
}

extension DataError {
    /// The message without the name of the file, and of a dataset in it, that it begins with.
    fileprivate func withoutPlace(in file: String) -> String {
        let file = place(file: file)
        guard message.hasPrefix(file) else { return message }
        let rest = message.dropFirst(file.count)
        if rest.hasPrefix(", dataset '"), let end = rest.range(of: "': ") { return String(rest[end.upperBound...]) }
        return rest.hasPrefix(": ") ? String(rest.dropFirst(2)) : message
    }
}
