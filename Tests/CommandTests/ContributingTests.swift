import Foundation
import Testing

/// What CONTRIBUTING.md, README.md and the pages of docs name is there, under that name.
@Suite struct ContributingTests {
    /// The texts in back quotes of a Markdown file, and the lines of its blocks of code.
    private func code(in file: String) throws -> [String] {
        let text = try String(contentsOf: repository.appendingPathComponent(file), encoding: .utf8)
        let parts = text.split(separator: "```", omittingEmptySubsequences: false)
        return parts.enumerated().flatMap { index, part in
            index % 2 == 1
                ? part.split(separator: "\n").map(String.init)
                : part.matches(of: /`([^`]+)`/).map { String($0.output.1) }
        }
    }

    private static let documents: [String] = {
        let folder = repository.appendingPathComponent("docs").path
        let pages = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return ["CONTRIBUTING.md", "README.md"] + pages.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }()

    /// Whether a path, in which a star stands for any text, is that of a file or folder.
    private func exists(_ path: String) -> Bool {
        guard path.contains("*") else {
            return FileManager.default.fileExists(atPath: repository.appendingPathComponent(path).path)
        }
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        let parts = path.split(separator: "/").last?.split(separator: "*", omittingEmptySubsequences: false) ?? []
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: repository.appendingPathComponent(folder).path)
        return names?.contains { name in
            name.hasPrefix(parts.first ?? "") && name.hasSuffix(parts.last ?? "")
        } ?? false
    }

    @Test(arguments: documents) func pathsExist(document: String) throws {
        let folders = [
            ".ci", "Benchmarks", "Sources", "Tests", "configs", "data", "docs", "experiments", "scripts",
        ]
        let made = ["mnist.h5", "fashion-mnist.h5", "cifar10.h5"].map { "data/\($0)" }
        for word in try code(in: document).flatMap({ $0.split(whereSeparator: { " ='\"();|<>".contains($0) }) }) {
            let path = word.trimmingCharacters(in: CharacterSet(charactersIn: ".,:"))
            guard folders.contains(where: { path.hasPrefix($0 + "/") }), !made.contains(path) else { continue }
            #expect(exists(path), "\(document) names \(path)")
        }
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)
    }

    /// The path of the folder that links of a document start from, with a slash after it; empty for the top.
    private func folder(of document: String) -> String {
        document.split(separator: "/").dropLast().map { "\($0)/" }.joined()
    }

    /// Links lead to files that are there, and to headings that these have.
    @Test(arguments: ShownTests.documents + ["CONTRIBUTING.md", "CHANGELOG.md"]) func linksExist(document: String)
        throws
    {
        let folder = folder(of: document)
        for link in try text(document).matches(of: /\]\(([^)#: ]*)(?:#([^)]*))?\)/) {
            let target = link.output.1.isEmpty ? document : folder + link.output.1
            #expect(exists(target), "\(document) links to \(target)")
            guard let anchor = link.output.2, target.hasSuffix(".md"), exists(target) else { continue }
            let headings = try text(target).split(separator: "\n").filter { $0.hasPrefix("#") }
            #expect(headings.map(anchorOfHeading).contains(String(anchor)), "\(document) links to \(target)#\(anchor)")
        }
    }

    /// A link to a line of code has the name of what is declared in that line, as in [`normalize`](FILE#L34).
    @Test(arguments: ShownTests.documents + ["CONTRIBUTING.md"]) func linesOfCodeDeclareWhatIsNamed(document: String)
        throws
    {
        for link in try text(document).matches(of: /\[([^\]]*)\]\(([^)#: ]*)#L([0-9]+)\)/) {
            let target = folder(of: document) + link.output.2, name = link.output.1.filter { $0 != "`" }
            guard exists(target) else { continue }  // which linksExist reports
            let declaration = try Regex("\\b(?:func|let|var|case|struct|class|enum|protocol|init) \(name)\\b")
            let lines = try text(target).split(separator: "\n", omittingEmptySubsequences: false)
            let declared = lines.indices.filter { lines[$0].contains(declaration) }.map { "\($0 + 1)" }
            #expect(
                declared.contains(String(link.output.3)),
                """
                \(document) links to line \(link.output.3) of \(target) for \(name), which is declared in line \
                \(declared.joined(separator: " or ")); scripts/update-snapshots renews such links
                """)
        }
    }

    /// Every equation of the derivation has a line of code.
    @Test func equationsHaveLinesOfCode() throws {
        let page = try text("docs/batch-norm-gradient.md")
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains(".swift#L") }
        let linked = Set(rows.flatMap { $0.matches(of: /\(([0-9]+)\)/).map { String($0.output.1) } })
        let numbers = Set(page.matches(of: /\\tag\{([0-9]+)\}/).map { String($0.output.1) })
        #expect(numbers.count > 20)
        // Steps between others, which no function computes for itself.
        #expect(numbers.subtracting(linked) == ["10", "11", "12"])
    }

    /// What GitHub makes of a heading: small letters, digits, hyphens.
    private func anchorOfHeading(_ line: Substring) -> String {
        line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased().replacing(" ", with: "-")
            .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    }

    /// Every script that is named can be run, and every one that can be run is named.
    @Test func scriptsAreExecutableAndDescribed() throws {
        let named = try Self.documents.flatMap(code).flatMap { text in
            text.matches(of: /scripts\/([a-z-]+)/).map { String($0.output.1) }
        }
        let folder = repository.appendingPathComponent("scripts").path
        let present = try FileManager.default.contentsOfDirectory(atPath: folder)
        for name in Set(named + present) where name != "setup" {  // which others read
            #expect(FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)"), "scripts/\(name)")
            #expect(named.contains(name), "no document says what scripts/\(name) is for")
        }
    }

    /// What .ci/run calls is described for people too.
    @Test func continuousIntegrationHidesNothing() throws {
        let script = try String(contentsOf: repository.appendingPathComponent(".ci/run"), encoding: .utf8)
        let described = try code(in: "CONTRIBUTING.md")
        for line in script.split(separator: "\n") where line.hasPrefix("scripts/") {
            let command = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
            #expect(described.contains { $0.hasPrefix(command) }, "CONTRIBUTING.md does not name \(command)")
        }
    }

    /// `scripts/test SUITE` and `--filter SUITE` name suites or tests.
    @Test func suitesExist() throws {
        let tests = repository.appendingPathComponent("Tests")
        let sources = try FileManager.default.subpathsOfDirectory(atPath: tests.path).filter { $0.hasSuffix(".swift") }
            .map { try String(contentsOf: tests.appendingPathComponent($0), encoding: .utf8) }
        var count = 0
        for text in try Self.documents.flatMap(code) {
            let names = text.matches(of: /(?:scripts\/test(?: --assertions)?|--filter) ([A-Z][A-Za-z0-9]*)\b/)
            for name in names.map(\.output.1) where name != "SUITE" {
                count += 1
                #expect(
                    sources.contains { $0.contains("struct \(name) ") || $0.contains("func \(name)(") }, "\(text)")
            }
        }
        #expect(count > 0)
    }
}
