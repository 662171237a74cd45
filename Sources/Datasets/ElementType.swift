/// The type of the numbers that a dataset stores, whatever their byte order.
package struct ElementType: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable { case boolean, unsigned, signed, floating }
    package let kind: Kind
    package let byteCount: Int

    package init(_ kind: Kind, byteCount: Int) {
        self.kind = kind
        self.byteCount = byteCount
    }

    package static let boolean = ElementType(.boolean, byteCount: 1)
    package static let uint8 = ElementType(.unsigned, byteCount: 1)
    package static let float32 = ElementType(.floating, byteCount: 4)
    package static let float64 = ElementType(.floating, byteCount: 8)

    /// The name that NumPy gives to the type: `uint8`, `int32`, `float64`.
    package var name: String {
        if kind == .boolean { return "bool" }
        let prefix =
            switch kind {
            case .boolean: ""
            case .unsigned: "uint"
            case .signed: "int"
            case .floating: "float"
            }
        return prefix + String(byteCount * 8)
    }

    package var isInteger: Bool { kind != .floating }

    /// The largest value of an integer type (255 for `uint8`, 1 for `bool`); nil for floating types.
    package var maximum: Double? {
        switch kind {
        case .boolean: 1
        case .unsigned: Double(sign: .plus, exponent: byteCount * 8, significand: 1) - 1
        case .signed: Double(sign: .plus, exponent: byteCount * 8 - 1, significand: 1) - 1
        case .floating: nil
        }
    }
}
