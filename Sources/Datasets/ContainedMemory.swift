import Foundation

/// How much memory a child process may take that reads files, see `contained`: some, and more for each file that it
/// opens.
///
/// A damaged file of a few kilobytes may claim gigabytes, which the HDF5 library takes, and may fill, before it sees
/// that they are not there. Where a claim is beyond the limit the library says that it got no memory, and the child
/// ends.
enum ContainedMemory {
    /// Bytes beside what files need: blocks of rows, tables of what values differ.
    private static let base: rlim_t = 320 << 20
    /// Bytes in memory for one in a file, above what any filter restores of one: deflate makes 1032 of it.
    private static let largestRatio: rlim_t = 2048

    /// Limits this process, which must be a child that was just made, on systems that say how much it has by then.
    static func limit() {
        guard let kilobytes = statusField("VmData:", of: "/proc/self/status") else { return }
        set { _ in sum(rlim_t(kilobytes) * 1024, base) }
    }

    /// Lets this process take more, for what a file of so many bytes may hold; without effect where nothing is limited.
    static func allow(fileBytes: Int) {
        let (bytes, hasOverflow) = rlim_t(max(0, fileBytes)).multipliedReportingOverflow(by: largestRatio)
        set { $0 < unlimited ? sum($0, hasOverflow ? .max : bytes) : $0 }
    }

    private static func set(_ change: (rlim_t) -> rlim_t) {
        var limit = rlimit()
        guard getrlimit(limited(RLIMIT_DATA), &limit) == 0 else { return }
        let wanted = min(limit.rlim_max, change(limit.rlim_cur))
        guard wanted != limit.rlim_cur else { return }
        limit.rlim_cur = wanted
        setrlimit(limited(RLIMIT_DATA), &limit)
    }

    private static let unlimited = rlim_t(Int64.max)

    private static func sum(_ a: rlim_t, _ b: rlim_t) -> rlim_t {
        let (sum, hasOverflow) = a.addingReportingOverflow(b)
        return hasOverflow ? .max : sum
    }
}
