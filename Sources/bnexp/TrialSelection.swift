import ArgumentParser

/// The trials to run, by number: `7`, `3-9`, or a list of these.
struct TrialSelection: ExpressibleByArgument {
    let text: String
    private let ranges: [ClosedRange<Int>]

    init?(argument: String) {
        var ranges: [ClosedRange<Int>] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 0,
                first <= last
            else { return nil }
            ranges.append(first...last)
        }
        text = argument
        self.ranges = ranges
    }

    func contains(_ trial: Int) -> Bool { ranges.contains { $0.contains(trial) } }
}
