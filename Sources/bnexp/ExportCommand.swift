import ArgumentParser
import Foundation
import Reports
import RunStore
import Support
import Training

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write tables as CSV (RFC 4180) or JSON Lines, row by row, whatever their size.",
        discussion: """
            There is a file for each table, or with --wide for each run: a row for each logged step, a column for each \
            measured quantity, such as loss, test_accuracy.running, weight.0.gradient_norm and \
            activation.1.preactivation.p15. A single table is written to standard output unless --output is given. \
            Default are all runs.

            Examples:
              bnexp export --table evaluation --status finished > all.csv
              bnexp export latest --wide -o latest.csv
            """)

    @OptionGroup var selection: RunSelection
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A folder, which is created if it is missing; for a single table a file, or - for standard output.",
            valueName: "path"),
        completion: .file())
    var output: String?
    @Option(help: "csv or jsonl.") var format = RowFormat.csv
    @Option(
        help: "A table, or a view with a column run_id; default is every table with rows of runs. May repeat.",
        completion: .table)
    var table: [String] = []
    @Flag(help: "One wide table for each run.") var wide = false
    @OptionGroup var rules: OutputRules
    @OptionGroup var results: ResultsOption

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        let protected = try output.map { _ in try OutputRules.Protected(file) }
        let parts = try wide ? wideParts(file) : tableParts(file)
        if parts.isEmpty { throw ResultsError("\(results.path) holds no runs") }
        if let only = parts.first, parts.count == 1, output.map({ !isFolder($0) }) ?? true {
            return try write(only, to: output ?? "-", protected)
        }
        guard let output, !OutputFile.isStandardOutput(output) else {
            throw ValidationError(
                "\(parts.count) tables do not fit on standard output; name a folder with --output, or choose one with "
                    + "--table or one run with --wide."
            )
        }
        func place(_ part: Part) -> String { "\(output)/\(part.name).\(format.rawValue)" }
        for part in parts { try rules.check(place(part), protecting: protected) { _ in true } }
        try makeFolder(output)
        for part in parts { try write(part, to: place(part), protected) }
        writeToStandardError("\(parts.count) files in \(output)\n")
    }

    /// One file of the export: its name and how its rows are read.
    private struct Part {
        var name: String
        var read: (_ start: ([String]) throws -> Void, _ row: ([SQLValue]) throws -> Void) throws -> Void
    }

    private func tableParts(_ file: ResultsFile) throws -> [Part] {
        let references = try selection.isEmpty ? nil : selection.references(in: file, default: .all)
        let names =
            try table.isEmpty
            ? file.exportableTables() : table.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        return names.map { name in Part(name: name) { try file.forEachRow(of: name, runs: references, start: $0, $1) } }
    }

    private func wideParts(_ file: ResultsFile) throws -> [Part] {
        try selection.references(in: file, default: .all).map { run in
            Part(name: "run-\(run.id)") { try file.forEachStep(of: run, tables: table, start: $0, $1) }
        }
    }

    /// Writes one file of the export.
    ///
    /// - Parameter path: the path of the file; `-` is standard output.
    private func write(_ part: Part, to path: String, _ protected: OutputRules.Protected?) throws {
        var columns: [String] = []
        var output: TextOutput?
        try part.read(
            {
                // Only when the table is found: a mistake in its name must not create an empty file.
                let header = format.header($0)
                try rules.check(path, protecting: protected) { !header.isEmpty && $0.hasPrefix(header) }
                output = try TextOutput(path: path)
                columns = $0
                try output?.write(header)
            }, { try output?.write(format.line(columns, $0)) })
        try output?.close()
    }

    private func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return path.hasSuffix("/")
            || FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
