import CHDF5

/// Names that MATLAB 7.3 keeps in a cell array: references to arrays of characters, N x 1 or 1 x N.
final class CellRows: RowSource {
    let found: FoundRows
    private let cells: HDF5Dataset
    private var table = NameTable()

    /// More characters are no name of a class.
    private static let mostCharacters = 1 << 16

    /// - Throws: an error if the cells are no list of N.
    init(_ cells: HDF5Dataset, notes: [String]) throws(DataError) {
        self.cells = cells
        guard let count = cells.shape.max(), cells.shape.allSatisfy({ $0 > 0 }),
            cells.shape.count(where: { $0 > 1 }) <= 1
        else {
            throw cells.error("It is a cell array of \(describe(shape: cells.shape)); expected N x 1 or 1 x N names.")
        }
        found = FoundRows(
            place: place(file: cells.file, dataset: cells.name), typeName: "cell", rowCount: count, rowShape: [],
            elementType: .uint8, format: .int32, areNames: true,
            notes: notes + ["'\(cells.name)' is a cell array of MATLAB, of \(count) names"])
    }

    var names: [String] { table.names }

    func read(_ rows: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError) {
        let numbers = target.bindMemory(to: Int32.self, capacity: rows.count)
        var references = [hobj_ref_t](repeating: 0, count: rows.count)
        let dimension = cells.shape.firstIndex { $0 > 1 } ?? 0
        let type = HDF5Dataset.MemoryType(HDF5Library.serialized { bnexp_object_reference() })
        try references.withUnsafeMutableBufferPointer { (bytes) throws(DataError) in
            guard let base = bytes.baseAddress else { return }
            try cells.read(cells.box(rows: rows, dimension: dimension), as: type, into: base)
        }
        for (index, row) in rows.enumerated() {
            let text = try text(references[index], row: row)
            numbers[index] = table.number(ArraySlice(text.utf8))
        }
    }

    /// The characters of the array that a reference leads to; none if the array is empty.
    private func text(_ reference: hobj_ref_t, row: Int) throws(DataError) -> String {
        func error(_ what: String) -> DataError {
            cells.error(
                "Row \(row), counted from 0, is \(what); expected names, each a row of characters. In MATLAB: "
                    + "cellstr(string(...)).")
        }
        guard reference != 0 else { throw error("an empty reference") }
        var reference = reference
        let place = "\(found.place), row \(row)"
        let object = try HDF5Handle(place, "follow its reference", closing: H5Oclose) { [cells] in
            bnexp_dereference(cells.handle.id, &reference)
        }
        guard HDF5Library.serialized({ H5Iget_type(object.id) }) == H5I_DATASET else { throw error("no array") }
        // What is empty has its dimensions as values.
        if HDF5Library.serialized({ H5Aexists(object.id, "MATLAB_empty") }) > 0 { return "" }
        let type = try HDF5Handle(place, "see its type", closing: H5Tclose) { H5Dget_type(object.id) }
        let space = try HDF5Handle(place, "see its shape", closing: H5Sclose) { H5Dget_space(object.id) }
        let shape = try extent(of: space)
        guard try type.check("see its type", { H5Tget_class($0).rawValue }) == H5T_INTEGER.rawValue,
            try type.check("see its type", { Int(H5Tget_size($0)) }) == 2
        else { throw error("no array of characters") }
        let count = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 }
        guard shape.count <= 2, shape.count(where: { $0 > 1 }) <= 1, count <= CellRows.mostCharacters else {
            throw error("\(describe(shape: shape)) characters")
        }
        var units = [UInt16](repeating: 0, count: count)
        if count > 0 {
            try object.check("read its characters") { H5Dread($0, bnexp_native_uint16(), 0, 0, 0, &units) }
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw error("no text in UTF-16") }
        return text
    }
}
