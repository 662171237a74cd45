import Datasets
import Foundation
import NeuralNetwork
import TestSupport
import Testing

/// What is found in `Fixtures/inspect.h5`, made by `make_inspect.py`, and in files written here.
@Suite struct FileSummaryTests {
    private let file = fixtureFolder.appendingPathComponent("inspect.h5").path

    private func dataset(_ path: String, values: Bool = false) throws -> FileSummary.Dataset {
        try #require(try FileSummary(file: file, readsValues: values).datasets.first { $0.path == path })
    }

    private func values(_ path: String) throws -> ValueSummary {
        try #require(try dataset(path, values: true).values, "\(path)")
    }

    @Test func momentsAreThoseOfNumpy() throws {
        let table = try dataset("values/table", values: true), values = try #require(table.values)
        guard case .real(let mean)? = table.attributes["mean"],
            case .real(let deviation)? = table.attributes["deviation"]
        else {
            Issue.record("no statistics of numpy in \(table.attributes)")
            return
        }
        #expect(abs((values.mean ?? .nan) - mean) < 1e-12)
        #expect(abs((values.standardDeviation ?? .nan) - deviation) < 1e-12)
        #expect((values.nanCount, values.infiniteCount, values.nonfiniteCount) == (1, 2, 3))
        #expect((values.columnCount, values.constantColumnCount) == (6, 1))
        #expect(values.classes == nil)
        let huge = try self.values("values/huge")
        #expect((huge.minimum, huge.maximum) == (-1e308, 1e308) && huge.standardDeviation == nil)
        let one = try self.values("values/one")
        #expect((one.minimum, one.mean, one.standardDeviation) == (3.25, 3.25, 0) && one.classes == nil)
    }

    /// Rows of 300,007 x 7 are read in several blocks.
    @Test func blocksAreJoined() throws {
        let path = try TemporaryFolder().url.path + ".h5", rows = 300_007
        defer { try? FileManager.default.removeItem(atPath: path) }
        var stream = RandomStream(seed: 5, purpose: .synthesis)
        var numbers = (0..<rows * 7).map { _ in 1e6 + stream.nextUniform() }
        for row in 0..<rows { numbers[row * 7 + 3] = row == rows - 1 ? 1 : 2 }
        for row in 0..<rows { numbers[row * 7 + 5] = -1 }
        let writer = try HDF5Writer(path: path)
        try writer.write(numbers, shape: [rows, 7], to: "x", compression: .init(chunkRows: 1000, level: 1))
        try writer.write((0..<rows).map { Int32($0 % 1000) }, shape: [rows], to: "thousand")
        try writer.write((0..<rows).map { Int32($0 % 1001) }, shape: [rows, 1], to: "more")
        try writer.finish()
        let datasets = try FileSummary(file: path, readsValues: true).datasets
        func values(_ path: String) throws -> ValueSummary {
            try #require(datasets.first { $0.path == path }?.values)
        }
        let x = try values("x"), mean = numbers.reduce(0, +) / Double(numbers.count)
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
        #expect(abs((x.mean ?? .nan) / mean - 1) < 1e-12)
        #expect(abs((x.standardDeviation ?? .nan) / variance.squareRoot() - 1) < 1e-9)
        #expect(x.constantColumnCount == 1 && x.distinctCount == nil && x.minimum == -1)
        let thousand = try values("thousand")
        #expect(thousand.distinctCount == 1000 && thousand.classes?.count == 1000)
        #expect(thousand.classes?[7].name == "7" && thousand.classes?[7].count == rows / 1000)
        #expect(thousand.classes?[0].name == "0" && thousand.classes?[0].count == rows / 1000 + 1)
        let more = try values("more")
        #expect(more.distinctCount == nil && more.classes == nil && more.maximum == 1000)
    }

    @Test func labelsHaveNamesAndCounts() throws {
        func counted(_ path: String) throws -> [String]? {
            try values(path).classes?.map { "\($0.name) \($0.count)" }
        }
        #expect(try counted("values/animals") == ["CAT 1", "DOG 2", "WOLF 1"])
        #expect(try counted("values/flags") == ["FALSE 1", "TRUE 2"])
        #expect(try counted("values/floats") == ["2 2", "3 1"])
        #expect(try counted("values/species") == ["größe\u{1B} 1", "setosa 2"])
        #expect(try counted("values/fixed") == ["a 2", "bb 1"])
        #expect(try counted("values/labels")?.count == 100)
        #expect(try counted("pictures/square") == nil)
        let species = try values("values/species")
        #expect(species.longestLength == 6 && species.distinctCount == 2 && species.minimum == nil)
    }

    @Test func storageIsDescribed() throws {
        let gzip = try dataset("stored/gzip")
        #expect(gzip.chunks == [8, 10] && gzip.filters == ["shuffle", "gzip 7"] && gzip.layout == "chunked")
        #expect(gzip.valueBytes == 3200 && gzip.storedBytes < 400 && gzip.writtenShare == 1)
        let zstd = try dataset("stored/zstd")
        #expect(zstd.filters == ["zstd 5"])
        // Where its plugin is installed it is read.
        #expect(zstd.unavailableFilters == [] || zstd.unavailableFilters == ["zstd 5"])
        #expect(try dataset("stored/partly").writtenShare == 0.6)
        let never = try dataset("stored/never")
        #expect(never.writtenShare == 0 && never.valueBytes == 80_000_000_000 && never.storedBytes == 0)
        #expect(try dataset("stored/empty").writtenShare == nil && dataset("stored/nothing").shape == [0])
        let outside = try dataset("stored/outside"), together = try dataset("stored/together")
        #expect(outside.layout == "external" && outside.sources == ["gone.bin"] && outside.writtenShare == nil)
        #expect(together.layout == "virtual" && together.sources == [".:values/table"])
        #expect(try dataset("stored/fields").fields?.map(\.name) == ["height", "name"])
        #expect(try dataset("values/species").valueBytes == nil)
    }

