import RunStore

extension Table {
    /// Makes a table of a run's time: a row for each phase, a row for the time that no phase accounts for, and the
    /// total.
    package init(_ profile: RunProfile) {
        defer { fit = .folding() }
        self.init(
            columns: ["phase", "wall_seconds", "percent", "cpu_seconds", "microseconds_per_step", "steps_per_second"],
            rows: [])
        guard let total = profile.phases.first(where: { $0.phase == .total }) else { return }
        func row(_ name: String, wall: Double, cpu: Double, steps: Int = 0) -> [SQLValue] {
            [
                .text(name), .number(wall), .number((1000 * wall / total.wallSeconds).rounded() / 10), .number(cpu),
                steps > 0 ? .number(1e6 * wall / Double(steps)) : .null,
                steps > 0 ? .number(Double(steps) / wall) : .null,
            ]
        }
        var other = total
        for phase in profile.phases where phase.phase != .total {
            rows.append(
                row(
                    phase.phase.rawValue, wall: phase.wallSeconds, cpu: phase.cpuSeconds,
                    steps: phase.phase == .train ? profile.stepCount : 0))
            other.wallSeconds -= phase.wallSeconds
            other.cpuSeconds -= phase.cpuSeconds
        }
        // Where nothing is left, rounding must not leave less than that.
        rows.append(row("other", wall: max(0, other.wallSeconds), cpu: max(0, other.cpuSeconds)))
        rows.append(row("total", wall: total.wallSeconds, cpu: total.cpuSeconds))
    }
}
