import ArgumentParser
import Datasets
import Derivations
import Importers
import Reports
import RunStore
import Support

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Mark homework: compare arrays that were computed by hand with bnexp's, and name the mistake.",
        discussion: """
            FILE is HDF5 (h5py) or npz (numpy.savez) and has inputs (x, gamma, beta, dout, ...) and what was computed of \
            them (out, dx, dgamma, ...), by the names of Stanford's course CS231n. Each array is computed again in \
            float64. The equation in which the first difference enters is named, and the mistake, if its result is \
            recognized. Exits with 1 when an array differs. docs/check.md lists operations, names, equations and mistakes.

            With --template an operation is given in the place of FILE, and --output gets the arrays to begin with, which \
            are those of the course's notebook.

            Examples:
              bnexp check --template batchnorm -o arrays.npz
              bnexp check --template batchnorm --results right -o homework.npz
              bnexp check homework.npz
            """)

    @Argument(
        help: ArgumentHelp(
            "The file to check; with --template an operation: \(CheckedOperation.names.joined(separator: ", ")).",
            valueName: "file"),
        completion: .file(extensions: ["npz", "h5", "hdf5"]))
    var file: String?
    @Option(help: "What was computed, where the arrays do not tell.", completion: .list(CheckedOperation.names))
    var operation: String?
    @Option(
        help: ArgumentHelp(
            "The largest relative error |x - y| / max(1e-8, |x| + |y|) that passes; 1e-8 for arrays of float64, 1e-5 "
                + "for float32, 1e-2 for float16 unless given."))
    var tolerance: Double?
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Write the arrays to begin with.") var template = false
    @OptionGroup(title: "With --template") var making: TemplateOptions

    func validate() throws {
        if let tolerance, !(tolerance > 0) {
            throw ValidationError("--tolerance is \(tolerance); expected a number above 0.")
        }
        if template {
            try making.requireOutput()
            guard tolerance == nil, !json else {
                throw ValidationError(
                    "--tolerance and --json belong to the check of a file; leave out --template or them.")
            }
        } else {
            guard file != nil else {
                throw ValidationError("Missing expected argument '<file>': name the HDF5 or npz file to check.")
            }
            guard making.output == nil, making.results == nil else {
                throw ValidationError(
                    "--output and --results belong to --template; to check a file give its name alone.")
            }
        }
    }

    func run() throws {
        if template {
            return try making.write(operation: operation ?? file ?? "batchnorm")
        }
        guard let file else { return }
        let parts = try savedArrays(in: file)
        let checks = try parts.map { part in
            do {
                return try checkHomework(part, operation: operation, tolerance: tolerance)
            } catch let error as Failure {
                let place = part.group.isEmpty ? file : "\(file), group '\(part.group)'"
                throw Failure(error.exitStatus, "\(place): \(error.message)")
            }
        }
        for check in checks { for note in check.notes { say(check.label + note) } }
        show(checkTable(checks, withWords: json), json: json)
        for check in checks { for line in conclusions(of: check) { say(check.label + line) } }
        if checks.contains(where: \.differs) { throw Failure(.checkFailed) }
    }

    /// What the file has for each of its computations.
    private func savedArrays(in file: String) throws -> [SavedArrays] {
        var arrays: [(path: String, array: ShapedArray)] = [], words: [(path: String, word: String)] = []
        for array in try NamedArray.read(file) {
            switch array.content {
            case .numbers:
                arrays.append(
                    (array.path, ShapedArray(shape: array.shape, values: array.numbers ?? [], type: array.type)))
            case .text(let text): words.append((array.path, text))
            case .other(let what):
                say(
                    "'\(array.path)' is \(what), which is left out; save its parts as arrays of numbers, each with a "
                        + "name"
                )
            }
        }
        guard !arrays.isEmpty else {
            throw Failure(
                .badInput, "\(file) has no arrays of numbers; expected some such as x, gamma, beta, dout, out and dx")
        }
        return SavedArrays.divide(arrays, words: words)
    }
}

extension OperationCheck {
    fileprivate var label: String { group.isEmpty ? "" : "\(group): " }
}

/// A row for each array; words, which are long, for programs alone.
private func checkTable(_ checks: [OperationCheck], withWords: Bool) -> Table {
    let hasGroups = checks.contains { !$0.group.isEmpty }
    var columns = ["array", "equation", "shape", "max_relative_error", "verdict", "mistake"]
    if hasGroups || withWords { columns.insert("operation", at: 0) }
    if hasGroups { columns.insert("group", at: 0) }
    if withWords { columns += ["enters_in", "explanation"] }
    func text(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    let rows = checks.flatMap { check in
        check.findings.map { finding in
            var row: [SQLValue] = [
                .text(finding.name), .text(finding.equation), .text(pythonShape(finding.shape)),
                finding.relativeError.map { .number($0) } ?? .null, .text(finding.verdict.rawValue),
                text(finding.mistake),
            ]
            if hasGroups || withWords { row.insert(.text(check.operation.title), at: 0) }
            if hasGroups { row.insert(.text(check.group), at: 0) }
            if withWords { row += [text(finding.origin?.equation), text(finding.explanation)] }
            return row
        }
    }
    var table = Table(columns: columns, rows: rows)
    table.fit = .folding(keyCount: hasGroups ? 3 : 1)
    return table
}

/// Where differences enter, the first first, and what follows from them.
private func conclusions(of check: OperationCheck) -> [String] {
    let unchecked = check.findings.filter { $0.verdict == .unchecked }.map { "\($0.name) \($0.explanation ?? "")" }
    guard check.differs else {
        let count = check.findings.count - unchecked.count
        return unchecked + [count == 1 ? "the array agrees" : "all \(count) arrays agree"]
    }
    var lines = check.differences.enumerated().map { index, finding in
        let start = index == 0 ? "the first difference enters in" : "another one enters in"
        let origin = finding.origin
        let place =
            origin?.isHidden == true
            ? "\(origin?.equation ?? "") \(origin?.quantity ?? ""), which the file does not have; \(finding.name) shows it"
            : "\(finding.equation) \(finding.name)"
        return "\(start) \(place): \(finding.explanation ?? "")" + (finding.mistake.map { " [\($0)]" } ?? "")
    }
    let follows = Dictionary(grouping: check.findings.filter { $0.verdict == .follows }) { $0.origin?.quantity ?? "" }
    for (origin, findings) in follows.sorted(by: { $0.key < $1.key }) {
        let names = findings.map(\.name)
        lines.append("\(names.joined(separator: ", ")) \(names.count == 1 ? "follows" : "follow") from that \(origin)")
    }
    return lines + unchecked
}
