import CherryCore
import Testing

@testable import CherryBridge

@Suite("What models can do")
struct ModelCapabilityTests {
    static let entries: [(String, String, Set<ModelCapability>?)] = [
        (
            "Anthropic",
            #"{"capabilities":{"image_input":{"supported":true},"pdf_input":{"supported":false},"thinking":{"supported":true,"types":{}},"batch":{"supported":true}}}"#,
            [.tools, .images, .reasoning]
        ),
        ("Mistral", #"{"capabilities":{"completion_chat":true,"function_calling":true,"vision":false}}"#, [.tools]),
        ("names", #"{"capabilities":["completion","tools","vision","thinking"]}"#, [.tools, .images, .reasoning]),
        (
            "OpenRouter",
            #"{"architecture":{"input_modalities":["text","image","file"]},"supported_parameters":["tools","structured_outputs","top_p"]}"#,
            [.images, .files, .tools, .structuredOutput]
        ),
        ("Gemini's vectors", #"{"supportedGenerationMethods":["embedContent"]}"#, [.embeddings]),
        ("Gemini's text", #"{"supportedGenerationMethods":["generateContent","countTokens"]}"#, nil),
        ("nothing", #"{"id":"a","capabilities":{"completion_chat":true}}"#, nil),
        ("no list", #"{"capabilities":"all","architecture":"x"}"#, nil),
    ]

    @Test("A provider's list is believed in each form in which it is told", arguments: Self.entries)
    func told(_ form: String, entry: String, can: Set<ModelCapability>?) throws {
        #expect(try ModelCapability.told(by: JSONValue(parsing: Array(entry.utf8))) == can)
    }

    @Test("Families are known by the beginning of their names, whoever stands before it")
    func known() {
        #expect(ModelCapability.known(of: "gpt-5.4-mini")?.contains(.reasoning) == true)
        #expect(ModelCapability.known(of: "gpt-4o-2024-08-06")?.contains(.reasoning) == false)
        #expect(ModelCapability.known(of: "o3-mini")?.contains(.images) == false)
        #expect(ModelCapability.known(of: "text-embedding-3-small") == [.embeddings])
        #expect(
            ModelCapability.known(of: "eu.anthropic.claude-sonnet-4-6-v1:0")
                == ModelCapability.known(of: "claude-sonnet-4-6")
        )
        #expect(ModelCapability.known(of: "anthropic/claude-opus-4-1")?.contains(.structuredOutput) == false)
        #expect(ModelCapability.known(of: "claude-opus-4-6")?.contains(.structuredOutput) == true)
        #expect(ModelCapability.known(of: "somebody-elses-model") == nil)
        #expect(ModelCapability.known(of: "") == nil)
    }
}
