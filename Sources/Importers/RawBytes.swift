import Datasets

extension Array where Element: BitwiseCopyable {
    /// Gives `body` the memory of the elements, as `withUnsafeBytes` does, which takes no errors of a given type.
    func withBytes(_ body: (UnsafeRawBufferPointer) throws(DataError) -> Void) throws(DataError) {
        try withUnsafeBufferPointer { elements throws(DataError) in try body(UnsafeRawBufferPointer(elements)) }
    }

    /// Gives `body` the memory of the elements to change.
    mutating func withMutableBytes(_ body: (UnsafeMutableRawBufferPointer) throws(DataError) -> Void) throws(DataError)
    {
        try withUnsafeMutableBufferPointer { elements throws(DataError) in
            try body(UnsafeMutableRawBufferPointer(elements))
        }
    }
}
