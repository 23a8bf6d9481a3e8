import Foundation

/// Finds ports on 127.0.0.1.
enum LoopbackPort {
    /// A port that was free a moment ago. Another program may take it before it is used: be ready to ask again.
    static func free() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard descriptor >= 0, isBound else {
            throw BridgeError(.localModelFailed, message: "No free port on the loopback interface was found.")
        }
        return UInt16(bigEndian: address.sin_port)
    }
}
