import AssayWeb
import Evaluation
import FlyingFox
import Foundation
import Testing
import Training

@Suite struct WebHandlerTests {
    @Test func probabilitiesAreThePredictionsOfTheFileToTheBit() async throws {
        let (model, handler) = (try ServedModel.make(), try ServedModel.handler())
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).png").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        for seed in 0..<4 as Range<UInt64> {
            let picture = try ServedModel.picture(seed: seed, width: 30 + Int(seed) * 17)
            try FileBytes.write(picture, to: file)
            let expected = try model.score(paths: [file], names: ["a"], threads: 1).scores.values
            let exchange = try await Exchange(handler, .POST, "/predict", body: picture)
            let reply = try exchange.reply()
            #expect(exchange.status == 200 && reply.scores.map(\.probability) == expected)
            #expect(reply.scores.map(\.label) == ServedModel.labels)
            #expect(reply.scores.map(\.threshold) == [0.25, 0.5, 0.75])
            #expect(reply.scores.map(\.predicted) == zip(expected, [0.25, 0.5, 0.75]).map { $0 > $1 })
            #expect(reply.labels == reply.scores.filter(\.predicted).map(\.label))
            #expect(reply.noPrediction == reply.labels.isEmpty)
        }
    }

    /// Strictly above, as everywhere.
    @Test func aProbabilityAtItsThresholdIsNotPredicted() async throws {
        let picture = try ServedModel.picture(seed: 1)
        let scores = try await Exchange(ServedModel.handler(), .POST, "/predict", body: picture).reply().scores
        let model = try ServedModel.make(scores.map(\.probability))
        let reply = try await Exchange(ServedModel.handler(model), .POST, "/predict", body: picture).reply()
        #expect(reply.noPrediction && reply.labels.isEmpty)
        #expect(reply.message.hasPrefix("The model is not sure: no label is above its threshold. The nearest is "))
        #expect(!reply.message.contains("\n") && !reply.message.contains("\u{202E}"))
    }

    @Test func aFormWithOneFileIsThatFile() async throws {
        let handler = try ServedModel.handler()
        let picture = try ServedModel.picture(seed: 2)
        let plain = try await Exchange(handler, .POST, "/predict", body: picture)
        let head = "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n"
        let form = Array(head.utf8) + picture + Array("\r\n--b--\r\n".utf8)
        let type = [HTTPHeader.contentType: "multipart/form-data; boundary=b"]
        let sent = try await Exchange(handler, .POST, "/predict", body: form, headers: type)
        #expect(sent.status == 200 && sent.bytes == plain.bytes)
        let none = Array("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ntext\r\n--b--\r\n".utf8)
        let empty = try await Exchange(handler, .POST, "/predict", body: none, headers: type)
        #expect(try empty.status == 415 && empty.error() == "The form has no file.")
    }

    @Test(arguments: [
        ([], "The file is empty; expected a JPEG or PNG image, got 0 bytes."),
        (Array("hello".utf8), "The file is not an image; expected JPEG or PNG content, got text."),
        (Array("GIF89a".utf8), "The file is not an image; expected JPEG or PNG content, got a GIF."),
    ]) func whatIsNoImageIs400InOneSentence(body: [UInt8], sentence: String) async throws {
        let exchange = try await Exchange(ServedModel.handler(), .POST, "/predict", body: body)
        #expect(try exchange.status == 400 && exchange.error() == sentence)
        #expect(exchange.headers[.contentType] == "application/json")
    }

    @Test func aDamagedImageIs400() async throws {
        let handler = try ServedModel.handler()
        let picture = try ServedModel.picture(seed: 2)
        for count in [9, 60, picture.count / 2, picture.count - 13] {
            let exchange = try await Exchange(handler, .POST, "/predict", body: Array(picture.prefix(count)))
            #expect(try exchange.status == 400 && exchange.error().hasPrefix("The file "), "\(count)")
        }
        #expect(try await Exchange(handler, .POST, "/predict", body: picture).status == 200)
    }

    @Test func whatIsNotThereIs404AndWrongMethodsAre405() async throws {
        let handler = try ServedModel.handler()
        for path in ["/predict/", "/../etc/passwd", "/%2e%2e/etc/passwd", "//", "/PREDICT", "/config.json"] {
            let exchange = try await Exchange(handler, .GET, path)
            #expect(try exchange.status == 404 && !exchange.error().isEmpty, "\(path)")
        }
        for (method, path, allowed) in [
            (HTTPMethod.GET, "/predict", "POST"), (.PUT, "/predict", "POST"), (.OPTIONS, "/predict", "POST"),
            (.POST, "/", "GET, HEAD"), (.DELETE, "/model", "GET, HEAD"), (.POST, "/health", "GET, HEAD"),
        ] {
            let exchange = try await Exchange(handler, method, path)
            #expect(exchange.status == 405 && exchange.headers[HTTPHeader("Allow")] == allowed, "\(method) \(path)")
        }
        let head = try await Exchange(handler, .HEAD, "/model")
        let get = try await Exchange(handler, .GET, "/model")
        #expect(head.status == 200 && head.bytes.isEmpty && head.headers[.contentLength] == "\(get.bytes.count)")
    }

    @Test func theModelSaysWhatItIs() async throws {
        struct Description: Decodable {
            struct Preprocessing: Decodable {
                let size: Int
                let resizeTo: Int
                let mean: [Float]
            }
            let labels: [String]
            let thresholds: [Double]
            let architecture: String
            let weightsSha256: String
            let preprocessing: Preprocessing
        }
        let model = try ServedModel.make()
        let exchange = try await Exchange(ServedModel.handler(model), .GET, "/model")
        let said = try JSON.decode(Description.self, from: exchange.bytes)
        #expect(said.labels == ServedModel.labels && said.thresholds == [0.25, 0.5, 0.75])
        #expect(said.architecture == "resnet10s")
        #expect(said.weightsSha256 == model.identity.digests["model.safetensors"])
        #expect(said.preprocessing.size == 32 && said.preprocessing.mean == Preprocessing.imageNetMean)
        #expect(said.preprocessing.resizeTo == model.config.preprocessing.resizeTo)
    }

    @Test func anImageOverTheLimitIs413() async throws {
        let picture = try ServedModel.picture(seed: 2)
        let exact = try ServedModel.handler { $0.maximumBytes = picture.count }
        #expect(try await Exchange(exact, .POST, "/predict", body: picture).status == 200)
        let handler = try ServedModel.handler { $0.maximumBytes = picture.count - 1 }
        let exchange = try await Exchange(handler, .POST, "/predict", body: picture)
        #expect(try exchange.status == 413 && exchange.error().contains("at most \(picture.count - 1) bytes"))
        let head = "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n"
        let form = Array(head.utf8) + picture + Array("\r\n--b--\r\n".utf8)
        let type = [HTTPHeader.contentType: "multipart/form-data; boundary=b"]
        #expect(try await Exchange(exact, .POST, "/predict", body: form, headers: type).status == 200)
        #expect(try await Exchange(handler, .POST, "/predict", body: form, headers: type).status == 413)
    }
}
