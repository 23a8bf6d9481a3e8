import CherryCore
import CherryNet

@testable import CherryBridge

/// A request comes in through a door and goes out in every dialect.
func fuzzRequest(_ door: any BridgeDoor, _ bytes: [UInt8]) {
    guard let body = try? JSONValue(parsing: bytes) else { return }  // what is no JSON reaches no door
    fuzzEmbeddings(body)
    guard let request = refusing({ try door.request(from: body) }) else { return }
    expect(request == refusing { try door.request(from: body) }, "a request reads in two ways")
    for dialect in fuzzedDialects {
        guard let written = written(request, by: dialect), dialect.api == door.api else { continue }
        // What a door reads and a dialect of the same API writes, reads again, and then as the same for ever.
        guard let again = refusing({ try door.request(from: written) }) else {
            fatalError("\(dialect.name) writes what its door does not read: \(written.text)")
        }
        guard let second = fuzzedWriting(again, by: dialect) else {
            fatalError("\(dialect.name) refuses what it wrote: \(written.text)")
        }
        expect(second == written, "\(dialect.name) writes \(written.text), then \(second.text)")
    }
}

private func written(_ request: ChatRequest, by dialect: any ProviderDialect) -> JSONValue? {
    _ = refusing { try dialect.tokenCountRequest(request, to: fuzzedEndpoint(of: dialect)) }
    return fuzzedWriting(request, by: dialect)
}

private func fuzzedWriting(_ request: ChatRequest, by dialect: any ProviderDialect) -> JSONValue? {
    refusing { try dialect.chatRequest(request, to: fuzzedEndpoint(of: dialect)) }.map { outgoing in
        expect(
            outgoing.headers.allSatisfy { !$0.value.utf8.contains { $0 == 0x0A || $0 == 0x0D } },
            "a header breaks its line"
        )
        return readBack(outgoing.body ?? [], "the body of \(dialect.name)")
    }
}

private func fuzzEmbeddings(_ body: JSONValue) {
    guard let call = refusing({ try EmbeddingsDoor().call(from: body) }) else { return }
    for dialect in fuzzedDialects {
        let outgoing = refusing { try dialect.embeddingsRequest(call.request, to: fuzzedEndpoint(of: dialect)) }
        if let outgoing { _ = readBack(outgoing.body ?? [], "the embeddings of \(dialect.name)") }
    }
}
