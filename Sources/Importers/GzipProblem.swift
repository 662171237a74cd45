import CZlib
import Foundation

/// What zlib says of the last call for a stream that failed; nil if none has.
///
/// zlib knows no more of the file than its descriptor, as in `<fd:4>: unexpected end of file`, which says nothing to
/// people.
func gzipProblem(_ stream: gzFile) -> String? {
    var code: Int32 = 0
    let reason = gzerror(stream, &code)
    guard code != Z_OK, code != Z_STREAM_END else { return nil }
    guard code != Z_ERRNO else { return String(cString: strerror(errno)) }
    let text = reason.map { String(cString: $0) } ?? "unknown damage"
    return text.hasPrefix("<fd:") ? text.firstRange(of: ": ").map { String(text[$0.upperBound...]) } ?? text : text
}
