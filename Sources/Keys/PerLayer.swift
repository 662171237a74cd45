/// A setting of layers: one for all, or one for each.
package enum PerLayer<Value: Sendable>: Sendable {
    case all(Value)
    case each([Value])

    package static func form(_ element: Form<Value>) -> Form<PerLayer> {
        .either(element.map { .all($0) }, Form.list(of: element).map { .each($0) })
    }

    /// The length of the list; nil for one setting.
    package var count: Int? { if case .each(let values) = self { values.count } else { nil } }

    /// The setting of the last layer; nil for an empty list.
    package var last: Value? {
        switch self {
        case .all(let value): value
        case .each(let values): values.last
        }
    }

    package func values(_ layerCount: Int) -> [Value] {
        switch self {
        case .all(let value): Array(repeating: value, count: layerCount)
        case .each(let values): values
        }
    }
}

extension PerLayer: Equatable where Value: Equatable {}
