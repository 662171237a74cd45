import ArgumentParser
import Charts
import EmbeddedFiles
import Foundation
import RunStore
import Support
import Sweeps
import Training

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract:
            "Train on digits with and without batch normalization, and compare the two runs; a folder to begin in.",
        discussion: """
            Writes 5,000 digits of MNIST, the two configs and a sweep file into the folder, trains both configs into \
            demo.sqlite there, prints the comparison with its SQL, draws demo.svg and says what to do next. Given \
            again, it keeps the files and the runs that are there.

            Example:
              bnexp demo
            """)

    @Argument(help: "The folder, which is made if it is missing.", completion: .directory) var folder = "bnexp-demo"
    @Flag(help: "Replace files of the folder that have the demo's names and differ.") var force = false

    func run() throws {
        let (database, drawing) = (path("demo.sqlite"), path("demo.svg"))
        try writeFiles()
        var rules = OutputRules()
        rules.force = force
        try rules.check(drawing, isOwn: FigureFormat.isOwn)
        let file = try ResultsFile(writing: database)
        let runs = try ["mnist_bn", "mnist_nobn"].map { try train(path("configs/\($0).json"), in: file) }
        try file.close()
        printData()
        try runCommand(CompareCommand.parse(runs + ["--db=\(database)", "--show-sql"]))
        try runCommand(
            PlotCommand.parse(runs + ["--db=\(database)", "--output=\(drawing)"] + (force ? ["--force"] : [])))
        sayWhatIsNext(database, drawing)
    }

    /// Runs a command as the command line would.
    private func runCommand(_ command: some ParsableCommand) throws {
        var command = command
        try command.run()
    }

    private func path(_ name: String) -> String {
        folder == "." ? name : (folder as NSString).appendingPathComponent(name)
    }

    /// Writes the files that are missing, and the schemas that configs name; nothing if one that is there differs.
    private func writeFiles() throws {
        let existing = { FileManager.default.contents(atPath: path($0)) }
        let files = demoFiles()
        let different = files.filter { file in existing(file.path).map { $0 != file.bytes } ?? false }.map(\.path)
        guard force || different.isEmpty else {
            throw Failure(
                .cannotWrite,
                "\(different.map(path).joined(separator: ", ")) \(different.count == 1 ? "differs" : "differ") from "
                    + "what the demo writes there; name another folder, or replace them with --force")
        }
        for file in files where existing(file.path) != file.bytes { try write(file) }
        for file in schemaFiles() where existing(file.path) == nil { try write(file) }
    }

    private func write(_ file: DemoFile) throws {
        try makeFolder((path(file.path) as NSString).deletingLastPathComponent)
        let output = try OutputFile(path: path(file.path))
        try output.write(Array(file.bytes))
        try output.finish()
    }

    /// Trains as a config says, unless the results file has that run.
    private func train(_ config: String, in file: ResultsFile) throws -> String {
        let loaded = try loadConfig(ConfigRequest(path: config))
        let display = ProgressDisplay(.auto, title: loaded.config.name)
        defer { display.finish() }
        let stop = StopSignal()
        var hooks = RunHooks()
        hooks.shouldStop = { stop.isRequested }
        hooks.progress = { display.show($0) }
        hooks.note = { display.note($0) }
        let outcome = try runExperiment(
            { try planRun(loaded) }, results: file, environment: RunEnvironment(threads: 1), ifExists: .resume,
            hooks: hooks)
        display.finish()
        if outcome.status == .interrupted {
            throw Failure(.stopped, "\(outcome.reason ?? "interrupted"); the same command continues")
        }
        if outcome.isSkipped { say("\(loaded.config.name): \(file.path) has this run already") }
        return outcome.uuid
    }

    private func sayWhatIsNext(_ database: String, _ drawing: String) {
        let program = CommandLine.arguments[0]
        let isHere = folder == "."
        // From another folder a path to the program leads elsewhere.
        let name =
            isHere || !program.contains("/") ? program : URL(fileURLWithPath: program).standardizedFileURL.path
        let bnexp = quotedForShell(name)
        let next =
            (isHere ? [] : ["cd \(quotedForShell(folder))"]) + [
                "export BNEXP_DB=demo.sqlite",
                "\(bnexp) sweep experiments/rate_by_normalization.json    # 24 runs, one on each core",
                "\(bnexp) compare --sweep rate-by-normalization           # means over seeds",
                "\(bnexp) report -o page.html                             # a page of all pictures",
                "\(bnexp) serve                                           # the same, live",
            ]
        let text =
            "\nThe curves are in \(drawing), every number in \(database). Next:\n\n".escapedForTerminal(
                keepsLines: true)
            + next.map { "  \($0)\n" }.joined()
        writeToStandardError(fitted(text, to: standardError))
    }
}

/// A file that the demo writes; the path is that in its folder.
private struct DemoFile {
    var path: String
    var bytes: Data
}

/// The files that the binary carries.
private func demoFiles() -> [DemoFile] {
    sequence(state: 0) { index in
        let file = bnexp_embedded_file(index)
        index += 1
        return file.path.map { DemoFile(path: String(cString: $0), bytes: Data(bytes: file.bytes, count: file.count)) }
    }.map { $0 }
}

/// The schemas that the files name for editors.
private func schemaFiles() -> [DemoFile] {
    [("schema", configJSONSchema()), ("sweep.schema", sweepJSONSchema())].map { name, text in
        DemoFile(path: "configs/\(name).json", bytes: Data((text + "\n").utf8))
    }
}
