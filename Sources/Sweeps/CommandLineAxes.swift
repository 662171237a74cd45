import Foundation
import Support
import Training

/// Returns the sweep file that axes of the command line stand for.
///
/// - Parameters:
///   - axes: `key.path=A,B,C` each. Commas inside of brackets, braces and quotes belong to a value; a value is read as
///     that of `--set`.
///   - seeds: `1..3`, or a list such as `1,2,5`; nil for the config's seed.
///   - config: the path of the base config.
/// - Throws: `Failure` of usage that names the option and what it expects.
func sweepFile(axes: [String], seeds: String?, config: String) throws(Failure) -> JSON {
    var members: [JSON.Member] = []
    for text in axes {
        let option = "--axis \(text)", position = SourcePosition(source: option)
        guard let separator = text.firstIndex(of: "="), separator > text.startIndex else {
            throw Failure(.usage, "\(option): expected key.path=A,B,C, such as optimizer.learning_rate=0.01,0.1")
        }
        let key = String(text[..<separator])
        guard !members.contains(where: { $0.key == key }) else {
            throw Failure(.usage, "\(option): \(key) is an axis already; give all of its values at once")
        }
        var values: [JSON] = []
        for value in partsBetweenCommas(text[text.index(after: separator)...]) {
            guard !value.isEmpty else {
                throw Failure(
                    .usage, "\(option): a value is empty; expected values with single commas between them")
            }
            do {
                let read = try ConfigOverride("\(key)=\(value)").value
                values.append(JSON(read.value, at: position))
            } catch {
                throw Failure(.usage, "\(option): \(error.message)")
            }
        }
        members.append(JSON.Member(key, JSON(.array(values), at: position), at: position))
    }
    let stem = URL(fileURLWithPath: config).deletingPathExtension().lastPathComponent
    let varied = members.map { $0.key.split(separator: ".").last.map(String.init) ?? $0.key }
    let name = ([stem, "by"] + varied + (seeds == nil ? [] : ["seed"])).joined(separator: "-")
    var sweep: [JSON.Member] = [
        JSON.Member("name", JSON(name)),
        // A sweep file names its base from where it lies itself.
        JSON.Member("config", JSON((config as NSString).lastPathComponent)),
    ]
    if !members.isEmpty { sweep.append(JSON.Member("product", JSON(.object(members)))) }
    if let seeds { sweep.append(JSON.Member("seeds", try seedValues(seeds))) }
    return JSON(.object(sweep))
}

/// Returns the seeds that `--seeds` names, as a sweep file has them.
private func seedValues(_ text: String) throws(Failure) -> JSON {
    let position = SourcePosition(source: "--seeds \(text)")
    if let range = text.wholeMatch(of: /([0-9]{1,18})\.\.([0-9]{1,18})/), let first = Int(range.1),
        let last = Int(range.2)
    {
        guard first <= last, last - first < SweepLimits.trialCount else {
            throw Failure(
                .usage,
                "--seeds \(text): expected first..last, at most \(SweepLimits.trialCount) seeds, the smaller one first")
        }
        return JSON(.array((first...last).map { JSON(.integer($0), at: position) }), at: position)
    }
    let seeds = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard seeds.allSatisfy({ $0.map { $0 >= 0 } ?? false }) else {
        throw Failure(.usage, "--seeds \(text): expected whole numbers, such as 1..3 or 1,2,5")
    }
    return JSON(.array(seeds.compactMap { $0 }.map { JSON(.integer($0), at: position) }), at: position)
}

/// Returns the parts of a text between the commas that lie in no bracket, brace or quotation.
private func partsBetweenCommas(_ text: Substring) -> [String] {
    var parts = [""], depth = 0, isQuoted = false, isEscaped = false
    for character in text {
        if character == ",", depth == 0, !isQuoted {
            parts.append("")
            continue
        }
        parts[parts.count - 1].append(character)
        if isEscaped {
            isEscaped = false
        } else if isQuoted {
            isEscaped = character == "\\"
            isQuoted = character != "\""
        } else if character == "\"" {
            isQuoted = true
        } else if "[{".contains(character) {
            depth += 1
        } else if "]}".contains(character) {
            depth -= 1
        }
    }
    return parts
}
