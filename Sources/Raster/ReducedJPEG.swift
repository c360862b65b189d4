import CReducedJPEG

extension JPEG {
    /// A grey or YCbCr picture at 1 / `divisor`, each pixel the mean of the lower frequencies of those that it stands for.
    /// libjpeg-turbo decodes every coefficient, also of a reduced picture; here most are stepped over.
    /// - Returns: nil if `divisor` is 1, for a file of a less usual kind, and for a damaged one, which libjpeg-turbo names.
    static func reduced(_ bytes: [UInt8], _ picture: ImageHeader, divisor: Int) -> Image? {
        guard divisor > 1 else { return nil }
        let width = (picture.width + divisor - 1) / divisor
        let height = (picture.height + divisor - 1) / divisor
        let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { pixels, filled in
            let isDone = reduced_jpeg_read(
                bytes, bytes.count, Int32(divisor), UInt32(picture.width), UInt32(picture.height), pixels.baseAddress)
            filled = isDone == 1 ? width * height * 3 : 0
        }
        return pixels.isEmpty ? nil : Image(width: width, height: height, pixels: pixels)
    }
}
