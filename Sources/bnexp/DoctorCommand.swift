import ArgumentParser
import Foundation
import Reports
import RunStore
import Support
import Training

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the results file and print a remedy for each problem; exits with 1 if there is one.")

    @Flag(help: "Skip the slowest check, which compares indexes with their tables.") var quick = false
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let findings = try examine(results.path, schema: .current, isQuick: quick)
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
                print(
                    "\(finding.isProblem ? "problem" : "ok     ")  \(name)  "
                        + "\(finding.found)\(finding.remedy.map { " -> \($0)" } ?? "")".escapedForTerminal()
                )
            }
        }
        if findings.contains(where: \.isProblem) { throw Failure(.checkFailed) }
    }
}
