import Foundation
import GRDB
import RunStore
import TestSupport
import Training

/// A results file with planted runs: a sweep of classifications over two rates and two variants, with two seeds each,
/// and two regressions.
///
/// Runs 1 to 8 are trials 0 to 7 of the sweep `rates` (2); run n began on the n-th of January 2026, and its test
/// accuracy is `accuracies[n - 1]`. Runs 9 and 10 are regressions with two seeds, the second the worse one.
struct PlantedResults {
    /// Test accuracies of BN at 0.1, BN at 1, plain at 0.1, plain at 1; the two seeds of each together.
    static let accuracies = [0.58, 0.64, 0.83, 0.85, 0.4, 0.5, 0.2, 0.3]

    /// Runs `body` with a folder that has the file as `results.sqlite`.
    static func inFolder(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("results.sqlite").path
            try ResultsFile(writing: path).close()
            var sql =
                "INSERT INTO sweep VALUES (1, '00000000-old', 'older', '{}'), (2, 'abcdef12-new', 'rates', '{\"name\": \"rates\"}');"
            for run in 1...10 {
                let isTrial = run <= 8, seed = (run + 1) % 2, rate = (run - 1) / 2 % 2 == 0 ? "0.1" : "1"
                let variant = run <= 4 ? "BN" : "plain"
                sql += """
                    INSERT INTO run (id, uuid, name, status, created_at, seed, config, config_hash, data_hash, identity, precision, version, threads, cpu, blas,
                        blas_kernel, engine_path, command, last_step, sweep_id, trial)
                    VALUES (\(run), 'uuid-\(run)', '\(isTrial ? "rates/\(run - 1)" : "fit")', 'finished',
                        '2026-01-\(run < 10 ? "0" : "")\(run)T10:00:00.000Z', \(seed), '{}', '', '', 'identity\(run)', 'float32', '', 1, '', '', '', '', '', 10,
                        \(isTrial ? "2, \(run - 1)" : "NULL, NULL"));
                    INSERT INTO run_parameter VALUES (\(run), 'seed', \(seed)), (\(run), 'optimizer.learning_rate', \(rate)),
                        (\(run), 'loss.kind', '\(isTrial ? "softmax_cross_entropy" : "mean_squared_error")'),
                        (\(run), 'model.normalization.kind', '\(variant == "BN" ? "batch" : "none")');
                    """
                if isTrial {
                    sql += """
                        INSERT INTO sweep_trial VALUES (2, \(run - 1), 'identity\(run)');
                        INSERT INTO sweep_value VALUES (2, \(run - 1), 'seed', NULL, \(seed)),
                            (2, \(run - 1), 'optimizer.learning_rate', NULL, \(rate)), (2, \(run - 1), 'variant', '\(variant)', '{}');
                        """
                }
                // Validation is best in the middle, where the test value is half of the last one.
                for step in [0, 5, 10] {
                    let accuracy = isTrial ? "\(accuracies[run - 1] * Double(step) / 10)" : "NULL"
                    let validation = step == 5 ? 1.0 : 0.5
                    sql += """
                        INSERT INTO training_step VALUES (\(run), \(step), 0, \(Double(20 - run) / Double(step + 1)), NULL, 0.5, 0.1, 1);
                        INSERT INTO evaluation VALUES
                            (\(run), \(step), 'test', 'running', \(Double(run) / Double(step + 1)), \(accuracy), 10),
                            (\(run), \(step), 'validation', 'running', \(2 - validation), \(isTrial ? "\(validation)" : "NULL"), 10);
                        """
                }
            }
            sql += "INSERT INTO tag VALUES (1, 'base'), (2, 'base'), (2, 'a first');"
            try DatabaseQueue(path: path).inDatabase { try $0.execute(sql: sql) }
            try body(folder)
        }
    }
}

/// Changes a results file behind the back of bnexp.
func plant(_ sql: String, in path: String) throws {
    try DatabaseQueue(path: path).inDatabase { try $0.execute(sql: sql) }
}

/// Runs a command with `--json` and returns the objects that it prints.
func objects(_ arguments: [String], in folder: URL) throws -> [[String: Any]] {
    let result = try bnexp(arguments + ["--json"], in: folder)
    return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
}
