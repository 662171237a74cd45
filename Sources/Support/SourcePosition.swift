/// The place where a value was written: a line and column of a file, from 1, or an option of the command line.
package struct SourcePosition: Equatable, Sendable {
    package var source: String
    package var line: Int?
    package var column: Int?

    package init(source: String, line: Int? = nil, column: Int? = nil) {
        self.source = source
        self.line = line
        self.column = column
    }

    package var description: String {
        guard let line, let column else { return source }
        return "\(source):\(line):\(column)"
    }
}
