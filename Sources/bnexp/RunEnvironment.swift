import CPUGuard
import Support
import Training

extension RunEnvironment {
    /// Describes this process: its command line and how its binary was compiled.
    init(threads: Int, inputs: InputForm = .automatic) {
        self.init(
            threads: threads, instructionSet: String(cString: bnexp_compiled_instruction_set()), inputForm: inputs,
            command: CommandLine.arguments.map(quotedForShell).joined(separator: " "),
            sourceCommit: bnexp_source_commit().map { String(cString: $0) })
    }
}
