// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "bnexp",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "bnexp", targets: ["bnexp"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "CPUGuard"),

        .target(name: "Matrices", dependencies: ["CPUGuard"]),
        .target(name: "NeuralNetwork", dependencies: ["Matrices"]),
        .target(
            name: "Datasets",
            dependencies: ["CHDF5", "CZlib", "Matrices", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "RunStore", dependencies: [.product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "Charts"),
        .target(name: "Reports", dependencies: ["Charts", "RunStore"]),
        .target(
            name: "Experiments",
            dependencies: [
                "Matrices", "NeuralNetwork", "Datasets", "RunStore", .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .executableTarget(
            name: "bnexp",
            dependencies: [
                "CPUGuard", "Experiments", "NeuralNetwork", "Charts", "Reports", "Datasets", "RunStore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .target(name: "TestSupport", dependencies: ["Matrices", "Datasets"], path: "Tests/TestSupport"),
        .testTarget(name: "MatricesTests", dependencies: ["Matrices", "TestSupport"]),
        .testTarget(name: "NeuralNetworkTests", dependencies: ["NeuralNetwork", "TestSupport"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(
            name: "RunStoreTests",
            dependencies: ["RunStore", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["Fixtures"]),
        .testTarget(name: "ChartsTests", dependencies: ["Charts"]),
        .testTarget(name: "ReportsTests", dependencies: ["Reports", "TestSupport"]),
        .testTarget(
            name: "GoldenTests", dependencies: ["Experiments", "NeuralNetwork", "Datasets", "Matrices", "TestSupport"],
            exclude: ["Fixtures"]),
        .testTarget(name: "ExperimentsTests", dependencies: ["Experiments", "Datasets", "TestSupport"]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "bnexp", "RunStore", "Datasets", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
    ])
