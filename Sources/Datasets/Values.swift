import CHDF5
import Foundation

/// Numbers that stay where they are in memory: those of an array, or what a child process has read.
///
/// Copies share the memory, which is given back with the last of them.
package struct Values<Element: BitwiseCopyable & Sendable>: @unchecked Sendable, RandomAccessCollection {
    // Sound because nothing writes to the memory any more.
    private let memory: Memory
    private let base: UnsafePointer<Element>
    package let count: Int

    package var startIndex: Int { 0 }
    package var endIndex: Int { count }

    package init(_ array: [Element]) {
        let copy = UnsafeMutablePointer<Element>.allocate(capacity: array.count)
        array.withUnsafeBufferPointer {
            if let start = $0.baseAddress { copy.initialize(from: start, count: $0.count) }
        }
        memory = Memory { copy.deallocate() }
        base = UnsafePointer(copy)
        count = array.count
    }

    /// - Parameter offset: of the first number in the file, in bytes; a multiple of the page size.
    init(_ file: NamelessFile, offset: Int, count: Int) throws(DataError) {
        let byteCount = count * MemoryLayout<Element>.stride
        guard byteCount > 0, let start = mmap(nil, byteCount, PROT_READ, MAP_SHARED, file.descriptor, off_t(offset)),
            start != MAP_FAILED
        else {
            throw DataError("\(byteCount) bytes could not be mapped into memory: \(String(cString: strerror(errno))).")
        }
        memory = Memory { munmap(start, byteCount) }
        base = UnsafePointer(start.assumingMemoryBound(to: Element.self))
        self.count = count
    }

    package subscript(index: Int) -> Element {
        @inline(__always) get {
            precondition(index >= 0 && index < count, "there is no value \(index)")
            return base[index]
        }
    }

    @inline(__always)
    package func withUnsafeBufferPointer<Result>(_ body: (UnsafeBufferPointer<Element>) throws -> Result) rethrows
        -> Result
    {
        defer { withExtendedLifetime(memory) {} }
        return try body(UnsafeBufferPointer(start: base, count: count))
    }

    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBufferPointer { try body(UnsafeRawBufferPointer($0)) }
    }

    private final class Memory {
        private let release: () -> Void
        init(_ release: @escaping () -> Void) { self.release = release }
        deinit { release() }
    }
}

/// A file in memory that has no name, which a child process fills and its parent reads.
final class NamelessFile: Sendable {
    let descriptor: Int32

    init() throws(DataError) {
        descriptor = bnexp_nameless_file()
        guard descriptor >= 0 else {
            throw DataError("no memory can be shared: \(String(cString: strerror(errno))).")
        }
    }

    deinit { close(descriptor) }

    /// What a child process left with `leave(trail:)`.
    var text: String {
        var bytes = [UInt8](repeating: 0, count: 1 << 12)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0 }, as: UTF8.self)
    }
}

/// The end of a nameless file to which a child process appends.
final class SharedBytes {
    private let file: NamelessFile
    private var end = 0

    init(_ file: NamelessFile) { self.file = file }

    /// Makes room for values, has `body` fill it, and returns the offset of the first in the file.
    func append<Element>(
        _ count: Int, of _: Element.Type, _ body: (UnsafeMutableBufferPointer<Element>) throws(DataError) -> Void
    ) throws(DataError) -> Int {
        let offset = end, byteCount = count * MemoryLayout<Element>.stride, page = Int(sysconf(Int32(_SC_PAGESIZE)))
        end += (byteCount + page - 1) / page * page
        guard ftruncate(file.descriptor, off_t(end)) == 0,
            let start = mmap(
                nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, off_t(offset)),
            start != MAP_FAILED
        else {
            throw DataError("there is no memory for \(byteCount) bytes: \(String(cString: strerror(errno))).")
        }
        defer { munmap(start, byteCount) }
        try body(UnsafeMutableBufferPointer(start: start.assumingMemoryBound(to: Element.self), count: count))
        return offset
    }

    /// Says where the child is, for the case that it does not come back; nothing else is put into the file then.
    func leave(trail: String) {
        let bytes = Array(trail.utf8.prefix(4000)) + [0]
        _ = pwrite(file.descriptor, bytes, bytes.count, 0)
    }
}
