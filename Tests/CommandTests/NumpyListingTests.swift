import Foundation
import TestSupport
import Testing

/// The numpy listing of docs/batch-norm-gradient.md and what it is shown to print.
@Suite struct NumpyListingTests {
    /// The blocks of the page, without those of formulas.
    private func blocks(of document: String) throws -> [(language: String, code: String)] {
        try String(contentsOf: repository.appendingPathComponent(document), encoding: .utf8)
            .matches(of: /(?s)```(\w*)\n(.*?)```/).map { (String($0.1), String($0.2)) }.filter {
                $0.language != "math"
            }
    }

    @Test(
        .enabled(
            if: Python.has("numpy"), "Python has no module numpy; BNEXP_PYTHON names another Python"),
        arguments: ["docs/batch-norm-gradient.md", "docs/batch-norm-gradient.zh.md"])
    func listingPrintsWhatIsShown(document: String) throws {
        let blocks = try blocks(of: document)
        #expect(blocks.map(\.language) == ["python", "python", ""])
        try withTemporaryFolder { folder in
            let code = blocks.filter { $0.language == "python" }.map(\.code).joined(separator: "\n")
            let result = try run([try #require(Python.path), "-c", code], in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(result.output == blocks.last?.code, "\(document)")
        }
    }

    /// The listing of docs/dump.md, on the step that the page dumps of the demo's run.
    @Test(.enabled(if: Python.has("h5py"), "Python has no module h5py; BNEXP_PYTHON names another Python"))
    func dumpedStepsAgree() throws {
        let blocks = try blocks(of: "docs/dump.md")
        #expect(blocks.map(\.language) == ["sh", "python", ""])
        try withTemporaryFolder { folder in
            #expect(try bnexp(["demo", "."], in: folder).exitCode == 0)
            let dump = try bnexp(
                ["dump", "mnist_bn", "--step", "100", "-o", "step.h5", "--db", "demo.sqlite"], in: folder)
            #expect(dump.exitCode == 0, "\(dump.errors)")
            let result = try run([try #require(Python.path), "-c", blocks[1].code], in: folder)
            #expect(result.exitCode == 0 && result.output == blocks[2].code, "\(result.errors)")
        }
    }

    /// What it prints is the example by hand: the table's columns, and the gradients below it.
    @Test func shownNumbersAreThoseOfTheExample() throws {
        let document = "docs/batch-norm-gradient.md"
        let output = try #require(blocks(of: document).last).code.split(separator: "\n").map { line in
            line.split { $0 == " " }.map(String.init)
        }
        func printed(_ name: String) -> [Double] {
            output.filter { $0.contains(name) }.flatMap { $0.compactMap { Double($0) } }
        }
        let page = try String(contentsOf: repository.appendingPathComponent(document), encoding: .utf8)
        let rows = page.split(separator: "\n").map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }.filter { $0.count == 11 }
        let titles = try #require(rows.first)
        for (name, title) in [
            ("x_hat", "$\\hat x$"), ("y", "$y$"), ("a", "$a$"), ("dy", "$dL/dy$"),
            ("closed_form", "$dL/dh$"),
            ("paper", "$dL/dh$"), ("alternative", "$dL/dh$"), ("staged", "$dL/dh$"),
            ("jacobian", "$dL/dh$"),
        ] {
            let column = try #require(titles.firstIndex(of: title), "\(title)")
            #expect(printed(name) == rows.compactMap { Double($0[column]) }, "\(name)")
        }
        #expect(printed("dbeta") == [-2] && page.contains("= 0 - 4 + 2 = -2"))
        #expect(
            printed("dgamma") == [3.7417] && page.contains("$dL/d\\gamma = 14/\\sqrt{14} = 3.7417$"))
        #expect(printed("dW") == [0.5345, -0.5345] && page.contains("(0.5345, -0.5345)"))
        #expect(printed("db") == [0])
    }
}
