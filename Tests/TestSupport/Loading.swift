import Datasets

extension LabelledData {
    /// All rows of datasets in one file.
    package static func load(
        file: String, inputs: DatasetRequest, targets: DatasetRequest, as use: TargetUse = .classes,
        classCount: Int? = nil, matching training: LabelledData? = nil
    ) throws(DataError) -> LabelledData {
        try load(
            SplitRequest(files: [file], inputs: inputs, targets: targets),
            as: TargetRules(use: use, classCount: classCount), matching: training)
    }
}
