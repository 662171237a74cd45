import Charts

/// Returns a text after a head, in lines of a width that are indented as far as the text begins.
///
/// - Parameter width: nil for one line; where it leaves no room beside the head, the text begins below it.
func indented(_ text: String, after head: String, width: Int?) -> String {
    guard let width, head.displayWidth + text.displayWidth > width else { return head + text }
    let beside = width - head.displayWidth
    guard beside >= 24 else {
        let below = text.wrapped(to: max(1, width - 4)).map { "    " + $0 }
        return ([head.split(separator: " ").joined(separator: " ")] + below).joined(separator: "\n")
    }
    let space = String(repeating: " ", count: head.displayWidth)
    return text.wrapped(to: beside).enumerated().map { ($0 == 0 ? head : space) + $1 }.joined(separator: "\n")
}
