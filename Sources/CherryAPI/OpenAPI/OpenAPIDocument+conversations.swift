extension OpenAPIDocument {
    /// Conversations, messages and turns.
    static let conversations = #"""
        {
          "paths": {
            "/api/v1/conversations": {
              "get": {
                "operationId": "listConversations", "summary": "Conversations, the one used last first",
                "parameters": [
                  {
                    "name": "limit", "in": "query",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}
                  },
                  {
                    "name": "before", "in": "query", "description": "The last one of the page before.",
                    "schema": {"$ref": "#/components/schemas/ID"}
                  },
                  {
                    "name": "deleted", "in": "query", "description": "Whether to show those marked as deleted too.",
                    "schema": {"type": "boolean", "default": false}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "A page.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items", "hasMore"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/ConversationRecord"}},
                        "hasMore": {"type": "boolean"}
                      }
                    }}}
                  },
                  "404": {"$ref": "#/components/responses/E404"}
                }
              },
              "post": {
                "operationId": "createConversation", "summary": "Begins a conversation",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "additionalProperties": false,
                  "properties": {
                    "id": {"$ref": "#/components/schemas/ID"},
                    "title": {"$ref": "#/components/schemas/Title"},
                    "personaID": {"$ref": "#/components/schemas/NullableID"},
                    "model": {"$ref": "#/components/schemas/NullableModelReference"}
                  }
                }}}},
                "responses": {
                  "200": {"$ref": "#/components/responses/Conversation"},
                  "201": {"$ref": "#/components/responses/Conversation"}
                }
              }
            },
            "/api/v1/conversations/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "get": {
                "operationId": "getConversation", "summary": "One conversation",
                "responses": {"200": {"$ref": "#/components/responses/Conversation"}}
              },
              "patch": {
                "operationId": "changeConversation", "summary": "Changes a conversation",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["baseVersion"], "additionalProperties": false,
                  "properties": {
                    "baseVersion": {"$ref": "#/components/schemas/Version"},
                    "title": {"$ref": "#/components/schemas/Title"},
                    "isPinned": {"type": "boolean"},
                    "personaID": {"$ref": "#/components/schemas/NullableID"},
                    "model": {"$ref": "#/components/schemas/NullableModelReference"},
                    "activeLeaf": {"$ref": "#/components/schemas/ID"},
                    "otherTitles": {
                      "type": "array", "maxItems": 20, "items": {"$ref": "#/components/schemas/Title"}
                    }
                  }
                }}}},
                "responses": {"200": {"$ref": "#/components/responses/Conversation"}}
              },
              "delete": {
                "operationId": "deleteConversation",
                "summary": "Marks a conversation as deleted; it can be restored for ten minutes",
                "responses": {"204": {"description": "It is marked."}}
              }
            },
            "/api/v1/conversations/{id}/restore": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "post": {
                "operationId": "restoreConversation", "summary": "Takes a deletion back",
                "responses": {"200": {"$ref": "#/components/responses/Conversation"}}
              }
            },
            "/api/v1/conversations/{id}/export": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "get": {
                "operationId": "exportConversation", "summary": "One conversation as a file",
                "parameters": [
                  {
                    "name": "format", "in": "query",
                    "schema": {"type": "string", "enum": ["json", "markdown"], "default": "markdown"}
                  }
                ],
                "responses": {"200": {"$ref": "#/components/responses/Export"}}
              }
            },
            "/api/v1/conversations/{id}/messages": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "get": {
                "operationId": "listMessages", "summary": "The end of one branch, or what comes before a message",
                "parameters": [
                  {
                    "name": "leaf", "in": "query", "description": "The branch's last message; the active one if absent.",
                    "schema": {"$ref": "#/components/schemas/ID"}
                  },
                  {"name": "before", "in": "query", "schema": {"$ref": "#/components/schemas/ID"}},
                  {
                    "name": "limit", "in": "query",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 60}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "Messages, oldest first.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items", "hasMore", "branches"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/MessageRecord"}},
                        "hasMore": {"type": "boolean"},
                        "leaf": {"$ref": "#/components/schemas/ID"},
                        "branches": {
                          "type": "object", "description": "For each message with siblings: all of them, oldest first.",
                          "additionalProperties": {"type": "array", "items": {"$ref": "#/components/schemas/ID"}}
                        }
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/conversations/{id}/turns": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "post": {
                "operationId": "beginTurn", "summary": "Sends a message, or asks for another reply",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "oneOf": [{"$ref": "#/components/schemas/Send"}, {"$ref": "#/components/schemas/Regenerate"}]
                }}}},
                "responses": {
                  "202": {
                    "description": "The reply is being written; its events can be followed.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["reply", "conversation"], "additionalProperties": false,
                      "properties": {
                        "user": {"$ref": "#/components/schemas/MessageRecord"},
                        "reply": {"$ref": "#/components/schemas/MessageRecord"},
                        "conversation": {"$ref": "#/components/schemas/ConversationRecord"}
                      }
                    }}}
                  },
                  "424": {"$ref": "#/components/responses/E424"},
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/messages/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "get": {
                "operationId": "getMessage", "summary": "One message",
                "responses": {
                  "200": {
                    "description": "The message.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/MessageRecord"}}}
                  }
                }
              }
            },
            "/api/v1/messages/{id}/events": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "get": {
                "operationId": "followReply", "summary": "A reply as it is written",
                "description": "Events `text`, `reasoning`, `notice`, `end` and `lock`. An event's id is the number of bytes of text and of reasoning, in UTF-8, that lie before what follows it.",
                "parameters": [
                  {
                    "name": "after", "in": "query", "description": "The id of the last event that was read.",
                    "schema": {"$ref": "#/components/schemas/EventID"}
                  },
                  {
                    "name": "Last-Event-ID", "in": "header",
                    "description": "The same; goes before `after`, unless it is empty: then no event was read.",
                    "schema": {"anyOf": [{"$ref": "#/components/schemas/EventID"}, {"type": "string", "maxLength": 0}]}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "The events.",
                    "content": {"text/event-stream": {"schema": {"$ref": "#/components/schemas/ReplyEvent"}}}
                  },
                  "400": {"$ref": "#/components/responses/E400"},
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/messages/{id}/stop": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "post": {
                "operationId": "stopReply", "summary": "Stops a reply; what has arrived is kept",
                "responses": {"204": {"description": "It is stopped, or was done already."}}
              }
            }
          },
          "schemas": {
            "EventID": {"type": "string", "pattern": "^[0-9]{1,12}\\.[0-9]{1,12}$"},
            "ReplyEvent": {
              "type": "object", "description": "One event of the stream; its data is one line of JSON.",
              "required": ["event", "data"], "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/components/schemas/EventID"},
                "event": {"type": "string", "enum": ["text", "reasoning", "tools", "notice", "end", "lock"]},
                "data": {"type": "string"}
              }
            },
            "Content": {"type": "string", "minLength": 1, "maxLength": 200000, "pattern": "^[^\\u0000]*$"},
            "Send": {
              "type": "object", "required": ["kind", "messageID", "content"], "additionalProperties": false,
              "properties": {
                "kind": {"type": "string", "enum": ["send"]},
                "messageID": {"$ref": "#/components/schemas/ID"},
                "parentID": {"$ref": "#/components/schemas/NullableID"},
                "content": {"$ref": "#/components/schemas/Content"},
                "model": {"$ref": "#/components/schemas/NullableModelReference"},
                "personaID": {"$ref": "#/components/schemas/NullableID"},
                "usesTools": {"type": "boolean", "description": "Whether the model may call tools; true when left out."}
              }
            },
            "Regenerate": {
              "type": "object", "required": ["kind", "parentID"], "additionalProperties": false,
              "properties": {
                "kind": {"type": "string", "enum": ["regenerate"]},
                "parentID": {"$ref": "#/components/schemas/ID"},
                "model": {"$ref": "#/components/schemas/NullableModelReference"},
                "personaID": {"$ref": "#/components/schemas/NullableID"},
                "usesTools": {"type": "boolean", "description": "Whether the model may call tools; true when left out."}
              }
            },
            "Conversation": {
              "type": "object",
              "required": ["id", "title", "titleSource", "otherTitles", "isPinned", "createdAt", "updatedAt"],
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "title": {"type": "string"},
                "titleSource": {"type": "string", "enum": ["fallback", "model", "user"]},
                "otherTitles": {"type": "array", "items": {"type": "string"}},
                "personaID": {"$ref": "#/components/schemas/ID"},
                "model": {"$ref": "#/components/schemas/ModelReference"},
                "activeLeaf": {"$ref": "#/components/schemas/ID"},
                "liveReplies": {"type": "array", "items": {"$ref": "#/components/schemas/ID"}},
                "isPinned": {"type": "boolean"},
                "createdAt": {"$ref": "#/components/schemas/Time"},
                "updatedAt": {"$ref": "#/components/schemas/Time"},
                "deletedAt": {"$ref": "#/components/schemas/Time"}
              },
              "additionalProperties": false
            },
            "Message": {
              "type": "object",
              "required": ["id", "conversationID", "role", "content", "state", "createdAt"],
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "conversationID": {"$ref": "#/components/schemas/ID"},
                "parentID": {"$ref": "#/components/schemas/ID"},
                "role": {"type": "string", "enum": ["user", "assistant"]},
                "content": {"type": "string", "description": "Markdown."},
                "reasoning": {"type": "string"},
                "state": {"type": "string", "enum": ["streaming", "complete", "stopped", "failed", "interrupted"]},
                "failure": {"$ref": "#/components/schemas/Failure"},
                "toolUses": {"type": "array", "items": {"$ref": "#/components/schemas/ToolUse"}},
                "personaID": {"$ref": "#/components/schemas/ID"},
                "model": {"$ref": "#/components/schemas/ModelReference"},
                "metrics": {
                  "type": "object", "required": ["isEstimated", "omittedMessages"], "additionalProperties": false,
                  "properties": {
                    "promptTokens": {"type": "integer"},
                    "completionTokens": {"type": "integer"},
                    "isEstimated": {"type": "boolean"},
                    "firstTokenMilliseconds": {"type": "integer"},
                    "totalMilliseconds": {"type": "integer"},
                    "omittedMessages": {"type": "integer", "minimum": 0}
                  }
                },
                "createdAt": {"$ref": "#/components/schemas/Time"}
              },
              "additionalProperties": false
            }
          },
          "responses": {
            "Conversation": {
              "description": "The conversation.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ConversationRecord"}}}
            }
          }
        }
        """#
}
