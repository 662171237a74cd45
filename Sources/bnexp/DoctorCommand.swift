import ArgumentParser
import Foundation
import Reports
import RunStore
import Support
import Sweeps
import Training

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the results file and print a remedy for each problem; exits with 1 if there is one.",
        discussion: """
            Examples:
              bnexp doctor
              bnexp doctor --quick --json
            """)

    @Flag(help: "Skip the slowest check, which compares indexes with their tables.") var quick = false
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let findings = try examine(
            results.path, schema: .current, isQuick: quick, isCopy: SweepShards.isCopy(results.path),
            compareWithConfigs: compareWithConfigs)
        if json {
            let rows = findings.map { finding -> [SQLValue] in
                [
                    .text(finding.check), .text(finding.isProblem ? "problem" : "ok"), .text(finding.found),
                    finding.remedy.map { .text($0) } ?? .null,
                ]
            }
            show(Table(columns: ["check", "verdict", "found", "remedy"], rows: rows), json: true)
        } else {
            for finding in findings {
                let name = finding.check.padding(toLength: 15, withPad: " ", startingAt: 0)
                let head = "\(finding.isProblem ? "problem" : "ok     ")  \(name)  "
                let found = "\(finding.found)\(finding.remedy.map { " -> \($0)" } ?? "")".escapedForTerminal()
                printData(indented(found, after: head, width: lineWidth(standardOutput)))
            }
        }
        if findings.contains(where: \.isProblem) { throw Failure(.checkFailed) }
    }
}

/// Checks what the configs of runs say against what was recorded.
private func compareWithConfigs(_ file: ResultsFile) throws -> [Finding] {
    let runs = try file.allRuns()
    let steps = try missingSteps(of: runs, in: file).map {
        Finding(
            check: "step", found: "\($0)",
            remedy:
                "run it again with --if-exists resume if it has not ended; else bnexp delete \($0.run.id), and repeat "
                + "it"
        )
    }
    let settings = try runs.compactMap { run in
        try differingSetting(of: run, in: file).map {
            Finding(
                check: "parameter",
                found: "run \(run.id) (\(run.name)): config and table run_parameter differ in \($0)",
                remedy: "restore a copy; or delete the run, and repeat it")
        }
    }
    return (steps.isEmpty ? [Finding(check: "step", found: "no run lacks a step that its config asks for")] : steps)
        + (settings.isEmpty
            ? [Finding(check: "parameter", found: "every run's settings are those of its config")] : settings)
}
