import Datasets
import Foundation
import Importers
import NeuralNetwork
import TestSupport
import Testing

@Suite struct SplitWritingTests {
    let folder: TemporaryFolder
    var output: String { folder.path("out.h5") }

    init() throws { folder = try TemporaryFolder() }

    private func load(_ split: String, matching training: LabelledData? = nil) throws -> LabelledData {
        try LabelledData.load(
            file: output, inputs: DatasetRequest(name: "\(split)/inputs"),
            targets: DatasetRequest(name: "\(split)/targets"), as: .values, matching: training)
    }

    /// Rows in a spool that begins with bytes of something else.
    private func spooled<Number: BitwiseCopyable>(
        _ numbers: [Number], _ shape: [Int], _ type: ElementType
    ) throws -> SpooledRows {
        let spool = try SpoolWriter(beside: output)
        try spool.append(UnsafeRawBufferPointer(start: [1, 2, 3] as [UInt8], count: 3))
        try numbers.withUnsafeBytes { try spool.append($0) }
        return SpooledRows(
            file: spool.file, offset: 3, rowCount: shape[0], rowShape: Array(shape.dropFirst()), elementType: type)
    }

    private func values(_ name: String) throws -> [Double] {
        try HDF5File(path: output).dataset(name).read(Double.self)
    }

