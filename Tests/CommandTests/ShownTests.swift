import Foundation
import TestSupport
import Testing

/// What README and the pages of docs show is what is printed: every block of commands is run, and its output compared.
///
/// The blocks of a document run in their order in one shell, in a folder as `bnexp demo` leaves it, with the rest of the
/// repository's data, configs and experiments.
@Suite struct ShownTests {
    static let documents: [String] = {
        let files = FileManager.default
        func pages(_ folder: String) -> [String] {
            let names = (try? files.contentsOfDirectory(atPath: repository.appendingPathComponent(folder).path)) ?? []
            return names.filter { $0.hasSuffix(".md") }.sorted().map { "\(folder)/\($0)" }
        }
        let experiments = (try? files.contentsOfDirectory(atPath: repository.path + "/experiments")) ?? []
        return ["README.md"] + pages("docs") + pages("experiments")
            + experiments.sorted().flatMap { pages("experiments/\($0)") }
    }()

    /// Blocks that cannot run in a test say why.
    @Test func whatIsNotRunHasAReason() throws {
        let blocks = try Self.documents.flatMap(shownBlocks)
        let left = blocks.filter { $0.reasonNotToRun != nil }
        for block in left {
            print("not run: \(block.document):\(block.line): \(block.reasonNotToRun ?? "")")
            #expect(
                block.reasonNotToRun?.isEmpty == false, "\(block.document):\(block.line) is not run without a reason")
        }
        #expect(blocks.count > 2 * left.count, "\(left.count) of \(blocks.count) blocks are not run")
    }

    @Test(arguments: try documents.filter { try shownBlocks(of: $0).contains { $0.reasonNotToRun == nil } })
    func commandsPrintWhatIsShown(document: String) throws {
        try withTemporaryFolder { folder in
            let blocks = try shownBlocks(of: document).filter { $0.reasonNotToRun == nil }
            try prepare(folder)
            for (index, block) in blocks.enumerated() {
                try (block.commands.joined(separator: "\n") + "\n").write(
                    to: folder.appendingPathComponent("block-\(index)"), atomically: true, encoding: .utf8)
            }
            let script = blocks.indices.map { index in
                """
                FURTHER=\(blocks[index].furtherArguments.map { "'\($0)'" } ?? ""); FAILED=0
                . "$TOP/block-\(index)" >"$TOP/out-\(index)" 2>&1 </dev/null; echo $FAILED >"$TOP/code-\(index)"
                """
            }
            let result = try run(
                ["/bin/bash", "-c", bashFunctions + script.joined(separator: "\n")],
                in: folder.appendingPathComponent("work"),
                environment: [
                    "TOP": folder.path,
                    "PATH": folder.path + "/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
                ])
            #expect(result.exitCode == 0, "\(document): \(result.errors)")
            for (index, block) in blocks.enumerated() {
                func read(_ name: String) throws -> String {
                    try String(contentsOf: folder.appendingPathComponent("\(name)-\(index)"), encoding: .utf8)
                }
                let place = "\(document):\(block.line)", printed = try read("out")
                let code = try read("code").trimmingCharacters(in: .newlines)
                #expect(code == "0", "\(place) ends with \(code): \(printed.suffix(600))")
                guard let output = block.output else { continue }
                let lines = printed.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                if let difference = difference(shown: output, printed: lines, numbersByShape: !hasNumbersOfDocuments) {
                    Issue.record("\(place) shows what is not printed.\n\(difference)\n--- printed:\n\(printed)")
                }
            }
        }
    }

    /// `bnexp`, which trains as briefly as the block's comment says.
    private var bashFunctions: String {
        """
        bnexp() {
            if [[ -n "$FURTHER" && ( "$1" = run || "$1" = sweep ) ]]; then command bnexp "$@" $FURTHER
            else command bnexp "$@"; fi
        }
        # The exit code of the last command that failed, if one did.
        trap 'FAILED=$?' ERR

        """
    }

    /// The folder `work` as `bnexp demo` leaves it, with the rest of the repository, and `bnexp` in `bin`.
    private func prepare(_ folder: URL) throws {
        let files = FileManager.default
        let work = folder.appendingPathComponent("work")
        for name in ["work", "bin"] {
            try files.createDirectory(at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
        }
        try files.createSymbolicLink(
            at: folder.appendingPathComponent("bin/bnexp"), withDestinationURL: binary)
        for name in ["configs", "data", "experiments"] {
            try files.copyItem(at: repository.appendingPathComponent(name), to: work.appendingPathComponent(name))
        }
        let demo = try bnexp(["demo", "."], in: work)
        #expect(demo.exitCode == 0, "\(demo.errors)")
    }

    /// Whether the program computes with the instructions of the processor whose numbers the documents show.
    private var hasNumbersOfDocuments: Bool {
        #if WIDE_VECTORS
            true
        #else
            false
        #endif
    }
}
