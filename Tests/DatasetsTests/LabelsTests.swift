import Datasets
import TestSupport
import Testing

@Suite struct LabelsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func labels(
        _ dataset: HDF5Dataset, _ mapping: ClassMapping = .automatic, classCount: Int? = nil
    ) throws -> Labels {
        try Labels(RawTargets(file: dataset.file, "\(dataset.name)"), mapping, classCount: classCount)
    }

    @Test func numbersAndOneHotRows() throws {
        let whole = try labels(dataset([2, 0, 1, 2] as [Int32], [4], in: folder))
        #expect(Array(whole.classes) == [2, 0, 1, 2] && whole.classCount == 3)
        let column = try labels(dataset([2, 0, 1, 2] as [UInt8], [4, 1], in: folder), classCount: 10)
        #expect(Array(column.classes) == [2, 0, 1, 2] && column.classCount == 10)
        let floating = try labels(dataset([2, 0, 1, 2] as [Double], [4], in: folder))
        #expect(Array(floating.classes) == [2, 0, 1, 2] && floating.classCount == 3)
        let oneHot = try labels(dataset([0, 0, 1, 0, 1, 0, 0, 0] as [Float], [2, 4], in: folder))
        #expect(Array(oneHot.classes) == [2, 0] && oneHot.classCount == 4)
        let oneClassOfMany = try labels(dataset([3, 3] as [UInt8], [2], in: folder), classCount: 10)
        #expect(Array(oneClassOfMany.classes) == [3, 3])
    }

    @Test(
        arguments: [
            (
                [0, 1.5, 1], [3], nil,
                "Row 1 (counted from 0) holds 1.5, which is not a whole number; expected classes 0, 1, 2, ..."
            ),
            ([0, 1, -1], [3], 3, "Row 2 (counted from 0) holds -1, which is negative;"),
            ([0, 3e9, 1], [3], 3, "Row 1 (counted from 0) holds 3000000000, which is too large for a class;"),
            ([0, 10, 1], [3], 10, "The largest class is 10; expected 0 to 9, since there are 10 classes."),
            ([1, 0, 1, 1, 0, 1], [3, 2], nil, "Row 1 (counted from 0) is not one-hot: expected one 1 and 1 zeros."),
            ([1, 0, 0, 0], [2, 2], nil, "Row 1 (counted from 0) is not one-hot"),
            ([1, 0, 0.5, 0.5], [2, 2], nil, "Row 1 (counted from 0) is not one-hot"),
            ([1, 0, 0, 1], [2, 2], 3, "Its rows have 2 columns; expected 3, one for each class."),
            ([3, 3], [2], nil, "Every row is of class 3: there is nothing to learn."),
            ([1, 0, 0, 1], [1, 2, 2], nil, "It is 1 x 2 x 2; expected classes (N or N x 1) or one-hot rows (N x K)."),
            ([0, .nan], [2], nil, "1 of 2 values are not finite"),
        ] as [([Double], [Int], Int?, String)])
    func unsuitable(_ values: [Double], _ shape: [Int], _ classCount: Int?, _ expected: String) throws {
        let dataset = try dataset(values, shape, in: folder)
        let problem = message { try labels(dataset, classCount: classCount) }
        #expect(problem.hasPrefix("\(dataset.file), dataset 'train/labels': \(expected)"))
    }
}
