import Foundation
import NeuralNetwork
import Support

/// A safetensors file: tensors by name, the form in which PyTorch's users share weights.
///
/// The file is 8 bytes with the length of a header, the header (JSON: type, shape and place of every tensor, and
/// `__metadata__`, texts by name), and the tensors' values, the last index fastest, in little-endian order. Source:
/// huggingface safetensors, README, "Format".
package struct SafetensorsFile: Sendable {
    package let path: String
    package let metadata: [String: String]
    /// The shape of every tensor.
    package var shapes: [String: [Int]] { tensors.mapValues(\.shape) }
    private let tensors: [String: Tensor]
    private let state: FileState
    /// Where the values begin.
    private let start: Int

    private struct Tensor {
        let type: String
        let shape: [Int]
        let range: Range<Int>
    }

    /// The longest header that the format allows.
    private static let longestHeader = 100_000_000

    /// Whether a path is meant as such a file, by its name or by how it begins.
    package static func isMeant(by path: String) -> Bool {
        if path.hasSuffix(".safetensors") { return true }
        let beginning = Support.beginning(of: path, byteCount: 9)
        return beginning.count == 9 && beginning[7] == 0 && beginning[8] == UInt8(ascii: "{")
    }

    /// Reads the header.
    ///
    /// - Throws: an error that says what is wrong if the file is damaged or is none of this form.
    package init(path: String) throws(DataError) {
        func wrong(_ problem: String) -> DataError {
            DataError(file: path, "\(problem); expected a safetensors file, as safetensors.torch.save_file writes it.")
        }
        let state = try FileState(checking: path)
        var isFolder: ObjCBool = false
        guard !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) || !isFolder.boolValue else {
            throw wrong("It is a folder")
        }
        let file = try SafetensorsFile.open(path)
        let size = Int(clamping: file.seekToEndOfFile())
        file.seek(toFileOffset: 0)
        let lengthBytes = try SafetensorsFile.read(8, of: file, path)
        guard lengthBytes.count == 8 else { throw wrong("It has \(size) bytes") }
        let length = lengthBytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= SafetensorsFile.longestHeader, Int(length) <= size - 8 else {
            throw wrong("Its first 8 bytes say that its header has \(length) bytes, and it has \(size)")
        }
        let text = String(decoding: try SafetensorsFile.read(Int(length), of: file, path), as: UTF8.self)
        let header: JSON
        do { header = try JSONReader.read(text, source: "header") } catch {
            throw wrong("Its header is no JSON (\(error.message))")
        }
        guard let members = header.members else { throw wrong("Its header is no JSON object") }
        let byteCount = size - 8 - Int(length)
        var tensors: [String: Tensor] = [:], metadata: [String: String] = [:]
        for member in members where member.key == "__metadata__" {
            for entry in member.value.members ?? [] {
                if case .string(let text) = entry.value.value { metadata[entry.key] = text }
            }
        }
        for member in members where member.key != "__metadata__" {
            guard case .string(let type)? = member.value["dtype"]?.value, let shape = member.value["shape"]?.integers,
                let ends = member.value["data_offsets"]?.integers, ends.count == 2, shape.allSatisfy({ $0 >= 0 }),
                0 <= ends[0], ends[0] <= ends[1], ends[1] <= byteCount
            else {
                throw wrong(
                    "Its header has for \"\(member.key)\" \(member.value.text().prefix(200)), "
                        + "and values of \(byteCount) bytes follow"
                )
            }
            tensors[member.key] = Tensor(type: type, shape: shape, range: ends[0]..<ends[1])
        }
        self.path = path
        self.metadata = metadata
        self.tensors = tensors
        self.state = state
        start = 8 + Int(length)
    }

    private static func open(_ path: String) throws(DataError) -> FileHandle {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw DataError(file: path, "It cannot be opened; check the permissions.")
        }
        return file
    }

    /// Reads so many bytes, or those that are left.
    private static func read(_ byteCount: Int, of file: FileHandle, _ path: String) throws(DataError) -> Data {
        do { return try file.read(upToCount: byteCount) ?? Data() } catch {
            throw DataError(file: path, "It cannot be read; expected a file that safetensors.torch.save_file wrote.")
        }
    }

    /// Fills a matrix from a tensor of as many values, converted to its precision.
    ///
    /// - Parameters:
    ///   - shape: that the tensor must have.
    ///   - isTransposed: whether the tensor's rows are the matrix's columns.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func read<S: Scalar>(_ name: String, shape: [Int], into matrix: Matrix<S>, isTransposed: Bool = false)
        throws(DataError)
    {
        let bytes = try values(of: name, shape: shape, width: ["F64": 8, "F32": 4, "BF16": 2])
        let type = tensors[name]?.type, columns = matrix.columns, rows = matrix.rows
        bytes.withUnsafeBytes { bytes in
            for place in 0..<matrix.count {
                let value: S
                switch type {
                case "F64":
                    value = S(
                        Double(
                            bitPattern: UInt64(
                                littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self))))
                case "F32":
                    value = S(
                        Float(
                            bitPattern: UInt32(
                                littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self))))
                default:
                    let bits = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self))
                    value = S(Float(bitPattern: UInt32(bits) << 16))
                }
                matrix.base[isTransposed ? place % rows * columns + place / rows : place] = value
            }
        }
    }

    /// Reads a tensor of one integer.
    package func integer(_ name: String) throws(DataError) -> Int64 {
        let bytes = try values(of: name, shape: [], width: ["I64": 8])
        return bytes.withUnsafeBytes { Int64(littleEndian: $0.loadUnaligned(as: Int64.self)) }
    }

    /// - Parameter width: the bytes of a value of each type that is read.
    private func values(of name: String, shape: [Int], width: [String: Int]) throws(DataError) -> [UInt8] {
        guard let tensor = tensors[name] else {
            throw DataError(file: path, "It has no tensor \(name).")
        }
        guard tensor.shape == shape else {
            throw DataError(
                file: path, dataset: name,
                "It has the shape \(describe(shape: tensor.shape)); expected \(describe(shape: shape)).")
        }
        guard let bytes = width[tensor.type] else {
            throw DataError(
                file: path, dataset: name,
                "Its values are of type \(tensor.type); expected \(width.keys.sorted().joined(separator: ", ")). Convert "
                    + "the tensor with .float() before it is saved.")
        }
        guard tensor.range.count == shape.reduce(bytes, *) else {
            throw DataError(
                file: path, dataset: name,
                "It takes \(tensor.range.count) bytes, which is not what \(describe(shape: shape)) values of "
                    + "\(tensor.type) do. The file is damaged; save it again.")
        }
        return try state.held(by: path) { () throws(DataError) in
            let file = try SafetensorsFile.open(path)
            file.seek(toFileOffset: UInt64(start + tensor.range.lowerBound))
            let read = try SafetensorsFile.read(tensor.range.count, of: file, path)
            guard read.count == tensor.range.count else {
                throw DataError(file: path, dataset: name, "The file ends within it. Save it again.")
            }
            return Array(read)
        }
    }
}

