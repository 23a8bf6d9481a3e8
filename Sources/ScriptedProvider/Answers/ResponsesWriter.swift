import CherryCore

/// The Responses API (OpenAI API reference, "Responses" and "Streaming events"). Every event carries a running number.
struct ResponsesWriter: AnswerWriter {
    let framing = StreamFraming.serverSentEvents(isNamed: true)

    func whole(_ script: Script, to question: Question) -> JSONValue {
        let outline = Outline(script)
        let items = outline.blocks.indices.map { Self.item(outline.blocks[$0], $0, script, isDone: true) }
        return self.end(script, question, items: items)
    }

    func events(_ script: Script, to question: Question) -> [AnswerEvent] {
        let outline = Outline(script)
        var list = NumberedEvents()
        var begun = self.response(script, question, status: "in_progress", items: [])
        if script.usageAt == .first || script.usageAt == .every { begun["usage"] = Self.usage(script.usage) }
        list.append("response.created", ["response": begun], .opening)
        list.append("response.in_progress", ["response": begun], .opening)
        for piece in outline.pieces {
            let block = outline.blocks[piece.block]
            let place: JSONValue = [
                "item_id": .string(Self.id(block, piece.block, script)), "output_index": .count(piece.block),
            ]
            if piece.isFirst { Self.start(block, piece.block, place, script, in: &list) }
            Self.piece(block, piece.text, place, in: &list)
            if piece.isLast { Self.stop(block, piece.block, place, script, in: &list) }
        }
        let items = outline.blocks.indices.map { Self.item(outline.blocks[$0], $0, script, isDone: true) }
        var response = self.end(script, question, items: items)
        if script.usageAt == .first { response["usage"] = .null }
        let isIncomplete = response["status"]?.string == "incomplete"
        list.append(isIncomplete ? "response.incomplete" : "response.completed", ["response": response], .ending)
        return list.events
    }

    func refusal(_ status: Int, _ message: String) -> Refusal {
        OpenAIChatWriter(isAzure: false).refusal(status, message)
    }

    func errorEvent(_ message: String, after count: Int) -> AnswerEvent {
        AnswerEvent(
            "error",
            [
                "type": "error", "code": "server_error", "message": .string(message), "param": .null,
                "sequence_number": .count(count),
            ]
        ).asError
    }

    // MARK: The parts of a stream

    private static func start(
        _ block: Outline.Block,
        _ index: Int,
        _ place: JSONValue,
        _ script: Script,
        in list: inout NumberedEvents
    ) {
        let item = Self.item(block, index, script, isDone: false)
        list.append("response.output_item.added", ["output_index": .count(index), "item": item])
        var value = place
        switch block.kind {
        case .reasoning:
            value["summary_index"] = 0
            value["part"] = ["type": "summary_text", "text": ""]
            list.append("response.reasoning_summary_part.added", value)
        case .text:
            value["content_index"] = 0
            value["part"] = Self.textPart("")
            list.append("response.content_part.added", value)
        case .call: break
        }
    }

    private static func piece(
        _ block: Outline.Block,
        _ text: String,
        _ place: JSONValue,
        in list: inout NumberedEvents
    ) {
        var value = place
        let name: String
        switch block.kind {
        case .reasoning:
            name = "response.reasoning_summary_text.delta"
            value["summary_index"] = 0
        case .text:
            name = "response.output_text.delta"
            value["content_index"] = 0
            value["logprobs"] = []
        case .call: name = "response.function_call_arguments.delta"
        }
        value["delta"] = .string(text)
        list.append(name, value, completesPiece: true)
    }

    private static func stop(
        _ block: Outline.Block,
        _ index: Int,
        _ place: JSONValue,
        _ script: Script,
        in list: inout NumberedEvents
    ) {
        var (done, part) = (place, place)
        switch block.kind {
        case .reasoning:
            done["summary_index"] = 0
            done["text"] = .string(block.text)
            list.append("response.reasoning_summary_text.done", done)
            part["summary_index"] = 0
            part["part"] = ["type": "summary_text", "text": .string(block.text)]
            list.append("response.reasoning_summary_part.done", part)
        case .text:
            done["content_index"] = 0
            done["text"] = .string(block.text)
            done["logprobs"] = []
            list.append("response.output_text.done", done)
            part["content_index"] = 0
            part["part"] = Self.textPart(block.text)
            list.append("response.content_part.done", part)
        case .call(let call, _):
            done["name"] = .string(call.name)
            done["arguments"] = .string(block.text)
            list.append("response.function_call_arguments.done", done)
        }
        let item = Self.item(block, index, script, isDone: true)
        list.append("response.output_item.done", ["output_index": .count(index), "item": item])
    }

