import ArgumentParser
import Datasets
import Foundation
import Importers
import Support
import Training

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Look at a data file, and write a config that trains well on it.",
        discussion: """
            Reads HDF5, and imports CSV, TSV, npz, npy, MATLAB and svmlight beside the file first. What was \
            found is said on standard error; the config's path is printed.

            Examples:
              bnexp init data/mnist-5k.h5 -o digits.json
              bnexp run digits.json
            """)

    @Argument(help: "A data file.", completion: .file()) var file: String
    @Option(
        name: .shortAndLong, help: "The config to write, else FILE's name with .json; - is standard output.",
        completion: .configFile) var output: String?
    @Option(help: "The dataset, or the array of npz and mat, of the training inputs; else names and shapes tell.")
    var inputs: String?
    @Option(
        help:
            "Training targets: a dataset or array, a column of a table or of AnnData's obs, a file of npy; else names tell."
    )
    var target: String?
    @Option(
        help: "The HDF5 file that an import writes, else FILE's name with .h5.", completion: .hdf5File)
    var dataOutput: String?
    @Flag(help: "Replace the imported data, and a config that init wrote.") var force = false

    func run() throws {
        let output = output ?? renamed("json")
        var rules = OutputRules()
        rules.force = force
        try rules.check(output, reading: [file], mayReplace: { $0.contains(Proposal.mark) })
        guard let source = try FileImport(file) else {
            guard dataOutput == nil else {
                throw ValidationError("--data-output is about an import, and \(file) is HDF5 already; leave it out.")
            }
            return try propose(file, read: file, inputs: inputs, target: target, to: output) {}
        }
        let data = dataOutput ?? renamed("h5")
        try check(source, data, output, rules)
        // What is there stays until a config of the new data is sure to come.
        let imported = try OutputFile(path: data)
        guard let partial = imported.temporaryPath else {
            throw Failure(.cannotWrite, "\(data) is a pipe or a device, where no config finds the data; name a file")
        }
        do {
            for line in try source.write(to: partial, inputs: inputs, target: target) { tell(line) }
            try propose(data, read: partial, inputs: nil, target: nil, to: output) { try imported.finish() }
        } catch let error as any UserError {
            let message = error.message.replacing(partial.escapedForTerminal(), with: data)
            throw Failure(error.exitStatus, message)
        }
    }

    /// Refuses options that do not fit the format, and a place for the data where it cannot be.
    private func check(_ source: FileImport, _ data: String, _ output: String, _ rules: OutputRules) throws {
        if target != nil, inputs == nil, !source.takesTargetAlone {
            throw ValidationError("--target of this format needs --inputs: name both arrays.")
        }
        if inputs != nil, source.takesTargetAlone || target == nil {
            throw ValidationError("--inputs is about two arrays of a file, --inputs and --target, which this is not.")
        }
        guard withLinksResolved(data) != withLinksResolved(output) else {
            throw ValidationError("the config and the imported data would both be \(data); name one with -o.")
        }
        guard !OutputFile.isStandardOutput(data) else {
            throw ValidationError("--data-output is standard output, where no config finds the data; name a file.")
        }
        try rules.check(data, reading: [file])
    }

    /// Looks at an HDF5 file and writes the config, when it has passed what a dry run checks.
    ///
    /// - Parameters:
    ///   - data: the file, as the config names it.
    ///   - place: where the file is until then.
    ///   - finish: called before the config takes its name.
    private func propose(
        _ data: String, read place: String, inputs: String?, target: String?, to output: String,
        finish: () throws -> Void
    ) throws {
        let splits = try DiscoveredSplits(FileSummary(file: place), inputs: inputs, target: target)
        let proposal = Proposal(splits, try SplitSurvey(SplitOnDisk(splits.train.request(in: place))))
        proposal.findings.forEach(tell)
        var checked = ConfigRequest(path: output)
        var tree = proposal.config(file: place)
        tree["description"] = nil
        checked.text = tree.text()
        _ = try planRun(loadConfig(checked))
        let written = try TextOutput(path: output)
        try written.write(proposal.text(file: relativePath(of: data, from: output)))
        try finish()
        try written.close()
        guard !OutputFile.isStandardOutput(output) else { return }
        tell("to train: bnexp run \(quotedForShell(output))")
        printData(output)
    }

    private func tell(_ line: String) {
        if lineWidth(standardError) != nil { return bnexp.tell(line) }
        writeToStandardError(line.escapedForTerminal(keepsLines: true) + "\n")
    }

    /// The name of the file with another extension.
    private func renamed(_ newExtension: String) -> String {
        let name = file.lowercased().hasSuffix(".gz") ? String(file.dropLast(3)) : file
        return (name as NSString).deletingPathExtension + "." + newExtension
    }
}

/// The path of a file as a config in another place, or on standard output, names it.
private func relativePath(of file: String, from config: String) -> String {
    guard !OutputFile.isStandardOutput(config), !file.hasPrefix("/") else { return file }
    let from = withLinksResolved((config as NSString).deletingLastPathComponent).split(separator: "/")
    let to = withLinksResolved((file as NSString).deletingLastPathComponent).split(separator: "/")
    let shared = zip(from, to).prefix { $0 == $1 }.count
    let steps = from.dropFirst(shared).map { _ in ".." } + to.dropFirst(shared).map(String.init)
    return (steps + [(file as NSString).lastPathComponent]).joined(separator: "/")
}
