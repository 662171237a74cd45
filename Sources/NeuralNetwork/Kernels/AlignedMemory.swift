import CPUGuard

#if os(Linux)
    import Glibc
#endif

/// Allocates memory aligned to 64 bytes, or to huge pages where it is large, so that rows that are read here and there
/// miss the page table's cache less often.
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

/// Has the C library keep memory that is given back, for who takes as much again.
///
/// Fetching it from the system anew is a page fault for every 4 KB. Without effect on other C libraries than glibc.
package func keepFreedMemory() { bnexp_keep_freed_memory() }
