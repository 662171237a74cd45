import Datasets

extension StoredArray {
    /// Returns texts as the names of classes, one a row; only arrays of N or N x 1 texts have them.
    ///
    /// - Throws: an error that names the row whose text is empty or no text, or says that there are too many names.
    func names(beside output: String) throws(DataError) -> ImportedTargets {
        guard let rowCount = shape.first, rowCount > 0, shape.dropFirst().allSatisfy({ $0 == 1 }) else {
            throw error("It has \(describe(shape: shape)) texts; expected one for each example, N or N x 1.")
        }
        var collector = NameCollector(place: place)
        switch content {
        case .texts(let texts): for text in texts { try collector.append(text) }
        case .elements(.utf8(let length), let layout, let bytes):
            try collect(UInt8.self, length, layout, try bytes(), beside: output, into: &collector) {
                String(validating: $0, as: UTF8.self)
            }
        case .elements(.characters(let length, unitByteCount: 1), let layout, let bytes):
            try collect(UInt8.self, length, layout, try bytes(), filler: 0x20, beside: output, into: &collector) {
                String(validating: $0, as: UTF8.self)
            }
        case .elements(.characters(let length, _), let layout, let bytes):
            try collect(UInt16.self, length, layout, try bytes(), filler: 0x20, beside: output, into: &collector) {
                String(validating: $0, as: UTF16.self)
            }
        case .elements(.utf32(let length), let layout, let bytes):
            try collect(UInt32.self, length, layout, try bytes(), beside: output, into: &collector) {
                String(validating: $0, as: UTF32.self)
            }
        case .elements(.number, _, _), .sparse, .unusable: throw error("It holds no texts.")
        }
        return collector.targets
    }

    /// Reads texts of `length` code units each as rows of numbers, which are then in the order of the rows.
    ///
    /// - Parameter filler: the unit, beside 0, that texts are filled up with.
    private func collect<Unit: FixedWidthInteger & BitwiseCopyable>(
        _: Unit.Type, _ length: Int, _ layout: Layout, _ bytes: SourceBytes, filler: Unit = 0, beside output: String,
        into collector: inout NameCollector, text: ([Unit]) -> String?
    ) throws(DataError) {
        let size = MemoryLayout<Unit>.size
        let units = StoredArray(
            name: name, place: place, shape: [shape[0], length],
            content: .elements(.number(ElementType(.unsigned, byteCount: size)), layout) { () throws(DataError) in
                bytes
            })
        let rows = try units.rows(beside: output)
        let source = SourceBytes(
            place: place, file: rows.file, start: rows.offset, count: rows.rowCount * rows.rowByteCount)
        let blockRows = max(1, (1 << 20) / rows.rowByteCount)
        for start in stride(from: 0, to: rows.rowCount, by: blockRows) {
            let count = min(blockRows, rows.rowCount - start)
            var block = [Unit](repeating: 0, count: count * length)
            try block.withMutableBytes { buffer throws(DataError) in
                try source.read(into: buffer, at: start * rows.rowByteCount)
            }
            for row in 0..<count {
                var units = block[row * length..<(row + 1) * length]
                while units.last == 0 || units.last == filler { units.removeLast() }
                try collector.append(text(Array(units)))
            }
        }
    }
}

/// Numbers the texts of rows as they come, and then by the order of the names.
struct NameCollector {
    let place: String
    private var codes: [Int32] = []
    private var numbers: [String: Int32] = [:]
    private let mostNames = 1 << 16

    init(place: String) { self.place = place }

    /// - Parameter text: of the next row; nil if its bytes are no text.
    mutating func append(_ text: String?) throws(DataError) {
        guard let text else {
            throw error("holds bytes that are no text in UTF-8. Decode the names where they are made")
        }
        guard !text.isEmpty else { throw error("has an empty name. Leave it out, or name its class") }
        if let number = numbers[text] { return codes.append(number) }
        guard numbers.count < mostNames else {
            throw error(
                "has the name number \(mostNames + 1). Names are of classes; values to be approximated are numbers")
        }
        let number = Int32(numbers.count)
        numbers[text] = number
        codes.append(number)
    }

    private func error(_ problem: String) -> DataError {
        DataError("\(place): Row \(codes.count), counted from 0, \(problem).")
    }

    /// The names in the order of classes, numerically if all are numbers, else by their UTF-8 bytes.
    var targets: ImportedTargets {
        let names = sortedNames(Set(numbers.keys))
        var order = [Int32](repeating: 0, count: names.count)
        for (number, name) in names.enumerated() { order[Int(numbers[name] ?? 0)] = Int32(number) }
        return .names(names, codes.map { order[Int($0)] })
    }
}
