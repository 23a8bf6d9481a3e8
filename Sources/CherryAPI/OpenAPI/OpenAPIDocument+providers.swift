extension OpenAPIDocument {
    /// Providers and their models.
    static let providers = #"""
        {
          "paths": {
            "/api/v1/providers": {
              "get": {
                "operationId": "listProviders", "summary": "Language-model services; never their keys",
                "responses": {
                  "200": {
                    "description": "All of them.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/ProviderRecord"}}
                      }
                    }}}
                  }
                }
              },
              "post": {
                "operationId": "addProvider", "summary": "Adds a service",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["name", "kind", "baseURL"], "additionalProperties": false,
                  "properties": {
                    "id": {"$ref": "#/components/schemas/ID"},
                    "name": {"$ref": "#/components/schemas/Name"},
                    "kind": {"$ref": "#/components/schemas/ProviderKind"},
                    "baseURL": {"$ref": "#/components/schemas/BaseURL"},
                    "defaultModel": {"$ref": "#/components/schemas/NullableModelName"},
                    "contextLength": {"$ref": "#/components/schemas/NullableContextLength"},
                    "apiKey": {"$ref": "#/components/schemas/NullableAPIKey"},
                    "isEnabled": {"type": "boolean"},
                    "allowsPrivateAddresses": {
                      "type": "boolean",
                      "description": "Whether a name may lead into the own network; an address written out may anyway."
                    }
                  }
                }}}},
                "responses": {
                  "200": {"$ref": "#/components/responses/Provider"},
                  "201": {"$ref": "#/components/responses/Provider"}
                }
              }
            },
            "/api/v1/providers/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "patch": {
                "operationId": "changeProvider", "summary": "Changes a service",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["baseVersion"], "additionalProperties": false,
                  "properties": {
                    "baseVersion": {"$ref": "#/components/schemas/Version"},
                    "name": {"$ref": "#/components/schemas/Name"},
                    "kind": {"$ref": "#/components/schemas/ProviderKind"},
                    "baseURL": {"$ref": "#/components/schemas/BaseURL"},
                    "defaultModel": {"$ref": "#/components/schemas/NullableModelName"},
                    "contextLength": {"$ref": "#/components/schemas/NullableContextLength"},
                    "apiKey": {"$ref": "#/components/schemas/NullableAPIKey"},
                    "isEnabled": {"type": "boolean"},
                    "allowsPrivateAddresses": {"type": "boolean"}
                  }
                }}}},
                "responses": {"200": {"$ref": "#/components/responses/Provider"}}
              },
              "delete": {
                "operationId": "removeProvider", "summary": "Removes a service and its key",
                "responses": {"204": {"description": "It is removed."}}
              }
            },
            "/api/v1/providers/{id}/test": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "post": {
                "operationId": "testProvider", "summary": "Asks a service what it offers",
                "responses": {
                  "200": {
                    "description": "What it said, or why it did not.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["ok", "latencyMilliseconds", "models"],
                      "additionalProperties": false,
                      "properties": {
                        "ok": {"type": "boolean"},
                        "latencyMilliseconds": {"type": "integer", "minimum": 0},
                        "models": {"type": "array", "items": {"type": "string"}},
                        "error": {"$ref": "#/components/schemas/Failure"}
                      }
                    }}}
                  },
                  "424": {"$ref": "#/components/responses/E424"}
                }
              }
            },
            "/api/v1/models": {
              "get": {
                "operationId": "listModels", "summary": "The models that can be chosen",
                "responses": {
                  "200": {
                    "description": "All that could be found.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items", "default", "unreachable"],
                      "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {
                          "type": "object", "required": ["providerID", "providerName", "model", "isLocal", "isTiny"],
                          "additionalProperties": false,
                          "properties": {
                            "providerID": {"$ref": "#/components/schemas/ID"},
                            "providerName": {"type": "string"},
                            "model": {"type": "string"},
                            "isLocal": {"type": "boolean"},
                            "isTiny": {"type": "boolean", "description": "Small, and often wrong."},
                            "contextLength": {"type": "integer"},
                            "capabilities": {
                              "type": "array", "uniqueItems": true,
                              "description": "What it can do besides reading and writing text. Absent when nobody says.",
                              "items": {"enum": ["tools", "images", "files", "audio", "reasoning", "structuredOutput", "embeddings"]}
                            }
                          }
                        }},
                        "default": {"$ref": "#/components/schemas/ModelReference"},
                        "unreachable": {"type": "array", "items": {
                          "type": "object", "required": ["providerID", "error"], "additionalProperties": false,
                          "properties": {
                            "providerID": {"$ref": "#/components/schemas/ID"},
                            "error": {"$ref": "#/components/schemas/Failure"}
                          }
                        }}
                      }
                    }}}
                  },
                  "404": {"$ref": "#/components/responses/E404"},
                  "424": {"$ref": "#/components/responses/E424"}
                }
              }
            }
          },
          "schemas": {
            "ProviderKind": {
              "type": "string",
              "enum": [
                "openai", "openai-responses", "anthropic", "gemini", "mistral", "ollama", "azure", "bedrock"
              ]
            },
            "BaseURL": {
              "type": "string", "minLength": 8, "maxLength": 2048,
              "pattern": "^https?://([A-Za-z0-9_.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(/[A-Za-z0-9/_.~%+:,;=!$&'()*-]*)?(\\?(api-version|region)=[A-Za-z0-9_.-]+)?$",
              "description": "Up to and including the version, such as `https://api.example.com/v1`."
            },
            "NullableModelName": {"anyOf": [{"$ref": "#/components/schemas/ModelName"}, {"type": "null"}]},
            "NullableContextLength": {
              "anyOf": [{"type": "integer", "minimum": 256, "maximum": 10000000}, {"type": "null"}]
            },
            "NullableAPIKey": {
              "anyOf": [
                {"type": "string", "minLength": 1, "maxLength": 4096, "pattern": "^[!-~]+$"},
                {"type": "null"}
              ],
              "writeOnly": true, "description": "Printable ASCII without spaces; `null` removes it."
            },
            "Provider": {
              "type": "object",
              "required": [
                "id", "name", "kind", "baseURL", "allowsPrivateAddresses", "isEnabled", "createdAt", "updatedAt",
                "hasKey"
              ],
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "name": {"type": "string"},
                "kind": {"$ref": "#/components/schemas/ProviderKind"},
                "baseURL": {"type": "string"},
                "defaultModel": {"type": "string"},
                "contextLength": {"type": "integer"},
                "isEnabled": {"type": "boolean"},
                "allowsPrivateAddresses": {"type": "boolean"},
                "createdAt": {"$ref": "#/components/schemas/Time"},
                "updatedAt": {"$ref": "#/components/schemas/Time"},
                "hasKey": {"type": "boolean"}
              },
              "additionalProperties": false
            }
          },
          "responses": {
            "Provider": {
              "description": "The service.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ProviderRecord"}}}
            }
          }
        }
        """#
}
