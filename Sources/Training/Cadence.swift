/// The steps of a run at which something is done: every so many steps, the last one, and those of a list.
package struct Cadence: Equatable, Sendable {
    /// What holds for a run's last step.
    package enum End: Sendable {
        /// It is a step like any other.
        case ordinary
        /// It is included where any multiples are.
        case included
        /// It is included also where nothing else is.
        case always
    }
    /// Steps between two times, from step 0 on; 0 leaves out all multiples.
    package var every: Int
    package var end: End
    package var further: Set<Int> = []

    package init(every: Int, end: End = .included, further: Set<Int> = []) {
        self.every = every
        self.end = end
        self.further = further
    }

    /// Whether a step of a run of `total` steps is one of them.
    package func includes(_ step: Int, of total: Int) -> Bool {
        every > 0 && step % every == 0 || step == total && isEndIncluded || further.contains(step)
    }

    /// How many steps from 0 to `total` are; they are counted without walking through all steps.
    package func count(of total: Int) -> Int {
        let multiples = every > 0 ? total / every + 1 : 0
        let others = further.union([total]).filter { step in
            step <= total && includes(step, of: total) && (every == 0 || step % every != 0)
        }
        return multiples + others.count
    }

    /// The first step before `limit`, which is not beyond the run's last one, that is not among `steps`, in ascending
    /// order; nil if all are.
    package func firstStep(missingIn steps: [Int], before limit: Int) -> Int? {
        let present = Set(steps)
        let multiple = every > 0 ? stride(from: 0, to: limit, by: every).first { !present.contains($0) } : nil
        let other = further.filter { $0 < limit && !present.contains($0) }.min()
        return [multiple, other].compactMap { $0 }.min()
    }

    private var isEndIncluded: Bool {
        switch end {
        case .ordinary: false
        case .included: every > 0
        case .always: true
        }
    }
}
