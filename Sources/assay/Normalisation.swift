import ArgumentParser
import Evaluation
import Foundation
import Training

/// `--mean` and `--std`.
struct NormalisationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Channel means of 0...1 (default: the weights', else ImageNet's).", valueName: "r,g,b"))
    var mean: String?

    @Option(help: ArgumentHelp("Channel deviations, above 0 up to 1 (default: as --mean).", valueName: "r,g,b"))
    var std: String?

    /// The names of those that were given.
    var given: [String] { [("--mean", mean), ("--std", std)].filter { $0.1 != nil }.map(\.0) }

    func validate() throws {
        do { _ = try Normalisation(self, weights: nil) } catch { throw ValidationError("\(error)") }
    }
}

/// What images are normalised with, and why.
struct Normalisation {
    let mean: [Float]
    let std: [Float]
    let reason: String

    /// What the options say; else what `config.json` or `assay.json` beside the weights says; else ImageNet's.
    /// - Throws: `InputError` for statistics that no picture of values 0...1 has.
    init(_ options: NormalisationOptions, weights path: String?) throws {
        let beside = try options.mean == nil || options.std == nil ? path.flatMap(Self.beside) : nil
        mean = try Self.triple(options.mean, "--mean") ?? beside?.mean ?? Preprocessing.imageNetMean
        std = try Self.triple(options.std, "--std") ?? beside?.std ?? Preprocessing.imageNetStd
        let parts = [
            options.given.isEmpty ? nil : options.given.joined(separator: " and "),
            options.given.count == 2 ? nil : beside.map(\.file) ?? "ImageNet's",
        ]
        reason = parts.compactMap { $0 }.joined(separator: ", else ")
        guard mean.allSatisfy({ (0...1).contains($0) }), std.allSatisfy({ $0 > 0 && $0 <= 1 }) else {
            throw InputError(
                "mean and std cannot be used", at: beside?.file,
                expected: "means from 0 to 1, deviations above 0 up to 1", got: "\(mean), \(std)")
        }
    }

    /// For people: the figures and where they come from.
    var text: String {
        func list(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: ",") }
        return "normalised with mean \(list(mean)) and std \(list(std)) (\(reason))"
    }

    func apply(to preprocessing: inout Preprocessing) { (preprocessing.mean, preprocessing.std) = (mean, std) }

    private static func triple(_ text: String?, _ name: String) throws -> [Float]? {
        guard let text else { return nil }
        let values = text.split(separator: ",", omittingEmptySubsequences: false).map { StrictNumber.parse(String($0)) }
        guard values.count == 3, !values.contains(nil) else {
            throw InputError("\(name) takes three numbers", expected: "for example 0.485,0.456,0.406", got: "'\(text)'")
        }
        return values.compactMap { $0.map(Float.init) }
    }

    /// The two forms of a configuration that lies beside weights: timm's `pretrained_cfg` and our own.
    private struct Configuration: Decodable {
        struct Statistics: Decodable {
            let mean: [Float]
            let std: [Float]
        }
        struct Settings: Decodable { let preprocessing: Statistics? }
        let pretrainedCfg: Statistics?
        let preprocessing: Statistics?
        let config: Settings?
    }

    private static func beside(_ path: String) throws -> (mean: [Float], std: [Float], file: String)? {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        for file in ["config.json", "assay.json"].map({ folder + "/" + $0 }) {
            // What is no such configuration belongs to something else.
            guard let bytes = try? FileBytes.read(file), bytes.count < 1 << 20,
                let found = try? JSON.decode(Configuration.self, from: bytes),
                let statistics = found.preprocessing ?? found.pretrainedCfg ?? found.config?.preprocessing
            else { continue }
            guard statistics.mean.count == 3, statistics.std.count == 3 else {
                throw InputError(
                    "mean and std cannot be used", at: file, expected: "3 numbers each",
                    got: "\(statistics.mean), \(statistics.std)")
            }
            return (statistics.mean, statistics.std, file)
        }
        return nil
    }
}
