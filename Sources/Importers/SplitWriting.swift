import Datasets
import Foundation
import Support

/// Writes what an importer has read to an HDF5 file: `train/inputs`, `train/targets`, and `test/inputs` and
/// `test/targets` where there are such rows.
///
/// Inputs and targets keep shape and type, unless inputs are scaled, which makes them float32. Names become the
/// smallest integers that number them, with the attribute `class_names` of the targets. Rows are copied in blocks.
/// - Parameters:
///   - splits: those of the source; the names of classes are the same in all of them.
///   - sources: the paths of the files that were read, for the attribute `source`; only their names are kept.
///   - format: what they are, for the attribute `format`.
///   - path: of the file; `-` is standard output.
/// - Returns: a line on each split, and one on the scaling where there is something to say.
/// - Throws: an error if rows cannot be divided as asked, or with exit code 73 if the file cannot be written.
package func write(
    _ splits: [ImportedSplit], _ options: ImportOptions, from sources: [String], format: String, to path: String
) throws(DataError) -> [String] {
    let parts = try divide(splits, options)
    let scaling = options.scaling ?? .none
    let fillsMissing = splits.contains { $0.fillsMissing }
    var columns: FittedColumns?
    if let training = parts.first(where: { $0.name == "train" }) {
        columns = try FittedColumns(
            scaling, fillsMissing: fillsMissing, fittedTo: training.source.inputs, rows: training.rows,
            names: training.source.featureNames)
    } else if scaling != .none || fillsMissing {
        throw DataError(
            "There are no training rows that inputs could be scaled or filled by; leave out --scaling and --missing "
                + "mean.",
            exitStatus: .usage)
    }
    let fitted = scaling == .none && !fillsMissing ? nil : columns
    let datasets = parts.flatMap { part in
        var attributes: [(name: String, value: AttributeValue)] = []
        if !part.source.featureNames.isEmpty {
            attributes.append(("feature_names", .strings(part.source.featureNames)))
        }
        if scaling != .none { attributes.append(("scaling", .string(scaling.rawValue))) }
        let inputs = HDF5StreamWriter.Dataset(
            name: "\(part.name)/inputs", elementType: scaling == .none ? part.source.inputs.elementType : .float32,
            shape: [part.rowCount] + part.source.inputs.rowShape, attributes: attributes)
        return [inputs]
            + (part.source.targets.map { [$0.dataset("\(part.name)/targets", rowCount: part.rowCount)] } ?? [])
    }
    let names = sources.map { $0 == "-" ? "standard input" : URL(fileURLWithPath: $0).lastPathComponent }
    let writer = try HDF5StreamWriter(
        path: path, datasets: datasets,
        attributes: [
            ("source", .string(names.joined(separator: ", "))), ("format", .string(format)),
        ])
    var lines: [String] = [], number = 0, writtenCount = 0
    let rowCount = parts.reduce(0) { $0 + $1.rowCount }
    for part in parts {
        try write(part, fitted, as: datasets[number].elementType, to: number, writer) { count in
            writtenCount += count
            options.progress(.writing, writtenCount, rowCount)
        }
        var line =
            "\(part.name): \(describe(shape: datasets[number].shape)) \(datasets[number].elementType.name) inputs"
        number += 1
        if let targets = part.source.targets {
            let counts = try write(targets, part.rows, to: number, writer)
            let shape = datasets[number].shape
            line +=
                ", \(shape.count > 1 ? describe(shape: shape) + " " : "")\(datasets[number].elementType.name) targets"
            if let counts { line += ", \(described(counts))" }
            number += 1
        }
        lines.append(line)
    }
    try writer.finish()
    if scaling == .none {
        lines.append("inputs are not scaled: \"data.scaling\" in the config does that at training, or --scaling here")
    }
    return lines
}

private func write(
    _ part: SplitPart, _ fitted: FittedColumns?, as type: ElementType, to dataset: Int, _ writer: HDF5StreamWriter,
    wrote: (_ rowCount: Int) -> Void
) throws(DataError) {
    let inputs = part.source.inputs
    var offset = 0
    guard let fitted else {
        return try inputs.forEachBlock(of: part.rows) { bytes, rowCount throws(DataError) in
            try writer.write(UnsafeRawBufferPointer(bytes), to: dataset, at: offset)
            offset += bytes.count
            wrote(rowCount)
        }
    }
    try inputs.forEachBlockOfNumbers(of: part.rows) { values, rowCount throws(DataError) in
        fitted.apply(to: values)
        if type.byteCount == 4 {
            let numbers = values.map { Float($0) }
            try numbers.withUnsafeBufferPointer { numbers throws(DataError) in
                try writer.write(UnsafeRawBufferPointer(numbers), to: dataset, at: offset)
            }
        } else {
            try writer.write(UnsafeRawBufferPointer(values), to: dataset, at: offset)
        }
        offset += values.count * type.byteCount
        wrote(rowCount)
    }
}

