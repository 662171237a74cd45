import RunStore
import Support

/// The settings of runs as the plugin HPARAMS of TensorBoard has them: api.proto and plugin_data.proto, with the
/// numbers of their fields.
struct HyperparameterSet {
    /// The types of the plugin.
    private enum Kind: Int { case text = 1, boolean, number }

    private enum Setting {
        case number(Double)
        case boolean(Bool)
        case text(String)

        var kind: Kind {
            switch self {
            case .number: .number
            case .boolean: .boolean
            case .text: .text
            }
        }
    }

    /// Keys of configs; one whose values have different types is a text.
    private var kinds: [String: Kind] = [:]
    private let file: ResultsFile
    /// The experiment, which every run has in the same form: keys and metrics.
    private var experiment = ProtocolMessage()

    /// - Parameter metrics: the names of the curves whose ends are compared.
    init(_ runs: [RunReference], metrics: [String], in file: ResultsFile) throws {
        self.file = file
        for run in runs {
            for (key, setting) in try settings(of: run) {
                kinds[key] = kinds[key].map { $0 == setting.kind ? $0 : .text } ?? setting.kind
            }
        }
        // The plugin shows keys in their order.
        let varied = try file.differingKeys(of: runs, limit: .max)
        let keys = varied.filter { kinds[$0] != nil } + kinds.keys.filter { !varied.contains($0) }.sorted()
        for key in keys {
            experiment.add(
                4,
                message {
                    $0.add(1, key)
                    $0.add(4, (kinds[key] ?? .text).rawValue)
                })
        }
        for metric in metrics { experiment.add(5, message { $0.add(1, message { $0.add(2, metric) }) }) }
    }

    private func settings(of run: RunReference) throws -> [(key: String, setting: Setting)] {
        // The table has booleans as numbers, and the config has files as they are from any folder.
        let config = try JSONReader.read(file.config(ofRun: run.id), source: "config").leaves()
        let booleans = Set(config.compactMap { if case .boolean = $0.value.value { $0.path } else { nil } })
        return try file.parameters(ofRun: Int64(run.id)).sorted { $0.key < $1.key }.compactMap { key, value in
            switch value {
            case .null: nil
            case .integer(let number):
                (key, booleans.contains(key) ? .boolean(number != 0) : .number(Double(number)))
            case .number(let number): (key, .number(number))
            case .text(let text): (key, .text(text))
            }
        }
    }

    /// The values of a `Summary` that begin a run.
    func start(of run: RunReference, time: Double) throws -> ProtocolMessage {
        let settings = try settings(of: run)
        return message { summary in
            summary.addPluginValue("_hparams_/experiment", message { $0.add(2, experiment) })
            summary.addPluginValue(
                "_hparams_/session_start_info",
                message {
                    $0.add(
                        3,
                        message { session in
                            for (key, setting) in settings {
                                session.add(
                                    1,
                                    message {
                                        $0.add(1, key)
                                        $0.add(2, value(setting, as: kinds[key] ?? .text))
                                    })
                            }
                            session.add(5, time)
                        })
                })
        }
    }

    /// The value of a `Summary` that ends a run.
    func end(isSuccess: Bool, time: Double) -> ProtocolMessage {
        message {
            $0.addPluginValue(
                "_hparams_/session_end_info",
                message {
                    $0.add(
                        4,
                        message {
                            $0.add(1, isSuccess ? 1 : 2)
                            $0.add(2, time)
                        })
                })
        }
    }

    /// A `google.protobuf.Value`.
    private func value(_ setting: Setting, as kind: Kind) -> ProtocolMessage {
        message {
            switch setting {
            case .number(let number) where kind == .number: $0.add(2, number)
            case .boolean(let flag) where kind == .boolean: $0.add(4, flag)
            case .number(let number): $0.add(3, SQLValue.number(number).keyText)
            case .boolean(let flag): $0.add(3, flag ? "true" : "false")
            case .text(let text): $0.add(3, text)
            }
        }
    }
}

extension ProtocolMessage {
    /// Adds a value whose content is in its metadata, as plugins have it, with a tensor of one 0 that stands for
    /// none.
    fileprivate mutating func addPluginValue(_ tag: String, _ content: ProtocolMessage) {
        let tensor = message {
            $0.add(1, 1)  // float
            $0.add(2, message { $0.add(2, message { $0.add(1, 1) }) })
            $0.add(4, [UInt8](repeating: 0, count: 4))
        }
        add(
            1,
            message {
                $0.add(1, tag)
                $0.add(8, tensor)
                $0.add(
                    9,
                    message {
                        $0.add(
                            1,
                            message {
                                $0.add(1, "hparams")
                                $0.add(2, content)
                            })
                        $0.add(4, 2)  // a tensor
                    })
            })
    }
}
