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
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "Support", dependencies: [.target(name: "CLibcrypto", condition: .when(platforms: [.linux]))]),
        .target(name: "Keys", dependencies: ["Support"]),
        .target(name: "NeuralNetwork", dependencies: ["CPUGuard", "Keys", "Support"]),
        .target(name: "Charts", dependencies: ["Support"]),
        .target(name: "Timing", dependencies: ["NeuralNetwork", "Support"]),
        .executableTarget(
            name: "kernels", dependencies: ["NeuralNetwork", "COpenBLAS", "Support", "Timing"],
            path: "Sources/Kernels"),
        .executableTarget(
            name: "step-cost", dependencies: ["Charts", "NeuralNetwork", "Support", "Timing"],
            path: "Sources/StepCost"),
    ])
