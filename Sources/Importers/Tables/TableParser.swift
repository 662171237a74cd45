import Datasets
import Foundation

/// The values of a block of a table.
final class ParsedBlock {
    /// What is wrong with the block, where reading ended.
    enum Problem {
        case quotes(CSVScanner.Problem)
        case fieldCount(Int, line: Int)
        /// The number of the byte in the block.
        case nul(Int)
    }

    /// Rows of the inputs and of targets that are numbers.
    fileprivate(set) var inputs: ByteBuffer
    fileprivate(set) var targets = ByteBuffer(capacity: 0)
    /// The number of its name in the facts of the target, for each row.
    fileprivate(set) var codes: [Int32] = []
    /// Of all columns.
    fileprivate(set) var facts: [ColumnFacts]
    fileprivate(set) var rowCount = 0
    fileprivate(set) var droppedCount = 0
    fileprivate(set) var lineCount = 0
    fileprivate(set) var problem: Problem?

    fileprivate init(_ facts: [ColumnFacts], capacity: Int) {
        self.facts = facts
        inputs = ByteBuffer(capacity: capacity)
    }
}

/// Turns text into numbers as a plan says, and finds out whether they fit to it.
struct TableParser {
    /// A column that is used.
    private struct Column {
        enum Action { case survey, number, boolean, oneHot, names }
        let index: Int
        let action: Action
        let isInput: Bool
        /// Where its value is in the row of inputs or targets, in bytes.
        let offset: Int
        /// How many features it has.
        let width: Int
    }

    private let plan: TablePlan
    private let dialect: TableDialect
    private let reader: DecimalReader
    private let dropsMissing: Bool
    private let columns: [Column]
    private let emptyFacts: [ColumnFacts]
    private let targetWidth: Int
    /// For each column of the table the one that is used as a number and nothing else; nil for the others.
    private let plainNumbers: [Column?]
    /// The columns that are used and no plain numbers.
    private let otherColumns: [Column]
    /// Whether `putPlainRow` may be tried.
    private let hasPlainRows: Bool

    init(_ plan: TablePlan, _ roles: TableColumns, _ dialect: TableDialect, dropsMissing: Bool) {
        self.plan = plan
        self.dialect = dialect
        self.dropsMissing = dropsMissing
        reader = DecimalReader(point: dialect.point)
        emptyFacts = roles.roles.indices.map { plan.emptyFacts($0, roles.roles[$0]) }
        columns = roles.roles.indices.compactMap { index in
            let isInput = roles.roles[index] == .input
            let offset = plan.places[index] * (isInput ? plan.inputType : plan.targetType).byteCount
            func column(_ action: Column.Action, width: Int = 1) -> Column {
                Column(index: index, action: action, isInput: isInput, offset: offset, width: width)
            }
            switch plan.uses[index] {
            case .unused: return nil
            case .survey: return column(.survey)
            case .number: return column(.number)
            case .boolean: return column(.boolean)
            case .oneHot(let texts): return column(.oneHot, width: texts.count)
            case .names: return column(.names)
            }
        }
        targetWidth = columns.contains { $0.action == .names } ? 0 : roles.targets.count * plan.targetType.byteCount
        var numbers = [Column?](repeating: nil, count: emptyFacts.count)
        for column in columns where column.action == .number { numbers[column.index] = column }
        plainNumbers = numbers
        otherColumns = columns.filter { $0.action != .number }
        // A delimiter that a number may have ends no number.
        let isOfNumbers = dialect.delimiter == dialect.point || "0123456789+-eE".utf8.contains(dialect.delimiter)
        hasPlainRows = plan.isWritable && !dropsMissing && !isOfNumbers
    }

