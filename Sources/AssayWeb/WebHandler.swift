import Evaluation
import FlyingFox
import Foundation
import Synchronization
import Training

/// Every request's answer: the page, and the API under it.
package final class WebHandler: HTTPHandler {
    private let model: Model
    private let settings: ServerSettings
    private let modelReply: Data
    private let queue: PredictionQueue
    private let held: HeldBytes
    private let site: Mutex<SiteCheck>
    private let inWork = Mutex(0)

    package init(_ model: Model, isBundle: Bool, settings: ServerSettings) throws {
        self.model = model
        self.settings = settings
        queue = try PredictionQueue(model, threads: settings.threads, maximumWaiting: settings.maximumWaiting)
        held = HeldBytes(limit: settings.maximumHeldBytes)
        site = Mutex(SiteCheck(settings.address, port: settings.port))
        modelReply = try Self.data(
            ModelReply.json(model, isBundle: isBundle, maximumBytes: settings.maximumBytes))
    }

    /// The port that was taken in place of 0.
    func use(port: UInt16) { site.withLock { $0 = SiteCheck(settings.address, port: port) } }

    /// Bytes of images that requests hold now.
    package var heldBytes: Int { held.count }

    /// Waits until every request is answered, and for its answer to be sent.
    func finish(within seconds: Double) async {
        let end = ContinuousClock.now + .seconds(seconds)
        while inWork.withLock({ $0 > 0 }), ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(20)) }
        try? await Task.sleep(for: .milliseconds(50))
    }

    package func handleRequest(_ request: HTTPRequest) async -> HTTPResponse {
        inWork.withLock { $0 += 1 }
        defer { inWork.withLock { $0 -= 1 } }
        let body = RequestBody(request)
        let reply: WebReply
        do {
            try site.withLock { $0 }.check(request)
            reply = try await answer(request, body)
        } catch let error as WebError {
            reply = WebReply(error)
        } catch {
            reply = WebReply(WebError(.internalServerError, "The model could not answer: \(error)".singleLine))
        }
        return reply.response(isHead: request.method == .HEAD, body: body)
    }

    private func answer(_ request: HTTPRequest, _ body: RequestBody) async throws -> WebReply {
        let reading: [HTTPMethod] = [.GET, .HEAD]
        if let file = WebPage.file(request.path) {
            try require(reading, request)
            return WebReply(type: file.type, bytes: Data(file.text.utf8))
        }
        switch request.path {
        case "/health":
            try require(reading, request)
            return .json(Data("{\"status\": \"ok\"}\n".utf8))
        case "/model":
            try require(reading, request)
            return .json(modelReply)
        case "/predict":
            try require([.POST], request)
            return .json(try await predict(request, body))
        default:
            throw WebError(.notFound, "There is no such page; expected /, /predict, /model or /health.")
        }
    }

    private func require(_ methods: [HTTPMethod], _ request: HTTPRequest) throws {
        guard !methods.contains(request.method) else { return }
        let names = methods.map(\.rawValue).joined(separator: ", ")
        throw WebError(.methodNotAllowed, "This takes \(names) alone.", headers: [.allow: names])
    }

    private func predict(_ request: HTTPRequest, _ body: RequestBody) async throws -> Data {
        let boundary = try MultipartForm.boundary(request.headers[.contentType])
        let bytes = try await ExpectContinue.$current.withValue(ExpectContinue(request)) {
            try await body.read(
                declared: request.bodySequence.count, limit: settings.maximumBytes, form: boundary == nil ? 0 : 8192,
                seconds: settings.bodySeconds, held: held)
        }
        defer { held.giveBack(bytes.count) }
        let image = try boundary.map { try MultipartForm.file(in: bytes, boundary: $0) } ?? bytes
        guard image.count <= settings.maximumBytes else { throw WebError.tooLarge(limit: settings.maximumBytes) }
        let reply = PredictionReply(
            labels: model.config.vocab, thresholds: model.config.thresholds,
            probabilities: try await queue.probabilities(of: image))
        return try Self.data(reply.json)
    }

    private static func data(_ json: JSON) throws -> Data { Data((try json.text() + "\n").utf8) }
}
