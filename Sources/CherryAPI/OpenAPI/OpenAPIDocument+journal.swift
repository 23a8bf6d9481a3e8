extension OpenAPIDocument {
    /// What is on its way to someone else.
    static let journal = #"""
        {
          "paths": {
            "/api/v1/journal": {
              "get": {
                "operationId": "showJournal", "summary": "What became of everything that must reach someone else",
                "responses": {
                  "200": {
                    "description": "Every destination's account, and the room that the journal takes.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["bytes", "limit", "findings", "destinations"],
                      "additionalProperties": false,
                      "properties": {
                        "bytes": {"type": "integer", "minimum": 0, "description": "That its segments take."},
                        "limit": {"type": "integer", "minimum": 0, "description": "That they may take."},
                        "findings": {
                          "type": "object", "required": ["tornBytes", "damagedRecords", "isRebuilt"],
                          "additionalProperties": false,
                          "description": "What was found when it was opened.",
                          "properties": {
                            "tornBytes": {
                              "type": "integer", "minimum": 0, "description": "Of an unfinished write that was cut off."
                            },
                            "damagedRecords": {"type": "integer", "minimum": 0},
                            "isRebuilt": {
                              "type": "boolean",
                              "description": "Its state could not be read, so that all that is there is sent again."
                            }
                          }
                        },
                        "destinations": {"type": "array", "items": {"$ref": "#/components/schemas/JournalAccount"}}
                      }
                    }}}
                  },
                  "404": {"$ref": "#/components/responses/E404"}
                }
              }
            },
            "/api/v1/journal/verify": {
              "post": {
                "operationId": "verifyJournal", "summary": "Reads every file and checks every checksum, every seal and the accounts",
                "responses": {
                  "200": {
                    "description": "What that brought to light.",
                    "content": {"application/json": {"schema": {
                      "type": "object",
                      "required": ["sound", "records", "damaged", "unsealed", "wrongFigures", "destinations"],
                      "additionalProperties": false,
                      "properties": {
                        "sound": {"type": "boolean"}, "records": {"type": "integer", "minimum": 0},
                        "damaged": {"type": "integer", "minimum": 0}, "unsealed": {"type": "integer", "minimum": 0},
                        "wrongFigures": {
                          "type": "array", "items": {"type": "string"},
                          "description": "Destinations whose account is not that of the files, or `segments`."
                        },
                        "destinations": {"type": "array", "items": {"$ref": "#/components/schemas/JournalAccount"}}
                      }
                    }}}
                  },
                  "404": {"$ref": "#/components/responses/E404"}
                }
              }
            },
            "/api/v1/journal/drain": {
              "post": {
                "operationId": "drainJournal", "summary": "Waits until nothing is queued, and says what is left",
                "requestBody": {
                  "required": true,
                  "content": {"application/json": {"schema": {
                    "type": "object", "required": ["seconds"], "additionalProperties": false,
                    "properties": {
                      "seconds": {"type": "integer", "minimum": 0, "maximum": 60, "description": "To wait at most."}
                    }
                  }}}
                },
                "responses": {
                  "200": {
                    "description": "Every account after that time, or as soon as nothing was queued.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["destinations"], "additionalProperties": false,
                      "properties": {
                        "destinations": {"type": "array", "items": {"$ref": "#/components/schemas/JournalAccount"}}
                      }
                    }}}
                  },
                  "404": {"$ref": "#/components/responses/E404"},
                  "422": {"$ref": "#/components/responses/E422"}
                }
              }
            },
            "/api/v1/journal/quarantine": {
              "get": {
                "operationId": "listQuarantine", "summary": "What was refused for good, without its content",
                "parameters": [
                  {
                    "name": "destination", "in": "query", "description": "Only what this one refused.",
                    "schema": {"type": "string"}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "At most 10,000 records, of each destination the oldest first.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/QuarantinedRecord"}}
                      }
                    }}}
                  },
                  "404": {"$ref": "#/components/responses/E404"}
                }
              }
            },
            "/api/v1/journal/quarantine/{destination}/retry": {
              "parameters": [{"$ref": "#/components/parameters/JournalDestination"}],
              "post": {
                "operationId": "retryQuarantined", "summary": "Puts records back into the queue",
                "requestBody": {"$ref": "#/components/requestBodies/QuarantinedRecords"},
                "responses": {
                  "200": {"$ref": "#/components/responses/QuarantinedRecords"},
                  "404": {"$ref": "#/components/responses/E404"},
                  "422": {"$ref": "#/components/responses/E422"}
                }
              }
            },
            "/api/v1/journal/quarantine/{destination}/discard": {
              "parameters": [{"$ref": "#/components/parameters/JournalDestination"}],
              "post": {
                "operationId": "discardQuarantined",
                "summary": "Throws records away; they count as dropped: `discarded`",
                "requestBody": {"$ref": "#/components/requestBodies/QuarantinedRecords"},
                "responses": {
                  "200": {"$ref": "#/components/responses/QuarantinedRecords"},
                  "404": {"$ref": "#/components/responses/E404"},
                  "422": {"$ref": "#/components/responses/E422"}
                }
              }
            }
          },
          "parameters": {
            "JournalDestination": {
              "name": "destination", "in": "path", "required": true,
              "schema": {"type": "string", "pattern": "^[a-z0-9-]{1,32}$"}
            }
          },
          "requestBodies": {
            "QuarantinedRecords": {
              "required": true,
              "content": {"application/json": {"schema": {
                "type": "object", "additionalProperties": false,
                "properties": {
                  "ids": {
                    "type": "array", "maxItems": 10000,
                    "items": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                    "description": "Without it, all of the destination's."
                  }
                }
              }}}
            }
          },
          "responses": {
            "QuarantinedRecords": {
              "description": "To how many records that was done.",
              "content": {"application/json": {"schema": {
                "type": "object", "required": ["records"], "additionalProperties": false,
                "properties": {"records": {"type": "integer", "minimum": 0}}
              }}}
            }
          },
          "schemas": {
            "JournalAccount": {
              "type": "object",
              "required": [
                "destination", "removed", "produced", "sent", "queued", "quarantined", "dropped", "balanced"
              ],
              "additionalProperties": false,
              "properties": {
                "destination": {"type": "string"},
                "removed": {"type": "boolean", "description": "Whether it takes nothing any more."},
                "produced": {"type": "integer"}, "sent": {"type": "integer"}, "queued": {"type": "integer"},
                "quarantined": {"type": "integer"},
                "dropped": {"type": "object", "additionalProperties": {"type": "integer"}, "description": "By reason."},
                "balanced": {"type": "boolean", "description": "Whether the figures add up to what was produced."}
              }
            },
            "QuarantinedRecord": {
              "type": "object", "required": ["destination", "id", "kind", "reason", "bytes"],
              "additionalProperties": false,
              "properties": {
                "destination": {"type": "string"}, "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                "kind": {"enum": ["log", "debugLog", "event", "span", "alert", "session"]},
                "at": {"$ref": "#/components/schemas/Time"},
                "reason": {"type": "string", "description": "A short name, such as `http_400`."},
                "bytes": {"type": "integer", "minimum": 0}
              }
            }
          }
        }
        """#
}
