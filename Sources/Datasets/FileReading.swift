import Foundation

/// Refuses a folder where a file is expected.
///
/// - Parameter expected: what the file should be, with its article, for the message.
func requireFile(_ path: String, _ expected: String) throws(DataError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return }
    throw DataError(file: path, "This is a folder; expected \(expected). Name a file in it.")
}

/// Returns the number of elements of a shape, or nil if they do not fit into this machine's memory.
func elementCount(of shape: [Int], bytesEach size: Int) -> Int? {
    var byteCount = size
    for length in shape {
        let (product, hasOverflow) = byteCount.multipliedReportingOverflow(by: length)
        if hasOverflow { return nil }
        byteCount = product
    }
    return UInt64(byteCount) <= ProcessInfo.processInfo.physicalMemory ? byteCount / size : nil
}
