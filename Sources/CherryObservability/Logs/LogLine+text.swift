import Logging

extension LogLine {
    /// The readable form after the time: ` info cherry: http.status=200 [CherryAPI] request`.
    ///
    /// Text in it shows as it is and does nothing: see `LogText`.
    var readable: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(192)
        bytes.append(UInt8(ascii: " "))
        bytes += self.level.rawValue.utf8
        bytes.append(UInt8(ascii: " "))
        bytes += self.logger.utf8
        bytes.append(UInt8(ascii: ":"))
        for field in self.fields {
            bytes.append(UInt8(ascii: " "))
            bytes += field.key.key.utf8
            bytes.append(UInt8(ascii: "="))
            switch field.value {
            case .text(let text): bytes += text.utf8
            case .integer(let number): bytes += String(number).utf8
            }
        }
        bytes += " [".utf8
        bytes += self.module.utf8
        bytes += "] ".utf8
        bytes += self.message.utf8
        return bytes
    }
}