    /// Reads the rows of a block, from whose start lines are counted in what it returns.
    func parse(_ block: TableBlock) -> ParsedBlock {
        let parsed = ParsedBlock(emptyFacts, capacity: plan.isWritable ? block.bytes.count : 0)
        block.bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            if let nul = memchr(start, 0, bytes.count) {
                parsed.problem = .nul(UnsafeRawPointer(start).distance(to: UnsafeRawPointer(nul)))
                return
            }
            withUnsafeTemporaryAllocation(of: CSVField.self, capacity: emptyFacts.count) { fields in
                parse(start, bytes.count, fields, into: parsed)
            }
        }
        return parsed
    }

    private func parse(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, _ fields: UnsafeMutableBufferPointer<CSVField>,
        into parsed: ParsedBlock
    ) {
        var scanner = CSVScanner(bytes, count: count, delimiter: dialect.delimiter)
        let inputWidth = plan.featureCount * plan.inputType.byteCount
        var facts = parsed.facts
        parsed.facts = []
        facts.withUnsafeMutableBufferPointer { facts in
            while true {
                // The row that comes next, which is taken back where there is none.
                let inputs = parsed.inputs.append(byteCount: inputWidth)
                let targets = parsed.targets.append(byteCount: targetWidth)
                if !hasPlainRows || !putPlainRow(&scanner, bytes, count, fields, facts, inputs, targets, parsed),
                    !putRow(&scanner, bytes, fields, facts, inputs, targets, parsed)
                {
                    parsed.inputs.removeLast(byteCount: inputWidth)
                    parsed.targets.removeLast(byteCount: targetWidth)
                    break
                }
                parsed.rowCount += 1
                if !plan.isWritable {
                    parsed.inputs.removeLast(byteCount: inputWidth)
                    parsed.targets.removeLast(byteCount: targetWidth)
                }
            }
        }
        parsed.facts = facts
        parsed.lineCount = scanner.lineCount
    }

    /// Puts the next row that is not left out into its place; false if there is none, or if something is wrong with it.
    private func putRow(
        _ scanner: inout CSVScanner, _ bytes: UnsafePointer<UInt8>, _ fields: UnsafeMutableBufferPointer<CSVField>,
        _ facts: UnsafeMutableBufferPointer<ColumnFacts>, _ inputs: UnsafeMutableRawPointer,
        _ targets: UnsafeMutableRawPointer, _ parsed: ParsedBlock
    ) -> Bool {
        while true {
            let fieldCount = scanner.nextRow(fields).count
            if fieldCount == 0 { return false }
            if let problem = scanner.problem {
                parsed.problem = .quotes(problem)
                return false
            }
            guard fieldCount == fields.count else {
                parsed.problem = .fieldCount(fieldCount, line: scanner.rowLine)
                return false
            }
            let place = TablePlace(line: scanner.rowLine)
            if dropsMissing, drop(fields, bytes, place, facts) {
                parsed.droppedCount += 1
                continue
            }
            for column in columns {
                let field = fields[column.index], row = column.isInput ? inputs : targets
                if field.hasDoubledQuotes {
                    field.unquoted(in: bytes).withUnsafeBufferPointer {
                        put($0, column, row, &facts[column.index], place, parsed)
                    }
                } else {
                    let text = UnsafeBufferPointer(start: bytes + Int(field.start), count: field.count)
                    put(text, column, row, &facts[column.index], place, parsed)
                }
            }
            return true
        }
    }

    /// Puts the next row into its place if it is of the form that almost all have, in which numbers are read without
    /// looking for their ends first: no quotes, no blanks around fields, numbers where numbers are expected.
    ///
    /// - Returns: false if it is not; then the row is read as any other.
    @inline(__always)
    private func putPlainRow(
        _ scanner: inout CSVScanner, _ bytes: UnsafePointer<UInt8>, _ count: Int,
        _ fields: UnsafeMutableBufferPointer<CSVField>, _ facts: UnsafeMutableBufferPointer<ColumnFacts>,
        _ inputs: UnsafeMutableRawPointer, _ targets: UnsafeMutableRawPointer, _ parsed: ParsedBlock
    ) -> Bool {
        var position = scanner.position
        let place = TablePlace(line: scanner.lineCount), last = fields.count - 1
        for index in 0...last {
            let start = position
            var number: DecimalNumber?
            if plainNumbers[index] != nil {
                var length = 0
                number = reader.read(UnsafeBufferPointer(start: bytes + start, count: count - start), &length)
                if number == nil { return false }
                position += length
            } else {
                guard start < count, bytes[start] != quote, !scanner.isBlank(bytes[start]) else { return false }
                position = scanner.endOfField(from: start)
                guard position == start || !scanner.isBlank(bytes[position - 1]) else { return false }
                fields[index] = CSVField(
                    start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: position))
            }
            // What is no separator after a number makes it a text.
            if index < last {
                guard position < count, bytes[position] == dialect.delimiter else { return false }
                position += 1
            } else if !scanner.passRow(endingAt: position) {
                return false
            }
            if let number, let column = plainNumbers[index] {
                facts[index].add(number, place)
                let type = column.isInput ? plan.inputType : plan.targetType
                type.store(number, at: (column.isInput ? inputs : targets) + column.offset)
            }
        }
        for column in otherColumns {
            let field = fields[column.index]
            let text = UnsafeBufferPointer(start: bytes + Int(field.start), count: field.count)
            put(text, column, column.isInput ? inputs : targets, &facts[column.index], place, parsed)
        }
        return true
    }

    /// Whether a value is missing in a row, which then counts for nothing else.
    private func drop(
        _ fields: UnsafeMutableBufferPointer<CSVField>, _ bytes: UnsafePointer<UInt8>, _ place: TablePlace,
        _ facts: UnsafeMutableBufferPointer<ColumnFacts>
    ) -> Bool {
        var hasGap = false
        for column in columns {
            let field = fields[column.index]
            if isMissing(UnsafeBufferPointer(start: bytes + Int(field.start), count: field.count)) {
                facts[column.index].addMissing(place)
                hasGap = true
            }
        }
        return hasGap
    }

    /// Puts the value of a column into its row, and what it shows into the facts.
    @inline(__always)
    private func put(
        _ text: UnsafeBufferPointer<UInt8>, _ column: Column, _ row: UnsafeMutableRawPointer,
        _ facts: inout ColumnFacts, _ place: TablePlace, _ parsed: ParsedBlock
    ) {
        let type = column.isInput ? plan.inputType : plan.targetType
        let target = row + column.offset
        let number = reader.read(text)
        if let number {
            facts.add(number, place)
            if column.action == .number { return type.store(number, at: target) }
        } else if isMissing(text) {
            facts.addMissing(place)
            if column.action == .names { parsed.codes.append(0) }
            guard column.isInput, type.kind == .floating, column.action != .survey else { return }
            for feature in 0..<column.width { type.store(.nan, at: target + feature * type.byteCount) }
            return
        } else {
            facts.add(text, place)
        }
        switch column.action {
        case .survey: _ = facts.texts?.number(of: text)
        case .number: break
        case .boolean: type.store(boolean(text)?.value == true ? 1 : 0, at: target)
        case .names: parsed.codes.append(max(0, facts.texts?.number(of: text) ?? 0))
        case .oneHot:
            let hot = Int(facts.texts?.number(of: text) ?? 0)
            for feature in 0..<column.width {
                type.store(feature == hot ? 1 : 0, at: target + feature * type.byteCount)
            }
        }
    }
}
