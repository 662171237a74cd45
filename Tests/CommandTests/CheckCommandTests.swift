import Derivations
import Foundation
import TestSupport
import Testing

@Suite struct CheckCommandTests {
    private func write(_ arguments: String..., in folder: URL) throws {
        let result = try bnexp(["check", "--template"] + arguments, in: folder)
        #expect(result.exitCode == 0, "\(arguments): \(result.errors)")
    }

    /// Right results pass and a mistake is named, in both formats, whatever the operation.
    @Test(arguments: ["npz", "h5"]) func templatesAreChecked(format: String) throws {
        try withTemporaryFolder { folder in
            for operation in CheckedOperation.names + ["batchnorm_test", "dropout_test"] {
                try write(operation, "-o", "a.\(format)", "--results", "right", "--force", in: folder)
                let result = try bnexp(["check", "a.\(format)"], in: folder)
                #expect(result.exitCode == 0 && result.errors.contains("agree"), "\(operation): \(result.errors)")
                #expect(!result.output.contains("WRONG"), "\(operation): \(result.output)")
            }
            try write(
                "batchnorm", "-o", "b.\(format)", "--results", "dvariance.drop_variance_term", "--force", in: folder)
            let result = try bnexp(["check", "b.\(format)"], in: folder)
            #expect(result.exitCode == 1 && result.output.contains("drop_variance_term"), "\(result.output)")
            #expect(result.errors.contains("the first difference enters in staged dvariance"), "\(result.errors)")
            #expect(result.errors.contains("dx, dx_alt follow from that dvariance"), "\(result.errors)")
        }
    }

    @Test func jsonHasEveryWord() throws {
        try withTemporaryFolder { folder in
            try write("affine", "-o", "a.npz", "--results", "bias_from_one_row", in: folder)
            let result = try bnexp(["check", "a.npz", "--json"], in: folder)
            #expect(result.exitCode == 1)
            let rows = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
            let wrong = rows.filter { $0["verdict"] as? String == "WRONG" }
            #expect(rows.count == 4 && wrong.count == 1)
            #expect(wrong.first?["array"] as? String == "db" && wrong.first?["equation"] as? String == "(17)")
            #expect(wrong.first?["mistake"] as? String == "bias_from_one_row")
            #expect((wrong.first?["explanation"] as? String)?.contains("first row alone") == true)
            #expect(wrong.first?["operation"] as? String == "affine" && wrong.first?["enters_in"] as? String == "(17)")
        }
    }

    /// Mistakes of the user, each with what to do.
    @Test func refusesWithARemedy() throws {
        try withTemporaryFolder { folder in
            try write("batchnorm", "-o", "a.npz", in: folder)
            try write("softmax", "-o", "a.h5", in: folder)
            try "x,y\n1,2\n".write(to: folder.appendingPathComponent("t.csv"), atomically: true, encoding: .utf8)
            for (arguments, exitCode, words) in [
                (["a.npz"], 65, "found the inputs of batchnorm"),
                (["a.h5"], 65, "save some of probabilities, loss, dx"),
                (["none.npz"], 65, "none.npz"),
                (["t.csv"], 65, "a text file, such as CSV; expected arrays with names"),
                ([], 64, "name the HDF5 or npz file"), (["a.npz", "--tolerance", "0"], 64, "above 0"),
                (["a.npz", "--operation", "batchnrm"], 64, "did you mean batchnorm?"),
                (["a.npz", "-o", "b.npz"], 64, "belong to --template"), (["--template"], 64, "needs --output"),
                (["--template", "-o", "b.txt"], 64, "ends in .npz"),
                (["--template", "-o", "a.npz"], 73, "--force replaces it"),
                (["--template", "relo", "-o", "b.npz"], 64, "did you mean relu?"),
                (
                    ["--template", "-o", "b.npz", "--results", "drop_gamma"], 64,
                    "expected right, or a mistake of batchnorm"
                ),
            ] as [([String], Int32, String)] {
                let result = try bnexp(["check"] + arguments, in: folder)
                #expect(result.exitCode == exitCode && result.errors.contains(words), "\(arguments): \(result.errors)")
            }
        }
    }

    /// Damaged files end with an error or with a check, never otherwise.
    @Test(arguments: ["npz", "h5"]) func damagedFilesAreSurvived(format: String) throws {
        try withTemporaryFolder { folder in
            try write("layernorm", "-o", "a.\(format)", "--results", "right", in: folder)
            let original = [UInt8](try Data(contentsOf: folder.appendingPathComponent("a.\(format)")))
            var random = SeededGenerator(seed: 3)
            for turn in 0..<40 {
                let bytes = mutated(original, using: &random)
                try Data(bytes).write(to: folder.appendingPathComponent("b.\(format)"))
                let result = try bnexp(["check", "b.\(format)"], in: folder)
                #expect([0, 1, 65].contains(result.exitCode), "turn \(turn): \(result.exitCode) \(result.errors)")
            }
        }
    }

