extension OpenAPIDocument {
    /// The figures that charts show.
    static let figures = #"""
        {
          "paths": {
            "/api/v1/figures": {
              "get": {
                "operationId": "showFigures", "summary": "The main figures of the last hour, and how they stand now",
                "description": "Kept in memory, one point for ten seconds. They say nothing that the metrics do not say.",
                "parameters": [
                  {
                    "name": "after", "in": "query", "description": "Only points after this moment.",
                    "schema": {"type": "integer", "minimum": 0, "maximum": 9007199254740992, "default": 0}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "Points oldest first, the last one at most ten seconds old.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["intervalSeconds", "points", "now"], "additionalProperties": false,
                      "properties": {
                        "intervalSeconds": {"type": "integer", "description": "Between two points."},
                        "points": {"type": "array", "items": {"$ref": "#/components/schemas/FigurePoint"}},
                        "now": {"$ref": "#/components/schemas/FiguresNow"}
                      }
                    }}}
                  }
                }
              }
            }
          },
          "schemas": {
            "FigureQuantiles": {
              "type": "object", "required": ["count", "medianMilliseconds", "p95Milliseconds"],
              "additionalProperties": false,
              "description": "How long something took. Of so many times half, and nineteen of twenty, took no longer.",
              "properties": {
                "count": {"type": "integer", "minimum": 1},
                "medianMilliseconds": {"type": "number", "minimum": 0},
                "p95Milliseconds": {"type": "number", "minimum": 0}
              }
            },
            "FigureState": {
              "type": "object",
              "required": ["browserStreams", "doorStreams", "memoryBytes", "openBreakers", "queued", "lost"],
              "additionalProperties": false,
              "properties": {
                "browserStreams": {"type": "integer", "description": "Answers that are being sent to browsers."},
                "doorStreams": {"type": "integer", "description": "Answers that are being sent to tools."},
                "memoryBytes": {"type": "integer", "description": "Memory of the process that is in RAM."},
                "openBreakers": {"type": "integer", "description": "Models that are not asked for a while."},
                "queued": {"type": "integer", "description": "Records that wait for a destination."},
                "lost": {"type": "integer", "description": "Records that were put aside or dropped."}
              }
            },
            "FigurePoint": {
              "type": "object",
              "required": ["at", "requestsPerSecond", "retries", "failovers", "state"], "additionalProperties": false,
              "properties": {
                "at": {"$ref": "#/components/schemas/Time"},
                "requestsPerSecond": {
                  "type": "array", "minItems": 5, "maxItems": 5, "items": {"type": "number", "minimum": 0},
                  "description": "By the class of their status: 1xx to 5xx."
                },
                "retries": {"type": "integer", "description": "Since the point before."},
                "failovers": {"type": "integer", "description": "Since the point before."},
                "firstToken": {
                  "$ref": "#/components/schemas/FigureQuantiles",
                  "description": "To the first token, within the last five minutes. Absent when there was none."
                },
                "recall": {
                  "$ref": "#/components/schemas/FigureQuantiles",
                  "description": "To find what was said before, within the last five minutes. Absent when there was none."
                },
                "state": {"$ref": "#/components/schemas/FigureState"}
              }
            },
            "FiguresNow": {
              "type": "object",
              "required": [
                "at", "since", "requests", "state", "models", "cacheHits", "cacheMisses", "cpuSeconds", "threads",
                "openFiles", "journal"
              ],
              "additionalProperties": false,
              "description": "Counts are those since the start of the process.",
              "properties": {
                "at": {"$ref": "#/components/schemas/Time"},
                "since": {"$ref": "#/components/schemas/Time"},
                "requests": {"type": "array", "minItems": 5, "maxItems": 5, "items": {"type": "integer", "minimum": 0}},
                "state": {"$ref": "#/components/schemas/FigureState"},
                "firstToken": {"$ref": "#/components/schemas/FigureQuantiles"},
                "recall": {"$ref": "#/components/schemas/FigureQuantiles"},
                "models": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "required": [
                      "provider", "model", "exchanges", "failures", "inputTokens", "outputTokens", "microDollars",
                      "retries", "failovers"
                    ],
                    "additionalProperties": false,
                    "properties": {
                      "provider": {"type": "string"}, "model": {"type": "string"},
                      "exchanges": {"type": "integer"}, "failures": {"type": "integer"},
                      "inputTokens": {"type": "integer"}, "outputTokens": {"type": "integer"},
                      "microDollars": {"type": "integer"},
                      "retries": {"type": "integer"}, "failovers": {"type": "integer"},
                      "firstToken": {"$ref": "#/components/schemas/FigureQuantiles"},
                      "breaker": {"enum": ["closed", "halfOpen", "open"], "description": "Absent when it never failed."}
                    }
                  }
                },
                "cacheHits": {"type": "integer"}, "cacheMisses": {"type": "integer"},
                "cpuSeconds": {"type": "number"}, "threads": {"type": "integer"}, "openFiles": {"type": "integer"},
                "journal": {
                  "type": "array",
                  "items": {
                    "type": "object", "required": ["destination", "isRemoved", "ledger"], "additionalProperties": false,
                    "properties": {
                      "destination": {"type": "string"},
                      "isRemoved": {"type": "boolean", "description": "Whether it is sent nothing any more."},
                      "ledger": {"$ref": "#/components/schemas/TelemetryLedger"}
                    }
                  }
                }
              }
            }
          }
        }
        """#
}
