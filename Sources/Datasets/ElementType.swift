import CHDF5

/// The type of the numbers that a dataset stores, whatever their byte order.
package struct ElementType: Hashable, Sendable {
    package enum Kind: Sendable { case unsigned, signed, floating }
    package let kind: Kind
    package let byteCount: Int

    package init(_ kind: Kind, byteCount: Int) {
        self.kind = kind
        self.byteCount = byteCount
    }

    package static let uint8 = ElementType(.unsigned, byteCount: 1)
    package static let float32 = ElementType(.floating, byteCount: 4)
    package static let float64 = ElementType(.floating, byteCount: 8)

    /// As NumPy writes it: `uint8`, `int32`, `float64`.
    package var name: String {
        let prefix =
            switch kind {
            case .unsigned: "uint"
            case .signed: "int"
            case .floating: "float"
            }
        return prefix + String(byteCount * 8)
    }

    package var isInteger: Bool { kind != .floating }

    /// The largest value of an integer type (255 for `uint8`); nil for floating types.
    package var maximum: Double? {
        switch kind {
        case .unsigned: Double(sign: .plus, exponent: byteCount * 8, significand: 1) - 1
        case .signed: Double(sign: .plus, exponent: byteCount * 8 - 1, significand: 1) - 1
        case .floating: nil
        }
    }
}

/// A Swift type that datasets are read into and written from without a detour.
package protocol HDF5Element: BitwiseCopyable, Sendable {
    /// The library's name of this type in memory.
    ///
    /// Call it under the library's lock only.
    static var memoryType: Int64 { get }
    var asDouble: Double { get }
}

extension UInt8: HDF5Element {
    package static var memoryType: Int64 { bnexp_native_uint8() }
    package var asDouble: Double { Double(self) }
}

extension Int32: HDF5Element {
    package static var memoryType: Int64 { bnexp_native_int32() }
    package var asDouble: Double { Double(self) }
}

extension Float: HDF5Element {
    package static var memoryType: Int64 { bnexp_native_float() }
    package var asDouble: Double { Double(self) }
}

extension Double: HDF5Element {
    package static var memoryType: Int64 { bnexp_native_double() }
    package var asDouble: Double { self }
}