extension JSON {
    /// The integers of a list of nothing else.
    fileprivate var integers: [Int]? {
        guard case .array(let elements) = value else { return nil }
        let numbers = elements.compactMap { if case .integer(let number) = $0.value { number } else { nil } }
        return numbers.count == elements.count ? numbers : nil
    }
}

/// Writes a safetensors file, which is complete when `finish` has returned.
package struct SafetensorsWriter {
    private var header: [JSON.Member] = []
    private var tensors: [[UInt8]] = []
    private var byteCount = 0

    package init(metadata: [(String, String)]) {
        header.append(JSON.Member("__metadata__", JSON(.object(metadata.map { JSON.Member($0, JSON($1)) }))))
    }

    /// Adds a matrix in its precision.
    ///
    /// - Parameter isTransposed: whether the tensor's rows are the matrix's columns.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package mutating func add<S: Scalar>(
        _ name: String, shape: [Int], _ matrix: Matrix<S>, isTransposed: Bool = false
    ) {
        let rows = matrix.rows, columns = matrix.columns
        var bytes: [UInt8] = []
        bytes.reserveCapacity(matrix.count * MemoryLayout<S>.stride)
        for place in 0..<matrix.count {
            let value = matrix.base[isTransposed ? place % rows * columns + place / rows : place]
            // Every machine that bnexp runs on is little-endian.
            withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
        }
        add(name, type: S.self == Float.self ? "F32" : "F64", shape: shape, bytes)
    }

    /// Adds a tensor of one integer.
    package mutating func add(_ name: String, _ number: Int) {
        add(name, type: "I64", shape: [], withUnsafeBytes(of: Int64(number).littleEndian) { Array($0) })
    }

    private mutating func add(_ name: String, type: String, shape: [Int], _ bytes: [UInt8]) {
        let ends = [byteCount, byteCount + bytes.count]
        byteCount = ends[1]
        func list(_ numbers: [Int]) -> JSON { JSON(.array(numbers.map { JSON(.integer($0)) })) }
        header.append(
            JSON.Member(
                name,
                JSON(
                    .object([
                        JSON.Member("dtype", JSON(.string(type))), JSON.Member("shape", list(shape)),
                        JSON.Member("data_offsets", list(ends)),
                    ]))))
        tensors.append(bytes)
    }

    package func finish(to path: String) throws(Failure) {
        var text = Array(JSON(.object(header)).text().utf8)
        // So that values of eight bytes stand at multiples of eight.
        while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
        let file = try OutputFile(path: path)
        try file.write(withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text)
        for bytes in tensors { try file.write(bytes) }
        try file.finish()
    }
}
