import Foundation
import Testing

/// `docs/PAGE.zh.md` is the Chinese edition of `docs/PAGE.md`, and says the same.
@Suite struct EditionTests {
    static let translations = ShownTests.documents.filter { $0.hasSuffix(".zh.md") }

    private func text(_ document: String) throws -> String {
        try String(contentsOf: repository.appendingPathComponent(document), encoding: .utf8)
    }

    private func original(of translation: String) -> String {
        translation.replacing(".zh.md", with: ".md")
    }

    /// Headings, formulas with their numbers, commands, output, listings, and the numbers, code and links of sentences
    /// and cells are the same.
    @Test(arguments: translations) func editionsAreInStep(translation: String) throws {
        let page = try EditionPage(text(original(of: translation)))
        for difference in try EditionPage(text(translation)).differences(from: page) {
            Issue.record("\(translation) is not in step with \(original(of: translation)): \(difference)")
        }
    }

    /// A change of one edition alone is found, whatever it changes.
    @Test(arguments: [
        ("\\sum_k", "\\sum_i"), ("\\tag{12}", "\\tag{13}"), ("| -1.0690 |", "| 1.0690 |"),
        ("2/3、-1/3", "1/3、-1/3"),
        ("s ** 3", "s ** 2"), ("# (20)", "# (21)"), ("0.1782", "0.1783"), ("### 方差\n", ""),
        ("`running_variance_estimator`", "`running_variance`"),
        ("NormalizationKernels.swift#L", "Activation.swift#L"),
        ("dgamma            3.7417", "dgamma            3.7147"), ("$k = i$", "$k = j$"),
    ]) func changesOfOneEditionAreFound(old: String, new: String) throws {
        let translation = try text("docs/batch-norm-gradient.zh.md")
        #expect(translation.contains(old), "the page no longer has \(old); take another place")
        let changed = translation.replacingOccurrences(of: old, with: new)
        let page = try EditionPage(text("docs/batch-norm-gradient.md"))
        #expect(!EditionPage(changed).differences(from: page).isEmpty, "\(old) became \(new)")
    }

    /// Each edition leads to the other, and a page in Chinese to pages in Chinese.
    @Test(arguments: translations) func editionsAreLinked(translation: String) throws {
        let name = translation.split(separator: "/").last.map(String.init) ?? ""
        let originalName = original(of: name)
        #expect(
            try text(original(of: translation)).contains("](\(name))"),
            "\(originalName) does not link to \(name)")
        #expect(
            try text(translation).contains("](\(originalName))"),
            "\(name) does not link to \(originalName)")
        let pages = Set(Self.translations.compactMap { $0.split(separator: "/").last.map(String.init) })
        for link in try text(translation).matches(of: /\]\(([^)#]*)\.md[)#]/)
        where link.output.1 + ".md" != originalName {
            #expect(
                !pages.contains("\(link.output.1).zh.md"),
                "\(name) links to \(link.output.1).md, which is there in Chinese")
        }
    }

    /// GitHub takes dollar signs for those of a formula only after a space and not before a letter or digit, and Chinese
    /// characters are letters.
    @Test(arguments: translations) func formulasAreRecognized(translation: String) throws {
        var isCode = false
        for line in try text(translation).split(separator: "\n") {
            if line.hasPrefix("```") { isCode.toggle() }
            guard !isCode else { continue }
            let parts = line.replacing(/`[^`]*`/, with: "").split(
                separator: "$", omittingEmptySubsequences: false)
            #expect(parts.count % 2 == 1, "\(translation): \(line)")
            for (index, part) in parts.enumerated() where index % 2 == 0 {
                if index + 1 < parts.count {
                    #expect(
                        part.last.map { " (|".contains($0) } ?? true,
                        "\(translation), before a formula: \(line)")
                }
                if index > 0 {
                    #expect(
                        part.first.map { !$0.isLetter && !$0.isNumber } ?? true,
                        "\(translation), after one: \(line)")
                }
            }
        }
    }
}
