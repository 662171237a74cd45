import Foundation
import Support

/// Says what a file that is not HDF5 is by its first bytes, and what to do about it.
func notHDF5(_ path: String) -> String {
    let start = [UInt8](beginning(of: path, byteCount: 512))
    let text = String(decoding: start, as: UTF8.self)
    func begins(_ bytes: UInt8...) -> Bool { start.starts(with: bytes) }
    let what =
        if begins(0x1F, 0x8B) {
            "a gzip file: unpack it first (gunzip), or import it if it is IDX, CSV or svmlight"
        } else if text.hasPrefix("\u{FFFD}NUMPY") || begins(0x93, 0x4E, 0x55, 0x4D) {
            "a NumPy array (.npy): bnexp data import npy makes HDF5 of it"
        } else if begins(0x50, 0x4B, 0x03, 0x04), text.contains("data.pkl") {
            "a file of torch.save: safetensors.torch.save_file writes weights that bnexp reads"
        } else if begins(0x50, 0x4B, 0x03, 0x04) {
            "a zip archive, such as NumPy's .npz: bnexp data import npz makes HDF5 of it"
        } else if text.hasPrefix("MATLAB 5.0") {
            "a MATLAB file of version 5 to 7: bnexp data import mat makes HDF5 of it"
        } else if begins(0x43, 0x44, 0x46, 0x01) || begins(0x43, 0x44, 0x46, 0x02) || begins(0x43, 0x44, 0x46, 0x05) {
            "a netCDF file of the classic format. Convert it: nccopy -k netCDF-4 OLD NEW"
        } else if begins(0x0E, 0x03, 0x13, 0x01) {
            "an HDF4 file. Convert it: h4toh5 OLD NEW"
        } else if text.hasPrefix("PAR1") {
            "a Parquet file. Read it with pandas and write its columns with h5py"
        } else if text.hasPrefix("version https://git-lfs") {
            "a pointer of Git LFS, not the file itself: git lfs pull"
        } else if text.lowercased().contains("<html") || text.lowercased().hasPrefix("<!doctype") {
            "a web page, as a failed download leaves. Fetch the file again"
        } else if begins(0, 0, 0x08) || begins(0, 0, 0x0D) || begins(0, 0, 0x0E) {
            "an IDX file, MNIST's format: bnexp data import idx makes HDF5 of it"
        } else if isText(start), text.contains(",") || text.contains("\t") || text.contains(";") || text.contains(":") {
            "a text file, such as CSV: bnexp data import csv, tsv or svmlight makes HDF5 of it"
        } else { nil as String? }
    let remedy = "Write one with h5py, or make one of files of another format with 'bnexp data import'"
    return "This is not an HDF5 file\(what.map { ", but \($0)" } ?? ". \(remedy)")."
}

private func isText(_ bytes: [UInt8]) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
}
