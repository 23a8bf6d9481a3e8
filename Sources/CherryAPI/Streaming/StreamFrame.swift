import Hummingbird

/// What one element becomes.
struct StreamFrame: Sendable {
    let bytes: ByteBuffer
    var isLast = false
}
