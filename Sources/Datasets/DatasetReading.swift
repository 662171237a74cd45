extension HDF5File {
    /// What is asked for, as rows that can be read: `uint8` and booleans as they are, other types in their own width;
    /// integers of 64 bits as `Double` (those beyond 2^53 are rounded).
    ///
    /// netCDF's `scale_factor`, `add_offset` and `_FillValue` are applied.
    /// - Parameter areTargets: whether names are read too.
    func rows(_ request: DatasetRequest, areTargets: Bool, _ permissions: HDF5Permissions) throws(DataError)
        -> any RowSource
    {
        let all = try allRows(request, areTargets: areTargets, permissions)
        func error(_ problem: String) -> DataError { DataError("\(all.found.place): \(problem)") }
        guard all.found.rowCount > 0 else { throw error("It has no rows.") }
        switch request.rows {
        case nil: return all
        case .range(let first, let end):
            guard first >= 0, first < end, end <= all.found.rowCount else {
                throw error(
                    "rows are [\(first), \(end)]; expected [from, to] with 0 <= from < to <= \(all.found.rowCount), "
                        + "the number of its rows.")
            }
            return ChosenRows(.range(first..<end), of: all)
        case .listed(let name): return ChosenRows(.list(try rowNumbers(in: name, below: all.found.rowCount)), of: all)
        }
    }

    /// The numbers of rows that a dataset lists.
    private func rowNumbers(in name: String, below count: Int) throws(DataError) -> [UInt32] {
        let dataset = try dataset(name)
        var notes: [String] = []
        try dataset.checkPresence(in: self, .init(), &notes)
        guard let length = dataset.shape.first, length > 0, dataset.shape.reduce(1, *) == length else {
            throw dataset.error(
                "It is \(describe(shape: dataset.shape)); expected the numbers of one row or more, one after the other."
            )
        }
        try dataset.requirePresent(.range(0..<length), dimension: 0)
        let numbers = try dataset.read(Double.self)
        if dataset.elementType == .boolean {
            guard numbers.count == count else {
                throw dataset.error("It marks \(numbers.count) rows; expected one mark for each of \(count) rows.")
            }
            let marked = numbers.indices.filter { numbers[$0] != 0 }.map { UInt32($0) }
            guard !marked.isEmpty else { throw dataset.error("It marks no row.") }
            return marked
        }
        if let place = numbers.firstIndex(where: {
            !($0 >= 0 && $0 < Double(min(count, 1 << 32)) && $0 == $0.rounded())
        }) {
            let number = Int(exactly: numbers[place]).map(String.init) ?? "\(numbers[place])"
            throw dataset.error(
                "Number \(place) (counted from 0) is \(number); expected the number of a row, 0 to \(count - 1).")
        }
        return numbers.map { UInt32($0) }
    }

    private func allRows(_ request: DatasetRequest, areTargets: Bool, _ permissions: HDF5Permissions)
        throws(DataError) -> any RowSource
    {
        if request.name.contains("*") { return try rows(matching: request.name, areTargets: areTargets, permissions) }
        var notes = try follow(request.name).map { "'\(request.name)' lies in another file, \($0)" }
        let name = request.name.split(separator: "/").joined(separator: "/")
        if kind(of: name) == "group" {
            return try rows(ofGroup: name, request, areTargets: areTargets, permissions)
        }
        let dataset = try HDF5Dataset(file: self, name: name)
        try dataset.checkPresence(in: self, permissions, &notes)
        if !request.fields.isEmpty {
            return try dataset.rows(ofFields: request.fields, areTargets: areTargets, notes: notes)
        }
        guard dataset.shape.allSatisfy({ $0 > 0 }), !dataset.shape.isEmpty else {
            let found = dataset.shape.isEmpty ? "a single value (rank 0)" : describe(shape: dataset.shape)
            throw dataset.error(
                "It is \(found); expected at least one row of at least one feature: N x ... with the examples first.")
        }
        if areTargets, dataset.typeName == "reference",
            try attributes(of: name)["MATLAB_class"]?.description == "cell"
        {
            return try CellRows(dataset, notes: notes)
        }
        if areTargets, case .strings = dataset.valueType.form {
            return NameRows(
                dataset, rowCount: dataset.shape[0], rowShape: Array(dataset.shape.dropFirst()), notes: notes
            ) { (rows, body) throws(DataError) in try dataset.readStrings(rows, body) }
        }
        let rows = try numberRows(of: dataset, request, permissions, notes: notes)
        if areTargets, rows.found.elementType.isInteger,
            let names = try strings(ofAttribute: "class_names", of: dataset.name)
        {
            rows.name(values: names)
        }
        return rows
    }

    private func numberRows(
        of dataset: HDF5Dataset, _ request: DatasetRequest, _ permissions: HDF5Permissions, notes: [String]
    ) throws(DataError) -> DatasetRows {
        var notes = notes
        let attributes = try attributes(of: dataset.name), shape = dataset.shape
        var dimension = 0, rowShape = Array(shape.dropFirst())
        let isMATLABs = attributes["MATLAB_class"] != nil && shape.count > 1
        if request.examplesAreLast ?? isMATLABs, case .arrays = dataset.valueType.form {
        } else if request.examplesAreLast ?? isMATLABs {
            dimension = shape.count - 1
            rowShape = Array(shape.dropLast())
            // MATLAB has no vectors: N x 1 and 1 x N are meant alike.
            if request.examplesAreLast == nil, shape.count == 2, shape.contains(1) {
                dimension = shape[0] == 1 ? 1 : 0
                rowShape = [1]
            }
        }
        if request.examplesAreLast == nil, isMATLABs {
            notes.append(
                "'\(dataset.name)' is MATLAB's, whose \(dimension == 0 ? "first" : "last") dimension here, "
                    + "\(shape[dimension]), counts the examples (examples \"\(dimension == 0 ? "last" : "first")\" would take the "
                    + "other)")
        }
        let width = rowShape.reduce(1, *)
        if request.columns == .allButLast || request.columns == .last, rowShape.count != 1 {
            throw dataset.error(
                "It is \(describe(shape: [shape[dimension]] + rowShape)); inputs and targets in one dataset are "
                    + "expected to be a matrix N x D, whose last column is the target. Is this the dataset of the "
                    + "inputs?")
        }
        var columns: Range<Int>?
        if let wanted = request.columns { columns = try wanted.checked(of: width, dataset) }
        func number(_ name: String) -> Double? {
            switch attributes[name] {
            case .integer(let value): Double(value)
            case .unsigned(let value): Double(value)
            case .real(let value): value
            default: nil
            }
        }
        let factor = number("scale_factor"), offset = number("add_offset")
        var packing: DatasetRows.Packing?
        if factor != nil || offset != nil {
            packing = .init(
                factor: factor ?? 1, offset: offset ?? 0, missing: number("_FillValue") ?? number("missing_value"))
            notes.append("'\(dataset.name)' is unpacked with its scale_factor and add_offset")
        }
        return try DatasetRows(
            dataset, dimension: dimension, rowShape: rowShape, columns: columns, packing: packing, permissions,
            notes: notes)
    }
}
