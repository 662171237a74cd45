import ArgumentParser
import Support

/// The style of progress that `--progress` asks for.
enum ProgressStyle: String, CaseIterable, ExpressibleByArgument { case auto, plain, json, none }

/// The form in which progress is shown, which for the style `auto` depends on standard error.
enum ProgressForm {
    case bar, lines, json, nothing

    init(_ style: ProgressStyle) {
        self =
            switch style {
            case .auto: isTerminal(standardError) ? .bar : .lines
            case .plain: .lines
            case .json: .json
            case .none: .nothing
            }
    }
}
