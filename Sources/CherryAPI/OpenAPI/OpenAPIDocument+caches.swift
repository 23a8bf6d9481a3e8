extension OpenAPIDocument {
    /// The answers that are kept to be given again.
    static let caches = #"""
        {
          "paths": {
            "/api/v1/cache": {
              "get": {
                "operationId": "showCache", "summary": "The answers that are kept to be given again",
                "responses": {
                  "200": {
                    "description": "How many, and their size: those to the very same request, and under `semantic` those to questions that say the same.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["entries", "bytes", "semantic"], "additionalProperties": false,
                      "properties": {
                        "entries": {"type": "integer", "minimum": 0}, "bytes": {"type": "integer", "minimum": 0},
                        "semantic": {
                          "type": "object", "required": ["entries", "bytes"], "additionalProperties": false,
                          "properties": {
                            "entries": {"type": "integer", "minimum": 0}, "bytes": {"type": "integer", "minimum": 0}
                          }
                        }
                      }
                    }}}
                  }
                }
              },
              "delete": {
                "operationId": "purgeCache", "summary": "Forgets all of them",
                "responses": {"204": {"description": "They are forgotten."}}
              }
            },
            "/api/v1/cache/semantic": {
              "get": {
                "operationId": "listSemanticCache",
                "summary": "The answers that are given again to questions that say the same, the newest first",
                "parameters": [
                  {"$ref": "#/components/parameters/TokenID"},
                  {
                    "name": "limit", "in": "query",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 200}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "Their questions and what came of them, without the answers.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/SemanticCacheEntry"}}
                      }
                    }}}
                  }
                }
              },
              "delete": {
                "operationId": "purgeSemanticCache", "summary": "Forgets all of them, or those of one token",
                "parameters": [{"$ref": "#/components/parameters/TokenID"}],
                "responses": {
                  "204": {"description": "They are forgotten."},
                  "422": {"$ref": "#/components/responses/E422"}
                }
              }
            },
            "/api/v1/cache/semantic/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "delete": {
                "operationId": "removeFromSemanticCache", "summary": "Forgets one of them",
                "responses": {"204": {"description": "It is forgotten."}}
              }
            }
          },
          "schemas": {
            "SemanticCacheSetting": {
              "type": "object", "required": ["threshold", "seconds"], "additionalProperties": false,
              "properties": {
                "threshold": {"type": "number"}, "seconds": {"type": "integer"}, "embeddings": {"type": "string"}
              }
            },
            "NullableSemanticCacheSetting": {
              "anyOf": [
                {
                  "type": "object", "additionalProperties": false,
                  "properties": {
                    "threshold": {
                      "type": "number", "minimum": 0.8, "maximum": 1,
                      "description": "The least cosine between two questions that say the same; 0.95 if it was never set."
                    },
                    "seconds": {
                      "type": "integer", "minimum": 1, "maximum": 2592000,
                      "description": "How long an answer is given again; 3600 if it was never set."
                    },
                    "embeddings": {
                      "anyOf": [{"type": "string", "minLength": 1, "maxLength": 200}, {"type": "null"}],
                      "description": "The name of the model that compares questions, which the token must be allowed to ask for; `null` compares their wording."
                    }
                  }
                },
                {"type": "null"}
              ],
              "description": "`null` switches it off."
            },
            "SemanticCacheEntry": {
              "type": "object",
              "required": ["id", "tokenID", "model", "question", "keptAt", "expiresAt", "bytes", "hits"],
              "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "tokenID": {"$ref": "#/components/schemas/ID"},
                "model": {"type": "string", "description": "The name that was asked for."},
                "embeddings": {"type": "string", "description": "The model that compared; absent for the wording."},
                "question": {"type": "string", "description": "What the user had said last."},
                "keptAt": {"$ref": "#/components/schemas/Time"},
                "expiresAt": {"$ref": "#/components/schemas/Time"},
                "bytes": {"type": "integer", "minimum": 0},
                "hits": {"type": "integer", "minimum": 0, "description": "How often it was given."},
                "lastHitAt": {"$ref": "#/components/schemas/Time"},
                "similarity": {
                  "type": "object", "required": ["least", "most"], "additionalProperties": false,
                  "description": "How alike the questions were to which it was given.",
                  "properties": {"least": {"type": "number"}, "most": {"type": "number"}}
                }
              }
            }
          }
        }
        """#
}
