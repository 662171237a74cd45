import RunStore
import Support
import Sweeps

/// Says that the results file holds a sweep of the same name with other settings, how these differ and how they are
/// given again; nil if it holds the sweep itself, or none of that name.
func difference(of plan: SweepPlan, fromThatIn file: ResultsFile) throws -> String? {
    try file.requireSweeps()
    let known = try file.sweeps(named: plan.name)
    guard let (sweep, definition) = known.first, !known.contains(where: { $0.sweep.uuid == plan.uuid }) else {
        return nil
    }
    let there = try JSONReader.read(definition, source: "the sweep's definition").leaves()
    let here = try JSONReader.read(plan.definition, source: "the sweep's definition").leaves()
    let paths = here.map(\.path) + there.map(\.path).filter { path in !here.contains { $0.path == path } }
    var differences: [String] = [], options: [String] = [], isOfBase = true
    for path in paths {
        let (a, b) = (there.first { $0.path == path }?.value, here.first { $0.path == path }?.value)
        guard a != b else { continue }
        let isBase = path.hasPrefix("config."), key = isBase ? String(path.dropFirst(7)) : path
        differences.append("\(key) is \(a?.found ?? "not given") there and \(b?.found ?? "not given") here")
        isOfBase = isOfBase && isBase
        options += ["--set", "\(key)=\(a?.commandLineText ?? "null")"]
    }
    let shown = differences.prefix(4).joined(separator: ", ")
    let rest = differences.count > 4 ? " and \(differences.count - 4) more" : ""
    let remedy =
        isOfBase && !options.isEmpty && differences.count <= 4
        ? ", and \(options.map(quotedForShell).joined(separator: " ")) asks for the same again" : ""
    return "\(file.path) holds the sweep \(sweep.id) (\(sweep.name)) with other settings: "
        + (differences.isEmpty ? "its data were others" : shown + rest)
        + "; bnexp sweep status \(sweep.id) tells how it stands\(remedy)"
}
