import Evaluation
import Foundation
import Raster

/// A folder of small pictures: label `dark` or `light` by brightness, `red` by colour.
enum Pictures {
    static func make(_ count: Int = 24) throws -> (folder: String, table: LabelTable) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pictures-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var random = SeededGenerator(seed: 1)
        var rows: [LabelTable.Row] = []
        for index in 0..<count {
            let (isLight, isRed) = (index % 2 == 0, index % 3 == 0)
            let pixels = (0..<40 * 36).flatMap { _ -> [UInt8] in
                let value = (isLight ? 170.0 : 40) + random.uniform(0, 40)
                return [UInt8(min(255, value + (isRed ? 60 : 0))), UInt8(value), UInt8(value)]
            }
            let name = "picture \(index).png"
            try FileBytes.write(Image(width: 40, height: 36, pixels: pixels).pngBytes(), to: folder + "/" + name)
            rows.append(.init(name: name, labels: [isLight ? "light" : "dark"] + (isRed ? ["red"] : [])))
        }
        return (folder, LabelTable(rows: rows))
    }
}
