extension OpenAPIDocument {
    /// Tool servers, calls of tools, and what tools have kept.
    static let tools = #"""
        {
          "paths": {
            "/api/v1/servers": {
              "get": {
                "operationId": "listServers", "summary": "Tool servers; never their credentials",
                "responses": {
                  "200": {
                    "description": "All of them.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/ToolServerRecord"}}
                      }
                    }}}
                  }
                }
              },
              "post": {
                "operationId": "addServer", "summary": "Adds a tool server",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["name", "endpoint"], "additionalProperties": false,
                  "properties": {
                    "id": {"$ref": "#/components/schemas/ID"},
                    "name": {"$ref": "#/components/schemas/Name"},
                    "endpoint": {"$ref": "#/components/schemas/ToolEndpoint"},
                    "permission": {"$ref": "#/components/schemas/ToolPermission"},
                    "rules": {"$ref": "#/components/schemas/ToolRules"},
                    "isTrusted": {"type": "boolean"},
                    "timeoutSeconds": {"$ref": "#/components/schemas/ToolTimeout"},
                    "allowsPrivateAddresses": {"type": "boolean"},
                    "isEnabled": {"type": "boolean"},
                    "credential": {"$ref": "#/components/schemas/NullableAPIKey"}
                  }
                }}}},
                "responses": {
                  "200": {"$ref": "#/components/responses/ToolServer"},
                  "201": {"$ref": "#/components/responses/ToolServer"}
                }
              }
            },
            "/api/v1/servers/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "patch": {
                "operationId": "changeServer", "summary": "Changes a tool server",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["baseVersion"], "additionalProperties": false,
                  "properties": {
                    "baseVersion": {"$ref": "#/components/schemas/Version"},
                    "name": {"$ref": "#/components/schemas/Name"},
                    "endpoint": {"$ref": "#/components/schemas/ToolEndpoint"},
                    "permission": {"$ref": "#/components/schemas/ToolPermission"},
                    "rules": {"$ref": "#/components/schemas/ToolRules"},
                    "isTrusted": {"type": "boolean"},
                    "timeoutSeconds": {"$ref": "#/components/schemas/ToolTimeout"},
                    "allowsPrivateAddresses": {"type": "boolean"},
                    "isEnabled": {"type": "boolean"},
                    "credential": {"$ref": "#/components/schemas/NullableAPIKey"}
                  }
                }}}},
                "responses": {"200": {"$ref": "#/components/responses/ToolServer"}}
              },
              "delete": {
                "operationId": "removeServer", "summary": "Removes a tool server and its credential",
                "responses": {"204": {"description": "It is removed."}}
              }
            },
            "/api/v1/servers/{id}/test": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "post": {
                "operationId": "testServer", "summary": "Connects to a tool server and asks for its tools",
                "responses": {
                  "200": {
                    "description": "What it said, or why it did not. Names and descriptions are the server's words.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["ok", "latencyMilliseconds", "tools"],
                      "additionalProperties": false,
                      "properties": {
                        "ok": {"type": "boolean"},
                        "latencyMilliseconds": {"type": "integer", "minimum": 0},
                        "server": {"type": "string"},
                        "revision": {"type": "string", "description": "Of the Model Context Protocol."},
                        "tools": {"type": "array", "items": {
                          "type": "object", "required": ["name", "saysReadOnly", "permission", "isReadOnly"],
                          "additionalProperties": false,
                          "properties": {
                            "name": {"type": "string"},
                            "title": {"type": "string"},
                            "description": {"type": "string"},
                            "saysReadOnly": {"type": "boolean"},
                            "permission": {"$ref": "#/components/schemas/ToolPermission"},
                            "isReadOnly": {
                              "type": "boolean",
                              "description": "Whether it counts as changing nothing, by the user's rule or the server's word."
                            }
                          }
                        }},
                        "error": {"$ref": "#/components/schemas/Failure"}
                      }
                    }}}
                  },
                  "424": {"$ref": "#/components/responses/E424"}
                }
              }
            },
            "/api/v1/messages/{id}/tool-calls/{callID}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}},
                {
                  "name": "callID", "in": "path", "required": true,
                  "schema": {"type": "string", "pattern": "^[0-9]{1,4}\\.[0-9]{1,4}$"}
                }
              ],
              "post": {
                "operationId": "decideToolCall", "summary": "Says whether a call that a reply asks for may run",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["decision"], "additionalProperties": false,
                  "properties": {
                    "decision": {
                      "type": "string", "enum": ["once", "always", "refuse", "never"],
                      "description": "`always` and `never` become the tool's rule; words of others in the turn still make it ask."
                    }
                  }
                }}}},
                "responses": {"204": {"description": "The reply goes on."}}
              }
            },
            "/api/v1/context": {
              "get": {
                "operationId": "listContext", "summary": "Notes and facts, and who brought them",
                "responses": {
                  "200": {
                    "description": "All of them, newest first.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/ContextItemRecord"}}
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/context/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "delete": {
                "operationId": "removeContext", "summary": "Removes a note or a fact",
                "responses": {"204": {"description": "It is removed."}}
              }
            }
          },
          "schemas": {
            "ToolPermission": {"type": "string", "enum": ["ask", "always", "never"]},
            "ToolTimeout": {"type": "integer", "minimum": 1, "maximum": 3600},
            "ToolVariable": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,99}$"},
            "ToolRules": {
              "type": "object", "maxProperties": 500, "propertyNames": {"minLength": 1, "maxLength": 128},
              "description": "By the tool's name.",
              "additionalProperties": {
                "type": "object", "required": ["permission"], "additionalProperties": false,
                "properties": {
                  "permission": {"$ref": "#/components/schemas/ToolPermission"},
                  "isReadOnly": {"type": "boolean", "description": "Whether it changes nothing, in the user's judgement."}
                }
              }
            },
            "ToolEndpoint": {
              "oneOf": [
                {
                  "type": "object", "required": ["kind", "program"], "additionalProperties": false,
                  "properties": {
                    "kind": {"type": "string", "enum": ["command"]},
                    "program": {"type": "string", "minLength": 1, "maxLength": 1024, "pattern": "^[^\\u0000]*$"},
                    "arguments": {
                      "type": "array", "maxItems": 64,
                      "items": {"type": "string", "maxLength": 4096, "pattern": "^[^\\u0000]*$"}
                    },
                    "environment": {
                      "type": "array", "maxItems": 64, "items": {"$ref": "#/components/schemas/ToolVariable"},
                      "description": "Variables of the server's environment that the program gets to see."
                    },
                    "credentialVariable": {
                      "anyOf": [{"$ref": "#/components/schemas/ToolVariable"}, {"type": "null"}],
                      "description": "The variable in which the program gets its credential."
                    }
                  }
                },
                {
                  "type": "object", "required": ["kind", "url"], "additionalProperties": false,
                  "properties": {
                    "kind": {"type": "string", "enum": ["http"]},
                    "url": {"$ref": "#/components/schemas/BaseURL"}
                  }
                }
              ]
            },
            "ToolServer": {
              "type": "object",
              "required": [
                "id", "name", "endpoint", "permission", "rules", "isTrusted", "timeoutSeconds",
                "allowsPrivateAddresses", "isEnabled", "createdAt", "updatedAt", "hasCredential"
              ],
              "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "name": {"type": "string"},
                "endpoint": {"$ref": "#/components/schemas/ToolEndpoint"},
                "permission": {"$ref": "#/components/schemas/ToolPermission"},
                "rules": {"$ref": "#/components/schemas/ToolRules"},
                "isTrusted": {"type": "boolean"},
                "timeoutSeconds": {"type": "integer"},
                "allowsPrivateAddresses": {"type": "boolean"},
                "isEnabled": {"type": "boolean"},
                "createdAt": {"$ref": "#/components/schemas/Time"},
                "updatedAt": {"$ref": "#/components/schemas/Time"},
                "hasCredential": {"type": "boolean"}
              }
            },
            "ToolUse": {
              "type": "object", "required": ["id", "tool", "server", "arguments", "state", "textOffset"],
              "additionalProperties": false,
              "description": "One call of a tool within a reply.",
              "properties": {
                "id": {"type": "string"},
                "tool": {"type": "string"},
                "serverID": {"$ref": "#/components/schemas/ID"},
                "server": {"type": "string"},
                "arguments": {"type": "string", "description": "JSON text, as the model wrote it."},
                "state": {
                  "type": "string", "enum": ["asked", "running", "done", "failed", "refused", "cancelled"]
                },
                "reason": {"type": "string", "enum": ["permission", "untrusted"]},
                "result": {"type": "string", "description": "The tool's words, shortened."},
                "failure": {"$ref": "#/components/schemas/Failure"},
                "textOffset": {"type": "integer", "minimum": 0}
              }
            }
          },
          "responses": {
            "ToolServer": {
              "description": "The server.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ToolServerRecord"}}}
            }
          }
        }
        """#
}
