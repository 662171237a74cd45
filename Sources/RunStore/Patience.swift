/// How long whoever writes waits while another program locks the results file, in turns of ten seconds.
enum Patience: Sendable {
    /// A command says that the file is locked.
    case aMinute
    /// A run loses nothing: it says once that it waits, and then that it goes on.
    case unlimited(note: @Sendable (String) -> Void)

    func wait<Result>(_ body: () throws(ResultsError) -> Result) throws(ResultsError) -> Result {
        for turn in 1... {
            do {
                let result = try body()
                if turn > 1, case .unlimited(let note) = self {
                    note("the results file is free again; the run goes on")
                }
                return result
            } catch {
                guard error.cause == .locked else { throw error }
                switch self {
                case .aMinute: if turn == 6 { throw error }
                case .unlimited(let note): if turn == 1 { note("\(error.message). The run waits") }
                }
            }
        }
        preconditionFailure("the turns do not end")
    }
}
