import CherryCore
import CherryObservability
import Hummingbird

/// The figures that charts show.
struct FiguresController: Sendable {
    private static let moments = 0...Int64(1 << 53)

    let figures: FigureHistory

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        // A page that is left open asks for them again and again, and must not keep the vault open.
        routes.add(Route(method: .get, template: "/api/v1/figures", isActivity: false)) { call in
            var query = try call.query()
            let after = try query.integer("after", in: Self.moments, default: 0)
            try query.finish()
            let points = self.figures.points(after: Timestamp(milliseconds: after))
            return .json(FiguresView(points: points.map(FigurePointView.init), now: .init(await self.figures.now())))
        }
    }
}
