import ArgumentParser
import Foundation
import Reports
import RunStore
import Support
import Training

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write tables as CSV (RFC 4180) or JSON Lines, runs for TensorBoard, and weights for PyTorch.",
        discussion: """
            There is a file for each table, or with --wide for each run: a row for each logged step, a column for each \
            measured quantity, such as loss, test_accuracy.running, weight.0.gradient_norm and \
            activation.1.preactivation.p15. With --runs there is one table: a row for each run, columns of run_summary \
            and config keys. A single table is written to standard output unless --output is given. \
            Default are all runs.

            --format tensorboard writes a folder of event files for each run, --weights the checkpoint of a run as \
            safetensors, which nn.Sequential loads. docs/interop.md has more.

            Examples:
              bnexp export --table evaluation --status finished > all.csv
              bnexp export latest --wide -o latest.csv
              bnexp export --runs > runs.csv
              bnexp export --format tensorboard -o logs
            """)

    @OptionGroup var selection: RunSelection
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A folder, which is created if it is missing; for a single table a file, or - for standard output.",
            valueName: "path"),
        completion: .file())
    var output: String?
    @Option(help: "csv, jsonl or tensorboard.") var format = ExportFormat.rows(.csv)
    @Option(
        help: "A table, or a view with a column run_id; default is every table with rows of runs. May repeat.",
        completion: .table)
    var table: [String] = []
    @Flag(help: "One wide table for each run.") var wide = false
    @Flag(name: .customLong("runs"), help: "One table: a row for each run.") var isOfRuns = false
    @Option(
        help: ArgumentHelp(
            "The file to write the weights of a run's checkpoint to, as safetensors.", valueName: "file"),
        completion: .file())
    var weights: String?
    @OptionGroup var state: StateOptions
    @OptionGroup var rules: OutputRules
    @OptionGroup var results: ResultsOption

    func validate() throws {
        let forms = [
            ("--wide", wide), ("--runs", isOfRuns), ("--weights", weights != nil),
            ("--format tensorboard", format == .tensorboard),
        ].filter { $0.1 }.map { $0.0 }
        guard forms.count < 2 else {
            throw ValidationError("\(forms[0]) and \(forms[1]) are different exports; give one of the two.")
        }
        if isOfRuns, !table.isEmpty {
            throw ValidationError(
                "--runs is a table of its own, of which --table \(table[0]) is no part; give one of the two.")
        }
        if format == .tensorboard, output.map({ OutputFile.isStandardOutput($0) }) ?? true {
            throw ValidationError("--format tensorboard writes a folder for each run; name their folder with --output.")
        }
        if weights != nil, output != nil || !table.isEmpty || format != .rows(.csv) {
            throw ValidationError("--weights names its file, of one form; leave out --output, --table and --format.")
        }
        if weights == nil, state.isGiven {
            throw ValidationError("--checkpoint and --data belong to --weights FILE, which is missing.")
        }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        if let weights { return try writeWeights(file, to: weights) }
        switch format {
        case .rows(let format): try writeTables(file, format)
        case .tensorboard: try writeEvents(file)
        }
    }

    // MARK: Tables

    private func writeTables(_ file: ResultsFile, _ format: RowFormat) throws {
        let protected = try output.map { _ in try OutputRules.Protected(file) }
        let parts = try isOfRuns ? runsPart(file) : wide ? wideParts(file) : tableParts(file)
        if parts.isEmpty { throw ResultsError("\(results.path) holds no runs") }
        if let only = parts.first, parts.count == 1, output.map({ !isFolder($0) }) ?? true {
            return try write(only, format, to: output ?? "-", protected)
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
        for part in parts { try write(part, format, to: place(part), protected) }
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
            Part(name: "run-\(run.id)") { start, body in
                try file.forEachStep(
                    of: run, tables: table, start: { try start(["step"] + $0.map(\.wideName)) },
                    { try body([.integer($0.step)] + $0.values) })
            }
        }
    }

    private func runsPart(_ file: ResultsFile) throws -> [Part] {
        let runs = try selection.references(in: file, default: .all)
        return [
            Part(name: "runs") { start, body in
                let listing = try file.listing(of: runs, keys: file.allKeys(of: runs))
                try start(listing.columns)
                for row in listing.rows { try body(row) }
            }
        ]
    }

    /// Writes one file of the export.
    ///
    /// - Parameter path: the path of the file; `-` is standard output.
    private func write(_ part: Part, _ format: RowFormat, to path: String, _ protected: OutputRules.Protected?) throws {
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

    // MARK: Files of other programs

    private func writeEvents(_ file: ResultsFile) throws {
        guard let output else { return }
        let runs = try selection.references(in: file, default: .all)
        let export = try TensorBoardExport(runs, tables: table, in: file)
        let protected = try OutputRules.Protected(file)
        let places = try runs.map { run in (run, path: try "\(output)/\(export.path(of: run))") }
        for (_, path) in places { try rules.check(path, protecting: protected) }
        for (run, path) in places {
            let folder = (path as NSString).deletingLastPathComponent
            try makeFolder(folder)
            do {
                try export.write(run, to: path)
            } catch {
                rmdir(folder)  // where nothing else is in it
                throw error
            }
        }
        say(
            "\(runs.count) run\(runs.count == 1 ? "" : "s") in \(output); tensorboard --logdir "
                + "\(quotedForShell(output)) shows them"
        )
    }

    private func writeWeights(_ file: ResultsFile, to path: String) throws {
        let runs = try selection.references(in: file, default: .newest(1))
        guard let run = runs.first, runs.count == 1 else {
            throw ValidationError("--weights writes one run, but \(runs.count) are chosen; name one.")
        }
        try rules.check(path, protecting: OutputRules.Protected(file), reading: [state.data].compactMap { $0 })
        try exportWeights(state.choice, of: run, in: file, dataFile: state.data, to: path, note: say)
        if !OutputFile.isStandardOutput(path) { printData(path) }
    }
}

/// What `bnexp export` writes tables or runs as.
enum ExportFormat: Equatable, ExpressibleByArgument {
    case rows(RowFormat)
    case tensorboard

    init?(argument: String) {
        if let format = RowFormat(rawValue: argument) {
            self = .rows(format)
        } else if argument == "tensorboard" {
            self = .tensorboard
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { RowFormat.allCases.map(\.rawValue) + ["tensorboard"] }
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
    var defaultValueDescription: String {
        switch self {
        case .rows(let format): format.rawValue
        case .tensorboard: "tensorboard"
        }
    }
}
