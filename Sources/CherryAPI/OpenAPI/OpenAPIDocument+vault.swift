extension OpenAPIDocument {
    /// The passphrase, the recovery kit, slots and keys.
    static let vault = #"""
        {
          "paths": {
            "/api/v1/passphrase": {
              "post": {
                "operationId": "changePassphrase", "summary": "Changes the passphrase; other sessions end",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["current", "new"], "additionalProperties": false,
                  "properties": {
                    "current": {"$ref": "#/components/schemas/Login"},
                    "new": {"$ref": "#/components/schemas/NewLogin"}
                  }
                }}}},
                "responses": {
                  "204": {"description": "It is changed."},
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/recovery-kit": {
              "post": {
                "operationId": "replaceRecoveryKit", "summary": "Makes a new recovery code; the old one stops working",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "$ref": "#/components/schemas/Login"
                }}}},
                "responses": {
                  "201": {
                    "description": "The code, shown this once.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["recoveryCode"], "additionalProperties": false,
                      "properties": {"recoveryCode": {"$ref": "#/components/schemas/FormattedRecoveryCode"}}
                    }}}
                  },
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/recovery-kit/confirm": {
              "post": {
                "operationId": "confirmRecoveryKit", "summary": "Notes that the user typed part of the code back",
                "responses": {"204": {"description": "It is noted."}}
              }
            },
            "/api/v1/vault": {
              "get": {
                "operationId": "showVault", "summary": "Slots, keys and how far a rotation is",
                "responses": {
                  "200": {
                    "description": "The vault.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Vault"}}}
                  }
                }
              }
            },
            "/api/v1/vault/rotate": {
              "post": {
                "operationId": "rotateKeys", "summary": "Makes a new key and begins to seal every record under it",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "$ref": "#/components/schemas/Login"
                }}}},
                "responses": {
                  "202": {"description": "It has begun."},
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/vault/slots": {
              "post": {
                "operationId": "addSlot", "summary": "Lets this machine unlock the vault by itself",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["kind", "authKey", "unsealKey"], "additionalProperties": false,
                  "properties": {
                    "kind": {"type": "string", "enum": ["machine"]},
                    "authKey": {"$ref": "#/components/schemas/Key"},
                    "unsealKey": {"$ref": "#/components/schemas/Key"}
                  }
                }}}},
                "responses": {
                  "201": {
                    "description": "The slot.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Slot"}}}
                  },
                  "404": {"$ref": "#/components/responses/E404"},
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/vault/slots/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "delete": {
                "operationId": "removeSlot", "summary": "Removes a slot, never the passphrase's",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "$ref": "#/components/schemas/Login"
                }}}},
                "responses": {
                  "204": {"description": "It is removed."},
                  "429": {"$ref": "#/components/responses/E429"}
                }
              }
            },
            "/api/v1/vault/verify": {
              "post": {
                "operationId": "verifyRecords",
                "summary": "Checks that the records are those that were written: none altered, rolled back or dropped",
                "responses": {
                  "200": {
                    "description": "They are. If not, 409 `tampered` names the record.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["status", "records"], "additionalProperties": false,
                      "properties": {
                        "status": {"type": "string", "enum": ["sound"]},
                        "records": {"type": "integer", "minimum": 0}
                      }
                    }}}
                  }
                }
              }
            }
          },
          "schemas": {
            "Slot": {
              "type": "object", "required": ["id", "kind", "createdAt"], "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "kind": {"type": "string", "enum": ["passphrase", "recovery", "machine"]},
                "createdAt": {"$ref": "#/components/schemas/Time"}
              }
            },
            "Vault": {
              "type": "object", "required": ["state", "recoveryConfirmed", "slots", "keys"],
              "additionalProperties": false,
              "properties": {
                "state": {"$ref": "#/components/schemas/VaultState"},
                "unlockedAt": {"$ref": "#/components/schemas/Time"},
                "idleLockAt": {"$ref": "#/components/schemas/Time"},
                "recoveryConfirmed": {"type": "boolean"},
                "slots": {"type": "array", "items": {"$ref": "#/components/schemas/Slot"}},
                "keys": {"type": "array", "items": {
                  "type": "object", "required": ["id", "active", "records", "seals", "createdAt", "shouldRotate"],
                  "additionalProperties": false,
                  "properties": {
                    "id": {"type": "integer", "minimum": 1},
                    "active": {"type": "boolean"},
                    "records": {"type": "integer", "minimum": 0},
                    "seals": {"type": "integer", "minimum": 0},
                    "createdAt": {"$ref": "#/components/schemas/Time"},
                    "shouldRotate": {"type": "boolean"}
                  }
                }},
                "rotation": {
                  "type": "object", "required": ["running", "remaining"], "additionalProperties": false,
                  "properties": {
                    "running": {"type": "boolean"},
                    "remaining": {"type": "integer", "minimum": 0}
                  }
                }
              }
            }
          }
        }
        """#
}
