import Datasets
import Foundation
import TestSupport
import Testing

/// `bnexp dump`: one step, whole, in which every equation can be checked.
@Suite struct DumpTests {
    private struct Step {
        let file: HDF5File
        let names: Set<String>

        init(_ settings: [String], step: Int, in folder: URL) throws {
            let run = ["run", "c.json", "-q", "--set", "precision=float64", "--set", "training.steps=9"]
            let result = try bnexp(run + settings.flatMap { ["--set", $0] }, in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            let dump = try bnexp(["dump", "latest", "--step", "\(step)", "-o", "d.h5", "--force"], in: folder)
            #expect(dump.exitCode == 0, "\(dump.errors)")
            file = try HDF5File(path: folder.appendingPathComponent("d.h5").path)
            names = Set(try file.datasetNames())
        }

        func rows(_ name: String) throws -> [[Double]] {
            let dataset = try file.dataset(name), values: [Double] = try dataset.read()
            let width = dataset.shape.last ?? 1
            return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
        }
        func vector(_ name: String) throws -> [Double] { try rows(name)[0] }
    }

    private func expectEqual(_ found: [Double], _ expected: [Double], _ comment: String) {
        let size = expected.map(abs).max() ?? 0
        #expect(found.count == expected.count && size > 0, "\(comment)")
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-12 * size }, "\(comment): \(found), \(expected)")
    }

    private func sums(_ rows: [[Double]]) -> [Double] {
        rows.dropFirst().reduce(rows[0]) { zip($0, $1).map { $0 + $1 } }
    }

    /// (2) to (9), (15), (16), (18) and (19) of a batch-normalized layer, from the arrays of the file alone.
    @Test(arguments: [[], ["model.dropout=0.3"], ["loss.l2=0.1", "optimizer.momentum=0.9"]])
    func everyEquationHolds(settings: [String]) throws {
        try withToyFolder { folder in
            let batch = "model.normalization={\"kind\": \"batch\", \"epsilon\": 0.01, \"initial_gamma\": 0.7}"
            let step = try Step(
                [batch, "model.hidden=[6, 5]", "model.activation=tanh"] + settings, step: 4, in: folder)
            let below = try step.rows("layer/0/\(step.names.contains("layer/0/output") ? "output" : "activation")")
            func rows(_ name: String) throws -> [[Double]] { try step.rows("layer/1/\(name)") }
            func vector(_ name: String) throws -> [Double] { try step.vector("layer/1/\(name)") }
            let h = try rows("linear"), xHat = try rows("normalized"), y = try rows("preactivation")
            let gamma = try vector("gamma"), beta = try vector("beta"), s = try vector("inverse_standard_deviation")
            let mean = try vector("batch_mean"), count = Double(h.count)
            func map(_ rows: [[Double]], _ value: (Double, Int) -> Double) -> [Double] {
                rows.flatMap { row in row.indices.map { value(row[$0], $0) } }
            }
            expectEqual(mean, sums(h).map { $0 / count }, "(2)")
            let squares = h.map { row in row.indices.map { (row[$0] - mean[$0]) * (row[$0] - mean[$0]) / count } }
            expectEqual(try vector("batch_variance"), sums(squares), "(3)")
            expectEqual(s, try vector("batch_variance").map { 1 / ($0 + 0.01).squareRoot() }, "s")
            expectEqual(xHat.flatMap { $0 }, map(h) { ($0 - mean[$1]) * s[$1] }, "(4)")
            expectEqual(y.flatMap { $0 }, map(xHat) { gamma[$1] * $0 + beta[$1] }, "(5)")
            expectEqual(try rows("activation").flatMap { $0 }, map(y) { value, _ in tanh(value) }, "(6)")
            let da = try rows("activation_gradient"), dy = try rows("preactivation_gradient")
            expectEqual(
                dy.flatMap { $0 }, zip(da.flatMap { $0 }, y.flatMap { $0 }).map { $0 / pow(cosh($1), 2) }, "(7)")
            let dBeta = sums(dy)
            let dGamma = sums(zip(dy, xHat).map { zip($0, $1).map { $0 * $1 } })
            expectEqual(try vector("beta_gradient"), dBeta, "(8)")
            expectEqual(try vector("gamma_gradient"), dGamma, "(9)")
            expectEqual(try rows("normalized_gradient").flatMap { $0 }, map(dy) { gamma[$1] * $0 }, "(19)")
            let dh = try rows("linear_gradient")
            expectEqual(
                dh.flatMap { $0 },
                zip(dy, xHat).flatMap { dy, xHat in
                    dy.indices.map { j in
                        gamma[j] * s[j] / count * (count * dy[j] - dBeta[j] - xHat[j] * dGamma[j])
                    }
                }, "(15)")
            let weight = try rows("weight"), l2 = settings.contains("loss.l2=0.1") ? 0.1 : 0
            let product = weight.indices.flatMap { d in
                weight[d].indices.map { j in
                    zip(below, dh).reduce(l2 * weight[d][j]) { $0 + $1.0[d] * $1.1[j] }
                }
            }
            expectEqual(try rows("weight_gradient").flatMap { $0 }, product, "(16)")
            // What the layer below is handed, before its dropout.
            let handed = try step.rows(
                "layer/0/\(settings == ["model.dropout=0.3"] ? "output" : "activation")_gradient")
            expectEqual(
                handed.flatMap { $0 },
                dh.flatMap { row in weight.map { zip(row, $0).reduce(0) { $0 + $1.0 * $1.1 } } }, "(18)")
            guard case .string("(15)")? = try step.file.attributes(of: "layer/1/linear_gradient")["equation"] else {
                Issue.record("the array does not name its equation")
                return
            }
        }
    }

    /// The update is the difference to the next step's dump, and running statistics after it are those before the next.
    @Test func updatesLeadToTheNextStep() throws {
        try withToyFolder { folder in
            let settings = [
                "model.normalization={\"kind\": \"batch\"}", "optimizer={\"kind\": \"adam\", \"learning_rate\": 0.01}",
            ]
            let first = try Step(settings, step: 3, in: folder)
            let values = try first.vector("layer/0/gamma"), update = try first.vector("layer/0/gamma_update")
            let after = try first.vector("layer/0/running_mean_after")
            #expect(first.names.isSuperset(of: ["optimizer/0/gamma/0", "optimizer/0/gamma/1"]))
            let next = try Step(settings, step: 4, in: folder)
            expectEqual(try next.vector("layer/0/gamma"), zip(values, update).map { $0 + $1 }, "gamma")
            #expect(try next.vector("layer/0/running_mean") == after)
            let last = try Step(settings, step: 9, in: folder)
            #expect(!last.names.contains { $0.hasSuffix("_update") || $0.hasSuffix("_after") })
        }
    }

    /// Every kind of layer can be dumped, and every array that docs/dump.md lists is in one of the files.
    @Test func everyArrayIsDocumented() throws {
        try withToyFolder { folder in
            let page = try String(contentsOf: repository.appendingPathComponent("docs/dump.md"), encoding: .utf8)
            for normalization in [
                "{\"kind\": \"none\"}", "{\"kind\": \"ghost_batch\", \"size\": 5}", "{\"kind\": \"layer\"}",
                "{\"kind\": \"batch\", \"placement\": \"after_activation\"}", "{\"kind\": \"batch_renorm\"}",
                "{\"kind\": \"dyt\"}",
            ] {
                let step = try Step(
                    ["model.normalization=\(normalization)", "model.weight_normalization=weight_norm"], step: 2,
                    in: folder)
                for name in step.names where name.hasPrefix("layer/") {
                    let array = String(name.split(separator: "/")[2])
                    let isParameter =
                        array.hasSuffix("_update")
                        || ["gain", "alpha", "gamma", "beta"].contains { array.hasPrefix($0) }
                    let told = array.replacingOccurrences(of: "_after", with: "").replacingOccurrences(
                        of: "running_standard_deviation", with: "running_variance")
                    #expect(isParameter || page.contains("`\(told)`") || page.contains("/\(told)`"), "\(name)")
                }
            }
        }
    }
}
