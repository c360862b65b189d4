// swift-tools-version: 6.0
import PackageDescription

/// One test target per room, of the room's name.
func tests(_ room: String, _ dependencies: Target.Dependency..., fixtures: Bool = false) -> Target {
    .testTarget(
        name: "\(room)Tests", dependencies: [.init(stringLiteral: room)] + dependencies,
        exclude: fixtures ? ["Fixtures"] : [])
}

let package = Package(
    name: "assay",
    products: [
        .executable(name: "assay", targets: ["assay"]),
        .executable(name: "engine-benchmark", targets: ["EngineBenchmark"]),
        .executable(name: "evaluation-benchmark", targets: ["EvaluationBenchmark"]),
        .library(name: "Evaluation", targets: ["Evaluation"]),
        .library(name: "Neural", targets: ["Neural"]),
        .library(name: "Training", targets: ["Training"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKernels"),
        .target(name: "CPNGRows", dependencies: ["CPNG"]),
        .target(name: "CReducedJPEG", dependencies: ["CKernels"]),
        .target(
            name: "Raster",
            dependencies: ["CKernels", "CTurboJPEG", "CPNG", "CPNGRows", "CReducedJPEG", "CCairo", "CZlib"]),
        .target(name: "Neural", dependencies: ["CKernels", "COpenBLAS"]),
        .target(name: "ModelFiles", dependencies: ["Neural", "CZlib"]),
        .target(name: "Evaluation", dependencies: ["Yams", "CZlib"]),
        .target(name: "DemoData", dependencies: ["Raster", "Evaluation"]),
        .target(
            name: "Training",
            dependencies: [
                "CKernels", "Raster", "Neural", "Evaluation", "ModelFiles",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(name: "Report", dependencies: ["Evaluation", "Raster"]),
        .target(
            name: "Export",
            dependencies: [
                "Training", "ModelFiles", "Evaluation", "Report", .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "AssayWeb",
            dependencies: [
                "Training", "ModelFiles", "Report", "Evaluation", "Raster",
                .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
            ]),
        .executableTarget(
            name: "assay",
            dependencies: [
                "Training", "Report", "Export", "AssayWeb", "DemoData", "Yams",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .executableTarget(
            name: "EngineBenchmark",
            dependencies: [
                "Neural", "Raster", "Training", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["peers.py", "images.py", "training.py"]),
        .executableTarget(
            name: "EvaluationBenchmark",
            dependencies: ["Evaluation", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            exclude: ["peers.py"]),
        tests("Raster", "CTurboJPEG", fixtures: true),
        tests("Neural", "CKernels", fixtures: true),
        tests("ModelFiles", "Neural", fixtures: true),
        tests("Evaluation", fixtures: true),
        tests("Training", "Raster", "Neural", "Evaluation", "ModelFiles", fixtures: true),
        tests("Report", "Evaluation"),
        tests("Export", "Training", "ModelFiles", "Evaluation", "Neural", "Yams"),
        tests(
            "AssayWeb", "Training", "Raster", "Neural", "Evaluation", "ModelFiles",
            .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox")),
        tests("DemoData", "Raster", "Evaluation"),
        .testTarget(name: "AssayTests", dependencies: ["assay", "Raster", "Evaluation", "Neural", "ModelFiles"]),
    ],
    swiftLanguageModes: [.v6]
)
