import Foundation
import TestSupport
import Testing

@Suite struct SynthesizeCommandTests {
    /// Each problem is made by its name alone, and a small network learns it by configs/synthetic.json.
    @Test func everyKindIsMadeAndLearned() throws {
        try withTemporaryFolder { folder throws in
            let help = try bnexp(["data", "synthesize", "--help"], in: folder).output
            let kinds = (help.components(separatedBy: "SUBCOMMANDS:").last ?? "")
                .matches(of: /\n[ ]{2}([a-z]+)[ ]/).map { String($0.output.1) }
            #expect(kinds.count == 8, "\(help)")
            for kind in kinds { try check(kind) }
        }
    }

    private func check(_ kind: String) throws {
        try withTemporaryFolder { folder throws in
            let made = try bnexp(["data", "synthesize", kind, "-o", "data.h5"], in: folder)
            #expect(made.exitCode == 0 && made.output == "data.h5\n", "\(made)")
            #expect(made.errors.contains("train: 5000 x ") && made.errors.contains("test: 1000 x "), "\(made)")
            let isRegression = kind == "gaussian"
            let run = try bnexp(
                [
                    "run", repository.appendingPathComponent("configs/synthetic.json").path, "--set",
                    "data.file=data.h5", "--set", "training.steps=1000", "--db", "r.sqlite", "-q",
                ] + (isRegression ? ["--set", "loss.kind=mean_squared_error"] : []), in: folder)
            #expect(run.exitCode == 0, "\(run)")
            let measured = isRegression ? "loss < 0.1" : "accuracy > 0.75"
            let result = try bnexp(
                [
                    "sql", "--db", "r.sqlite", "--json",
                    "SELECT \(measured) AS learned FROM evaluation WHERE split = 'test' ORDER BY step DESC LIMIT 1",
                ], in: folder)
            #expect(result.output.contains("\"learned\": 1"), "\(kind): \(result)")
        }
    }

    @Test func optionsReachTheFileAndTheSameGiveTheSameBytes() throws {
        try withTemporaryFolder { folder throws in
            func make(_ name: String, _ options: [String]) throws -> Data {
                let result = try bnexp(["data", "synthesize", "teacher", "-o", name] + options, in: folder)
                #expect(result.exitCode == 0, "\(result)")
                return try Data(contentsOf: folder.appendingPathComponent(name))
            }
            let options = ["--values", "--classes", "3", "--rows", "50", "--test-rows", "0", "--noise", "0.25"]
            #expect(try make("a.h5", options) == make("b.h5", options))
            #expect(try make("c.h5", options + ["--seed", "1"]) != make("d.h5", options))
            let shown = try bnexp(["data", "inspect", "--json", "c.h5"], in: folder).output
            for text in ["\"noise\" : 0.25", "\"seed\" : 1", "\"kind\" : \"teacher\""] {
                #expect(shown.contains(text), "\(text) in \(shown)")
            }
            #expect(!shown.contains("test/inputs"))
        }
    }

    @Test(
        arguments: [
            (["spirals", "--noise", "-1"], "--noise is -1; expected 0 to 1e+06"),
            (["spirals", "--noise", "nan"], "--noise is nan; expected"),
            (["blobs", "--rows", "0"], "--rows is 0; expected"),
            (["blobs", "--rows", "1000000000000"], "do not fit into"),
            (["blobs", "--seed", "-1"], "'-1' is invalid for '--seed"),
            (["spirals", "--features", "3"], "Unknown option '--features'"),
            (["parity", "--features", "4", "--bits", "5"], "--bits is 5; expected 1 to 4"),
            (["gaussian", "--condition", "0.5"], "--condition is 0.5; expected 1 to 1e+12"),
            (["gaussian", "--features", "1"], "give --condition 1"),
            (["teacher", "--classes", "1"], "--classes is 1; expected 2 to 1,000"),
            (["ribbons"], "unknown subcommand \"ribbons\" of bnexp data synthesize"),
        ] as [([String], String)]) func wrongOptionsAreTold(arguments: [String], expected: String) throws
    {
        try withTemporaryFolder { folder throws in
            let result = try bnexp(["data", "synthesize"] + arguments + ["-o", "x.h5"], in: folder)
            #expect(result.exitCode == 64 && result.errors.contains(expected) && result.output.isEmpty, "\(result)")
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("x.h5").path))
        }
    }

    @Test func aFileIsNotReplacedUnasked() throws {
        try withTemporaryFolder { folder throws in
            let arguments = ["data", "synthesize", "moons", "--rows", "10", "-o", "x.h5"]
            #expect(try bnexp(arguments, in: folder).exitCode == 0)
            #expect(try bnexp(arguments, in: folder).exitCode == 73)
            #expect(try bnexp(arguments + ["--force"], in: folder).exitCode == 0)
            let elsewhere = try bnexp(["data", "synthesize", "moons", "-o", "no/such/x.h5"], in: folder)
            #expect(elsewhere.exitCode == 73, "\(elsewhere)")
        }
    }
}
