import HTTPTypes
import Hummingbird

/// Puts the security headers on every answer, whatever it is.
struct SecurityHeadersMiddleware: RouterMiddleware {
    typealias Context = AppRequestContext

    private let headers: [(HTTPField.Name, String)]

    /// Creates the headers.
    ///
    /// - Parameter isSecure: whether browsers reach this server over TLS.
    init(isSecure: Bool) {
        var headers: [(HTTPField.Name, String)] = [
            (.contentSecurityPolicy, Self.contentSecurityPolicy),
            (.xContentTypeOptions, "nosniff"),
            (.crossOriginOpenerPolicy, "same-origin"),
            (.crossOriginResourcePolicy, "same-origin"),
            (.referrerPolicy, "no-referrer"),
            (.permissionsPolicy, Self.permissionsPolicy),
            (.xFrameOptions, "DENY"),
        ]
        if isSecure {
            headers.append((.strictTransportSecurity, "max-age=31536000; includeSubDomains"))
        }
        self.headers = headers
    }

    func handle(
        _ request: Request,
        context: AppRequestContext,
        next: @concurrent (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in self.headers { response.headers[name] = value }
        // What does not say how it may be cached is private.
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        response.headers[.requestID] = context.requestID
        return response
    }

    private static let contentSecurityPolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:",
        "font-src 'self'", "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "base-uri 'none'",
        "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
        "trusted-types cherry",
    ].joined(separator: "; ")

    private static let permissionsPolicy = [
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone",
        "midi", "payment", "usb",
    ].map { "\($0)=()" }.joined(separator: ", ")
}

extension HTTPField.Name {
    static let contentSecurityPolicy = Self("Content-Security-Policy")!
    static let xContentTypeOptions = Self("X-Content-Type-Options")!
    static let crossOriginOpenerPolicy = Self("Cross-Origin-Opener-Policy")!
    static let crossOriginResourcePolicy = Self("Cross-Origin-Resource-Policy")!
    static let referrerPolicy = Self("Referrer-Policy")!
    static let permissionsPolicy = Self("Permissions-Policy")!
    static let xFrameOptions = Self("X-Frame-Options")!
    static let strictTransportSecurity = Self("Strict-Transport-Security")!
    static let clearSiteData = Self("Clear-Site-Data")!
    static let requestID = Self("X-Request-ID")!
    static let cherry = Self("X-Cherry")!
    static let lastEventID = Self("Last-Event-ID")!
    static let accelBuffering = Self("X-Accel-Buffering")!
}
