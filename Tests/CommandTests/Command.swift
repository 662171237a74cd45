import Foundation
import GRDB
import TestSupport

/// What a finished command left behind.
struct CommandResult {
    var exitCode: Int32
    var output: String
    var errors: String
}

/// The built program, beside the test bundle.
let binary: URL = {
    if let path = ProcessInfo.processInfo.environment["BNEXP_BINARY"] { return URL(fileURLWithPath: path) }
    return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("bnexp")
}()

let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// Runs `bnexp` with arguments in a folder.
func bnexp(_ arguments: [String], in folder: URL, input: String? = nil) throws -> CommandResult {
    try run([binary.path] + arguments, in: folder, input: input)
}

/// Runs a program, named by its path, with arguments in a folder.
/// - Parameter whenStarted: called when the program has been started, before it is given its input.
func run(
    _ command: [String], in folder: URL, input: String? = nil, environment: [String: String] = [:],
    whenStarted: () -> Void = {}
) throws -> CommandResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "BNEXP_DB" }.merging(environment) {
        $1
    }
    // Files rather than pipes: a full pipe would block the program.
    let names = (folder.appendingPathComponent("stdout-\(UUID())"), folder.appendingPathComponent("stderr-\(UUID())"))
    for name in [names.0, names.1] { _ = FileManager.default.createFile(atPath: name.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: names.0)
    process.standardError = try FileHandle(forWritingTo: names.1)
    let pipe = Pipe()
    process.standardInput = pipe
    try process.run()
    whenStarted()
    if let input { pipe.fileHandleForWriting.write(Data(input.utf8)) }
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    defer { for name in [names.0, names.1] { try? FileManager.default.removeItem(at: name) } }
    return CommandResult(
        exitCode: process.terminationStatus, output: try String(contentsOf: names.0, encoding: .utf8),
        errors: try String(contentsOf: names.1, encoding: .utf8))
}

/// Runs the reduced form of an experiment, which leaves its results, tables and figures in the folder `out`.
func runQuickExperiment(_ name: String, in folder: URL) throws -> CommandResult {
    let script = repository.appendingPathComponent("experiments/\(name)/run.sh").path
    return try run(
        ["/bin/bash", script, "--quick", "--jobs", "2", "--output", "out"], in: folder,
        environment: ["BNEXP": binary.path])
}

/// Starts a run of `c.json` that goes on until it is stopped.
///
/// When this returns the run is recorded, training has begun and the handlers of signals are in place.
func startEndlessRun(in folder: URL, _ arguments: [String] = []) throws -> StartedCommand {
    let command = try StartedCommand(
        [
            binary.path, "run", "c.json", "--set", "training.steps=1000000000", "--set", "evaluation.every=0",
            "--progress", "json",
        ] + arguments, in: folder)
    try command.wait(forCommitOfStep: 0)
    return command
}

/// A config on `toy.h5`, with parts replaced.
func toyConfig(
    file: String = "toy.h5", inputs: String = "train/images", targets: String = "train/labels", data: String = "",
    model: String = "",
    batchSize: Int = 10, optimizer: String = "{\"kind\": \"sgd\", \"learning_rate\": 0.5}", rest: String = ""
) -> String {
    """
    { "data": { "file": "\(file)", "train": { "inputs": "\(inputs)", "targets": "\(targets)" }\(data) },
      "model": { "hidden": [6]\(model) }, "optimizer": \(optimizer),
      "training": { "batch_size": \(batchSize), "steps": 20 }, "logging": { "every": 5 }\(rest) }
    """
}

/// A config on `toy.h5` with batch normalization.
let normalizedToyConfig = toyConfig(
    model: ", \"normalization\": {\"kind\": \"batch\"}", rest: ", \"name\": \"toy\"")

/// Calls `body` with a new folder that has the data `toy.h5` and a config on them, `c.json`.
func withToyFolder(
    _ config: String = toyConfig(rest: ", \"name\": \"toy\""), _ body: (URL) throws -> Void
) throws {
    try withTemporaryFolder { folder in
        try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
        try config.write(to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
        try body(folder)
    }
}

/// Makes an SQLite file with the statements given, in place of one that exists.
func execute(_ sql: String, inNewDatabase path: String) throws {
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    try DatabaseQueue(path: path).inDatabase { try $0.execute(sql: sql) }
}
