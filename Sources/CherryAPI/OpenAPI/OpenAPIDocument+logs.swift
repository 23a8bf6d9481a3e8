extension OpenAPIDocument {
    /// The last lines of the log.
    static let logs = #"""
        {
          "paths": {
            "/api/v1/logs": {
              "get": {
                "operationId": "listLogLines", "summary": "The last lines of the log that match, oldest first",
                "description": "Lines are kept in memory, a few thousand of them; none holds what a person wrote.",
                "parameters": [
                  {
                    "name": "level", "in": "query", "description": "The least severe level.",
                    "schema": {"$ref": "#/components/schemas/LogLevel"}
                  },
                  {
                    "name": "label", "in": "query", "description": "A logger's label or a module, as it is written.",
                    "schema": {"type": "string", "maxLength": 200}
                  },
                  {
                    "name": "text", "in": "query", "description": "Occurs in the line, in whatever case.",
                    "schema": {"type": "string", "maxLength": 200}
                  },
                  {
                    "name": "before", "in": "query", "description": "Only lines with a smaller position.",
                    "schema": {"type": "integer", "minimum": 0, "maximum": 9007199254740992}
                  },
                  {
                    "name": "limit", "in": "query",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 200}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "The newest that match.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items", "last"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/LogEntry"}},
                        "last": {
                          "type": "integer", "minimum": 0,
                          "description": "The position of the newest line, whether it matches or not."
                        }
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/logs/events": {
              "get": {
                "operationId": "followLog", "summary": "Lines of the log as they are written",
                "parameters": [
                  {
                    "name": "after", "in": "query", "description": "The position of the last line that was read.",
                    "schema": {"type": "integer", "minimum": 0, "maximum": 9007199254740992, "default": 0}
                  },
                  {
                    "name": "Last-Event-ID", "in": "header", "description": "The same; goes before `after`.",
                    "schema": {"type": "string"}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "Events named `line`, each a `LogEntry`: first what is kept, then what is new. A slow reader misses older lines, which the positions show.",
                    "content": {"text/event-stream": {"schema": {"type": "string"}}}
                  },
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            }
          },
          "schemas": {
            "LogLevel": {
              "type": "string",
              "enum": ["trace", "debug", "info", "notice", "warning", "error", "critical"]
            },
            "LogEntry": {
              "type": "object", "required": ["position", "line"], "additionalProperties": false,
              "properties": {
                "position": {"type": "integer", "minimum": 1, "description": "Counted since the start of the process."},
                "line": {
                  "type": "object", "required": ["time", "level", "logger", "module", "role", "message"],
                  "description": "Besides the fields below, those of the closed set in docs/observability.md.",
                  "additionalProperties": {"type": ["string", "integer"]},
                  "properties": {
                    "time": {"type": "string", "format": "date-time", "description": "UTC, with microseconds."},
                    "level": {"$ref": "#/components/schemas/LogLevel"},
                    "logger": {"type": "string"},
                    "module": {"type": "string"},
                    "role": {"type": "string"},
                    "message": {"type": "string"}
                  }
                }
              }
            }
          }
        }
        """#
}
