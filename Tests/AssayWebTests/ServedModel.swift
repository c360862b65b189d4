import AssayWeb
import Evaluation
import FlyingFox
import Foundation
import ModelFiles
import Neural
import Raster
import Testing
import Training

/// A small untrained model with hostile labels, and pictures for it.
enum ServedModel {
    static let labels = ["<img src=x onerror=alert(1)>", "it's\n\u{202E}", "Sure"]

    /// - Parameter thresholds: as they stand in its settings.
    static func make(_ thresholds: [Double] = [0.25, 0.5, 0.75], size: Int = 32) throws -> Model {
        let config = RunConfig(
            arch: "resnet10s", head: .linear, vocab: labels, preprocessing: try .validation(size: size),
            thresholds: thresholds)
        let parameters = try Parameters(config.graph())
        parameters.initialise(seed: 3)
        return try Model(
            name: "m", config: config, weightBytes: SafeTensors.write(parameters.stateDictionary()), file: "m")
    }

    static func settings(_ change: (inout ServerSettings) -> Void = { _ in }) throws -> ServerSettings {
        var settings = ServerSettings(address: try LoopbackAddress("127.0.0.1"), port: 0, threads: 2)
        // A test may wait for its turn as long as all the others take.
        settings.idleSeconds = 3600
        settings.bodySeconds = 3600
        change(&settings)
        return settings
    }

    static func handler(
        _ model: Model? = nil, _ change: (inout ServerSettings) -> Void = { _ in }
    ) throws -> WebHandler {
        try WebHandler(
            try model ?? make(), isBundle: false,
            settings: settings {
                $0.port = 8080
                change(&$0)
            })
    }

    static func picture(seed: UInt64, width: Int = 48, height: Int = 40) throws -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        let pixels = (0..<width * height * 3).map { _ in UInt8(random.integer(below: 256)) }
        return try Image(width: width, height: height, pixels: pixels).pngBytes()
    }
}

/// One request to a handler, and what it replies.
struct Exchange {
    let status: Int
    let headers: [HTTPHeader: String]
    let bytes: [UInt8]

    init(
        _ handler: WebHandler, _ method: HTTPMethod, _ path: String, body: [UInt8] = [],
        headers: [HTTPHeader: String] = [:]
    ) async throws {
        var all: [HTTPHeader: String] = [.host: "127.0.0.1:8080"]
        all.merge(headers) { $1 }
        let response = await handler.handleRequest(
            HTTPRequest(
                method: method, version: .http11, path: path, query: [], headers: all, body: Data(body)))
        status = response.statusCode.code
        self.headers = Dictionary(response.headers.map { ($0.key, $0.value) }) { $1 }
        var bytes: [UInt8] = []
        if case .httpBody(let content) = response.payload {
            // A reply that ends its connection ends with an error.
            do { for try await chunk in content { bytes += chunk } } catch {}
        }
        self.bytes = bytes
    }

    struct Reply: Decodable {
        struct Score: Decodable {
            let label: String
            let probability: Double
            let threshold: Double
            let predicted: Bool
        }
        let labels: [String]
        let noPrediction: Bool
        let message: String
        let scores: [Score]
    }

    func reply() throws -> Reply { try JSON.decode(Reply.self, from: bytes) }

    struct Failure: Decodable { let error: String }

    /// The one sentence.
    func error() throws -> String { try JSON.decode(Failure.self, from: bytes).error }
}
