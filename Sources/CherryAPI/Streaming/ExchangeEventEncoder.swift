import CherryBridge

/// The news of exchanges as events.
struct ExchangeEventEncoder: StreamEncoder {
    func encode(_ report: ExchangeReport) -> StreamFrame {
        StreamFrame(bytes: ServerSentEvent.frame(event: "exchange", data: JSON.encode(ExchangeView(report))))
    }
}
