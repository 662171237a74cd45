import Support

/// Checks what a student saved of one computation, by the operation that is named, or that fits the arrays best.
///
/// - Parameters:
///   - name: of the operation; nil to recognize it.
///   - tolerance: the largest relative error that passes; nil for that of the type of the numbers.
/// - Throws: an error that says what is missing, or which input cannot be computed with.
package func checkHomework(
    _ saved: SavedArrays, operation name: String? = nil, tolerance: Double? = nil
) throws(Failure) -> OperationCheck {
    let named = try operationName(name, saved)
    let mode = saved.words["mode"]?.lowercased()
    if let mode, !["train", "test"].contains(mode) {
        throw Failure(.badInput, "mode is '\(mode)'; expected 'train' or 'test'")
    }
    let operations = CheckedOperation.all.filter { operation in
        (named == nil || operation.name == named) && (mode == nil || operation.mode == nil || operation.mode == mode)
    }
    let candidates = operations.map { (operation: $0, resolved: saved.resolved(for: $0)) }.filter { candidate in
        candidate.operation.inputs.allSatisfy {
            $0.standard != nil || $0.isOptional || candidate.resolved.arrays[$0.name] != nil
        }
    }
    let useful = candidates.filter { candidate in
        candidate.operation.quantities.contains { candidate.resolved.arrays[$0.name] != nil }
    }
    guard !useful.isEmpty else { throw nothingToCheck(saved, operations, candidates.map(\.operation), named: named) }

    var checks: [OperationCheck] = [], problem: (unknown: Int, failure: Failure)?
    for (operation, resolved) in useful {
        do throws(Failure) {
            if let doubled = resolved.doubled.first {
                throw Failure(
                    .badInput,
                    doubled.names.map { "'\($0)'" }.joined(separator: " and ")
                        + " both mean \(doubled.meaning) in \(operation.title); leave out one, or rename it")
            }
            checks.append(try OperationChecker(operation, resolved, tolerance: tolerance).check(group: saved.group))
        } catch {
            if resolved.unknown.count < problem?.unknown ?? .max { problem = (resolved.unknown.count, error) }
        }
    }
    guard var best = checks.first else {
        throw problem?.failure ?? Failure(.badInput, "nothing can be checked")
    }
    for check in checks where check.misfit.lexicographicallyPrecedes(best.misfit) { best = check }
    if let problem, problem.unknown < best.unknownCount { throw problem.failure }
    best.notes = notes(on: best, beside: checks, isNamed: named != nil, saved) + best.notes
    return best
}

private func operationName(_ option: String?, _ saved: SavedArrays) throws(Failure) -> String? {
    for (word, place) in [(option, "--operation"), (saved.words["operation"], "operation")] {
        guard let word else { continue }
        guard let name = CheckedOperation.named(word) else {
            let hint =
                nearest(to: word.lowercased(), among: CheckedOperation.names).map { "did you mean \($0)? " } ?? ""
            throw Failure(
                place == "operation" ? .badInput : .usage,
                "\(place) is '\(word)'; \(hint)expected one of \(CheckedOperation.names.joined(separator: ", "))")
        }
        return name
    }
    return CheckedOperation.named(saved.group)
}

private func notes(
    on best: OperationCheck, beside checks: [OperationCheck], isNamed: Bool, _ saved: SavedArrays
) -> [String] {
    var notes: [String] = []
    if !isNamed {
        let others = checks.filter {
            $0.operation.title != best.operation.title && $0.unknownCount == best.unknownCount
        }
        let names = others.map(\.operation.name).filter { $0 != best.operation.name }
        notes.append(
            "checked as \(best.operation.title), which the arrays fit best"
                + (names.isEmpty ? "" : "; --operation \(names.joined(separator: " or ")) checks them as that"))
    }
    let resolved = saved.resolved(for: best.operation)
    let known =
        best.operation.inputs.flatMap { [$0.name] + $0.otherNames }
        + best.operation.quantities.flatMap { [$0.name] + $0.otherNames }
    for name in resolved.unknown {
        let near = nearest(to: name.lowercased(), among: known).map { "; did you mean \($0)?" } ?? ""
        notes.append("'\(name)' is no array of \(best.operation.title) and is left out\(near)")
    }
    return notes
}

/// Says what is there and what is missing.
private func nothingToCheck(
    _ saved: SavedArrays, _ operations: [CheckedOperation], _ complete: [CheckedOperation], named: String?
) -> Failure {
    let names = saved.arrays.map { "'\($0.name)'" }
    let found = names.isEmpty ? "no arrays" : names.prefix(20).joined(separator: ", ")
    if let operation = complete.first(where: { $0.name == named }) ?? (complete.count == 1 ? complete.first : nil) {
        return Failure(
            .badInput,
            "found the inputs of \(operation.title) (\(found)) and nothing that was computed of them; save some of "
                + operation.quantities.map(\.name).joined(separator: ", "))
    }
    if !complete.isEmpty {
        return Failure(
            .badInput,
            "found \(found), and nothing that was computed of them; save results too, such as out, dx or loss (inputs "
                + "of \(complete.map(\.title).joined(separator: ", ")))")
    }
    if let operation = operations.first, named != nil {
        let missing = operation.inputs.filter { input in
            input.standard == nil && !input.isOptional && saved.resolved(for: operation).arrays[input.name] == nil
        }
        return Failure(
            .badInput,
            "found \(found); \(operation.title) needs \(missing.map(\.name).joined(separator: " and ")) too")
    }
    let needs = operations.map { operation in
        let inputs = operation.inputs.filter { $0.standard == nil && !$0.isOptional }.map(\.name)
        return "\(operation.title): \(inputs.joined(separator: ", "))"
    }
    return Failure(
        .badInput,
        "found \(found), which are the arrays of no operation; expected those of one, and what was computed of them. "
            + needs.joined(separator: "; "))
}
