import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct ReapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reap", abstract: "Mark runs as lost whose status is running although their process is gone.",
        discussion: """
            On this machine the process is looked for; a run of another machine is lost when its last heartbeat is \
            old. Prints the runs that were marked.

            Example:
              bnexp reap --dry-run
            """)

    @Option(help: "Seconds without a heartbeat after which a run of another machine is lost; runs beat every 10 s.")
    var heartbeatAge = defaultHeartbeatAge
    @Flag(help: "Print the runs that would be marked, and change nothing.") var dryRun = false
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard heartbeatAge > 0 else {
            throw ValidationError("--heartbeat-age is \(heartbeatAge); expected seconds, more than 0.")
        }
    }

    func run() throws {
        let lost =
            try dryRun
            ? ResultsFile(reading: results.path).lostRuns(heartbeatAge: heartbeatAge)
            : ResultsFile.existing(results.path).reap(heartbeatAge: heartbeatAge)
        if lost.isEmpty && !json { return say("no run is lost") }
        let table = Table(
            columns: ["id", "uuid", "name", "host", "pid", "heartbeat_at", "last_step", "reason"],
            rows: lost.map { lost in
                [
                    .integer(lost.run.id), .text(lost.run.uuid), .text(lost.run.name), .text(lost.host),
                    .integer(lost.pid), .text(lost.heartbeatAt),
                    lost.lastStep.map { .integer($0) } ?? .null, .text(lost.reason),
                ]
            })
        show(table, json: json)
        if dryRun && !json { say("nothing was changed") }
    }
}
