extension OpenAPIDocument {
    /// Health, set-up, unlocking, sessions.
    static let access = #"""
        {
          "paths": {
            "/livez": {
              "get": {
                "operationId": "isAlive", "summary": "Whether the process answers", "security": [],
                "responses": {
                  "200": {
                    "description": "It does.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["status"], "additionalProperties": false,
                      "properties": {"status": {"type": "string", "enum": ["alive"]}}
                    }}}
                  }
                }
              }
            },
            "/readyz": {
              "get": {
                "operationId": "isReady", "summary": "Whether requests can be served", "security": [],
                "responses": {
                  "200": {
                    "description": "They can. A locked vault is ready, and says so.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["status", "vault"], "additionalProperties": false,
                      "properties": {
                        "status": {"type": "string", "enum": ["ready"]},
                        "vault": {"$ref": "#/components/schemas/VaultState"}
                      }
                    }}}
                  }
                }
              }
            },
            "/openapi.json": {
              "get": {
                "operationId": "describe", "summary": "This document", "security": [],
                "responses": {
                  "200": {
                    "description": "OpenAPI 3.1.",
                    "content": {"application/json": {"schema": {"type": "object"}}}
                  }
                }
              }
            },
            "/api/v1/status": {
              "get": {
                "operationId": "status", "summary": "What a client needs to know before it logs in", "security": [],
                "responses": {
                  "200": {
                    "description": "The state.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["version", "vault", "session", "now"],
                      "additionalProperties": false,
                      "properties": {
                        "version": {"type": "string"},
                        "vault": {"$ref": "#/components/schemas/VaultState"},
                        "kdf": {"$ref": "#/components/schemas/KDF"},
                        "session": {"type": "boolean", "description": "Whether the cookie's session lives."},
                        "retryAfter": {
                          "type": "integer", "minimum": 1,
                          "description": "Seconds until a passphrase may be tried."
                        },
                        "now": {"$ref": "#/components/schemas/Time"},
                        "telemetry": {
                          "type": "object", "required": ["errors", "release", "environment"], "additionalProperties": false,
                          "description": "What the web app may report of its own failures; only with a session, and when reports are on.",
                          "properties": {
                            "errors": {"type": "boolean"}, "release": {"type": "string"}, "environment": {"type": "string"}
                          }
                        }
                      }
                    }}}
                  },
                  "422": {"$ref": "#/components/responses/E422"}
                }
              }
            },
            "/api/v1/setup": {
              "post": {
                "operationId": "setUp", "summary": "Makes the vault", "security": [],
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "$ref": "#/components/schemas/NewLogin"
                }}}},
                "responses": {
                  "201": {
                    "description": "The vault is made and unlocked. The recovery code is shown this once.",
                    "headers": {"Set-Cookie": {"schema": {"type": "string"}}},
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["recoveryCode", "session"], "additionalProperties": false,
                      "properties": {
                        "recoveryCode": {"$ref": "#/components/schemas/FormattedRecoveryCode"},
                        "session": {"$ref": "#/components/schemas/Session"}
                      }
                    }}}
                  },
                  "409": {"$ref": "#/components/responses/E409"},
                  "423": {"$ref": "#/components/responses/E423"},
                  "429": {"$ref": "#/components/responses/E429"},
                  "507": {"$ref": "#/components/responses/E507"}
                }
              }
            },
            "/api/v1/unlock": {
              "post": {
                "operationId": "unlock", "summary": "Unlocks the vault, or logs in to an unlocked one",
                "security": [],
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "$ref": "#/components/schemas/Login"
                }}}},
                "responses": {
                  "200": {"$ref": "#/components/responses/Unlocked"},
                  "401": {"$ref": "#/components/responses/E401"},
                  "409": {"$ref": "#/components/responses/E409"},
                  "423": {"$ref": "#/components/responses/E423"},
                  "429": {"$ref": "#/components/responses/E429"},
                  "507": {"$ref": "#/components/responses/E507"}
                }
              }
            },
            "/api/v1/recover": {
              "post": {
                "operationId": "recover", "summary": "Sets a new passphrase with the recovery code; all sessions end",
                "security": [],
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["recoveryCode", "authKey", "unsealKey", "kdf"],
                  "additionalProperties": false,
                  "properties": {
                    "recoveryCode": {
                      "type": "string", "minLength": 36, "maxLength": 100, "pattern": "^[^\\u0000]*$",
                      "description": "36 letters and digits; case, spaces and hyphens do not matter."
                    },
                    "authKey": {"$ref": "#/components/schemas/Key"},
                    "unsealKey": {"$ref": "#/components/schemas/Key"},
                    "kdf": {"$ref": "#/components/schemas/KDF"}
                  }
                }}}},
                "responses": {
                  "200": {"$ref": "#/components/responses/Unlocked"},
                  "401": {"$ref": "#/components/responses/E401"},
                  "409": {"$ref": "#/components/responses/E409"},
                  "423": {"$ref": "#/components/responses/E423"},
                  "429": {"$ref": "#/components/responses/E429"},
                  "507": {"$ref": "#/components/responses/E507"}
                }
              }
            },
            "/api/v1/lock": {
              "post": {
                "operationId": "lock", "summary": "Locks the vault; every session ends",
                "responses": {"204": {"description": "It is locked."}}
              }
            },
            "/api/v1/logout": {
              "post": {
                "operationId": "logOut", "summary": "Ends this session; the vault stays as it is",
                "responses": {
                  "204": {
                    "description": "It has ended.",
                    "headers": {"Clear-Site-Data": {"schema": {"type": "string"}}}
                  }
                }
              }
            },
            "/api/v1/sessions": {
              "get": {
                "operationId": "listSessions", "summary": "Who is in",
                "responses": {
                  "200": {
                    "description": "The sessions, the one used last first.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["sessions"], "additionalProperties": false,
                      "properties": {
                        "sessions": {"type": "array", "items": {"$ref": "#/components/schemas/Session"}}
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/sessions/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "delete": {
                "operationId": "endSession", "summary": "Ends a session",
                "responses": {"204": {"description": "It has ended."}}
              }
            }
          },
          "schemas": {
            "VaultState": {"type": "string", "enum": ["uninitialized", "sealed", "unlocked"]},
            "Key": {
              "type": "string", "minLength": 43, "maxLength": 43,
              "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$",
              "description": "32 bytes in base64url without padding."
            },
            "KDF": {
              "type": "object", "required": ["algorithm", "iterations", "salt"], "additionalProperties": false,
              "properties": {
                "algorithm": {"type": "string", "enum": ["pbkdf2-sha256"]},
                "iterations": {"type": "integer", "minimum": 600000, "maximum": 10000000},
                "salt": {
                  "type": "string", "minLength": 22, "maxLength": 22, "pattern": "^[A-Za-z0-9_-]{21}[AQgw]$",
                  "description": "16 bytes in base64url without padding."
                }
              }
            },
            "Login": {
              "type": "object", "required": ["authKey", "unsealKey"], "additionalProperties": false,
              "properties": {
                "authKey": {"$ref": "#/components/schemas/Key"},
                "unsealKey": {"$ref": "#/components/schemas/Key"}
              }
            },
            "NewLogin": {
              "type": "object", "required": ["authKey", "unsealKey", "kdf"], "additionalProperties": false,
              "properties": {
                "authKey": {"$ref": "#/components/schemas/Key"},
                "unsealKey": {"$ref": "#/components/schemas/Key"},
                "kdf": {"$ref": "#/components/schemas/KDF"}
              }
            },
            "FormattedRecoveryCode": {
              "type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){8}$"
            },
            "Session": {
              "type": "object",
              "required": ["id", "name", "createdAt", "lastSeenAt", "expiresAt", "current"],
              "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "name": {"type": "string"},
                "createdAt": {"$ref": "#/components/schemas/Time"},
                "lastSeenAt": {"$ref": "#/components/schemas/Time"},
                "expiresAt": {"$ref": "#/components/schemas/Time"},
                "current": {"type": "boolean"}
              }
            }
          },
          "responses": {
            "Unlocked": {
              "description": "The vault is unlocked. The cookie carries a new session.",
              "headers": {"Set-Cookie": {"schema": {"type": "string"}}},
              "content": {"application/json": {"schema": {
                "type": "object", "required": ["session"], "additionalProperties": false,
                "properties": {"session": {"$ref": "#/components/schemas/Session"}}
              }}}
            }
          }
        }
        """#
}
