import ArgumentParser
import Foundation
import Reports
import RunStore
import Support
import Training

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Train a run again and compare every row; exits with 1 if one differs.",
        discussion: """
            The results file is only read. On the same kind of processor every table is the same bits.

            Example:
              bnexp verify latest
            """)

    @OptionGroup var selection: RunArgument
    @Option(
        help: ArgumentHelp(
            "The HDF5 file that has the run's data now, if it has moved; other data are refused.", valueName: "FILE"),
        completion: .hdf5File)
    var data: String?
    @Option(help: "Threads to compute with; results are the same bits under every number.") var threads = 1
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func validate() throws { try requireRange(threadRange, threads, "--threads") }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        let run = try file.findRun(selection.runName)
        let stop = StopSignal()
        var hooks = RunHooks()
        hooks.shouldStop = { stop.isRequested }
        let verification = try withTemporaryFolder("verify") { folder in
            try RunVerification(run, in: file, dataFile: data, threads: threads, folder: folder, hooks: hooks)
        }
        show(
            Table(
                columns: ["table", "rows", "identical", "first_different_step"],
                rows: verification.parts.map { part in
                    [
                        .text(part.table), .integer(part.rowCount), .text(part.isIdentical ? "yes" : "no"),
                        part.firstDifferentStep.map { .integer($0) } ?? .null,
                    ]
                }), json: json)
        if verification.isAsRecorded == false {
            say("the rows of run \(run.uuid) are not those that it had when it ended; see bnexp doctor")
        }
        guard verification.isIdentical else { throw Failure(.checkFailed) }
    }
}
