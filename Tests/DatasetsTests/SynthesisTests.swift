import Datasets
import Foundation
import NeuralNetwork
import TestSupport
import Testing

@Suite struct SynthesisTests {
    private static let recipes: [any SyntheticRecipe] = [
        Blobs(features: 16, classes: 10, separation: 6, noise: 1, seed: 1),
        Spirals(classes: 3, turns: 1, noise: 0.03), Moons(noise: 0.1), Circles(classes: 2, noise: 0.08),
        Parity(features: 8, bits: 3, noise: 0.2),
        Teacher(features: 20, targets: .classes(5), width: 32, depth: 1, noise: 0, seed: 1),
        Teacher(features: 4, targets: .values(2), width: 8, depth: 2, noise: 0.1, seed: 1),
        CorrelatedGaussian(features: 20, condition: 100, mean: 0, noise: 0.1, seed: 1), Degenerate(),
    ]

    private func rows(_ recipe: some SyntheticRecipe, _ count: Int, seed: UInt64 = 1, split: Int = 1)
        -> (inputs: [[Double]], data: SyntheticSplit)
    {
        let data = SyntheticSplit(recipe, rows: count, split: split, seed: seed), width = recipe.featureCount
        return ((0..<count).map { row in data.inputs[row * width..<(row + 1) * width].map(Double.init) }, data)
    }

    private func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
    private func variance(_ values: [Double]) -> Double {
        let center = mean(values)
        return mean(values.map { ($0 - center) * ($0 - center) })
    }

    @Test(arguments: recipes.indices) func rowsDependOnSeedSplitAndTheirNumberOnly(index: Int) {
        func check(_ recipe: some SyntheticRecipe) {
            let (inputs, data) = rows(recipe, 100), again = rows(recipe, 40)
            #expect(Array(inputs.prefix(40)) == again.inputs, "more rows begin with the same ones")
            #expect(rows(recipe, 100, seed: 2).inputs != inputs && rows(recipe, 100, split: 2).inputs != inputs)
            #expect(inputs.allSatisfy { $0.allSatisfy(\.isFinite) })
            switch recipe.targets {
            case .classes(let count):
                #expect(data.labels.count == 100 && data.values.isEmpty)
                #expect(Set(data.labels) == Set(0..<Int32(count)))
            case .values(let count): #expect(data.values.count == 100 * count && data.labels.isEmpty)
            }
        }
        check(Self.recipes[index])
    }

    @Test(arguments: recipes.indices) func theSameOptionsGiveTheSameBytes(index: Int) throws {
        let folder = try TemporaryFolder()
        func bytes(_ recipe: some SyntheticRecipe, seed: UInt64) throws -> Data {
            let path = folder.path("\(UUID()).h5")
            try write(recipe, SyntheticSize(rows: 30, testRows: 10), seed: seed, toHDF5: path)
            return try Data(contentsOf: URL(fileURLWithPath: path))
        }
        func check(_ recipe: some SyntheticRecipe) throws {
            #expect(try bytes(recipe, seed: 3) == bytes(recipe, seed: 3))
            #expect(try bytes(recipe, seed: 3) != bytes(recipe, seed: 4))
        }
        try check(Self.recipes[index])
    }

