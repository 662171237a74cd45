/// What came of the check of one array.
package struct Finding: Sendable {
    package enum Verdict: String, Sendable {
        case ok
        /// It differs, and not only because an array before it does.
        case wrong = "WRONG"
        /// It is right for what the student had before it.
        case follows
        /// An array that it is made of is missing.
        case unchecked
    }

    /// Its name in the file.
    package let name: String
    /// Its name here.
    package let quantity: String
    package let equation: String
    package let shape: [Int]
    /// The course's maximum relative error; nil where shapes differ or it is unchecked.
    package var relativeError: Double?
    package var verdict = Verdict.ok
    /// The name of the mistake, if it is recognized.
    package var mistake: String?
    /// What differs and why, as a sentence without its full stop.
    package var explanation: String?
    /// The equation and array in which the difference enters: its own, or one before it.
    package var origin: Origin?

    package struct Origin: Equatable, Sendable {
        package let quantity: String
        package let equation: String
        /// Whether the file does not have that array.
        package var isHidden = false
    }
}

/// What came of the check of one computation.
package struct OperationCheck: Sendable {
    package let operation: CheckedOperation
    package let group: String
    /// In the order of the computation.
    package let findings: [Finding]
    /// What the user should know, a sentence each.
    package var notes: [String]
    let unknownCount: Int

    package var differs: Bool { findings.contains { $0.verdict == .wrong || $0.verdict == .follows } }
    /// The arrays in which differences enter; the first of them first.
    package var differences: [Finding] { findings.filter { $0.verdict == .wrong } }

    /// The smaller, the better the operation fits the file.
    var misfit: [Int] {
        [
            unknownCount, findings.filter { $0.verdict == .unchecked }.count,
            differences.filter { $0.mistake == nil }.count, findings.filter { $0.verdict != .ok }.count,
        ]
    }
}
