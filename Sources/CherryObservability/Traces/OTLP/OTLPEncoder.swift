import CherryCore

/// Writes spans as an `ExportTraceServiceRequest` in OTLP's JSON (OpenTelemetry Protocol 1.x, "JSON Protobuf Encoding"): ids
/// in hexadecimal, 64-bit numbers as text, enumerations as numbers, names in camel case.
struct OTLPEncoder {
    let identity: ServiceIdentity

    func body(_ spans: [SpanRecord]) -> [UInt8] {
        let json: JSONValue = [
            "resourceSpans": [
                [
                    "resource": ["attributes": .array(self.resource)],
                    "scopeSpans": [
                        [
                            "scope": ["name": "cherry", "version": .string(self.identity.version)],
                            "spans": .array(spans.map(self.span)),
                        ]
                    ],
                ]
            ]
        ]
        return json.bytes
    }

    private var resource: [JSONValue] {
        [
            self.attribute("service.name", .text(self.identity.service)),
            self.attribute("service.version", .text(self.identity.version)),
            self.attribute("service.instance.id", .text(self.identity.instance)),
            self.attribute("deployment.environment.name", .text(self.identity.environment)),
            self.attribute("cherry.role", .text(self.identity.role)),
        ]
    }

    private func span(_ span: SpanRecord) -> JSONValue {
        var object: JSONObject = [
            "traceId": .string("\(span.context.trace)"),
            "spanId": .string("\(span.context.span)"),
        ]
        if let parent = span.parent { object["parentSpanId"] = .string("\(parent)") }
        object["name"] = .string(span.name)
        object["kind"] = .integer(Int64(span.kind.rawValue))
        object["startTimeUnixNano"] = .string("\(span.start)")
        object["endTimeUnixNano"] = .string("\(span.end)")
        object["attributes"] = .array(span.attributes.map { self.attribute($0.key, $0.value) })
        // 2 is an error; whatever else is left unset, as the semantic conventions ask.
        object["status"] = span.hasFailed ? ["code": 2] : [:]
        return .object(object)
    }

    private func attribute(_ key: String, _ value: SpanRecord.Value) -> JSONValue {
        let any: JSONValue =
            switch value {
            case .integer(let value): ["intValue": .string("\(value)")]
            case .bool(let value): ["boolValue": .bool(value)]
            case .text(let value): ["stringValue": .string(value)]
            }
        return ["key": .string(key), "value": any]
    }
}
