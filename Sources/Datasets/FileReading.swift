import Foundation

/// Refuses a folder where a file is expected.
///
/// - Parameter expected: what the file should be, with its article, for the message.
func requireFile(_ path: String, _ expected: String) throws(DataError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return }
    throw DataError(file: path, "This is a folder; expected \(expected). Name a file in it.")
}

/// The bytes that this process may use: of the machine, of its group (a container, a job) and of `ulimit -v`.
package let availableMemory: UInt64 = {
    var limit = rlimit()
    getrlimit(limited(RLIMIT_AS), &limit)
    let groups = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].compactMap { path in
        (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
            UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
    return ([ProcessInfo.processInfo.physicalMemory, UInt64(clamping: limit.rlim_cur)] + groups).min() ?? .max
}()

/// Returns the number of elements of a shape, or nil if they do not fit into the memory that may be used.
package func elementCount(of shape: [Int], bytesEach size: Int) -> Int? {
    var byteCount = size
    for length in shape {
        let (product, hasOverflow) = byteCount.multipliedReportingOverflow(by: length)
        if hasOverflow { return nil }
        byteCount = product
    }
    return UInt64(byteCount) <= availableMemory ? byteCount / size : nil
}

#if os(Linux)
    /// The number by which calls take what they limit.
    func limited(_ name: __rlimit_resource) -> __rlimit_resource_t { __rlimit_resource_t(name.rawValue) }
#else
    func limited(_ name: Int32) -> Int32 { name }
#endif