    @Test func splitsKeepShapesTypesAndNames() throws {
        let train = ImportedSplit(
            name: "train", inputs: try spooled(Array(0..<12) as [UInt8], [3, 2, 2], .uint8),
            targets: .names(["cat", "dog"], [1, 0, 1]), featureNames: [])
        let test = ImportedSplit(
            name: "test", inputs: try spooled(Array(20..<24) as [UInt8], [1, 2, 2], .uint8),
            targets: .names(["cat", "dog"], [0]), featureNames: [])
        let lines = try write([train, test], ImportOptions(), from: ["a/x.npy", "-"], format: "NumPy", to: output)
        #expect(
            lines.prefix(2) == [
                "train: 3 x 2 x 2 uint8 inputs, uint8 targets, 2 classes: cat 1, dog 2",
                "test: 1 x 2 x 2 uint8 inputs, uint8 targets, 2 classes: cat 1, dog 0",
            ])
        #expect(lines.count == 3 && lines[2].contains("data.scaling"))
        let file = try HDF5File(path: output)
        #expect(try file.datasetNames() == ["test/inputs", "test/targets", "train/inputs", "train/targets"])
        #expect(try values("train/inputs") == (0..<12).map(Double.init))
        #expect(try values("train/targets") == [1, 0, 1])
        #expect(try file.dataset("train/inputs").shape == [3, 2, 2])
        #expect(try file.attributes() == ["source": .string("x.npy, standard input"), "format": .string("NumPy")])
        #expect(try file.attributes(of: "test/targets") == ["class_names": .strings(["cat", "dog"])])
    }

    /// The rows are those that `divideRows` draws, with their targets, and equal ones with equal seeds.
    @Test(arguments: [false, true]) func rowsAreDividedBySeed(isStratified: Bool) throws {
        let count = 1000
        let classes = (0..<count).map { UInt8($0 % 10 == 0 ? 1 : 0) }
        let split = ImportedSplit(
            name: "train",
            inputs: try spooled(
                (0..<Int32(count)).flatMap { [$0, -$0] }, [count, 2], ElementType(.signed, byteCount: 4)),
            targets: .numbers(try spooled(classes, [count], .uint8)), featureNames: ["a", "b"])
        var options = ImportOptions()
        options.testFraction = 0.25
        options.seed = 7
        options.isStratified = isStratified
        let lines = try write([split], options, from: ["x"], format: "CSV", to: output)
        let (train, test) = try divideRows(
            rowCount: count, validationFraction: 0.25, seed: 7,
            stratifiedBy: isStratified ? ClassNumbers(classes.map { Int32($0) }, classCount: 2) : nil)
        #expect(try values("train/inputs") == train.flatMap { [Double($0), -Double($0)] })
        #expect(try values("test/inputs") == test.flatMap { [Double($0), -Double($0)] })
        #expect(try values("test/targets") == test.map { Double(classes[Int($0)]) })
        if isStratified {
            #expect(lines[1] == "test: 250 x 2 int32 inputs, uint8 targets, 2 classes: 0 225, 1 25")
        }
    }

    @Test func labelsBeyondInt64AreCounted() throws {
        let labels = try spooled([UInt64(1) << 63, 1, 1], [3], ElementType(.unsigned, byteCount: 8))
        let split = ImportedSplit(
            name: "train", inputs: try spooled([UInt8(1), 2, 3], [3, 1], .uint8), targets: .numbers(labels),
            featureNames: [])
        let lines = try write([split], ImportOptions(), from: ["y.npy"], format: "NumPy", to: output)
        #expect(lines.first?.hasSuffix("2 classes: 1 2, 9223372036854775808 1") == true, "\(lines)")
    }

    /// Rows that are larger than a block, and blocks that end within the chosen rows.
    @Test func rowsOfAnySizeAreCopied() throws {
        for (rows, width) in [(5, 3 << 20), (3 << 20, 3)] {
            let numbers = (0..<rows * width).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
            let chosen = RowSet.list((0..<UInt32(rows)).filter { $0 % 3 != 1 })
            var read: [UInt8] = [], count = 0
            try spooled(numbers, [rows, width], .uint8).forEachBlock(of: chosen) { bytes, rowCount in
                read += bytes
                count += rowCount
            }
            #expect(count == chosen.count)
            #expect(read == chosen.flatMap { numbers[Int($0) * width..<Int($0 + 1) * width] })
        }
    }

    /// Each scaling gives the numbers that training computes.
    @Test(arguments: [ScalingKind.standardize, .minMax, .center, .unit])
    func scalingsAreThoseOfTraining(_ kind: ScalingKind) throws {
        let numbers: [UInt8] = [1, 7, 20, 3, 7, 250, 5, 7, 0, 90, 7, 10]
        let inputs = try spooled(numbers, [4, 3], .uint8)
        let targets = ImportedTargets.numbers(try spooled([0, 1, 0, 1] as [UInt8], [4], .uint8))
        var options = ImportOptions()
        options.testFraction = 0.25
        let split = ImportedSplit(name: "train", inputs: inputs, targets: targets, featureNames: [])
        _ = try write([split], options, from: ["x"], format: "CSV", to: output)
        let train = try load("train"), test = try load("test", matching: train)
        let scaled = Matrix<Float>(rows: 1, columns: 3)
        test.inputs.gather(
            rows: [0], scaling: try Scaling(kind, fittedTo: train.inputs, rows: [0, 1, 2]), into: scaled)
        options.scaling = kind
        _ = try write([split], options, from: ["x"], format: "CSV", to: output)
        #expect(try values("test/inputs") == scaled.elements.map { Double($0) })
        #expect(try HDF5File(path: output).dataset("train/inputs").typeName == "float32")
    }

    @Test func missingValuesBecomeTheMeanOfTheTrainingRows() throws {
        let nan = Float.nan
        let train = ImportedSplit(
            name: "train", inputs: try spooled([1, 5, nan, 6, 2, nan] as [Float], [3, 2], .float32), targets: nil,
            featureNames: ["a", "b"], fillsMissing: true)
        let test = ImportedSplit(
            name: "test", inputs: try spooled([nan, nan] as [Float], [1, 2], .float32), targets: nil,
            featureNames: ["a", "b"], fillsMissing: true)
        _ = try write([train, test], ImportOptions(), from: ["x"], format: "CSV", to: output)
        #expect(try values("train/inputs") == [1, 5, 1.5, 6, 2, 5.5])
        #expect(try values("test/inputs") == [1.5, 5.5])
        let empty = ImportedSplit(
            name: "train", inputs: try spooled([1, nan] as [Float], [1, 2], .float32), targets: nil,
            featureNames: ["a", "b"], fillsMissing: true)
        #expect(
            message { try write([empty], ImportOptions(), from: ["x"], format: "CSV", to: output) }.contains(
                "The feature 'b' has no value in any training row"))
    }

    @Test func whatCannotBeDividedIsRefused() throws {
        func problem(_ splits: [ImportedSplit], fraction: Double?, isStratified: Bool = false) -> String {
            var options = ImportOptions()
            options.testFraction = fraction
            options.isStratified = isStratified
            return message { try write(splits, options, from: ["x"], format: "CSV", to: output) }
        }
        func split(_ name: String, targets: ImportedTargets?) throws -> ImportedSplit {
            ImportedSplit(
                name: name, inputs: try spooled([1, 2, 3, 4] as [UInt8], [4, 1], .uint8), targets: targets,
                featureNames: [])
        }
        let train = try split("train", targets: nil)
        #expect(problem([train, try split("test", targets: nil)], fraction: 0.5).contains("a test split of its own"))
        #expect(problem([train], fraction: 0.01).contains("--test-fraction: Found 0.01 of 4 rows"))
        #expect(problem([train], fraction: 0.5, isStratified: true).contains("no class for each row"))
        let values = ImportedTargets.numbers(try spooled([0.5, 1, 2, 3] as [Double], [4], .float64))
        #expect(
            problem([try split("train", targets: values)], fraction: 0.5, isStratified: true).contains(
                "The targets hold 0.5, so they are no classes"))
        let short = ImportedTargets.names(["a"], [0])
        #expect(
            problem([try split("train", targets: short)], fraction: nil).contains("4 rows of inputs and 1 of targets"))
        #expect(try folder.contents.isEmpty)
    }
}
