import CherryCore

@testable import CherryBridge

let fuzzedDoors: [any BridgeDoor] = [OpenAIChatDoor(), AnthropicDoor(), OpenAIResponsesDoor()]
let fuzzedDialects: [any ProviderDialect] = [
    OpenAIChatDialect(), AnthropicDialect(), OpenAIResponsesDialect(), GeminiDialect(), MistralDialect(),
    OllamaDialect(), AzureOpenAIDialect(), BedrockDialect(),
]

/// Translation between the APIs: any request, answer or refusal is translated or refused, and what is written can be read.
///
/// Input: what is translated, the door or dialect, how it is cut or what else is told, then the text.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzTranslation(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    switch input.choice(of: 4) {
    case 0: fuzzRequest(fuzzedDoors[input.choice(of: fuzzedDoors.count)], input.bytes)
    case 1: fuzzAnswer(fuzzedDialects[input.choice(of: fuzzedDialects.count)], &input)
    case 2: fuzzRefusal(fuzzedDialects[input.choice(of: fuzzedDialects.count)], &input)
    default: fuzzEvents(&input)
    }
    return 0
}

/// Where a dialect's requests go.
func fuzzedEndpoint(of dialect: any ProviderDialect) -> ProviderEndpoint {
    let isSigned = dialect.api == .bedrockConverse
    return ProviderEndpoint(
        baseURL: isSigned ? "https://bedrock-runtime.us-east-1.amazonaws.com" : "https://api.example.com/v1",
        key: Secret(isSigned ? "AKID:SECRET" : "k")
    )
}

/// What `work` returns; `nil` when it refuses with the product's own error.
func refusing<Value>(_ work: () throws -> Value) -> Value? {
    do {
        return try work()
    } catch {
        expect(error is BridgeError, "an error of another kind: \(error)")
        return nil
    }
}

/// JSON that the program wrote must be JSON.
func readBack(_ bytes: some Collection<UInt8>, _ what: String) -> JSONValue {
    do {
        return try JSONValue(parsing: bytes, maximumDepth: 2 * JSONValue.maximumDepth)
    } catch {
        fatalError("\(what) is not JSON: \(error)")
    }
}
