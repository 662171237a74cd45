import Foundation
import Support
import Synchronization

/// Numbers in memory, in the format of their file; nothing changes them any more.
///
/// Copies share the memory, which is given back with the last of them.
package struct NumberStorage: Sendable {
    package let format: NumberFormat
    package let count: Int
    private let memory: MemoryBlock

    init(_ format: NumberFormat, _ memory: MemoryBlock) {
        self.format = format
        self.memory = memory
        count = memory.byteCount / format.byteCount
    }

    private init<Element: StoredNumber>(_ format: NumberFormat, _ array: [Element]) {
        self.init(format, MemoryBlock(copying: array))
    }

    package static func uint8(_ array: [UInt8]) -> NumberStorage { NumberStorage(.uint8, array) }
    package static func int8(_ array: [Int8]) -> NumberStorage { NumberStorage(.int8, array) }
    package static func uint16(_ array: [UInt16]) -> NumberStorage { NumberStorage(.uint16, array) }
    package static func float32(_ array: [Float]) -> NumberStorage { NumberStorage(.float32, array) }
    package static func float64(_ array: [Double]) -> NumberStorage { NumberStorage(.float64, array) }

    /// Calls `body` with the bytes of the values in this machine's order, which are valid during the call.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try memory.withUnsafeBytes(body)
    }

    /// All values.
    package var values: [Double] {
        Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
            if let base = buffer.baseAddress { decode(0..<count, into: base) }
            initializedCount = count
        }
    }

    /// Some rows of `width` values each.
    func selecting(_ rows: RowSet, width: Int) -> NumberStorage {
        let rowByteCount = width * format.byteCount
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows.count * rowByteCount)
        withUnsafeBytes { all in
            for row in rows { bytes.append(contentsOf: all[row * rowByteCount..<(row + 1) * rowByteCount]) }
        }
        return NumberStorage(format, MemoryBlock(copying: bytes))
    }

    /// Overwrites `target` with the values of a range.
    func decode(_ range: Range<Int>, into target: UnsafeMutablePointer<Double>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "there are no values \(range)")
        func convert<Element: StoredNumber>(_ bytes: UnsafeRawBufferPointer, _: Element.Type) {
            let values = bytes.bindMemory(to: Element.self)
            for (index, place) in range.enumerated() { target[index] = values[place].asDouble }
        }
        withUnsafeBytes { bytes in
            switch format {
            case .uint8: convert(bytes, UInt8.self)
            case .int8: convert(bytes, Int8.self)
            case .uint16: convert(bytes, UInt16.self)
            case .int16: convert(bytes, Int16.self)
            case .uint32: convert(bytes, UInt32.self)
            case .int32: convert(bytes, Int32.self)
            case .float16: convert(bytes, HalfFloat.self)
            case .bfloat16: convert(bytes, BrainFloat.self)
            case .float32: convert(bytes, Float.self)
            case .float64: convert(bytes, Double.self)
            }
        }
    }
}

extension NumberStorage {
    /// The largest absolute value of a floating format, infinity or not a number if any value is; of integers 0.
    func largestMagnitude() -> Double {
        switch format {
        case .uint8, .int8, .uint16, .int16, .uint32, .int32: 0
        case .float16: HalfFloat(bits: largest(below: UInt16(1) << 15)).asDouble
        case .bfloat16: BrainFloat(bits: largest(below: UInt16(1) << 15)).asDouble
        case .float32: Double(Float(bitPattern: largest(below: UInt32(1) << 31)))
        case .float64: Double(bitPattern: largest(below: UInt64(1) << 63))
        }
    }

    /// The largest pattern of the bits below that of the sign: they are ordered as magnitudes are.
    private func largest<Bits: FixedWidthInteger & BitwiseCopyable & Sendable>(below sign: Bits) -> Bits {
        let found = Mutex(Bits.zero), pieceCount = 4
        withUnsafeBytes { bytes in
            nonisolated(unsafe) let bits = bytes.bindMemory(to: Bits.self)
            concurrently(pieceCount) { piece in
                var largest = Bits.zero
                for index in bits.count / pieceCount
                    * piece..<(piece + 1 == pieceCount ? bits.count : bits.count / pieceCount * (piece + 1))
                {
                    largest = max(largest, bits[index] & (sign &- 1))
                }
                found.withLock { $0 = max($0, largest) }
            }
        }
        return found.withLock { $0 }
    }
}

/// Memory that is filled once, and given back with its last user.
final class MemoryBlock: @unchecked Sendable {
    // Sound because whoever makes a block fills it before others see it.
    let base: UnsafeMutableRawPointer
    let byteCount: Int
    private let mappedByteCount: Int

    /// Takes memory from the system, which is zero.
    ///
    /// - Parameter isShared: whether child processes that are made later write to the same memory.
    /// - Throws: an error if there is not so much.
    init(byteCount: Int, isShared: Bool = false) throws(DataError) {
        self.byteCount = byteCount
        mappedByteCount = max(1, byteCount)
        let sharing = isShared ? MAP_SHARED : MAP_PRIVATE
        guard byteCount >= 0,
            let start = mmap(nil, mappedByteCount, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0),
            start != MAP_FAILED
        else {
            throw DataError(
                "There is no memory for \(byteCount >> 20) MiB of data: \(String(cString: strerror(errno))). Use fewer "
                    + "rows, or set data.residency to \"stream\".")
        }
        #if os(Linux)
            // Rows are read at random: larger pages are found faster, and are taken faster from the system.
            madvise(start, mappedByteCount, 14)  // MADV_HUGEPAGE
        #endif
        base = start
    }

    init<Element: BitwiseCopyable>(copying array: [Element]) {
        byteCount = array.count * MemoryLayout<Element>.stride
        mappedByteCount = 0
        base = .allocate(byteCount: max(1, byteCount), alignment: 64)
        array.withUnsafeBytes { if let start = $0.baseAddress { base.copyMemory(from: start, byteCount: $0.count) } }
    }

    deinit { if mappedByteCount > 0 { munmap(base, mappedByteCount) } else { base.deallocate() } }

    @inline(__always)
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: base, count: byteCount))
    }
}

extension NumberStorage {
    /// Adds values to a hash in the form that earlier versions kept them in, so that hashes of data stay: integers of
    /// up to 16 bits other than `uint8` and floating types of up to 32 as `Float`, wider integers as `Double`.
    func update(_ hash: SHA256, _ range: Range<Int>) {
        switch format {
        case .uint8, .float32, .float64:
            let byteCount = format.byteCount
            withUnsafeBytes {
                hash.update(
                    UnsafeRawBufferPointer(rebasing: $0[range.lowerBound * byteCount..<range.upperBound * byteCount]))
            }
        case .int8, .uint16, .int16, .float16, .bfloat16: hashDecoded(hash, range) { Float($0) }
        case .uint32, .int32: hashDecoded(hash, range) { $0 }
        }
    }

    private func hashDecoded<Element>(_ hash: SHA256, _ range: Range<Int>, _ convert: (Double) -> Element) {
        let blockCount = 1 << 13
        withUnsafeTemporaryAllocation(of: Double.self, capacity: blockCount) { numbers in
            withUnsafeTemporaryAllocation(of: Element.self, capacity: blockCount) { converted in
                guard let start = numbers.baseAddress else { return }
                for first in stride(from: range.lowerBound, to: range.upperBound, by: blockCount) {
                    let end = min(first + blockCount, range.upperBound)
                    decode(first..<end, into: start)
                    for index in 0..<end - first { converted[index] = convert(numbers[index]) }
                    hash.update(
                        UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: converted[..<(end - first)])))
                }
            }
        }
    }
}
