extension OpenAPIDocument {
    /// Personas and preferences.
    static let personas = #"""
        {
          "paths": {
            "/api/v1/personas": {
              "get": {
                "operationId": "listPersonas", "summary": "The characters that answer",
                "responses": {
                  "200": {
                    "description": "All of them, the built-in ones first.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/PersonaRecord"}}
                      }
                    }}}
                  },
                  "507": {"$ref": "#/components/responses/E507"}
                }
              },
              "post": {
                "operationId": "createPersona", "summary": "Makes a persona",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["name"], "additionalProperties": false,
                  "properties": {
                    "id": {"$ref": "#/components/schemas/ID"},
                    "name": {"$ref": "#/components/schemas/Name"},
                    "hue": {"$ref": "#/components/schemas/Hue"},
                    "instructions": {"$ref": "#/components/schemas/Instructions"},
                    "model": {"$ref": "#/components/schemas/NullableModelReference"},
                    "temperature": {"$ref": "#/components/schemas/NullableTemperature"}
                  }
                }}}},
                "responses": {
                  "200": {"$ref": "#/components/responses/Persona"},
                  "201": {"$ref": "#/components/responses/Persona"}
                }
              }
            },
            "/api/v1/personas/{id}": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "patch": {
                "operationId": "changePersona", "summary": "Changes a persona",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["baseVersion"], "additionalProperties": false,
                  "properties": {
                    "baseVersion": {"$ref": "#/components/schemas/Version"},
                    "name": {"$ref": "#/components/schemas/Name"},
                    "hue": {"$ref": "#/components/schemas/Hue"},
                    "instructions": {"$ref": "#/components/schemas/Instructions"},
                    "model": {"$ref": "#/components/schemas/NullableModelReference"},
                    "temperature": {"$ref": "#/components/schemas/NullableTemperature"}
                  }
                }}}},
                "responses": {"200": {"$ref": "#/components/responses/Persona"}}
              },
              "delete": {
                "operationId": "deletePersona", "summary": "Deletes a persona that is not built in",
                "responses": {"204": {"description": "It is deleted."}}
              }
            },
            "/api/v1/personas/{id}/reset": {
              "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}
              ],
              "post": {
                "operationId": "resetPersona", "summary": "Makes a built-in persona what it was at first",
                "responses": {"200": {"$ref": "#/components/responses/Persona"}}
              }
            },
            "/api/v1/preferences": {
              "get": {
                "operationId": "listPreferences", "summary": "The user's settings",
                "responses": {
                  "200": {
                    "description": "All that differ from the usual.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["items"], "additionalProperties": false,
                      "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/PreferenceRecord"}}
                      }
                    }}}
                  }
                }
              }
            },
            "/api/v1/preferences/{key}": {
              "parameters": [
                {
                  "name": "key", "in": "path", "required": true,
                  "schema": {"$ref": "#/components/schemas/PreferenceKey"}
                }
              ],
              "put": {
                "operationId": "setPreference", "summary": "Sets a preference",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["value", "baseVersion"], "additionalProperties": false,
                  "properties": {
                    "value": {"description": "Anything of at most 64 KiB; the product's own keys take what they need."},
                    "baseVersion": {"$ref": "#/components/schemas/Version"}
                  }
                }}}},
                "responses": {
                  "200": {
                    "description": "The preference.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PreferenceRecord"}}}
                  }
                }
              },
              "delete": {
                "operationId": "removePreference", "summary": "Returns to the usual",
                "responses": {
                  "204": {"description": "It is removed."},
                  "422": {"$ref": "#/components/responses/E422"}
                }
              }
            }
          },
          "schemas": {
            "Hue": {
              "type": "string",
              "enum": ["cherry", "indigo", "teal", "amber", "violet", "moss", "slate", "rose"]
            },
            "Instructions": {"type": "string", "maxLength": 20000, "pattern": "^[^\\u0000]*$"},
            "Temperature": {"type": "number", "minimum": 0, "maximum": 2},
            "NullableTemperature": {"anyOf": [{"$ref": "#/components/schemas/Temperature"}, {"type": "null"}]},
            "Persona": {
              "type": "object",
              "required": ["id", "name", "hue", "instructions", "isBuiltIn", "createdAt", "updatedAt"],
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "name": {"type": "string"},
                "hue": {"$ref": "#/components/schemas/Hue"},
                "instructions": {"type": "string"},
                "model": {"$ref": "#/components/schemas/ModelReference"},
                "temperature": {"$ref": "#/components/schemas/Temperature"},
                "isBuiltIn": {"type": "boolean"},
                "createdAt": {"$ref": "#/components/schemas/Time"},
                "updatedAt": {"$ref": "#/components/schemas/Time"}
              },
              "additionalProperties": false
            },
            "PreferenceKey": {
              "type": "string", "minLength": 1, "maxLength": 64,
              "pattern": "^[a-z][A-Za-z0-9]*(\\.[A-Za-z0-9]+)*$"
            },
            "Preference": {
              "type": "object", "required": ["id", "key", "value", "updatedAt"], "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/components/schemas/ID"},
                "key": {"$ref": "#/components/schemas/PreferenceKey"},
                "value": {},
                "updatedAt": {"$ref": "#/components/schemas/Time"}
              }
            }
          },
          "responses": {
            "Persona": {
              "description": "The persona.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PersonaRecord"}}}
            }
          }
        }
        """#
}
