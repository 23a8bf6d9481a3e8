import CherryCore
import Hummingbird
import Logging

/// Turns whatever is thrown into an answer.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = AppRequestContext

    let reporter: any ErrorReporter

    func handle(
        _ request: Request,
        context: AppRequestContext,
        next: @concurrent (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as BrokenBody {
            // The server ends the connection; what it does depends on the kind of error, so it gets the original.
            throw error.underlying
        } catch {
            let mapped = APIError(mapping: error)
            if let underlying = mapped.underlying {
                // The type alone: a description could carry what the user wrote.
                context.logger.error("unexpected error", metadata: ["error.type": "\(type(of: underlying))"])
            }
            if let fault = mapped.fault {
                let place = FailureReport.Place.request(
                    method: request.method.rawValue,
                    route: context.endpointPath
                )
                self.reporter.report(FailureReport(fault, at: place, status: Int(mapped.status.code)))
            }
            let response = mapped.response(requestID: context.requestID)
            return request.method == .head ? response.createHeadResponse() : response
        }
    }
}
