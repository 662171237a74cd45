import GRDB

extension MetricRows {
    /// Inserts every row, with statements that the connection keeps prepared.
    func insert(runID: Int64, into database: Database) throws {
        try insertAll(trainingSteps, into: "training_step", 8, database) {
            [
                runID, $0.step, $0.epoch, finite($0.loss), finite($0.regularizationLoss), finite($0.accuracy),
                $0.learningRate,
                finite($0.gradientNorm),
            ]
        }
        try insertAll(evaluations, into: "evaluation", 7, database) {
            [
                runID, $0.step, $0.split, $0.mode, finite($0.loss), finite($0.accuracy), $0.exampleCount,
            ]
        }
        try insertAll(activationStatistics, into: "activation_statistic", 13, database) {
            [
                runID, $0.step, $0.layer, $0.site, $0.mean, $0.standardDeviation, $0.minimum, $0.maximum,
                $0.zeroFraction,
                $0.saturatedFraction, $0.deadUnitFraction, finite($0.gradientNorm), $0.nonfiniteCount,
            ]
        }
        try insertAll(activationPercentiles, into: "activation_percentile", 6, database) {
            [
                runID, $0.step, $0.layer, $0.site, $0.percentile, finite($0.value),
            ]
        }
        try insertAll(parameterStatistics, into: "parameter_statistic", 10, database) {
            [
                runID, $0.step, $0.layer, $0.parameter, finite($0.gradientNorm), finite($0.weightNorm),
                finite($0.updateNorm),
                finite($0.updateRatio), $0.nonfiniteCount, finite($0.gradientCosine),
            ]
        }
        for table in ProbeTable.allCases {
            let rows = probes.filter { $0.table == table }
            try insertAll(rows, into: table.rawValue, (rows.first?.values.count ?? 0) + 1, database) {
                [runID] + $0.values.map(\.databaseValue)
            }
        }
        try insertAll(normalizationStatistics, into: "normalization_statistic", 15, database) {
            [
                runID, $0.step, $0.layer, finite($0.batchMeanNorm), finite($0.runningMeanNorm), finite($0.meanGap),
                finite($0.batchVarianceMean), finite($0.runningVarianceMean), finite($0.varianceGap),
                finite($0.gammaMean),
                finite($0.gammaMinimum), finite($0.gammaMaximum), finite($0.betaMean), finite($0.betaMinimum),
                finite($0.betaMaximum),
            ]
        }
    }

    private func insertAll<Record>(
        _ records: [Record], into table: String, _ columnCount: Int, _ database: Database,
        _ values: (Record) -> [(any DatabaseValueConvertible)?]
    ) throws {
        guard !records.isEmpty else { return }
        let places = Array(repeating: "?", count: columnCount).joined(separator: ", ")
        let statement = try database.cachedStatement(sql: "INSERT INTO \(table) VALUES (\(places))")
        for record in records { try statement.execute(arguments: StatementArguments(values(record))) }
    }
}

/// Not-a-number as NULL; infinity as itself.
private func finite(_ value: Double?) -> Double? { value.flatMap { $0.isNaN ? nil : $0 } }
