extension OpenAPIDocument {
    /// The change feed, search, export, import, erasing, and the status page.
    static let data = #"""
        {
          "paths": {
            "/api/v1/events": {
              "get": {
                "operationId": "followChanges", "summary": "Says when something changes",
                "description": "Events `change` with the newest position of the feed, and `lock`.",
                "responses": {
                  "200": {
                    "description": "The events.",
                    "content": {"text/event-stream": {"schema": {"$ref": "#/components/schemas/FeedEvent"}}}
                  },
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/changes": {
              "get": {
                "operationId": "listChanges", "summary": "What changed after a position of the feed",
                "parameters": [
                  {"name": "since", "in": "query", "schema": {
                    "type": "integer", "minimum": 0, "maximum": 9007199254740992, "default": 0
                  }},
                  {"name": "limit", "in": "query", "schema": {
                    "type": "integer", "minimum": 1, "maximum": 1000, "default": 500
                  }}
                ],
                "responses": {
                  "200": {
                    "description": "Records as they are now, in order of position.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items", "next", "hasMore", "isStale"],
                      "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/Change"}},
                        "next": {"type": "integer", "minimum": 0, "description": "Ask from here next."},
                        "hasMore": {"type": "boolean"},
                        "isStale": {"type": "boolean", "description": "Start over from 0, with nothing."}
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/search": {
              "post": {
                "operationId": "search", "summary": "Finds messages by their words",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["query"], "additionalProperties": false,
                  "properties": {
                    "query": {"type": "string", "minLength": 1, "maxLength": 400, "pattern": "^[^\\u0000]*$"},
                    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
                  }
                }}}},
                "responses": {
                  "200": {
                    "description": "What was found, best first.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items", "indexing", "milliseconds"],
                      "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/SearchHit"}},
                        "indexing": {"type": "boolean", "description": "More may be found in a moment."},
                        "milliseconds": {"type": "integer", "minimum": 0}
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/export": {
              "post": {
                "operationId": "exportAll", "summary": "Everything as a file, without keys",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["format", "authKey", "unsealKey"], "additionalProperties": false,
                  "properties": {
                    "format": {"type": "string", "enum": ["json", "markdown"]},
                    "authKey": {"$ref": "#/components/schemas/Key"},
                    "unsealKey": {"$ref": "#/components/schemas/Key"}
                  }
                }}}},
                "responses": {
                  "200": {"$ref": "#/components/responses/Export"},
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/import": {
              "post": {
                "operationId": "importAll", "summary": "Takes in an export; what is there already stays as it is",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "$ref": "#/components/schemas/ImportFile"
                }}}},
                "responses": {
                  "200": {
                    "description": "How many records it brought.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["imported", "skipped"], "additionalProperties": false,
                      "properties": {
                        "imported": {
                          "type": "object",
                          "required": ["conversations", "messages", "personas", "context", "preferences", "providers"],
                          "additionalProperties": {"type": "integer", "minimum": 0}
                        },
                        "skipped": {"type": "integer", "minimum": 0}
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/erase": {
              "post": {
                "operationId": "eraseAll", "summary": "Destroys everything; cannot be undone",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "$ref": "#/components/schemas/Login"
                }}}},
                "responses": {
                  "204": {"description": "Everything is gone."},
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/reports": {
              "post": {
                "operationId": "reportFailures", "summary": "Takes the web app's reports of its own failures",
                "description": "The body is an envelope of Sentry's protocol. It is read into a closed model: nothing of it is passed through.",
                "requestBody": {"required": true, "content": {"application/x-sentry-envelope": {"schema": {
                  "type": "string"
                }}}},
                "responses": {
                  "204": {
                    "description": "It was read. What is not known in it was left out.",
                    "headers": {"X-Sentry-Rate-Limits": {"schema": {"type": "string"}}}
                  },
                  "404": {"$ref": "#/components/responses/E404"},
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/system": {
              "get": {
                "operationId": "showSystem", "summary": "How the server is doing",
                "responses": {
                  "200": {
                    "description": "The figures.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/System"}}}
                  }
                }
              }
            }
          },
          "schemas": {
            "Change": {
              "anyOf": [
                {"$ref": "#/components/schemas/ConversationRecord"},
                {"$ref": "#/components/schemas/MessageRecord"},
                {"$ref": "#/components/schemas/PersonaRecord"},
                {"$ref": "#/components/schemas/PreferenceRecord"},
                {"$ref": "#/components/schemas/ProviderRecord"},
                {"$ref": "#/components/schemas/Tombstone"}
              ]
            },
            "FeedEvent": {
              "type": "object", "description": "One event of the stream; its data is one line of JSON.",
              "required": ["event", "data"], "additionalProperties": false,
              "properties": {
                "id": {"type": "string"},
                "event": {"type": "string", "enum": ["change", "lock"]},
                "data": {"type": "string"}
              }
            },
            "Tombstone": {
              "type": "object",
              "required": ["id", "version", "position", "changedAt", "collection", "deleted"],
              "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "version": {"type": "integer", "minimum": 1},
                "position": {"type": "integer", "minimum": 0},
                "changedAt": {"$ref": "#/components/schemas/Time"},
                "collection": {
                  "type": "string", "enum": ["conversations", "messages", "personas", "preferences", "providers"]
                },
                "deleted": {"type": "boolean", "enum": [true]}
              }
            },
            "SearchHit": {
              "type": "object",
              "required": ["messageID", "conversationID", "title", "role", "createdAt", "snippet", "ranges"],
              "additionalProperties": false,
              "properties": {
                "messageID": {"$ref": "#/components/schemas/ID"},
                "conversationID": {"$ref": "#/components/schemas/ID"},
                "title": {"type": "string"},
                "role": {"type": "string", "enum": ["user", "assistant"]},
                "createdAt": {"$ref": "#/components/schemas/Time"},
                "snippet": {"type": "string"},
                "ranges": {
                  "type": "array", "description": "Start and length of each find, in UTF-16 units of the snippet.",
                  "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "integer", "minimum": 0}}
                }
              }
            },
            "ExportFile": {
              "type": "object", "required": ["format", "version"],
              "properties": {
                "format": {"type": "string", "enum": ["cherry-export"]},
                "version": {"type": "integer", "enum": [1]},
                "exportedAt": {"$ref": "#/components/schemas/Time"},
                "conversations": {"type": "array", "items": {"$ref": "#/components/schemas/Conversation"}},
                "messages": {"type": "array", "items": {"$ref": "#/components/schemas/Message"}},
                "personas": {"type": "array", "items": {"$ref": "#/components/schemas/Persona"}},
                "context": {"type": "array", "items": {"$ref": "#/components/schemas/ContextItem"}},
                "preferences": {"type": "array", "items": {"$ref": "#/components/schemas/Preference"}},
                "providers": {"type": "array", "items": {"type": "object"}}
              }
            },
            "ContextItem": {
              "type": "object", "required": ["id", "kind", "text", "origin", "createdAt", "updatedAt"],
              "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "kind": {"type": "string", "enum": ["note", "fact"]},
                "title": {"type": "string"},
                "text": {"type": "string"},
                "origin": {
                  "type": "object", "additionalProperties": false,
                  "description": "The token that it came by, and what was behind it; empty for the user's own.",
                  "properties": {
                    "tokenID": {"$ref": "#/components/schemas/ID"},
                    "name": {"type": "string"},
                    "client": {"type": "string"}
                  }
                },
                "createdAt": {"$ref": "#/components/schemas/Time"},
                "updatedAt": {"$ref": "#/components/schemas/Time"}
              }
            },
            "ImportFile": {
              "type": "object", "required": ["format", "version"],
              "description": "An ExportFile. What is missing counts as empty; every record is checked before any is kept.",
              "properties": {
                "format": {"type": "string", "enum": ["cherry-export"]},
                "version": {"type": "integer", "enum": [1]},
                "exportedAt": {"type": ["integer", "null"]},
                "conversations": {"type": ["array", "null"], "items": {"type": "object"}},
                "messages": {"type": ["array", "null"], "items": {"type": "object"}},
                "personas": {"type": ["array", "null"], "items": {"type": "object"}},
                "context": {"type": ["array", "null"], "items": {"type": "object"}},
                "preferences": {"type": ["array", "null"], "items": {"type": "object"}},
                "providers": {"type": ["array", "null"], "items": {"type": "object"}}
              }
            },
            "System": {
              "type": "object",
              "required": [
                "version", "startedAt", "vault", "role", "store", "memoryBytes", "localModel", "streams", "feedPosition"
              ],
              "additionalProperties": false,
              "properties": {
                "version": {"type": "string"},
                "startedAt": {"$ref": "#/components/schemas/Time"},
                "vault": {"$ref": "#/components/schemas/VaultState"},
                "role": {"type": "string"},
                "store": {
                  "type": "object", "required": ["engine", "bytes", "records", "integrity"],
                  "additionalProperties": false,
                  "properties": {
                    "engine": {"type": "string"},
                    "integrity": {
                      "type": "object", "required": ["state"], "additionalProperties": false,
                      "description": "What the last check of all records against their keyed digest said.",
                      "properties": {
                        "state": {"type": "string", "enum": ["unchecked", "checking", "sound", "tampered"]},
                        "detail": {"type": "string"}
                      }
                    },
                    "bytes": {"type": "integer", "minimum": 0},
                    "records": {"type": "integer", "minimum": 0}
                  }
                },
                "memoryBytes": {"type": "integer", "minimum": 0},
                "localModel": {
                  "type": "object", "required": ["state"], "additionalProperties": false,
                  "properties": {
                    "state": {"type": "string", "enum": ["missing", "stopped", "starting", "ready", "failed"]},
                    "model": {"type": "string"},
                    "detail": {"type": "string"},
                    "hint": {"type": "string"}
                  }
                },
                "streams": {"type": "integer", "minimum": 0},
                "feedPosition": {"type": "integer", "minimum": 0}
              }
            }
          },
          "responses": {
            "Export": {
              "description": "The file.",
              "headers": {"Content-Disposition": {"schema": {"type": "string"}}},
              "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/ExportFile"}},
                "text/markdown": {"schema": {"type": "string"}}
              }
            }
          }
        }
        """#
}