    @Test func filesSayHowTheyWereMade() throws {
        let path = try TemporaryFolder().url.path + ".h5"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let recipe = Teacher(features: 3, targets: .values(2), width: 4, depth: 1, noise: 0.5, seed: 9)
        try write(recipe, SyntheticSize(rows: 7, testRows: 0), seed: 9, toHDF5: path)
        let file = try HDF5File(path: path)
        #expect(
            try file.attributes() == [
                "kind": .string("teacher"), "recipe_version": .integer(1), "seed": .integer(9), "rows": .integer(7),
                "test_rows": .integer(0), "features": .integer(3), "classes": .integer(2), "values": .integer(1),
                "width": .integer(4), "depth": .integer(1), "noise": .real(0.5),
            ])
        #expect(try file.datasetNames() == ["train/inputs", "train/targets"])
        #expect(try file.dataset("train/targets").shape == [7, 2])
        #expect(try file.dataset("train/inputs").typeName == "float32")
    }

    /// With 30 classes the root mean square of 435 distances is within a few percent.
    @Test func blobsAreAsFarApartAndAsWideAsAsked() {
        let recipe = Blobs(features: 50, classes: 30, separation: 6, noise: 0.5, seed: 1)
        let (inputs, data) = rows(recipe, 30_000)
        let centres = (0..<30).map { label in
            (0..<50).map { j in mean(stride(from: label, to: 30_000, by: 30).map { inputs[$0][j] }) }
        }
        #expect(data.labels.prefix(31).map(Int.init) == Array(0..<30) + [0])
        var squares: [Double] = []
        for a in 0..<30 {
            for b in 0..<a { squares.append(zip(centres[a], centres[b]).reduce(0) { $0 + pow($1.0 - $1.1, 2) }) }
        }
        #expect(abs(mean(squares).squareRoot() - 6) < 0.4)
        let deviation = variance(
            stride(from: 0, to: 30_000, by: 30).flatMap { row in
                (0..<50).map { inputs[row][$0] - centres[0][$0] }
            }
        ).squareRoot()
        #expect(abs(deviation - 0.5) < 0.01)
    }

    @Test func curvesAreWhereTheirFormulasSay() {
        let spirals = rows(Spirals(classes: 3, turns: 2, noise: 0), 300)
        for (row, x) in spirals.inputs.enumerated() {
            let radius = hypot(x[0], x[1]), angle = atan2(x[1], x[0]) / (2 * .pi)
            let distance = angle - 2 * radius - Double(row % 3) / 3
            #expect(abs(distance - distance.rounded()) < 1e-5 && radius > 0.0499 && radius < 1)
        }
        for (row, x) in rows(Circles(classes: 4, noise: 0), 40).inputs.enumerated() {
            #expect(abs(hypot(x[0], x[1]) - Double(row % 4 + 1) / 4) < 1e-6)
        }
        for (row, x) in rows(Moons(noise: 0), 40).inputs.enumerated() {
            let center = row % 2 == 0 ? [0, 0] : [1, 0.5]
            #expect(abs(hypot(x[0] - center[0], x[1] - center[1]) - 1) < 1e-6)
            #expect(row % 2 == 0 ? x[1] >= -1e-6 : x[1] <= 0.5 + 1e-6)
        }
        let noisy = rows(Circles(classes: 2, noise: 0.1), 20_000).inputs.enumerated().filter { $0.offset % 2 == 1 }
        // The radius of a point beside a circle of radius 1 varies by the noise across it alone, to first order.
        #expect(abs(variance(noisy.map { hypot($0.element[0], $0.element[1]) }).squareRoot() - 0.1) < 0.005)
    }

    @Test func parityIsThatOfTheFirstBits() {
        let (inputs, data) = rows(Parity(features: 6, bits: 3, noise: 0.05), 4000)
        for (x, label) in zip(inputs, data.labels) {
            #expect(x.prefix(3).count { $0 > 0 } % 2 == Int(label))
        }
        #expect(data.labels.count { $0 == 1 } == 2000)
        // Four standard errors of a share of 4,000 rows.
        for j in 0..<6 { #expect(abs(mean(inputs.map { $0[j] })) < 0.064, "feature \(j)") }
    }

    @Test func teacherIsStandardizedAndItsLargestOutputIsTheLabel() {
        func teacher(_ targets: SyntheticTargets) -> Teacher {
            Teacher(features: 10, targets: targets, width: 16, depth: 2, noise: 0, seed: 5)
        }
        let values = rows(teacher(.values(4)), 8000).data.values, labels = rows(teacher(.classes(4)), 8000).data.labels
        for output in 0..<4 {
            let column = stride(from: output, to: values.count, by: 4).map { Double(values[$0]) }
            #expect(abs(mean(column)) < 0.06 && abs(variance(column) - 1) < 0.15, "output \(output)")
            #expect(labels.count { $0 == output } > 800, "class \(output)")
        }
        for row in 0..<8000 {
            let outputs = Array(values[row * 4..<(row + 1) * 4])
            #expect(outputs[Int(labels[row])] == outputs.max())
        }
    }

    @Test(arguments: [(3, 1.0), (5, 100.0), (8, 10_000)]) func gaussianHasItsConditionNumber(
        features: Int, condition: Double
    ) {
        let recipe = CorrelatedGaussian(features: features, condition: condition, mean: 3, noise: 0.5, seed: 2)
        let (inputs, data) = rows(recipe, 20_000)
        let means = (0..<features).map { j in mean(inputs.map { $0[j] }) }
        #expect(means.allSatisfy { abs($0 - 3) < 0.04 })
        let covariance = Matrix<Double>(rows: features, columns: features)
        for i in 0..<features {
            for j in 0..<features {
                covariance[i, j] = mean(inputs.map { ($0[i] - means[i]) * ($0[j] - means[j]) })
            }
        }
        let eigenvalues = symmetricEigenvalues(covariance).sorted(by: >)
        for (index, value) in eigenvalues.enumerated() {
            let expected = pow(condition, -Double(index) / Double(features - 1))
            // The relative error of a variance of N values is sqrt(2 / N) = 1 %.
            #expect(abs(value / expected - 1) < 0.06, "eigenvalue \(index) is \(value), expected \(expected)")
        }
        #expect(abs(variance(data.values.map(Double.init)) - 1.25) < 0.06)
    }

    @Test func degenerateColumnsAreAsDescribed() throws {
        let recipe = Degenerate(), (inputs, data) = rows(recipe, 8000)
        func column(_ j: Int) -> [Double] { inputs.map { $0[j] } }
        #expect(recipe.columns.count == recipe.featureCount)
        #expect(data.labels.count { $0 == 1 } == 4000)
        #expect(stride(from: 7, to: 8000, by: 8).allSatisfy { inputs[$0] == inputs[$0 - 1] })
        #expect(Set(column(1)) == [0] && Set(column(2)) == [1000])
        #expect(abs(variance(column(3)).squareRoot() - 1e-6) < 1e-7 && Set(column(3)).count > 10)
        #expect(abs(mean(column(4)) - 10_000) < 0.1 && abs(variance(column(4)) - 1) < 0.1)
        #expect(column(5).indices.filter { column(5)[$0] == 1e6 } == Array(stride(from: 500, to: 8000, by: 1000)))
        #expect(Set(column(6)) == [0, 1] && column(6).reduce(0, +) == 40)
        #expect(column(7) == column(0))
        #expect(column(8).allSatisfy { abs($0) < 1e-18 } && column(9).contains { abs($0) > 1e18 })
        let isRight = zip(column(0), data.labels).map { ($0 > 0) == ($1 == 1) ? 1.0 : 0 }
        #expect(abs(mean(isRight) - 0.977) < 0.01)
    }

    @Test func whatDoesNotFitIntoMemoryIsKnownBefore() {
        let recipe = Spirals(classes: 3, turns: 1, noise: 0)
        #expect(SyntheticSize(rows: 1000, testRows: 200).byteCount(of: recipe) == 1200 * 3 * 4 * 3)
        #expect(SyntheticSize(rows: .max, testRows: 1).byteCount(of: recipe) == nil)
        #expect(SyntheticSize(rows: .max / 8, testRows: 0).byteCount(of: recipe) == nil)
    }
}
