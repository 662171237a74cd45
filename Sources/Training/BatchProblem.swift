import NeuralNetwork

/// Why a batch cannot be normalized with its own statistics.
enum BatchProblem: CustomStringConvertible {
    /// It is one row, or leaves one row for a group of this size.
    case oneRow(groupSize: Int?)
    /// Groups of this size do not divide it.
    case unequalGroups(size: Int)
    /// A kind's key has a value with which so many rows cannot be normalized.
    case kind(key: String, message: String)

    /// What follows the number of rows that was found.
    var description: String {
        switch self {
        case .oneRow(nil): "one row's own statistics make all its normalized values 0; give at least 2"
        case .oneRow(let size?):
            "groups of \(size) rows leave one, whose own statistics make all its normalized values 0; choose another "
                + "number"
        case .unequalGroups(let size): "model.normalization.size is \(size); choose a multiple of it"
        case .kind(let key, let message): "model.normalization.\(key): \(message)"
        }
    }
}

extension NetworkDescription {
    /// What keeps a batch of so many rows from being normalized with its own statistics; nil if nothing does.
    /// - Parameter mayDifferInGroups: whether the last group of rows may be smaller than the others, as in evaluation.
    func problem(ofBatch rows: Int, mayDifferInGroups: Bool = false) -> BatchProblem? {
        for layer in layers {
            guard let normalization = layer.normalization else { continue }
            if let statistics = normalization.statistics {
                guard rows > 1 else { return .oneRow(groupSize: nil) }
                let size = statistics.groupSize ?? rows, last = rows % size
                if mayDifferInGroups, last == 1 { return .oneRow(groupSize: size) }
                if !mayDifferInGroups, last != 0 { return .unequalGroups(size: size) }
            }
            if let (key, message) = normalization.problem(features: layer.outputs, rows: rows) {
                return .kind(key: key, message: message)
            }
        }
        return nil
    }
}