    // MARK: Objects

    private static func id(_ block: Outline.Block, _ index: Int, _ script: Script) -> String {
        switch block.kind {
        case .reasoning: "rs_\(script.id)_\(index)"
        case .text: "msg_\(script.id)_\(index)"
        case .call: "fc_\(script.id)_\(index)"
        }
    }

    private static func textPart(_ text: String) -> JSONValue {
        ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }

    private static func item(_ block: Outline.Block, _ index: Int, _ script: Script, isDone: Bool) -> JSONValue {
        let id = JSONValue.string(self.id(block, index, script))
        let status: JSONValue = isDone ? "completed" : "in_progress"
        switch block.kind {
        case .reasoning:
            var item: JSONValue = ["id": id, "type": "reasoning"]
            item["summary"] = isDone ? [["type": "summary_text", "text": .string(block.text)]] : []
            if isDone, let signature = script.signature { item["encrypted_content"] = .string(signature) }
            return item
        case .text:
            let content: JSONValue = isDone ? [self.textPart(block.text)] : []
            return ["id": id, "type": "message", "status": status, "role": "assistant", "content": content]
        case .call(let call, _):
            return [
                "id": id, "type": "function_call", "status": status, "call_id": .string(call.id),
                "name": .string(call.name), "arguments": .string(isDone ? block.text : ""),
            ]
        }
    }

    private func end(_ script: Script, _ question: Question, items: [JSONValue]) -> JSONValue {
        let why: String?
        switch script.reason {
        case .length: why = "max_output_tokens"
        case .filtered: why = "content_filter"
        case .stop, .stopText, .toolCalls: why = nil
        }
        var response = self.response(
            script,
            question,
            status: why == nil ? "completed" : "incomplete",
            items: items
        )
        if let why { response["incomplete_details"] = ["reason": .string(why)] }
        if script.usageAt != .never { response["usage"] = Self.usage(script.usage) }
        return response
    }

    private func response(
        _ script: Script,
        _ question: Question,
        status: String,
        items: [JSONValue]
    ) -> JSONValue {
        [
            "id": .string("resp_\(script.id)"), "object": "response", "created_at": .count(Moment.seconds),
            "status": .string(status), "error": .null, "incomplete_details": .null, "instructions": .null,
            "max_output_tokens": .null, "model": .string(script.model ?? question.model), "output": .array(items),
            "parallel_tool_calls": true, "previous_response_id": .null,
            "reasoning": ["effort": .null, "summary": .null], "store": false, "temperature": 1,
            "text": ["format": ["type": "text"]], "tool_choice": "auto", "tools": [], "top_p": 1,
            "truncation": "disabled", "usage": .null, "user": .null, "metadata": [:],
        ]
    }

    private static func usage(_ usage: Script.Usage) -> JSONValue {
        [
            "input_tokens": .count(usage.prompt), "input_tokens_details": ["cached_tokens": .count(usage.cached)],
            "output_tokens": .count(usage.completion),
            "output_tokens_details": ["reasoning_tokens": .count(usage.reasoning)],
            "total_tokens": .count(usage.prompt + usage.completion),
        ]
    }
}

/// Events with their type and a running number within.
private struct NumberedEvents {
    var events: [AnswerEvent] = []

    mutating func append(
        _ name: String,
        _ members: JSONValue,
        _ part: AnswerEvent.Part = .content,
        completesPiece: Bool = false
    ) {
        var value: JSONValue = ["type": .string(name), "sequence_number": .count(self.events.count)]
        for (key, member) in members.object ?? [:] { value[key] = member }
        self.events.append(AnswerEvent(name, value, part, completesPiece: completesPiece))
    }
}
