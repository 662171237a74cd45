import Foundation

/// What the user says of a table in text.
package struct TableOptions: Sendable {
    /// What is done about rows in which a value is missing.
    package enum MissingValues: String, CaseIterable, Sendable {
        /// They are left out.
        case drop
        /// Missing inputs become the mean of their column over the training rows; a target may not be missing.
        case mean
    }

    /// Files that are one table; `-` is standard input.
    package var files: [String]
    /// A file of the test split.
    package var testFile: String?
    /// What the files are, for messages and for the attribute `format`.
    package var format = "CSV"
    /// nil to find it among comma, semicolon, tab and vertical bar.
    package var delimiter: UInt8?
    /// nil to find out.
    package var hasHeader: Bool?
    /// Names or numbers of the targets; empty to take one that is called as targets are.
    package var targets: [String] = []
    /// Names or numbers of the inputs, also several with commas between; empty for all others.
    package var columns: [String] = []
    /// Names or numbers of columns that are left out, also several with commas between.
    package var skipped: [String] = []
    /// Names or numbers of columns whose values are texts, also where they are numbers.
    package var categorical: [String] = []
    /// nil to refuse them.
    package var missing: MissingValues?
    /// Whether a comma is the decimal point.
    package var hasDecimalComma = false
    /// The bytes of a block that a thread works on; what is read does not depend on it.
    package var blockByteCount = 1 << 20
    package var threads = ProcessInfo.processInfo.activeProcessorCount

    package init(files: [String]) { self.files = files }
}
