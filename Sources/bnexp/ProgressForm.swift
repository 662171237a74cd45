import ArgumentParser
import Support

enum ProgressStyle: String, CaseIterable, ExpressibleByArgument { case auto, plain, json, none }

/// What a progress style comes to here.
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
