import RunStore

extension RunningProgress {
    /// The share and the time that is left, such as `45 %, 3 min 5 s left`, or that nobody works on it.
    package var text: String {
        let share = percentText(Double(step) / Double(max(1, totalSteps)))
        if isLost { return "\(share), its process is gone; bnexp reap" }
        return share + (secondsLeft.map { ", " + timeLeftText(seconds: $0) } ?? "")
    }
}

extension Table {
    /// Tells how far running runs have come: fills in their steps, and adds a column `progress` after `status`, unless
    /// no run of the table is running.
    ///
    /// - Parameters:
    ///   - progress: by the ids of runs.
    ///   - id: the column that has the ids.
    ///   - step: the column of the last step, empty while a run is running.
    package mutating func add(_ progress: [Int: RunningProgress], id: String, step: String) {
        guard let idPlace = columns.firstIndex(of: id), let status = columns.firstIndex(of: "status") else { return }
        let found = rows.map { row -> RunningProgress? in
            guard case .integer(let number) = row[idPlace] else { return nil }
            return progress[number]
        }
        guard found.contains(where: { $0 != nil }) else { return }
        let stepPlace = columns.firstIndex(of: step)
        for (row, progress) in found.enumerated() {
            if let progress, let stepPlace { rows[row][stepPlace] = .integer(progress.step) }
            rows[row].insert(progress.map { .text($0.text) } ?? .null, at: status + 1)
        }
        columns.insert("progress", at: status + 1)
    }
}
