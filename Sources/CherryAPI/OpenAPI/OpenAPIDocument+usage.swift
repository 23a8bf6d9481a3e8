extension OpenAPIDocument {
    /// Usage, what is under way, and the kinds of providers.
    static let usage = #"""
        {
          "paths": {
            "/api/v1/usage": {
              "get": {
                "operationId": "sumUsage", "summary": "What was used, added up",
                "parameters": [
                  {"$ref": "#/components/parameters/From"},
                  {"$ref": "#/components/parameters/To"},
                  {"$ref": "#/components/parameters/TokenID"},
                  {"$ref": "#/components/parameters/ConversationID"},
                  {
                    "name": "by", "in": "query",
                    "description": "What is added up apart, joined by commas.",
                    "schema": {
                      "type": "string", "default": "day",
                      "pattern": "^(day|model|token|conversation)(,(day|model|token|conversation))*$"
                    }
                  }
                ],
                "responses": {
                  "200": {
                    "description": "In order of day, then of cost.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["from", "to", "items", "dropped"], "additionalProperties": false,
                      "properties": {
                        "from": {"$ref": "#/components/schemas/Day"},
                        "to": {"$ref": "#/components/schemas/Day"},
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/UsageSum"}},
                        "dropped": {
                          "type": "integer", "minimum": 0,
                          "description": "Exchanges that could not be written down since the start."
                        }
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/usage/records": {
              "get": {
                "operationId": "listUsage", "summary": "Single exchanges, the newest first",
                "parameters": [
                  {"$ref": "#/components/parameters/From"},
                  {"$ref": "#/components/parameters/To"},
                  {"$ref": "#/components/parameters/TokenID"},
                  {"$ref": "#/components/parameters/ConversationID"},
                  {
                    "name": "before", "in": "query", "description": "What `next` said.",
                    "schema": {
                      "type": "string",
                      "pattern": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\\.[0-9]{1,6}$"
                    }
                  },
                  {
                    "name": "limit", "in": "query",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "A page of them.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/UsageRecord"}},
                        "next": {"type": "string", "description": "Absent when there are no older ones."}
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/exchanges": {
              "get": {
                "operationId": "listExchanges", "summary": "The exchanges that are under way, without their content",
                "responses": {
                  "200": {
                    "description": "In order of their beginning.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/Exchange"}}
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/exchanges/events": {
              "get": {
                "operationId": "followExchanges", "summary": "Exchanges as they happen, without their content",
                "responses": {
                  "200": {
                    "description": "Events named `exchange`, each an `Exchange`: first what is under way, then the news. A slow reader misses older news.",
                    "content": {"text/event-stream": {"schema": {"type": "string"}}}
                  },
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/provider-kinds": {
              "get": {
                "operationId": "listProviderKinds", "summary": "What kinds of providers there are",
                "responses": {
                  "200": {
                    "description": "All of them.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {
                          "type": "object", "required": ["kind", "name", "example", "hasEmbeddings"],
                          "additionalProperties": false,
                          "properties": {
                            "kind": {"$ref": "#/components/schemas/ProviderKind"},
                            "name": {"type": "string"},
                            "baseURL": {"type": "string", "description": "The address that nearly everybody enters."},
                            "example": {"type": "string", "description": "What an address looks like."},
                            "key": {"type": "string", "description": "What the key is, in words."},
                            "hasEmbeddings": {"type": "boolean"}
                          }
                        }}
                      }
                    }}}
                  }
                }
              }
            }
          },
          "parameters": {
            "From": {
              "name": "from", "in": "query", "description": "The first day, in UTC; 30 days before `to` if absent.",
              "schema": {"$ref": "#/components/schemas/Day"}
            },
            "To": {
              "name": "to", "in": "query", "description": "The last day, in UTC; today if absent.",
              "schema": {"$ref": "#/components/schemas/Day"}
            },
            "TokenID": {
              "name": "token", "in": "query", "description": "Only what was asked with this token.",
              "schema": {"$ref": "#/components/schemas/ID"}
            },
            "ConversationID": {
              "name": "conversation", "in": "query", "description": "Only what belongs to this conversation.",
              "schema": {"$ref": "#/components/schemas/ID"}
            }
          },
          "schemas": {
            "Day": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "TokenUsage": {
              "type": "object",
              "required": ["prompt", "completion", "cachedPrompt", "cacheWrite", "reasoning"],
              "additionalProperties": false,
              "properties": {
                "prompt": {"type": "integer"}, "completion": {"type": "integer"}, "cachedPrompt": {"type": "integer"},
                "cacheWrite": {"type": "integer"}, "reasoning": {"type": "integer"}
              }
            },
            "UsageSum": {
              "type": "object",
              "required": ["exchanges", "failures", "estimated", "unpriced", "tokens", "microDollars"],
              "additionalProperties": false,
              "properties": {
                "day": {"$ref": "#/components/schemas/Day"},
                "model": {"$ref": "#/components/schemas/ModelReference"},
                "tokenID": {"$ref": "#/components/schemas/ID"},
                "conversationID": {"$ref": "#/components/schemas/ID"},
                "exchanges": {"type": "integer"},
                "failures": {"type": "integer"},
                "estimated": {"type": "integer", "description": "Those whose tokens are estimated."},
                "unpriced": {"type": "integer", "description": "Those whose price is not known."},
                "tokens": {"$ref": "#/components/schemas/TokenUsage"},
                "microDollars": {"type": "integer"}
              }
            },
            "UsageRecord": {
              "type": "object",
              "required": ["at", "providerID", "model", "isEstimated", "totalMilliseconds", "attempts", "outcome"],
              "additionalProperties": false,
              "properties": {
                "at": {"$ref": "#/components/schemas/Time"},
                "tokenID": {"$ref": "#/components/schemas/ID"},
                "conversationID": {"$ref": "#/components/schemas/ID"},
                "providerID": {"$ref": "#/components/schemas/ID"},
                "model": {"type": "string"},
                "alias": {"type": "string"},
                "tokens": {"$ref": "#/components/schemas/TokenUsage"},
                "isEstimated": {"type": "boolean"},
                "microDollars": {"type": "integer"},
                "firstTokenMilliseconds": {"type": "integer"},
                "totalMilliseconds": {"type": "integer"},
                "attempts": {"type": "integer"},
                "outcome": {"type": "string", "description": "`complete`, `stopped`, or the code of an error."}
              }
            },
            "Exchange": {
              "type": "object",
              "required": ["id", "stage", "startedAt", "asked", "attempts", "isEstimated"],
              "additionalProperties": false,
              "properties": {
                "id": {"type": "string"},
                "stage": {"type": "string", "enum": ["asking", "answering", "ended"]},
                "startedAt": {"$ref": "#/components/schemas/Time"},
                "tokenID": {"$ref": "#/components/schemas/ID"},
                "conversationID": {"$ref": "#/components/schemas/ID"},
                "asked": {"type": "string", "description": "The name that was asked for."},
                "target": {"$ref": "#/components/schemas/ModelReference"},
                "attempts": {"type": "integer"},
                "firstTokenMilliseconds": {"type": "integer"},
                "totalMilliseconds": {"type": "integer"},
                "tokens": {"$ref": "#/components/schemas/TokenUsage"},
                "isEstimated": {"type": "boolean"},
                "microDollars": {"type": "integer"},
                "outcome": {"type": "string"}
              }
            }
          }
        }
        """#
}
