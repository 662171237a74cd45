// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that benchmarks add nothing to the product. The folders of the product's modules in Sources
// are links: built here with the same flags, they share this package's access level.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    targets: [
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .target(name: "CPUGuard"),
        .target(name: "Matrices", dependencies: ["CPUGuard"]),
        .target(name: "NeuralNetwork", dependencies: ["Matrices"]),
        .target(name: "Charts"),
        .target(name: "Timing", dependencies: ["Matrices"]),
        .executableTarget(
            name: "backward-passes", dependencies: ["Matrices", "NeuralNetwork", "Timing"],
            path: "Sources/BackwardPasses"),
        .executableTarget(
            name: "kernels", dependencies: ["Matrices", "NeuralNetwork", "COpenBLAS", "Timing"], path: "Sources/Kernels"
        ),
        .executableTarget(
            name: "step-cost", dependencies: ["Charts", "Matrices", "NeuralNetwork", "Timing"], path: "Sources/StepCost"
        ),
    ])
