import Datasets

/// Which rows of the training data are for what, each in ascending order.
struct RowChoice {
    let train: RowSet
    /// Rows that are set aside of the training data; nil if none are.
    let validation: RowSet?
    /// All training rows, also those that `limit` and `sample` leave out.
    let all: RowSet
    /// The rows that must be read.
    let needed: RowSet

    /// - Parameter classes: of all rows, if they are known; see `needsTargets`.
    init(_ config: Config.Data, rowCount: Int, classes: ClassNumbers?) throws(DataError) {
        guard rowCount < 1 << 32 || config.validation?.fraction == nil && config.sample == nil else {
            throw DataError(
                "data.train: \(rowCount) rows are more than can be drawn from; choose some with rows or data.limit.")
        }
        var all = RowSet.range(0..<rowCount), validation: RowSet?
        if let (fraction, isStratified) = config.validation?.fraction {
            (all, validation) = try naming("data.validation.fraction") { () throws(DataError) in
                try divideRows(
                    rowCount: rowCount, validationFraction: fraction, seed: config.splitSeed,
                    stratifiedBy: isStratified ? classes : nil)
            }
        }
        var train = config.limit.map { all.first($0) } ?? all
        if let sample = config.sample {
            guard sample <= train.count else {
                throw DataError(
                    "data.sample: found \(sample), but there are only \(train.count) training rows; leave it out to "
                        + "take all"
                )
            }
            train = sampleRows(sample, of: train, seed: config.splitSeed, stratifiedBy: classes)
        }
        self.init(
            train: train, validation: validation, all: all, fitsAllRows: config.scaling.fitsAllRows)
    }

    private init(train: RowSet, validation: RowSet?, all: RowSet, fitsAllRows: Bool) {
        (self.train, self.validation, self.all) = (train, validation, all)
        let fitted = fitsAllRows ? all : train
        needed = validation.map { fitted.union($0) } ?? fitted
    }

    private init(train: RowSet, validation: RowSet?, all: RowSet, needed: RowSet) {
        (self.train, self.validation, self.all, self.needed) = (train, validation, all, needed)
    }

    /// The same rows by their places among those that are needed.
    func renumbered() -> RowChoice {
        func places(_ rows: RowSet) -> RowSet {
            if case .range(let range) = rows, case .range(let kept) = needed {
                return .range(range.lowerBound - kept.lowerBound..<range.upperBound - kept.lowerBound)
            }
            return .list(rows.compactMap { needed.place(of: $0).map { UInt32($0) } })
        }
        return RowChoice(
            train: places(train), validation: validation.map(places), all: places(all), needed: .range(0..<needed.count)
        )
    }

    /// Whether the first rows are all that is needed.
    static func isPrefix(_ config: Config.Data) -> Bool {
        config.limit != nil && config.validation?.fraction == nil && !config.scaling.fitsAllRows
    }

    /// Whether it takes the classes of all rows to choose some.
    static func needsTargets(_ config: Config.Data) -> Bool {
        config.sample != nil || config.validation?.fraction?.isStratified == true
    }
}

extension Config.Validation {
    /// The share of the training rows that is set aside; nil if validation rows are a split of their own.
    fileprivate var fraction: (share: Double, isStratified: Bool)? {
        if case .fraction(let share, let isStratified) = self { (share, isStratified) } else { nil }
    }
}
