import Datasets
import Foundation
import Support
import TestSupport
import Testing

@Suite struct InspectCommandTests {
    private let file = repository.appendingPathComponent("Tests/DatasetsTests/Fixtures/inspect.h5").path

    private func inspect(_ options: [String], columns: Int = 80) throws -> CommandResult {
        try withTemporaryFolder { folder in
            try run(
                [binary.path, "data", "inspect", file] + options, in: folder, environment: ["COLUMNS": "\(columns)"])
        }
    }

    @Test func linesFitAndSayWhatIsStored() throws {
        let result = try inspect(["--values"])
        #expect(result.exitCode == 0 && result.errors.isEmpty, "\(result)")
        let lines = result.output.split(separator: "\n").map(String.init)
        for expected in [
            "dataset                  shape            type      bytes",
            "a/path/that/is/much/longer/than/a/column/may/be",
            "evil\\u{1b}[31m\\u{a}name  2                uint16        4", "nowhere -> /not/there",
            "    problem: There is no such object. 'nowhere' is a link to it.", "round/again = round",
            "    note\\u{7}: \\u{1b}]0;title\\u{7} a\\u{a}b", "    chunks 8 x 10; shuffle, gzip 7; 42.7 : 1",
            "    chunks 10 x 4; 60 % written", "    virtual, in values/table of this file",
            "    3 classes: CAT (1), DOG (2), WOLF (1)", "      8 (1), 9 (2), 10 (3), 11 (1), ... and 88 more",
            "    all 0, 10 of 10 columns constant", "    2 different, the longest of 2 characters", "values/broken",
            "    list: [1.5, 2.5]", "named_type (a named type)",
        ] {
            #expect(lines.contains(expected), "'\(expected)' is missing in\n\(result.output)")
        }
        #expect(lines.allSatisfy { $0.count <= 80 || $0.contains(file) }, "\(lines.filter { $0.count > 80 })")
        // In the order of paths, with what is broken at its place.
        let paths = lines.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != " " } }
        let places = ["stored/zstd", "values/animals", "values/broken", "values/fixed"].map {
            paths.firstIndex(of: $0[...])
        }
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted() && !places.contains(nil), "\(paths)")
    }

    @Test func wideTerminalsHaveOneLineForEach() throws {
        let lines = try inspect([], columns: 140).output.split(separator: "\n")
        #expect(
            lines.contains {
                $0.hasPrefix("stored/gzip") && $0.hasSuffix("75  chunks 8 x 10; shuffle, gzip 7; 42.7 : 1")
            })
        #expect(!lines.contains { $0.contains("different") || $0.contains("problem: all") })
    }

    @Test func jsonHasEverythingAndNoControlCharacters() throws {
        let result = try inspect(["--values", "--json"])
        #expect(
            result.exitCode == 0
                && !result.output.contains { $0 != "\n" && $0.unicodeScalars.contains { $0.value < 32 } })
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result)")
        #expect(
            Set(json.keys) == [
                "file", "file_bytes", "attributes", "groups", "datasets", "named_types", "links", "problems",
                "is_complete",
            ])
        let datasets = try #require(json["datasets"] as? [[String: Any]])
        let keys = datasets.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
        let values = datasets.compactMap { $0["values"] as? [String: Any] }
            .reduce(into: Set<String>()) { $0.formUnion($1.keys) }
        let documented = try String(contentsOf: repository.appendingPathComponent("docs/data.md"), encoding: .utf8)
        for key in keys.union(values).union(json.keys) {
            #expect(documented.contains("`\(key)`"), "docs/data.md does not tell of \(key)")
        }
        #expect(keys.isSuperset(of: ["path", "written_share", "same_as", "unavailable_filters", "fields"]))
        #expect(datasets.contains { $0["path"] as? String == "evil\u{1B}[31m\nname" })
    }

    @Test func rowsAreDrawn() throws {
        #expect(
            try inspect(["--preview", "pictures/square:1"]).output
                == "pictures/square, row 1 of 2: 64 uint8\n"
                + String(repeating: "  ..::==++##%%@@\n", count: 8))
        #expect(
            try inspect(["--preview", "pictures/numbers:1"]).output
                == "pictures/numbers:1, row 0 of 2: 3 float64\n0.5 inf nan\n")
        #expect(
            try inspect(["--preview", "values/species:1"]).output.hasSuffix("scalar string\n\"größe\\u001b\"\n"))
        let json = try inspect(["--preview", "pictures/numbers:1", "--json"]).output
        #expect(json.contains("\"inf\"") && json.contains("\"row_count\" : 2"), "\(json)")
        let missing = try inspect(["--preview", "values/labels:200"])
        #expect(missing.exitCode == 65 && missing.errors.contains("There is no row 200"), "\(missing)")
        #expect(try inspect(["--preview", "x", "--values"]).exitCode == 64)
    }

    @Test(arguments: [([:], true), (["NO_COLOR": "1"], false)] as [([String: String], Bool)])
    func picturesHaveColorsInTerminals(environment: [String: String], hasColor: Bool) throws {
        try withTemporaryFolder { folder in
            let command = try StartedCommand(
                [binary.path, "data", "inspect", file, "--preview", "pictures/color"], in: folder,
                streams: .terminal(columns: 80, rows: 24), environment: environment)
            #expect(try command.finish() == .exit(0))
            let screen = TerminalScreen(command.output, columns: 80, rows: 24)
            #expect(screen.hasColor == hasColor && screen.unknown == [], "\(command.output)")
            #expect(screen.lines[1].hasPrefix(hasColor ? "▀▀▀▀▀▀▀▀" : "::::::::::::::::"), "\(screen.lines)")
        }
    }

    /// Neither waits for ever, nor is it taken for data.
    @Test func pipesAndFoldersAreRefused() throws {
        try withTemporaryFolder { folder in
            mkfifo(folder.appendingPathComponent("pipe.h5").path, 0o600)
            for (name, words) in [("pipe.h5", "This is no regular file"), (".", "This is a folder")] {
                for options in [[], ["--preview", "x"], ["--values"]] {
                    let result = try bnexp(["data", "inspect", name] + options, in: folder)
                    #expect(result.exitCode == 65 && result.errors.contains(words), "\(result)")
                }
            }
        }
    }

    /// Long names, texts, shapes and attributes, and what steers a terminal in each.
    @Test func nothingIsWiderThanTheTerminal() throws {
        try withTemporaryFolder { folder throws in
            let writer = try HDF5Writer(path: folder.appendingPathComponent("a.h5").path)
            try writer.write(
                [Float](repeating: 1, count: 64),
                shape: [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2] + [Int](repeating: 1, count: 20),
                to: "deep")
            try writer.write([1, 2, 3] as [Int32], shape: [3], to: "line\nbreak\ttab")
            try writer.write([1, 2, 3] as [Int32], shape: [3], to: String(repeating: "long name ", count: 12))
            try writer.write([.max, 9_007_199_254_740_993, 0] as [UInt64], shape: [3], to: "wide")
            for (name, text) in [("words", "word "), ("letters", "w"), ("wide", "漢字"), ("escapes", "\u{1B}[31m\n")] {
                try writer.setAttribute(name, .string(String(repeating: text, count: 60)), of: "/")
                try writer.setAttribute(name, .string(String(repeating: text, count: 60)), of: "deep")
            }
            try writer.finish()
            func width(_ line: String) -> Int { line.count + line.count { "漢字".contains($0) } }
            func inspect(_ options: [String]) throws -> CommandResult {
                try run([binary.path, "data", "inspect", "a.h5"] + options, in: folder, environment: [:])
            }
            for options in [[], ["--values"], ["--preview", "deep"], ["--preview", "wide"]] {
                let lines = try inspect(options).output.split(separator: "\n").map(String.init)
                #expect(lines.allSatisfy { width($0) <= 80 }, "\(lines.filter { width($0) > 80 })")
                #expect(lines.count > 1 && !lines.contains { $0.hasControlCharacters })
            }
            #expect(try inspect(["--values"]).output.contains("0 to 18446744073709551615"))
            #expect(try inspect(["--preview", "wide"]).output.hasSuffix("\n18446744073709551615\n"))
            #expect(try inspect(["--preview", "wide:1", "--json"]).output.contains("9007199254740993"))
            for request in ["nope", "no\npe"] {
                let missing = try inspect(["--preview", request])
                #expect(missing.exitCode == 65 && missing.errors.contains("line\\u{a}break\\u{9}tab"), "\(missing)")
                #expect(missing.errors.split(separator: "\n").count == 1)
            }
            let extra = try inspect(["one\ntwo"])
            #expect(extra.exitCode == 64 && extra.errors.contains("'one\\u{a}two'"), "\(extra)")
        }
    }
}
