/// What a server's status means for what was sent to it.
enum HTTPVerdict: Sendable, Hashable {
    case accepted
    /// Not now. A pause is what the server asks for or what makes sense.
    case later(reason: String, pause: Duration?)
    /// Less at once may be accepted.
    case tooLarge(reason: String)
    /// Something in it is wrong, and a second time would change nothing.
    case refused(reason: String)

    /// How long to wait when a person has to do something first: a key is wrong, or the address is another server's.
    static let personPause = Duration.seconds(300)

    init(status: Int, retryAfter: Duration?) {
        let reason = "http_\(status)"
        self =
            switch status {
            case 200..<300: .accepted
            case 400, 422: .refused(reason: reason)
            case 413: .tooLarge(reason: reason)
            case 408, 425, 429, 500...: .later(reason: reason, pause: retryAfter)
            default: .later(reason: reason, pause: retryAfter ?? Self.personPause)
            }
    }
}
