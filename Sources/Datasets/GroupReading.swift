import Foundation

extension PlannedRead {
    /// AnnData's sparse matrices (`encoding-type` csr_matrix, csc_matrix) and categorical columns.
    init(
        group name: String, in file: HDF5File, _ request: DatasetRequest, areTargets: Bool,
        _ permissions: HDF5Permissions
    ) throws(DataError) {
        func error(_ problem: String) -> DataError { DataError(file: file.path, dataset: name, problem) }
        func part(_ part: String) throws(DataError) -> HDF5Dataset {
            let dataset = try file.dataset("\(name)/\(part)")
            var notes: [String] = []
            try dataset.checkPresence(in: file, permissions, &notes)
            return dataset
        }
        let place = Datasets.place(file: file.path, dataset: name)
        let encoding = try file.attributes(of: name)["encoding-type"]?.description ?? ""
        switch encoding {
        case "categorical" where areTargets:
            let codeSet = try part("codes"), categories = try part("categories")
            let rows = try request.checkedRows(of: codeSet.shape.first ?? 0, codeSet)
            self.init(shape: [rows.count]) { (shared) throws(DataError) in
                let codes = try codeSet.read(Double.self)
                let names: [String]
                if case .strings = categories.valueType.form {
                    let (strings, order) = try categories.readStrings()
                    names = order.map { strings[Int($0)] }
                } else {
                    names = try categories.read(Double.self).map { Int(exactly: $0).map(String.init) ?? "\($0)" }
                }
                let missing = rows.filter { codes[$0] == -1 }
                if let first = missing.first {
                    throw error(
                        "\(missing.count == 1 ? "1 row has" : "\(missing.count) rows have") no category, the first is row \(first). "
                            + "Leave them out.")
                }
                if let row = rows.first(where: { codes[$0] < 0 || codes[$0] >= Double(names.count) }) {
                    throw error("Row \(row) has the code \(codes[row]); expected 0 to \(names.count - 1).")
                }
                let offset = try shared.append(rows.count, of: Int32.self) { target in
                    for (index, row) in rows.enumerated() { target[index] = Int32(codes[row]) }
                }
                return ReadDataset(
                    form: .codes, shape: [rows.count], elementType: .uint8, offset: offset, names: names,
                    notes: ["'\(name)' is a categorical column"], place: place, typeName: "categorical")
            }
        case "csr_matrix", "csc_matrix":
            let values = try part("data"), indices = try part("indices"), starts = try part("indptr")
            guard let size = try file.integers(ofAttribute: "shape", of: name), size.count == 2,
                size.allSatisfy({ $0 > 0 })
            else { throw error("It is a sparse matrix without its attribute shape.") }
            guard elementCount(of: size, bytesEach: 4) != nil else {
                throw error("\(describe(shape: size)) values do not fit into memory. Read fewer rows.")
            }
            let isByRow = encoding == "csr_matrix"
            let rows = try request.checkedRows(of: size[0], starts)
            self.init(shape: [rows.count, size[1]]) { (shared) throws(DataError) in
                let data = try values.read(Float.self), places = try indices.read(Double.self)
                let ends = try starts.read(Double.self)
                let (outer, inner) = isByRow ? (size[0], size[1]) : (size[1], size[0])
                guard ends.count == outer + 1, data.count == places.count, ends.first == 0,
                    ends.last == Double(data.count), zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 })
                else { throw error("Its parts data, indices and indptr do not fit together.") }
                if let entry = places.firstIndex(where: { !($0 >= 0 && $0 < Double(inner)) }) {
                    throw error("Entry \(entry) of indices is \(places[entry]); expected 0 to \(inner - 1).")
                }
                let offset = try shared.append(rows.count * size[1], of: Float.self) { target in
                    target.update(repeating: 0)
                    for index in 0..<outer {
                        for entry in Int(ends[index])..<Int(ends[index + 1]) {
                            let other = Int(places[entry])
                            let (row, column) = isByRow ? (index, other) : (other, index)
                            if rows.contains(row) { target[(row - rows.lowerBound) * size[1] + column] += data[entry] }
                        }
                    }
                }
                return ReadDataset(
                    form: .float32, shape: [rows.count, size[1]], elementType: .float32, offset: offset,
                    notes: ["'\(name)' is a sparse matrix, \(data.count) of \(size[0] * size[1]) values are stored"],
                    place: place, typeName: "sparse \(values.typeName)")
            }
        default:
            throw error(try file.holdings(ofGroup: name))
        }
    }
}
