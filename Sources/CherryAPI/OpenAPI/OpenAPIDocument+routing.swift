extension OpenAPIDocument {
    /// Aliases, tokens of other tools, and prices.
    static let routing = #"""
        {
          "paths": {
            "/api/v1/aliases": {
              "get": {
                "operationId": "listAliases", "summary": "Names for routes",
                "responses": {
                  "200": {
                    "description": "All of them.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/ModelAliasRecord"}}
                      }
                    }}}
                  }
                }
              },
              "post": {
                "operationId": "addAlias", "summary": "Adds a name for a route",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["name", "targets"], "additionalProperties": false,
                  "properties": {
                    "id": {"$ref": "#/components/schemas/ID"},
                    "name": {"$ref": "#/components/schemas/AliasName"},
                    "strategy": {"$ref": "#/components/schemas/AliasStrategy"},
                    "targets": {"$ref": "#/components/schemas/AliasTargets"},
                    "staysLocal": {"type": "boolean", "description": "Only models of this machine may answer."},
                    "continuesAfterFirstToken": {"type": "boolean"},
                    "retries": {"type": "integer", "minimum": 0, "maximum": 10},
                    "hedgeAfterMilliseconds": {"$ref": "#/components/schemas/NullableHedge"},
                    "limits": {"$ref": "#/components/schemas/AliasLimits"}
                  }
                }}}},
                "responses": {
                  "200": {"$ref": "#/components/responses/ModelAlias"},
                  "201": {"$ref": "#/components/responses/ModelAlias"}
                }
              }
            },
            "/api/v1/aliases/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "patch": {
                "operationId": "changeAlias", "summary": "Changes a route",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["baseVersion"], "additionalProperties": false,
                  "properties": {
                    "baseVersion": {"$ref": "#/components/schemas/Version"},
                    "name": {"$ref": "#/components/schemas/AliasName"},
                    "strategy": {"$ref": "#/components/schemas/AliasStrategy"},
                    "targets": {"$ref": "#/components/schemas/AliasTargets"},
                    "staysLocal": {"type": "boolean", "description": "Only models of this machine may answer."},
                    "continuesAfterFirstToken": {"type": "boolean"},
                    "retries": {"type": "integer", "minimum": 0, "maximum": 10},
                    "hedgeAfterMilliseconds": {"$ref": "#/components/schemas/NullableHedge"},
                    "limits": {"$ref": "#/components/schemas/AliasLimits"}
                  }
                }}}},
                "responses": {"200": {"$ref": "#/components/responses/ModelAlias"}}
              },
              "delete": {
                "operationId": "removeAlias", "summary": "Removes a name for a route",
                "responses": {"204": {"description": "It is removed."}}
              }
            },
            "/api/v1/tokens": {
              "get": {
                "operationId": "listTokens", "summary": "The tokens of other tools; never the tokens themselves",
                "responses": {
                  "200": {
                    "description": "All of them, revoked ones included.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/BridgeTokenRecord"}}
                      }
                    }}}
                  }
                }
              },
              "post": {
                "operationId": "addToken", "summary": "Makes a token for a tool; it is told here and never again",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["name"], "additionalProperties": false,
                  "properties": {
                    "name": {"$ref": "#/components/schemas/Name"},
                    "models": {"$ref": "#/components/schemas/NullablePatterns"},
                    "contextAccess": {"$ref": "#/components/schemas/ContextAccess"},
                    "requestsPerMinute": {"$ref": "#/components/schemas/NullableRate"},
                    "daily": {"$ref": "#/components/schemas/Budget"},
                    "monthly": {"$ref": "#/components/schemas/Budget"},
                    "cacheSeconds": {"$ref": "#/components/schemas/NullableCacheSeconds"},
                    "semanticCache": {"$ref": "#/components/schemas/NullableSemanticCacheSetting"},
                    "expiresAt": {"$ref": "#/components/schemas/NullableTime"}
                  }
                }}}},
                "responses": {
                  "201": {
                    "description": "The token and its record.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["token", "record"], "additionalProperties": false,
                      "properties": {
                        "token": {"type": "string", "pattern": "^ck-[A-Za-z0-9_-]{43}$"},
                        "record": {"$ref": "#/components/schemas/BridgeTokenRecord"}
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/tokens/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "patch": {
                "operationId": "changeToken", "summary": "Changes what a token may do",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["baseVersion"], "additionalProperties": false,
                  "properties": {
                    "baseVersion": {"$ref": "#/components/schemas/Version"},
                    "name": {"$ref": "#/components/schemas/Name"},
                    "models": {"$ref": "#/components/schemas/NullablePatterns"},
                    "contextAccess": {"$ref": "#/components/schemas/ContextAccess"},
                    "requestsPerMinute": {"$ref": "#/components/schemas/NullableRate"},
                    "daily": {"$ref": "#/components/schemas/Budget"},
                    "monthly": {"$ref": "#/components/schemas/Budget"},
                    "cacheSeconds": {"$ref": "#/components/schemas/NullableCacheSeconds"},
                    "semanticCache": {"$ref": "#/components/schemas/NullableSemanticCacheSetting"},
                    "expiresAt": {"$ref": "#/components/schemas/NullableTime"}
                  }
                }}}},
                "responses": {"200": {"$ref": "#/components/responses/BridgeToken"}}
              },
              "delete": {
                "operationId": "removeToken", "summary": "Revokes a token and forgets its name",
                "responses": {"204": {"description": "It is removed."}}
              }
            },
            "/api/v1/tokens/{id}/revoke": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "post": {
                "operationId": "revokeToken", "summary": "Closes a token for good",
                "responses": {"200": {"$ref": "#/components/responses/BridgeToken"}}
              }
            },
            "/api/v1/prices": {
              "get": {
                "operationId": "listPrices", "summary": "What models cost",
                "responses": {
                  "200": {
                    "description": "The user's own prices, and those that come with the program.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items", "builtIn"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/ModelPriceRecord"}},
                        "builtIn": {"type": "array", "items": {
                          "type": "object", "required": ["pattern", "rates", "asOf"], "additionalProperties": false,
                          "properties": {
                            "pattern": {"type": "string"},
                            "rates": {"$ref": "#/components/schemas/TokenRates"},
                            "asOf": {"$ref": "#/components/schemas/Day"}
                          }
                        }}
                      }
                    }}}
                  }
                }
              },
              "post": {
                "operationId": "addPrice", "summary": "Says what models cost",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["pattern", "rates"], "additionalProperties": false,
                  "properties": {
                    "id": {"$ref": "#/components/schemas/ID"},
                    "pattern": {"$ref": "#/components/schemas/ModelPattern"},
                    "providerID": {"$ref": "#/components/schemas/NullableID"},
                    "rates": {"$ref": "#/components/schemas/NewTokenRates"}
                  }
                }}}},
                "responses": {
                  "200": {"$ref": "#/components/responses/ModelPrice"},
                  "201": {"$ref": "#/components/responses/ModelPrice"}
                }
              }
            },
            "/api/v1/prices/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "patch": {
                "operationId": "changePrice", "summary": "Changes a price",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["baseVersion"], "additionalProperties": false,
                  "properties": {
                    "baseVersion": {"$ref": "#/components/schemas/Version"},
                    "pattern": {"$ref": "#/components/schemas/ModelPattern"},
                    "providerID": {"$ref": "#/components/schemas/NullableID"},
                    "rates": {"$ref": "#/components/schemas/NewTokenRates"}
                  }
                }}}},
                "responses": {"200": {"$ref": "#/components/responses/ModelPrice"}}
              },
              "delete": {
                "operationId": "removePrice", "summary": "Removes a price",
                "responses": {"204": {"description": "It is removed."}}
              }
            }
          },
          "schemas": {
            "AliasName": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9._-]+$"},
            "ModelPattern": {
              "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^*\u0000]*[^\u0000]$",
              "description": "The name of a model, or the beginning of several with `*` at its end."
            },
            "AliasStrategy": {"type": "string", "enum": ["ordered", "weighted"]},
            "AliasTargets": {"type": "array", "minItems": 1, "maxItems": 16, "items": {
              "type": "object", "required": ["providerID", "model"], "additionalProperties": false,
              "properties": {
                "providerID": {"$ref": "#/components/schemas/ID"},
                "model": {"$ref": "#/components/schemas/ModelName"},
                "weight": {"type": "integer", "minimum": 1, "maximum": 1000}
              }
            }},
            "NullableMilliseconds": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 86400000}, {"type": "null"}]},
            "NullableHedge": {"anyOf": [{"type": "integer", "minimum": 10, "maximum": 600000}, {"type": "null"}]},
            "AliasLimits": {
              "type": "object", "additionalProperties": false,
              "properties": {
                "connectMilliseconds": {"$ref": "#/components/schemas/NullableMilliseconds"},
                "firstTokenMilliseconds": {"$ref": "#/components/schemas/NullableMilliseconds"},
                "gapMilliseconds": {"$ref": "#/components/schemas/NullableMilliseconds"},
                "totalMilliseconds": {"$ref": "#/components/schemas/NullableMilliseconds"}
              }
            },
            "ModelAlias": {
              "type": "object",
              "required": [
                "id", "name", "strategy", "targets", "staysLocal", "continuesAfterFirstToken", "retries", "limits",
                "createdAt", "updatedAt"
              ],
              "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "name": {"type": "string"},
                "strategy": {"$ref": "#/components/schemas/AliasStrategy"},
                "targets": {"type": "array", "items": {
                  "type": "object", "required": ["model", "weight"], "additionalProperties": false,
                  "properties": {
                    "model": {"$ref": "#/components/schemas/ModelReference"},
                    "weight": {"type": "integer"}
                  }
                }},
                "staysLocal": {"type": "boolean"},
                "continuesAfterFirstToken": {"type": "boolean"},
                "retries": {"type": "integer"},
                "hedgeAfterMilliseconds": {"type": "integer"},
                "limits": {"$ref": "#/components/schemas/AliasLimits"},
                "createdAt": {"$ref": "#/components/schemas/Time"},
                "updatedAt": {"$ref": "#/components/schemas/Time"}
              }
            },
            "ContextAccess": {"type": "string", "enum": ["none", "read", "write"]},
            "NullableAmount": {
              "anyOf": [{"type": "integer", "minimum": 0, "maximum": 1000000000000000}, {"type": "null"}]
            },
            "NullableRate": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 1000000}, {"type": "null"}]},
            "NullableCacheSeconds": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 2592000}, {"type": "null"}]},
            "NullableTime": {
              "anyOf": [{"type": "integer", "minimum": 0, "maximum": 9007199254740992}, {"type": "null"}],
              "description": "Milliseconds since 1970-01-01T00:00:00Z, in the future."
            },
            "NullablePatterns": {
              "anyOf": [
                {"type": "array", "maxItems": 100, "items": {"$ref": "#/components/schemas/ModelPattern"}},
                {"type": "null"}
              ],
              "description": "Names that may be asked for; `null` is all."
            },
            "Budget": {
              "type": "object", "additionalProperties": false,
              "properties": {
                "microDollars": {"$ref": "#/components/schemas/NullableAmount"},
                "tokens": {"$ref": "#/components/schemas/NullableAmount"}
              }
            },
            "Spent": {
              "type": "object", "required": ["microDollars", "tokens"], "additionalProperties": false,
              "properties": {"microDollars": {"type": "integer"}, "tokens": {"type": "integer"}}
            },
            "BridgeToken": {
              "type": "object",
              "required": [
                "id", "name", "prefix", "contextAccess", "daily", "monthly", "createdAt", "spentToday",
                "spentThisMonth"
              ],
              "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "name": {"type": "string"},
                "prefix": {"type": "string", "description": "The beginning of the token, to recognise it by."},
                "models": {"type": "array", "items": {"type": "string"}},
                "contextAccess": {"$ref": "#/components/schemas/ContextAccess"},
                "requestsPerMinute": {"type": "integer"},
                "daily": {"$ref": "#/components/schemas/Budget"},
                "monthly": {"$ref": "#/components/schemas/Budget"},
                "cacheSeconds": {"type": "integer"},
                "semanticCache": {"$ref": "#/components/schemas/SemanticCacheSetting"},
                "createdAt": {"$ref": "#/components/schemas/Time"},
                "expiresAt": {"$ref": "#/components/schemas/Time"},
                "revokedAt": {"$ref": "#/components/schemas/Time"},
                "lastUsedAt": {"$ref": "#/components/schemas/Time"},
                "spentToday": {"$ref": "#/components/schemas/Spent"},
                "spentThisMonth": {"$ref": "#/components/schemas/Spent"}
              }
            },
            "Price": {
              "type": "integer", "minimum": 0, "maximum": 1000000000000,
              "description": "Millionths of a US dollar for a million tokens."
            },
            "NullablePrice": {"anyOf": [{"$ref": "#/components/schemas/Price"}, {"type": "null"}]},
            "NewTokenRates": {
              "type": "object", "required": ["input", "output"], "additionalProperties": false,
              "properties": {
                "input": {"$ref": "#/components/schemas/Price"},
                "output": {"$ref": "#/components/schemas/Price"},
                "cachedInput": {"$ref": "#/components/schemas/NullablePrice"},
                "cacheWrite": {"$ref": "#/components/schemas/NullablePrice"},
                "reasoning": {"$ref": "#/components/schemas/NullablePrice"}
              }
            },
            "TokenRates": {
              "type": "object", "required": ["input", "output"], "additionalProperties": false,
              "properties": {
                "input": {"$ref": "#/components/schemas/Price"},
                "output": {"$ref": "#/components/schemas/Price"},
                "cachedInput": {"$ref": "#/components/schemas/Price"},
                "cacheWrite": {"$ref": "#/components/schemas/Price"},
                "reasoning": {"$ref": "#/components/schemas/Price"}
              }
            },
            "ModelPrice": {
              "type": "object", "required": ["id", "pattern", "rates", "updatedAt"], "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "pattern": {"type": "string"},
                "providerID": {"$ref": "#/components/schemas/ID"},
                "rates": {"$ref": "#/components/schemas/TokenRates"},
                "updatedAt": {"$ref": "#/components/schemas/Time"}
              }
            }
          },
          "responses": {
            "ModelAlias": {
              "description": "The alias.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ModelAliasRecord"}}}
            },
            "BridgeToken": {
              "description": "The token's record.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BridgeTokenRecord"}}}
            },
            "ModelPrice": {
              "description": "The price.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ModelPriceRecord"}}}
            }
          }
        }
        """#
}
