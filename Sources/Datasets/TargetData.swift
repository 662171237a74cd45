/// The targets of examples: what a network is to make of their inputs.
package enum TargetData: Sendable {
    case classes(Labels)
    /// K values for each row.
    case values(Examples)

    package var rowCount: Int {
        switch self {
        case .classes(let labels): labels.classes.count
        case .values(let values): values.rowCount
        }
    }

    /// The class of each row; nil for values.
    package var classes: [Int32]? { if case .classes(let labels) = self { labels.classes } else { nil } }

    /// The number of outputs that a network needs: the number of classes, or of values in a row.
    package var outputCount: Int {
        switch self {
        case .classes(let labels): labels.classCount
        case .values(let values): values.featureCount
        }
    }

    /// The number of values in a row; nil for classes.
    package var valueCount: Int? { if case .values(let values) = self { values.featureCount } else { nil } }
}
