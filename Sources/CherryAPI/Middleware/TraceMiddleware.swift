import HTTPTypes
import Hummingbird
import Tracing

/// Makes each request a span of the trace that the client began, or of a new one.
struct TraceMiddleware: RouterMiddleware {
    typealias Context = AppRequestContext

    func handle(
        _ request: Request,
        context: AppRequestContext,
        next: @concurrent (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        var trace = InstrumentationContext.topLevel
        InstrumentationSystem.instrument.extract(request.headers, into: &trace, using: FieldExtractor())
        return try await withSpan("http.request", context: trace, ofKind: .server) { span in
            let response = try await next(request, context)
            span.note(method: request.method, route: context.endpointPath, status: response.status)
            return response
        }
    }
}

/// Reads the fields of a trace from a request's headers.
private struct FieldExtractor: Extractor {
    func extract(key: String, from carrier: HTTPFields) -> String? {
        HTTPField.Name(key).flatMap { carrier[$0] }
    }
}

extension Tracing.Span {
    /// Notes how a request was answered.
    func note(method: HTTPRequest.Method, route: String?, status: HTTPResponse.Status) {
        guard self.isRecording else { return }
        self.updateAttributes { attributes in
            attributes["http.request.method"] = method.rawValue
            attributes["http.route"] = route ?? "-"
            attributes["http.response.status_code"] = status.code
        }
        if status.kind == .serverError { self.setStatus(.init(code: .error)) }
    }
}
