import Foundation
import TestSupport
import Testing

/// What shells offer after a tab, asked for as the generated scripts ask for it.
@Suite struct CompletionTests {
    /// A folder with two runs, one of whose names a shell must not read as code.
    private func withRuns(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            try toyConfig().write(to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            for name in ["mnist_bn", "a:b $(touch made)"] {
                let result = try bnexp(["run", "c.json", "-q", "--name", name, "--tag", "first"], in: folder)
                #expect(result.exitCode == 0, "\(result.errors)")
            }
            try body(folder)
        }
    }

    /// The candidates for the last of the words, asked for by a shell.
    private func candidates(
        _ command: [String], _ argument: String, _ words: [String], in folder: URL, environment: [String: String] = [:]
    ) throws -> [String] {
        let call = ["---completion"] + command + ["--", argument, "\(words.count)", "0", "bnexp"]
        let result = try run([binary.path] + call + words, in: folder, environment: environment)
        #expect(result.exitCode == 0 && result.errors == "", "\(result.errors)")
        return result.output.split(separator: "\n").map(String.init)
    }

    /// The words that bash puts in the last word's place; the words are divided as bash divides them.
    private func bashCandidates(_ line: String, _ words: [String], in folder: URL) throws -> [String] {
        let quoted = words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
        let last = words.last ?? ""
        let program = """
            source <("$1" --generate-completion-script bash)
            COMP_WORDS=("$1" \(quoted)) COMP_CWORD=\(words.count) COMP_LINE="$1 $2" COMP_POINT=$((${#1} + 1 + ${#2}))
            __bnexp_complete_whole_words "$1" '\(last.allSatisfy { "=:".contains($0) } ? "" : last)' "${COMP_WORDS[COMP_CWORD - 1]}"
            [[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\\n' "${COMPREPLY[@]}"
            complete -p bnexp >&2
            """
        let result = try run(["/bin/bash", "--norc", "-c", program, "bash", binary.path, line], in: folder)
        #expect(result.errors == "complete -o filenames -F __bnexp_complete_whole_words bnexp\n")
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test func keysAndTheirClosedValues() throws {
        let schema = try ConfigSchema(), kinds = schema.kinds(of: "optimizer")
        #expect(kinds.contains("sgd"))
        try withTemporaryFolder { folder in
            for (command, option) in [(["run"], "--set"), (["gradcheck"], "--set"), (["list"], "--where")] {
                let keys = try candidates(command, option, [command[0], option, ""], in: folder)
                #expect(Set(keys).count == keys.count)
                for key in [
                    "seed=", "optimizer.learning_rate=", "optimizer.kind=", "data.validation.fraction=",
                    "data.validation.inputs=", "checkpoint=",
                ] {
                    #expect(keys.contains(key), "\(key)")
                }
                #expect(!keys.contains("optimizer=") && !keys.contains("model.normalization="))
                #expect(
                    try candidates(command, option, [command[0], option, "optimizer.kind="], in: folder)
                        == kinds.map { "optimizer.kind=\($0)" })
            }
            func values(_ key: String) throws -> [String] {
                try candidates(["run"], "--set", ["run", "--set", "'\(key)="], in: folder)
            }
            #expect(
                try Set(values("model.activation"))
                    == Set(schema.words(of: "model.activation").map { "model.activation=\($0)" }))
            #expect(try values("model.bias") == ["true", "false", "auto"].map { "model.bias=\($0)" })
            let normalizations = schema.kinds(of: "model.normalization")
            #expect(normalizations.contains("batch"))
            #expect(
                try Set(values("model.normalization.kind"))
                    == Set(normalizations.map { "model.normalization.kind=\($0)" }))
            #expect(try values("optimizer.learning_rate") == [])
            #expect(try values("no.such.key") == [])
        }
    }

    @Test func namesOfTheResultsFileThatTheLineNames() throws {
        try withRuns { folder in
            let runs = ["latest", "a:b $(touch made)", "mnist_bn"]
            #expect(try candidates(["show"], "positional@0", ["show", ""], in: folder) == runs)
            #expect(try candidates(["compare"], "positional@0", ["compare", "latest", ""], in: folder) == runs)
            #expect(try candidates(["list"], "--tag", ["list", "--tag", ""], in: folder) == ["first"])
            let tables = try candidates(["export"], "--table", ["export", "--table", ""], in: folder)
            #expect(
                tables.contains("run") && tables.contains("training_step") && tables.contains("run_summary")
                    && !tables.contains("sweep"))
            // A colon would begin a description in zsh, whose script drops the last line.
            #expect(
                try candidates(["show"], "positional@0", ["show", ""], in: folder, environment: ["SAP_SHELL": "zsh"])
                    == ["latest", "a\\:b $(touch made)", "mnist_bn", " "])

            try FileManager.default.moveItem(
                atPath: folder.path + "/results.sqlite", toPath: folder.path + "/my file.sqlite")
            #expect(try candidates(["show"], "positional@0", ["show", ""], in: folder) == [])
            for option in [["--db", "my\\ file.sqlite"], ["--db", "'my file.sqlite'"], ["--db=\"my file.sqlite\""]] {
                #expect(try candidates(["show"], "positional@0", ["show"] + option + [""], in: folder) == runs)
            }
            #expect(
                try candidates(
                    ["show"], "positional@0", ["show", ""], in: folder, environment: ["BNEXP_DB": "my file.sqlite"])
                    == runs)
            // Nothing was made: no results file, no write-ahead log of a file that is only looked at.
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
                    $0.contains("sqlite") && !$0.hasSuffix(".lock")
                } == [
                    "my file.sqlite"
                ])
        }
    }

    @Test func aFileThatIsNotOursHasNoNames() throws {
        try withTemporaryFolder { folder in
            try execute(
                "CREATE TABLE run (id INTEGER, name TEXT); INSERT INTO run VALUES (1, 'theirs')",
                inNewDatabase: folder.path + "/foreign.sqlite")
            try "not SQLite".write(toFile: folder.path + "/text.sqlite", atomically: true, encoding: .utf8)
            for file in ["foreign.sqlite", "text.sqlite", "missing.sqlite", ".", "/dev/null"] {
                #expect(
                    try candidates(["show"], "positional@0", ["show", "--db", file, ""], in: folder) == [], "\(file)")
            }
            #expect(
                Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == [
                    "foreign.sqlite", "text.sqlite",
                ])
        }
    }

    /// A run that is being written keeps its newest rows in the write-ahead log.
    @Test func runsThatAreStillWrittenAreFound() throws {
        try withTemporaryFolder { folder in
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            try toyConfig(rest: ", \"name\": \"alive\"").write(
                to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            let endless = try startEndlessRun(in: folder)
            #expect(try candidates(["show"], "positional@0", ["show", ""], in: folder) == ["latest", "alive"])
            endless.signal(SIGTERM)
            #expect(try endless.finish() == .exit(75), "\(endless.errors)")
        }
    }

    @Test func bashCompletesWordsThatItDivides() throws {
        let schema = try ConfigSchema()
        let cases: [(line: String, words: [String], offered: [String])] = [
            ("run --set training.ba", ["run", "--set", "training.ba"], ["training.batch_size="]),
            (
                "run --set optimizer.kind=", ["run", "--set", "optimizer.kind", "="], schema.kinds(of: "optimizer")
            ),
            (
                "run c.json --set seed=1 --set model.activation=si",
                ["run", "c.json", "--set", "seed", "=", "1", "--set", "model.activation", "=", "si"],
                schema.words(of: "model.activation").filter { $0.hasPrefix("si") }
            ),
            ("show mnist", ["show", "mnist"], ["mnist_bn"]),
            ("compare latest mn", ["compare", "latest", "mn"], ["mnist_bn"]),
            // A name is offered as it must be typed, and never run.
            ("show a:", ["show", "a", ":"], ["b\\ \\$\\(touch\\ made\\)"]),
            ("show --db no.sqlite mn", ["show", "--db", "no.sqlite", "mn"], []),
            ("run c", ["run", "c"], ["c.json"]),
            ("run t", ["run", "t"], []),
            ("sho", ["sho"], ["show"]),
        ]
        try withRuns { folder in
            for (line, words, offered) in cases {
                let found = try bashCandidates(line, words, in: folder)
                #expect(found == offered, "\(line)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/made"))
        }
    }

    /// The scripts as they were when someone last looked at them: bnexp patches the argument parser's by text, which a
    /// new version of it may silently make vain.
    @Test(arguments: ["bash", "zsh", "fish"]) func scriptsAreTheirSnapshots(shell: String) throws {
        let path = repository.appendingPathComponent("Tests/CommandTests/Fixtures/completion.\(shell)")
        let script = try bnexp(["--generate-completion-script", shell], in: repository).output
        let difference = script.split(separator: "\n").difference(
            from: try String(contentsOf: path, encoding: .utf8).split(separator: "\n"))
        #expect(difference.isEmpty, "look at the changes, then renew the snapshots with scripts/update-snapshots")
    }

    @Test func scriptsAreWellFormed() throws {
        try withTemporaryFolder { folder in
            for (shell, check, addition) in [
                ("bash", "-n", "__bnexp_complete_whole_words bnexp"), ("zsh", "-n", "words_alone -- keys -S ''"),
                ("fish", "--no-execute", "2>/dev/null"),
            ] {
                let script = try bnexp(["--generate-completion-script", shell], in: folder)
                #expect(script.exitCode == 0 && script.errors == "")
                #expect(script.output.contains(addition), "\(shell)")
                if shell != "bash" { #expect(script.output.contains("2>/dev/null"), "\(shell)") }
                try script.output.write(toFile: folder.path + "/script", atomically: true, encoding: .utf8)
                guard
                    let program = ["/bin/", "/usr/bin/"].map({ $0 + shell }).first(
                        where: FileManager.default.isExecutableFile(atPath:))
                else { continue }
                let checked = try run([program, check, "script"], in: folder)
                #expect(checked.exitCode == 0 && checked.errors == "", "\(shell): \(checked.errors)")
            }
        }
    }
}
