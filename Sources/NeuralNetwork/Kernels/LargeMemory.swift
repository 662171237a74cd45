import CPUGuard

#if os(Linux)
    import Glibc
#endif

/// Memory aligned to 64 bytes, or to huge pages where it is large: rows of it that are read here and there then miss
/// the page table's cache less often.
///
/// It is freed with `deallocate`.
func allocateAligned<T>(_: T.Type, count: Int) -> UnsafeMutablePointer<T> {
    let byteCount = max(1, count) * MemoryLayout<T>.stride, isLarge = byteCount >= 2 * hugePage
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: isLarge ? hugePage : 64)
    #if os(Linux)
        if isLarge { madvise(memory, byteCount, MADV_HUGEPAGE) }
    #endif
    return memory.bindMemory(to: T.self, capacity: max(1, count))
}

private let hugePage = 1 << 21

/// Asks for the cache lines of some memory before they are needed.
package func prefetch(_ start: UnsafeRawPointer, byteCount: Int) {
    for offset in stride(from: 0, to: byteCount, by: 64) { bnexp_prefetch(start + offset) }
}
