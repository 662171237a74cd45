import ArgumentParser
import Importers

extension TableOptions.MissingValues: ExpressibleByArgument {}

/// Whether the first row of a table names its columns.
enum Header: String, ExpressibleByArgument, CaseIterable { case yes, no, auto }

/// What `import csv` and `import tsv` take beside what all importers take.
struct TableArguments: ParsableArguments {
    @Argument(
        help: "Text files with the same columns, plain or compressed with gzip; - is standard input.",
        completion: .file())
    var files: [String]
    @Option(
        help:
            "Column of the target, by name or by number from 1; repeat it for several values. Else one that is called target, label, class, y or species."
    )
    var target: [String] = []
    @Option(help: "Whether the first row names the columns; auto looks at the first two rows.") var header = Header.auto
    @Option(help: "Columns of the inputs, as A,B,C; else all others.") var columns: [String] = []
    @Option(help: "Columns to leave out, as A,B,C.") var skip: [String] = []
    @Option(help: "Columns whose values are names, as A,B,C, also where most or all are numbers.") var categorical:
        [String] = []
    @Option(
        help:
            "Leave out rows in which a value is missing, or put in the mean of the training rows. Missing are empty fields, NA, N/A, #N/A, <NA>, NaN, null, None, ? and -."
    )
    var missing: TableOptions.MissingValues?
    @Option(name: .customLong("test"), help: "A file of the test split.", completion: .file()) var testFile: String?
    @Flag(help: "A comma is the decimal point.") var decimalComma = false

    func validate() throws {
        guard (files + [testFile].compactMap { $0 }).filter({ $0 == "-" }).count <= 1 else {
            throw ValidationError("- is standard input, which can be read once; store it in a file.")
        }
    }

    /// Refuses options that contradict each other.
    func check(_ shared: ImportArguments) throws {
        if testFile != nil, shared.testFraction != nil {
            throw ValidationError(
                "--test names the rows of the test split, --test-fraction draws them: give one of them.")
        }
    }

    /// - Parameter delimiter: nil to find it.
    func importing(_ format: String, delimiter: UInt8?, _ shared: ImportArguments) throws {
        var options = TableOptions(files: files)
        options.testFile = testFile
        options.format = format
        options.delimiter = delimiter
        options.hasHeader = header == .auto ? nil : header == .yes
        options.targets = target
        options.columns = columns
        options.skipped = skip
        options.categorical = categorical
        options.missing = missing
        options.hasDecimalComma = decimalComma
        try shared.importing(files + [testFile].compactMap { $0 }) { division, output in
            try importTable(options, division, to: output)
        }
    }
}

extension ImportCommand {
    struct CSV: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "csv", abstract: "Import tables in text with commas or other delimiters.",
            discussion:
                "Writes train/inputs, train/targets and, if rows are given or drawn for it, test/inputs and "
                + "test/targets. Types are those of all values; texts become features (inputs) or classes (targets).")

        @OptionGroup var table: TableArguments
        @Option(help: "The sign between fields; else it is found among comma, semicolon, tab and |.")
        var delimiter: String?
        @OptionGroup var shared: ImportArguments

        func validate() throws {
            try table.check(shared)
            _ = try delimiterByte()
        }

        func run() throws { try table.importing("CSV", delimiter: try delimiterByte(), shared) }

        private func delimiterByte() throws -> UInt8? {
            guard let delimiter else { return nil }
            let text = delimiter == "\\t" ? "\t" : delimiter
            guard text.utf8.count == 1, let byte = text.utf8.first, byte >= 0x20 || byte == 0x09, byte != 0x22 else {
                throw ValidationError("--delimiter is '\(delimiter)'; expected one sign of ASCII, such as ; or \\t.")
            }
            return byte
        }
    }

    struct TSV: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tsv", abstract: "Import tables in text with tabs, as csv with --delimiter '\\t'.")

        @OptionGroup var table: TableArguments
        @OptionGroup var shared: ImportArguments

        func validate() throws { try table.check(shared) }

        func run() throws { try table.importing("TSV", delimiter: 0x09, shared) }
    }
}