    @Test func namesOfTheSameAndLinksAreListed() throws {
        let summary = try FileSummary(file: file)
        let table = try #require(summary.datasets.first { $0.path == "values/table" })
        #expect(table.sameAs == "same" && summary.datasets.first { $0.path == "same" }?.sameAs == nil)
        let links = Dictionary(uniqueKeysWithValues: summary.links.map { ($0.path, $0.target) })
        #expect(
            links == [
                "soft": "-> /values/table", "nowhere": "-> /not/there", "elsewhere": "-> gone.h5:/x",
                "circle": "-> /circle", "round/again": "= round", "round/up": "= /",
            ])
        #expect(summary.namedTypes.map(\.path) == ["named_type"] && summary.isComplete)
        #expect(table.attributes["list"] == .list([.real(1.5), .real(2.5)]))
        #expect(table.attributes["names"] == .list([.string("a"), .string("b")]))
    }

    /// One object that cannot be opened and others that cannot be read leave all the rest.
    @Test func problemsHideNothing() throws {
        let summary = try FileSummary(file: file, readsValues: true)
        let problems = Dictionary(summary.problems.map { ($0.path, $0.problem) }) { first, _ in first }
        for (path, words) in [
            ("values/broken", "It is damaged: the HDF5 library could not open it"),
            ("nowhere", "There is no such object. 'nowhere' is a link to it."), ("circle", "go round in circles"),
            ("elsewhere", "is a link into gone.h5, which is not there"),
            ("stored/never", "all 100000 rows were never written"), ("stored/partly", "20 of 50 rows"),
            ("stored/outside", "Its values are in another file, gone.bin"),
        ] {
            #expect(problems[path]?.contains(words) == true, "\(path): \(problems[path] ?? "-")")
            #expect(problems[path]?.contains(file) != true || path == "elsewhere", "\(problems[path] ?? "-")")
        }
        #expect(Set(problems.keys).subtracting(["stored/zstd"]).count == 7)
        #expect(!summary.datasets.contains { $0.path == "values/broken" } && summary.datasets.count == 27)
    }

    @Test func rowsArePreviewed() throws {
        func preview(_ request: String) throws -> DatasetPreview { try DatasetPreview(file: file, request) }
        let numbers = try preview("pictures/numbers:1")
        #expect(
            numbers.row == 0 && numbers.numbers.map(\.value)[..<2] == [0.5, .infinity]
                && numbers.numbers.map(\.value)[2].isNaN)
        #expect(numbers.picture == nil)
        #expect(try preview("pictures/numbers:1:1").numbers == [1, 2, 3])
        #expect(try preview("/values/species:1").strings == ["größe\u{1B}"])
        let square = try #require(try preview("pictures/square:1").picture)
        #expect(square.count == 8 && square[0].count == 8 && square[7][7] == [1] && square[7][0] == [0])
        #expect(try preview("pictures/grey:1").picture?[7].map { $0[0] } == [Double](repeating: 1, count: 8))
        for name in ["pictures/color", "pictures/planes"] {
            let picture = try #require(try preview(name).picture)
            #expect(picture.count == 9 && picture[0].count == 8)
            #expect(
                picture.map { $0[0] }
                    == [[1, 0, 0], [0, 1, 0], [0, 0, 1]].flatMap { Array(repeating: $0, count: 3) })
        }
        for (request, words) in [
            ("values/labels:200", "There is no row 200; expected 0 to 199"), ("values/one:1", "It has one row, 0"),
            ("stored/empty", "It has no rows"), ("stored/fields", "values of type compound"),
            ("stored/partly:30", "1 of 1 rows were never written"), ("nothing", "There is no such dataset"),
            ("values/labels:-1", "There is no row -1"), ("nowhere", "'nowhere' is a link to it"),
        ] {
            let problem = message { try preview(request) }
            #expect(problem.contains(words), "\(request): \(problem)")
        }
    }

    @Test(
        arguments: [
            ([784], [28, 28, 1]), ([3072], [32, 32, 3]), ([64], [8, 8, 1]), ([49], nil), ([75], nil),
            ([100], [10, 10, 1]),
            ([192], [8, 8, 3]), ([20], nil), ([], nil), ([0], nil), ([28, 28], [28, 28, 1]), ([2, 28], nil),
            ([28, 28, 1], [28, 28, 1]), ([3, 20, 30], [20, 30, 3]), ([20, 30, 3], [20, 30, 3]), ([20, 30, 2], nil),
            ([.max], nil), ([2, 2, 2, 2], nil),
        ] as [([Int], [Int]?)]) func picturesAreSeenInRows(shape: [Int], expected: [Int]?)
    {
        let form = PictureShape(ofRow: shape)
        #expect(form.map { [$0.height, $0.width, $0.channelCount] } == expected)
    }
}