/// Writes targets, and returns how many rows each class has; nil where they are no classes.
private func write(
    _ targets: ImportedTargets, _ rows: RowSet?, to dataset: Int, _ writer: HDF5StreamWriter
) throws(DataError) -> [(name: String, count: Int)]? {
    switch targets {
    case .names(let names, let codes):
        let chosen = rows.map { $0.map { codes[$0] } } ?? codes
        var counts = [Int](repeating: 0, count: names.count)
        for code in chosen { counts[Int(code)] += 1 }
        func write<Code: FixedWidthInteger & BitwiseCopyable>(as _: Code.Type) throws(DataError) {
            try chosen.map { Code(truncatingIfNeeded: $0) }.withUnsafeBufferPointer { codes throws(DataError) in
                try writer.write(UnsafeRawBufferPointer(codes), to: dataset, at: 0)
            }
        }
        switch codeType(names.count).byteCount {
        case 1: try write(as: UInt8.self)
        case 2: try write(as: UInt16.self)
        default: try write(as: Int32.self)
        }
        return zip(names, counts).map { ($0, $1) }
    case .numbers(let numbers):
        var offset = 0
        try numbers.forEachBlock(of: rows) { bytes, _ throws(DataError) in
            try writer.write(UnsafeRawBufferPointer(bytes), to: dataset, at: offset)
            offset += bytes.count
        }
        guard numbers.featureCount == 1, numbers.elementType.isInteger else { return nil }
        return numbers.elementType == ElementType(.unsigned, byteCount: 8)
            ? try counts(of: numbers, rows) { UInt64(bitPattern: $0) } : try counts(of: numbers, rows) { $0 }
    }
}

/// How many rows have each whole number, in ascending order; nil if there are many different ones.
private func counts<Number: FixedWidthInteger>(
    of numbers: SpooledRows, _ rows: RowSet?, _ number: (Int64) -> Number
) throws(DataError) -> [(name: String, count: Int)]? {
    var counts: [Number: Int] = [:]
    let isWide = numbers.elementType.byteCount == 8
    try numbers.forEachBlock(of: rows) { bytes, rowCount throws(DataError) in
        // Float64 tells all narrower integers apart.
        var values = [Double](repeating: 0, count: isWide ? 0 : rowCount)
        values.withUnsafeMutableBufferPointer { numbers.elementType.convert(UnsafeRawBufferPointer(bytes), to: $0) }
        for row in 0..<rowCount where counts.count <= mostCounted {
            let value = isWide ? bytes.loadUnaligned(fromByteOffset: row * 8, as: Int64.self) : Int64(values[row])
            counts[number(value), default: 0] += 1
        }
    }
    guard counts.count <= mostCounted else { return nil }
    return counts.sorted { $0.key < $1.key }.map { ("\($0.key)", $0.value) }
}

/// More whole numbers than these are values rather than classes, as far as messages go.
private let mostCounted = 1000

/// The smallest type that numbers so many classes.
private func codeType(_ classCount: Int) -> ElementType {
    classCount <= 1 << 8
        ? .uint8 : classCount <= 1 << 16 ? ElementType(.unsigned, byteCount: 2) : ElementType(.signed, byteCount: 4)
}

/// `3 classes: setosa 40, versicolor 41, virginica 39`.
private func described(_ counts: [(name: String, count: Int)]) -> String {
    let shown = counts.count <= 12 ? counts[...] : counts.prefix(8)
    let list = shown.map { "\($0.name.escapedForTerminal()) \($0.count)" } + (shown.count < counts.count ? ["..."] : [])
    return "\(counts.count) \(counts.count == 1 ? "class" : "classes"): \(list.joined(separator: ", "))"
}

extension ImportedTargets {
    fileprivate func dataset(_ name: String, rowCount: Int) -> HDF5StreamWriter.Dataset {
        switch self {
        case .names(let names, _):
            HDF5StreamWriter.Dataset(
                name: name, elementType: codeType(names.count), shape: [rowCount],
                attributes: names.isEmpty ? [] : [("class_names", .strings(names))])
        case .numbers(let rows):
            HDF5StreamWriter.Dataset(name: name, elementType: rows.elementType, shape: [rowCount] + rows.rowShape)
        }
    }
}
