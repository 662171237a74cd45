import CHDF5
import Foundation

// Datasets larger than memory are looked at in blocks of rows.

extension HDF5Dataset {
    /// The numbers in one row.
    var rowWidth: Int { shape.dropFirst().reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } }

    /// Calls `body` with a block of rows after the other; a scalar is one row.
    ///
    /// Blocks are of about 8 MB, and end where chunks do, so that no chunk is unpacked twice.
    func forEachBlock(bytesEach: Int = 8, _ body: (Range<Int>) throws(DataError) -> Void) throws(DataError) {
        let rowCount = shape.first ?? 1
        guard rowCount > 0, elementCount(of: Array(shape.dropFirst()), bytesEach: 8) != nil else {
            if rowCount <= 0 { return }
            throw error("A row of \(describe(shape: Array(shape.dropFirst()))) values does not fit into memory.")
        }
        let chunkRows = min(rowCount, max(1, try layout().chunkShape?.first ?? 1))
        let blockRows = max(1, (1 << 23) / max(1, bytesEach) / max(1, rowWidth) / chunkRows) * chunkRows
        var start = 0
        while start < rowCount {
            let end = start + min(blockRows, rowCount - start)
            try body(start..<end)
            start = end
        }
    }

    /// Reads the numbers of some rows.
    func numbers(inRows rows: Range<Int>) throws(DataError) -> [Double] {
        guard let count = elementCount(of: [rows.count] + shape.dropFirst(), bytesEach: 8) else {
            throw error("\(rows.count) rows of \(describe(shape: shape)) do not fit into memory.")
        }
        var problem: DataError?
        let values = [Double](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            do throws(DataError) {
                let target = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
                try read(into: target, rows: shape.isEmpty ? nil : rows)
                initializedCount = count
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
        return values
    }

    /// Reads the strings of some rows.
    func strings(inRows rows: Range<Int>) throws(DataError) -> [String] {
        guard case .strings(let byteCount) = valueType.form else {
            preconditionFailure("\(handle.place) holds no strings")
        }
        try requireFilters()
        guard let count = elementCount(of: [rows.count] + shape.dropFirst(), bytesEach: max(8, byteCount ?? 8)) else {
            throw error("Its strings do not fit into memory.")
        }
        let type = try HDF5Handle(handle.place, "see its type", closing: H5Tclose) { [handle] in H5Dget_type(handle.id)
        }
        let wanted = shape.isEmpty ? nil : rows
        if let byteCount {
            // Not filled with zeros: memory is taken as it is read.
            let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count * byteCount)
            defer { bytes.deallocate() }
            try readBlocks(rows: wanted, bytesEach: byteCount, {}) { start, memory, file in
                H5Dread(handle.id, type.id, memory, file, 0, bytes.baseAddress.map { $0 + start * byteCount })
            }
            return (0..<count).map { text(Array(bytes[$0 * byteCount..<($0 + 1) * byteCount])[...]) }
        }
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        defer { HDF5Library.serialized { for pointer in pointers { if let pointer { H5free_memory(pointer) } } } }
        try pointers.withUnsafeMutableBufferPointer { pointers throws(DataError) in
            try readBlocks(rows: wanted, bytesEach: 8, {}) { start, memory, file in
                H5Dread(handle.id, type.id, memory, file, 0, pointers.baseAddress.map { $0 + start })
            }
        }
        return pointers.map { $0.map { String(cString: $0) } ?? "" }
    }
}
