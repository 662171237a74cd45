import CHDF5

/// A Swift type that datasets are read into and written from directly.
package protocol HDF5Element: BitwiseCopyable, Sendable {
    /// The HDF5 library's identifier of this type in memory; it may be read under the library's lock only.
    static var memoryType: Int64 { get }
    var asDouble: Double { get }
    init(_ byte: UInt8)
}

extension UInt8: HDF5Element {
    package static var memoryType: Int64 { bnexp_native_uint8() }
    package var asDouble: Double { Double(self) }
}

extension Int32: HDF5Element {
    package static var memoryType: Int64 { bnexp_native_int32() }
    package var asDouble: Double { Double(self) }
}

extension Int64: HDF5Element {
    package static var memoryType: Int64 { bnexp_native_int64() }
    package var asDouble: Double { Double(self) }
}

extension UInt64: HDF5Element {
    package static var memoryType: Int64 { bnexp_native_uint64() }
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
