import Datasets

/// An array as a file of another format stores it, not yet read.
struct StoredArray {
    /// What one element is.
    enum Element: Equatable {
        case number(ElementType)
        /// Texts of this number of UTF-8 bytes, filled up with zeros.
        case utf8(Int)
        /// Texts of this number of units of UTF-8 (one byte) or UTF-16 (two), filled up with blanks.
        case characters(Int, unitByteCount: Int)
        /// Texts of this number of UTF-32 units, filled up with zeros.
        case utf32(Int)

        /// The bytes of one element.
        var byteCount: Int {
            switch self {
            case .number(let type): type.byteCount
            case .utf8(let length): length
            case .characters(let length, let unitByteCount): unitByteCount * length
            case .utf32(let length): 4 * length
            }
        }

        var name: String {
            switch self {
            case .number(let type): type.name
            case .utf8, .characters, .utf32: "text"
            }
        }
    }

    enum Content {
        /// Elements one after the other; the closure gives as many bytes as shape and element say.
        case elements(Element, Layout, bytes: () throws(DataError) -> SourceBytes)
        /// Texts in memory, as many as the shape says.
        case texts([String])
        /// A matrix of which only some entries are stored.
        case sparse(SparseColumns)
        /// What it is, and what to do to have numbers.
        case unusable(what: String, remedy: String)
    }

    struct Layout {
        var isBigEndian = false
        /// Whether the first index varies fastest, as in Fortran and MATLAB.
        var isColumnMajor = false
    }

    /// Its name in the file; empty if the file holds one array.
    let name: String
    /// What messages call it.
    let place: String
    let shape: [Int]
    let content: Content

    /// Its type and shape for lists: `float32, 60000 x 784`.
    var summary: String {
        let type =
            switch content {
            case .elements(let element, _, _): element.name
            case .texts: "text"
            case .sparse: "sparse"
            case .unusable(let what, _): what
            }
        return "\(type), \(describe(shape: shape))"
    }

    var isText: Bool {
        switch content {
        case .elements(.number, _, _), .sparse, .unusable: false
        case .elements, .texts: true
        }
    }

    func error(_ problem: String) -> DataError { DataError("\(place): \(problem)") }
}

/// The number of bytes of an array; nil if it is larger than any file.
func byteCount(of shape: [Int], bytesEach size: Int) -> Int? {
    var result = size
    for length in shape {
        let (product, hasOverflow) = result.multipliedReportingOverflow(by: length)
        if hasOverflow || length < 0 { return nil }
        result = product
    }
    return result
}

/// The most features that a row may have.
let mostFeatures = 1 << 24
