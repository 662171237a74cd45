// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "bnexp",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "bnexp", targets: ["bnexp"])],
    dependencies: [
        // Exact, since Package.resolved is not kept and completion scripts are patched by text.
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
        .systemLibrary(
            name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
        .systemLibrary(
            name: "CBlosc", pkgConfig: "blosc", providers: [.apt(["libblosc-dev"]), .brew(["c-blosc"])]),
        .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .target(name: "CPUGuard"),
        .target(name: "EmbeddedFiles"),

        .target(
            name: "Support", dependencies: [.target(name: "CLibcrypto", condition: .when(platforms: [.linux]))]),
        .target(name: "Keys", dependencies: ["Support"]),
        .target(name: "NeuralNetwork", dependencies: ["CPUGuard", "Keys", "Support"]),
        .target(
            name: "Datasets",
            dependencies: [
                "CBlosc", "CBzip2", "CDeflate", "CHDF5", "CLZ4", "CZstd", "NeuralNetwork", "Support",
            ]),
        .target(name: "Importers", dependencies: ["CZlib", "Datasets", "Support"]),
        .target(name: "RunStore", dependencies: ["Support", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "Derivations", dependencies: ["NeuralNetwork", "Support"]),
        .target(name: "Charts", dependencies: ["Support"]),
        .target(name: "Reports", dependencies: ["Charts", "RunStore", "Support"]),
        .target(
            name: "Pages", dependencies: ["Charts", "Reports", "RunStore", "Support"],
            resources: [
                .embedInCode("Resources/page.html"), .embedInCode("Resources/page.css"),
                .embedInCode("Resources/reading.css"),
                .embedInCode("Resources/axes.js"), .embedInCode("Resources/data.js"),
                .embedInCode("Resources/lines.js"), .embedInCode("Resources/maps.js"),
                .embedInCode("Resources/figures.js"), .embedInCode("Resources/runs.js"),
                .embedInCode("Resources/page.js"),
            ]),
        .target(
            name: "Serving",
            dependencies: [
                "Pages", "RunStore", "Support", .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .target(name: "Training", dependencies: ["Keys", "NeuralNetwork", "Datasets", "RunStore", "Support"]),
        .target(
            name: "Sweeps", dependencies: ["Keys", "Training", "NeuralNetwork", "Datasets", "RunStore", "Support"]),
        .executableTarget(
            name: "bnexp",
            dependencies: [
                "CPUGuard", "EmbeddedFiles", "Keys", "Sweeps", "Training", "NeuralNetwork", "Derivations", "Charts",
                "Reports",
                "Pages", "Serving",
                "Importers", "Datasets",
                "RunStore", "Support",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .target(name: "TestSupport", dependencies: ["NeuralNetwork", "Datasets"], path: "Tests/TestSupport"),
        .target(name: "ProcessStart", path: "Tests/ProcessStart"),
        .testTarget(name: "SupportTests", dependencies: ["Support", "TestSupport"]),
        .testTarget(name: "KeysTests", dependencies: ["Keys", "Support"]),
        .testTarget(name: "NeuralNetworkTests", dependencies: ["NeuralNetwork", "TestSupport"]),
        .testTarget(name: "DerivationsTests", dependencies: ["Derivations", "NeuralNetwork", "TestSupport"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(
            name: "ImportersTests", dependencies: ["Importers", "Datasets", "NeuralNetwork", "Support", "TestSupport"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "RunStoreTests",
            dependencies: ["RunStore", "Training", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["Fixtures"]),
        .testTarget(name: "ChartsTests", dependencies: ["Charts"]),
        .testTarget(name: "ReportsTests", dependencies: ["Reports", "TestSupport"]),
        .testTarget(
            name: "GoldenTests", dependencies: ["Training", "NeuralNetwork", "Datasets", "TestSupport"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: ["Training", "NeuralNetwork", "Datasets", "RunStore", "TestSupport"]),
        .testTarget(name: "SweepsTests", dependencies: ["Sweeps", "Training", "TestSupport"]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "bnexp", "Derivations", "Keys", "RunStore", "Training", "NeuralNetwork", "Datasets", "Support",
                "ProcessStart",
                "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Fixtures"]),
    ],
    cLanguageStandard: .c2x)
