extension OpenAPIDocument {
    /// What all areas share: the session, the header, the refusals and the smallest schemas.
    static let common = #"""
        {
          "securitySchemes": {
            "session": {
              "type": "apiKey", "in": "cookie", "name": "cherry_session",
              "description": "Set by set-up, unlocking and recovery. Over TLS the name is `__Host-cherry_session`."
            }
          },
          "parameters": {
            "XCherry": {
              "name": "X-Cherry", "in": "header", "required": true,
              "description": "Shows that the request does not come from a page of another site.",
              "schema": {"type": "string", "enum": ["1"]}
            }
          },
          "schemas": {
            "ID": {"type": "string", "format": "uuid", "description": "A UUID, best of version 7."},
            "Time": {"type": "integer", "description": "Milliseconds since 1970-01-01T00:00:00Z."},
            "Version": {
              "type": "integer", "minimum": 0, "maximum": 9007199254740992,
              "description": "The version of the record that the client saw; 0 for one that it believes to be new."
            },
            "Title": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\u0000]*$"},
            "Name": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[^\\u0000]*$"},
            "ModelName": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\u0000]*$"},
            "NullableID": {"anyOf": [{"$ref": "#/components/schemas/ID"}, {"type": "null"}]},
            "ModelReference": {
              "type": "object", "required": ["providerID", "model"], "additionalProperties": false,
              "properties": {
                "providerID": {"$ref": "#/components/schemas/ID"},
                "model": {"$ref": "#/components/schemas/ModelName"}
              }
            },
            "NullableModelReference": {
              "anyOf": [{"$ref": "#/components/schemas/ModelReference"}, {"type": "null"}]
            },
            "Failure": {
              "type": "object", "required": ["code", "message"], "additionalProperties": false,
              "properties": {
                "code": {"type": "string"}, "message": {"type": "string"}, "hint": {"type": "string"}
              }
            },
            "Error": {
              "type": "object", "required": ["error"], "additionalProperties": false,
              "properties": {
                "error": {
                  "type": "object", "required": ["code", "message"], "additionalProperties": false,
                  "properties": {
                    "code": {"type": "string", "pattern": "^[a-z][A-Za-z0-9]*$"},
                    "message": {"type": "string", "minLength": 1},
                    "hint": {"type": "string"},
                    "retryAfter": {"type": "integer", "minimum": 1, "description": "Seconds."},
                    "requestID": {"type": "string", "description": "To search the server's log for."}
                  }
                }
              }
            },
            "Conflict": {
              "type": "object", "required": ["error"], "additionalProperties": false,
              "properties": {
                "error": {"$ref": "#/components/schemas/Error/properties/error"},
                "current": {
                  "type": "object", "description": "The record as it is now, in its envelope.",
                  "required": ["id", "version", "position", "changedAt", "collection", "value"]
                }
              }
            }
          },
          "responses": {
            "E400": {
              "description": "`malformedJSON`, `tooDeep` or `invalidEventID`.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E401": {
              "description": "`unauthenticated`, or where a passphrase or code is sent: `wrongPassphrase`, `wrongRecoveryCode`, `malformedRecoveryCode`.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E403": {
              "description": "`missingHeader` or `wrongOrigin`.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E404": {
              "description": "`notFound`.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E409": {
              "description": "`conflict` with the current record, or another code that says what stands in the way.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Conflict"}}}
            },
            "E413": {
              "description": "`tooLarge`.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E415": {
              "description": "`unsupportedMediaType`.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E421": {
              "description": "`unknownHost`.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E422": {
              "description": "`invalid`; the message names the field.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E423": {
              "description": "`sealed`: the vault is locked.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E424": {
              "description": "A language model could not be asked; the code says why.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E429": {
              "description": "`tooManyAttempts`, `tooManyStreams` or `tooManyReplies`.",
              "headers": {"Retry-After": {"required": true, "schema": {"type": "integer", "minimum": 1}}},
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E500": {
              "description": "`internal`: a fault of the program.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E503": {
              "description": "`damaged`, `tooNew`, `unavailable` or `timedOut`.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            },
            "E507": {
              "description": "`diskFull`: nothing was changed.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            }
          }
        }
        """#
}