    /// docs/check.md names every operation, array, equation and mistake.
    @Test func pageNamesEverything() throws {
        let page = try String(contentsOf: repository.appendingPathComponent("docs/check.md"), encoding: .utf8)
        let gradient = try String(
            contentsOf: repository.appendingPathComponent("docs/batch-norm-gradient.md"), encoding: .utf8)
        for operation in CheckedOperation.all {
            #expect(page.contains("| `\(operation.name)`"), "\(operation.name)")
            for quantity in operation.quantities {
                let tag = "\\tag{\(quantity.equation.dropFirst().dropLast())}"
                #expect(page.contains(quantity.name), "\(quantity.name)")
                #expect(quantity.equation == "staged" || page.contains(tag) || gradient.contains(tag), "\(tag)")
            }
            for (_, equation, mistake) in operation.knownMistakes {
                let row = page.split(separator: "\n").first { $0.hasPrefix("| `\(mistake.name)` |") } ?? ""
                #expect(row.contains(equation), "\(mistake.name) \(equation): \(row)")
            }
        }
    }

    /// The page's numpy listing, and what it is shown to be marked with.
    @Test(.enabled(if: Python.has("numpy"), "Python has no module numpy; BNEXP_PYTHON names another Python"))
    func listingOfThePageIsMarked() throws {
        let page = try String(contentsOf: repository.appendingPathComponent("docs/check.md"), encoding: .utf8)
        let code = try #require(page.firstMatch(of: /(?s)```python\n(.*?)```/)).1
        let shown = try #require(page.firstMatch(of: /(?s)bnexp check homework.npz\n```\n\n```\n(.*?)```/)).1
        let python = try #require(Python.path)
        try withTemporaryFolder { folder in
            try write("batchnorm", "-o", "homework.npz", in: folder)
            let made = try run([python, "-c", String(code)], in: folder)
            #expect(made.exitCode == 0, "\(made.errors)")
            let result = try bnexp(["check", "homework.npz"], in: folder)
            #expect(result.exitCode == 1)
            let lines = shown.split(separator: "\n").map(String.init)
            for line in lines {
                // Rounding differs with the version of NumPy, so that errors of 0 may be of 1e-16.
                let words = line.split(separator: " ").filter { Double($0) == nil }.joined(separator: " ")
                let printed = (result.errors + result.output).split(separator: "\n").map { printed in
                    printed.split(separator: " ").filter { Double($0) == nil }.joined(separator: " ")
                }
                #expect(printed.contains { $0 == words || line.hasPrefix("--") }, "\(line) is not in \(printed)")
            }
            // Arrays of NumPy's legacy functions, and text that Python reads back.
            let script = """
                import numpy as np
                a = np.load("homework.npz")
                np.random.seed(231)
                assert (a["x"] == 5 * np.random.randn(4, 5) + 12).all() and (a["gamma"] == np.random.randn(5)).all()
                assert str(a["mode"]) == "train" and str(a["operation"]) == "batchnorm"
                """
            let read = try run([python, "-c", script], in: folder)
            #expect(read.exitCode == 0, "\(read.errors)")
        }
    }

    /// Arrays as NumPy stores them: column-major, big-endian, compressed, tuples and texts.
    @Test(.enabled(if: Python.has("numpy"), "Python has no module numpy; BNEXP_PYTHON names another Python"))
    func formsOfNumPyAreRead() throws {
        let script = """
            import numpy as np
            x = np.arange(12.).reshape(3, 4) ** 1.5
            mu = x.mean(0)
            parts = dict(x=np.asfortranarray(x), gamma=np.ones(4, dtype=">f8"), beta=np.zeros((1, 4)), mode=np.array(b"train"),
                         sample_mean=mu.astype(">f4"), out=(x - mu) / np.sqrt(x.var(0) + 1e-5), eps=np.float32(1e-5))
            np.savez_compressed("a.npz", **parts)
            cache = np.empty(2, dtype=object)
            np.savez("b.npz", cache=cache, name=np.array(["a", "b"]), **parts)
            """
        let python = try #require(Python.path)
        try withTemporaryFolder { folder in
            let made = try run([python, "-c", script], in: folder)
            #expect(made.exitCode == 0, "\(made.errors)")
            for file in ["a.npz", "b.npz"] {
                let result = try bnexp(["check", file], in: folder)
                #expect(result.exitCode == 0 && result.errors.contains("all 2 arrays agree"), "\(result.errors)")
            }
            let errors = try bnexp(["check", "b.npz"], in: folder).errors
            #expect(errors.contains("'cache' is an array of Python objects") && errors.contains("'name' is text"))
        }
    }
}
