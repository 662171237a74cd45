import CHDF5

extension HDF5File {
    /// What a path of a file leads to.
    enum Found {
        case dataset
        case group
        /// A type that datasets refer to by its name.
        case namedType
        case link(HDF5Link)
        /// A group that has been walked under another name.
        case sameGroup(as: String)
        /// Something that cannot be opened.
        case broken
    }

    /// Calls `body` with every object and every link of the file, group by group in alphabetical order; the root is
    /// `/`.
    ///
    /// What cannot be opened is handed over too and hides nothing else. A group that has several names is entered once.
    /// - Parameters:
    ///   - skipped: paths that are not touched.
    ///   - touching: called with a path before it is looked at.
    /// - Returns: whether all was walked, which ends at 100,000 paths and at a depth of 64 groups.
    @discardableResult
    func walk(
        skipping skipped: Set<String> = [], touching: (String) -> Void = { _ in }, _ body: (String, Found) -> Void
    ) -> Bool {
        var entered: [UInt64: String] = [:], count = 0, isWhole = true
        func enter(_ group: String, depth: Int) {
            touching(group)
            let address = HDF5Library.serialized { bnexp_object_address(handle.id, group.isEmpty ? "/" : group) }
            if let first = entered[address] { return body(group, .sameGroup(as: first)) }
            guard depth < 64 else {
                isWhole = false
                return
            }
            entered[address] = group.isEmpty ? "/" : group
            body(group.isEmpty ? "/" : group, .group)
            let (names, isComplete) = names(inGroup: group)
            if !isComplete { body(group.isEmpty ? "/" : group, .broken) }
            for name in names {
                let path = group.isEmpty ? name : "\(group)/\(name)"
                guard !skipped.contains(path) else { continue }
                guard count < 100_000 else {
                    isWhole = false
                    return
                }
                count += 1
                touching(path)
                guard let link = try? HDF5Link(path, in: self) else {
                    body(path, .broken)
                    continue
                }
                guard link == .hard else {
                    body(path, .link(link))
                    continue
                }
                switch kind(of: path) {
                case "dataset": body(path, .dataset)
                case "group": enter(path, depth: depth + 1)
                case nil: body(path, .broken)
                default: body(path, .namedType)
                }
            }
        }
        enter("", depth: 0)
        return isWhole
    }

    /// The names in a group, in alphabetical order, and whether they are all; an empty path is the root's.
    func names(inGroup group: String) -> (names: [String], isComplete: Bool) {
        var names: [String] = []
        let status = withUnsafeMutablePointer(to: &names) { names in
            HDF5Library.serialized {
                bnexp_visit_links(
                    handle.id, group.isEmpty ? "/" : group,
                    { name, context in
                        guard let name, let context else { return }
                        context.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
                    }, names)
            }
        }
        return (names, status >= 0)
    }
}
