/// Different names, numbered in the order in which they come.
struct NameTable {
    private(set) var names: [String] = []
    private var numbers: [ArraySlice<UInt8>: Int32] = [:]

    /// The number of a name.
    mutating func number(_ bytes: ArraySlice<UInt8>) -> Int32 {
        if let known = numbers[bytes] { return known }
        let number = Int32(names.count)
        numbers[ArraySlice(Array(bytes))] = number
        names.append(String(decoding: bytes, as: UTF8.self))
        return number
    }
}
