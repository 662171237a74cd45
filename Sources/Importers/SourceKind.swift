import Datasets

/// A format that bnexp reads, or one that is met in its place.
enum SourceKind: CaseIterable {
    case npy, npz, mat, svmlight, cifar100, csv, idx, hdf5, matlab73, matlab4, gzip, pickle, webPage, gitPointer
    case bzip2, xz, zstandard, parquet, arrow, sqlite, oldOffice, other

    /// The format with its article, as messages say what was expected and what a file is.
    var description: String {
        switch self {
        case .npy: "a NumPy array (.npy)"
        case .npz: "a zip archive of NumPy arrays (.npz)"
        case .mat: "a MATLAB file of version 5 to 7"
        case .svmlight: "a text file in svmlight's format"
        case .cifar100: "a file of CIFAR-100's binary version"
        case .csv: "a text file, such as CSV"
        case .idx: "an IDX file, MNIST's format"
        case .hdf5: "an HDF5 file"
        case .matlab73: "a MATLAB file of version 7.3"
        case .matlab4: "perhaps a MATLAB file of version 4"
        case .gzip: "a gzip file"
        case .pickle: "a pickle of Python objects"
        case .webPage: "a web page, as a failed download leaves"
        case .gitPointer: "a pointer of Git LFS, not the file itself"
        case .bzip2: "a bzip2 file"
        case .xz: "an xz file"
        case .zstandard: "a Zstandard file"
        case .parquet: "a Parquet file"
        case .arrow: "a Feather or Arrow file"
        case .sqlite: "an SQLite database"
        case .oldOffice: "a document of an old office program, such as an .xls spreadsheet"
        case .other: "of an unknown format"
        }
    }

    /// What to do with a file of this kind.
    var remedy: String {
        switch self {
        case .npy: "'bnexp data import npy' reads it."
        case .npz: "'bnexp data import npz' reads it."
        case .mat: "'bnexp data import mat' reads it."
        case .svmlight: "'bnexp data import svmlight' reads it."
        case .cifar100: "'bnexp data import cifar100' reads it."
        case .csv: "'bnexp data import csv' or 'svmlight' reads it."
        case .idx: "'bnexp data import idx' reads it."
        case .hdf5: "It needs no import: name it in data.file."
        case .matlab73: "That is HDF5, which needs no import: name it in data.file."
        case .matlab4: "Load it in MATLAB and save it with save -v7."
        case .gzip: "Unpack it first: gunzip."
        case .pickle: "Load it in Python and save its arrays with numpy.savez."
        case .webPage: "Fetch the file again."
        case .gitPointer: "Fetch the file: git lfs pull."
        case .bzip2: "Unpack it first: bunzip2."
        case .xz: "Unpack it first: unxz."
        case .zstandard: "Unpack it first: unzstd."
        case .parquet, .arrow: "Read it with pandas and store it with to_csv."
        case .sqlite: "Have sqlite3 -csv -header write a table of it as CSV."
        case .oldOffice: "Save the sheet as CSV."
        case .other: "Check the path, or fetch it again."
        }
    }

    /// What a file is by its first bytes, at least 512 of them if it has as many.
    init(_ start: [UInt8]) {
        func begins(_ bytes: UInt8...) -> Bool { start.starts(with: bytes) }
        let isMarked = start.starts(with: byteOrderMark)
        let text = String(decoding: start.dropFirst(isMarked ? 3 : 0).prefix(512), as: UTF8.self)
        self =
            if start.starts(with: NPYHeader.magic) {
                .npy
            } else if begins(0x50, 0x4B, 3, 4) || begins(0x50, 0x4B, 5, 6) {
                .npz
            } else if text.hasPrefix("MATLAB 7.3") {
                .matlab73
            } else if text.hasPrefix("MATLAB 5") {
                .mat
            } else if begins(0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A) {
                .hdf5
            } else if begins(0x1F, 0x8B) {
                .gzip
            } else if begins(0x42, 0x5A, 0x68), start.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]) {
                .bzip2
            } else if begins(0xFD, 0x37, 0x7A, 0x58, 0x5A, 0) {
                .xz
            } else if begins(0x28, 0xB5, 0x2F, 0xFD) {
                .zstandard
            } else if start.starts(with: Array("PAR1".utf8)), start.prefix(16).contains(where: { $0 < 0x09 }) {
                .parquet
            } else if text.hasPrefix("ARROW1\0") || text.hasPrefix("FEA1\0") {
                .arrow
            } else if text.hasPrefix("SQLite format 3\0") {
                .sqlite
            } else if begins(0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1) {
                .oldOffice
            } else if start.count > 1, start[0] == 0x80, (2...5).contains(start[1]) {
                .pickle
            } else if text.hasPrefix("version https://git-lfs") {
                .gitPointer
            } else if text.lowercased().contains("<html") || text.lowercased().hasPrefix("<!doctype") {
                .webPage
            } else if start.count > 3, begins(0, 0), [8, 9, 11, 12, 13, 14].contains(start[2]),
                (1...4).contains(start[3])
            {
                .idx
            } else if SourceKind.isText(start) {
                text.firstMatch(of: /^(#[^\r\n]*[\r\n]+)*[-+0-9.,eE]+[ \t]+(qid:[0-9]+[ \t]+)?[0-9]+:[-+0-9.]/) != nil
                    ? .svmlight : .csv
            } else if start.count >= 20, start.prefix(4).contains(0) {
                .matlab4
            } else {
                .other
            }
    }

    private static func isText(_ start: [UInt8]) -> Bool {
        !start.isEmpty && start.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    }

    fileprivate func message(expected: SourceKind) -> String {
        self == expected || self == .other
            ? "It begins as no such file does; expected \(expected.description). Check the path, or fetch it again."
            : "This is \(description); expected \(expected.description). \(remedy)"
    }
}

/// What some programs write before text in UTF-8.
let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

/// Says what a file is that is not what was expected, and what to do about it.
func wrongKind(_ start: [UInt8], expected: SourceKind) -> String {
    SourceKind(start).message(expected: expected)
}
