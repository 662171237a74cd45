import Foundation

/// What is known of a run when it begins: a row of `run`.
package struct RunRecord: Sendable {
    package var uuid: String
    package var name: String
    package var createdAt: Date
    package var seed: Int
    /// The resolved config as JSON.
    package var config: String
    package var configHash: String
    package var dataHash: String
    package var identity: String
    package var precision: String
    package var version: String
    package var sourceCommit: String?
    package var threads: Int
    package var cpu: String
    package var blas: String
    package var blasKernel: String
    package var enginePath: String
    package var command: String
    /// Batches in an epoch.
    package var stepsPerEpoch: Int

    package init(
        uuid: String, name: String, createdAt: Date, seed: Int, config: String, configHash: String, dataHash: String,
        identity: String, precision: String,
        version: String, sourceCommit: String?, threads: Int, cpu: String, blas: String, blasKernel: String,
        enginePath: String,
        command: String, stepsPerEpoch: Int
    ) {
        self.uuid = uuid
        self.name = name
        self.createdAt = createdAt
        self.seed = seed
        self.config = config
        self.configHash = configHash
        self.dataHash = dataHash
        self.identity = identity
        self.precision = precision
        self.version = version
        self.sourceCommit = sourceCommit
        self.threads = threads
        self.cpu = cpu
        self.blas = blas
        self.blasKernel = blasKernel
        self.enginePath = enginePath
        self.command = command
        self.stepsPerEpoch = stepsPerEpoch
    }
}

/// The process that works on a run: a row of `run_attempt`.
package struct AttemptRecord: Sendable {
    package var host: String
    package var pid: Int
    package var startedAt: Date
    /// What tells the process from others that had or will have its number; nil for a process elsewhere.
    package var bootID: String?
    package var processStarted: Int?

    package init(host: String, pid: Int, startedAt: Date) {
        self.host = host
        self.pid = pid
        self.startedAt = startedAt
    }

    /// This process, from now on.
    package static var ofThisProcess: AttemptRecord {
        let pid = Int(ProcessInfo.processInfo.processIdentifier)
        var record = AttemptRecord(host: thisHost, pid: pid, startedAt: Date())
        record.bootID = ThisMachine.bootID
        record.processStarted = ThisMachine.startOfProcess(pid)
        return record
    }
}

/// A layer of a run's network: a row of `layer`.
package struct LayerRecord: Sendable {
    package var layer: Int
    package var kind: String
    package var inputs: Int
    package var outputs: Int
    package var activation: String
    package var normalization: String
    package var parameterCount: Int
    package var isScaleInvariant: Bool

    package init(
        layer: Int, kind: String, inputs: Int, outputs: Int, activation: String, normalization: String,
        parameterCount: Int, isScaleInvariant: Bool
    ) {
        self.layer = layer
        self.kind = kind
        self.inputs = inputs
        self.outputs = outputs
        self.activation = activation
        self.normalization = normalization
        self.parameterCount = parameterCount
        self.isScaleInvariant = isScaleInvariant
    }
}

/// The status of a run, as `run.status` holds it.
package enum RunStatus: String, CaseIterable, Sendable {
    case running, finished, diverged, interrupted, failed, lost

    /// Whether a run ended by itself, so that nothing is left to do.
    package var hasEnded: Bool { self == .finished || self == .diverged }
}
