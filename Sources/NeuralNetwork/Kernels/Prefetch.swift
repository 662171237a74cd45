import CPUGuard

/// Asks for the cache lines of some memory before they are needed.
package func prefetch(_ start: UnsafeRawPointer, byteCount: Int) {
    for offset in stride(from: 0, to: byteCount, by: 64) { bnexp_prefetch(start + offset) }
}
