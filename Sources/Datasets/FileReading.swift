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

/// The bytes that this process may still take without the system ending it: what is free on the machine and in its
/// group, and what `ulimit -v` leaves.
package func freeMemory() -> UInt64 {
    func number(_ path: String) -> UInt64? {
        (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
            UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
    var bounds = [availableMemory]
    if let free = statusField("MemAvailable:", of: "/proc/meminfo") { bounds.append(free << 10) }
    let group = "/sys/fs/cgroup/memory"
    if let limit = number("\(group).max"), let used = number("\(group).current") {
        // Pages of files are given up where memory runs short.
        let files = statusField("inactive_file", of: "\(group).stat") ?? 0
        bounds.append(limit - min(limit, used - min(used, files)))
    }
    if let limit = number("\(group)/memory.limit_in_bytes"), let used = number("\(group)/memory.usage_in_bytes") {
        let files = statusField("total_inactive_file", of: "\(group)/memory.stat") ?? 0
        bounds.append(limit - min(limit, used - min(used, files)))
    }
    var space = rlimit()
    getrlimit(limited(RLIMIT_AS), &space)
    if space.rlim_cur < UInt64(Int64.max), let used = statusField("VmSize:", of: "/proc/self/status") {
        bounds.append(UInt64(space.rlim_cur) - min(UInt64(space.rlim_cur), used << 10))
    }
    return bounds.min() ?? 0
}

/// The number in a line such as `MemAvailable:  123 kB` of a file in which the system tells its state.
func statusField(_ name: String, of path: String) -> UInt64? {
    // Separated by blanks, or as in /proc/self/status by tabs.
    (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n").first { $0.hasPrefix(name) }
        .flatMap { $0.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { UInt64($0) } }
}

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
