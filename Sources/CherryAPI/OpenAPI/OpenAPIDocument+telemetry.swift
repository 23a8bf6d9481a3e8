extension OpenAPIDocument {
    /// Where telemetry goes.
    static let telemetry = #"""
        {
          "paths": {
            "/api/v1/telemetry": {
              "get": {
                "operationId": "showTelemetry", "summary": "Where telemetry can go, where it goes and what came of that",
                "responses": {
                  "200": {
                    "description": "Every kind of destination, with what it has to be told. Secrets are named, never shown.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Telemetry"}}}
                  }
                }
              },
              "patch": {
                "operationId": "nameInstallation", "summary": "Names this installation for all destinations",
                "requestBody": {
                  "required": true,
                  "content": {"application/json": {"schema": {
                    "type": "object", "required": ["environment"], "additionalProperties": false,
                    "properties": {
                      "environment": {"type": "string", "pattern": "^[a-z0-9-]{1,32}$", "description": "Such as `production`."}
                    }
                  }}}
                },
                "responses": {
                  "200": {
                    "description": "As it is now.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Telemetry"}}}
                  },
                  "422": {"$ref": "#/components/responses/E422"}
                }
              }
            },
            "/api/v1/telemetry/{kind}": {
              "parameters": [{"$ref": "#/components/parameters/TelemetryKind"}],
              "patch": {
                "operationId": "setTelemetryDestination", "summary": "Sets a destination, or changes some of its values",
                "requestBody": {
                  "required": true,
                  "content": {"application/json": {"schema": {
                    "type": "object", "required": ["values"], "additionalProperties": false,
                    "properties": {
                      "values": {
                        "type": "object",
                        "additionalProperties": {
                          "anyOf": [{"type": "string", "minLength": 1, "maxLength": 4096}, {"type": "null"}]
                        },
                        "description": "By the names of the kind's fields; `null` takes a value away, and what is not named stays."
                      }
                    }
                  }}}
                },
                "responses": {
                  "200": {
                    "description": "As it is now. What is set takes effect at once.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Telemetry"}}}
                  },
                  "404": {"$ref": "#/components/responses/E404"},
                  "422": {"$ref": "#/components/responses/E422"}
                }
              },
              "delete": {
                "operationId": "removeTelemetryDestination", "summary": "Sends nothing there any more",
                "responses": {
                  "204": {"description": "It is gone; what it had not got is counted as dropped."},
                  "404": {"$ref": "#/components/responses/E404"}
                }
              }
            },
            "/api/v1/telemetry/{kind}/test": {
              "parameters": [{"$ref": "#/components/parameters/TelemetryKind"}],
              "post": {
                "operationId": "testTelemetryDestination", "summary": "Sends one event and says what came of it",
                "responses": {
                  "200": {
                    "description": "What the destination made of it.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["outcome"], "additionalProperties": false,
                      "properties": {
                        "outcome": {"enum": ["sent", "notNow", "refused", "dropped"]},
                        "reason": {"type": "string", "description": "A short name, such as `http_401`."},
                        "message": {"type": "string", "description": "The reason in words."},
                        "hint": {"type": "string", "description": "What to do about it."}
                      }
                    }}}
                  },
                  "404": {"$ref": "#/components/responses/E404"}
                }
              }
            }
          },
          "parameters": {
            "TelemetryKind": {
              "name": "kind", "in": "path", "required": true,
              "schema": {"enum": ["sentry", "otlp", "loki", "elasticsearch", "fluent"]}
            }
          },
          "schemas": {
            "Telemetry": {
              "type": "object", "required": ["environment", "instance", "destinations"], "additionalProperties": false,
              "properties": {
                "environment": {"type": "string"},
                "instance": {"type": "string", "description": "Random; tells this installation from others."},
                "problem": {
                  "type": "object", "required": ["message"], "additionalProperties": false,
                  "description": "Why nothing is sent although there are destinations.",
                  "properties": {"message": {"type": "string"}, "hint": {"type": "string"}}
                },
                "destinations": {"type": "array", "items": {"$ref": "#/components/schemas/TelemetryDestination"}}
              }
            },
            "TelemetryDestination": {
              "type": "object",
              "required": ["kind", "title", "takes", "fields", "isSet", "values", "secrets"],
              "additionalProperties": false,
              "properties": {
                "kind": {"type": "string"}, "title": {"type": "string"},
                "takes": {"type": "string", "description": "What it is sent, in words."},
                "fields": {
                  "type": "array",
                  "items": {
                    "type": "object", "required": ["name", "form", "required", "secret", "help"],
                    "additionalProperties": false,
                    "properties": {
                      "name": {"type": "string"},
                      "form": {"enum": ["word", "address", "places", "flag", "share", "choice"]},
                      "choices": {"type": "array", "items": {"type": "string"}},
                      "required": {"type": "boolean"}, "secret": {"type": "boolean"}, "help": {"type": "string"}
                    }
                  }
                },
                "isSet": {"type": "boolean"},
                "values": {"type": "object", "additionalProperties": {"type": "string"}},
                "secrets": {"type": "array", "items": {"type": "string"}, "description": "The names of those that are set."},
                "lastSentAt": {"$ref": "#/components/schemas/Time"},
                "lastFailure": {
                  "type": "object", "required": ["at", "reason", "message"], "additionalProperties": false,
                  "properties": {
                    "at": {"$ref": "#/components/schemas/Time"}, "reason": {"type": "string"},
                    "message": {"type": "string"}, "hint": {"type": "string"}
                  }
                },
                "ledger": {"$ref": "#/components/schemas/TelemetryLedger"}
              }
            },
            "TelemetryLedger": {
              "type": "object",
              "required": ["produced", "sent", "queued", "quarantined", "dropped", "balanced"],
              "additionalProperties": false,
              "properties": {
                "produced": {"type": "integer"}, "sent": {"type": "integer"}, "queued": {"type": "integer"},
                "quarantined": {"type": "integer"},
                "dropped": {"type": "object", "additionalProperties": {"type": "integer"}, "description": "By reason."},
                "balanced": {"type": "boolean", "description": "Whether the figures add up to what was produced."}
              }
            }
          }
        }
        """#
}
