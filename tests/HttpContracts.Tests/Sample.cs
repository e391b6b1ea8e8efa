using System.Text.Json.Nodes;

namespace ModularMonolith.HttpContracts.Tests;

/// <summary>A small API: tea by its id, shown and changed.</summary>
internal static class Sample
{
    public const string Show = "GET /api/tea/teas/{id}";
    public const string Change = "PUT /api/tea/teas/{id}";

    private const string Text =
        """
        {
          "openapi": "3.1.1",
          "info": { "title": "Shop", "version": "v1" },
          "tags": [{ "name": "tea", "description": "Teas." }, { "name": "pot", "description": "Pots." }],
          "paths": {
            "/api/tea/teas/{id}": {
              "put": {
                "operationId": "ChangeTea", "tags": ["tea"], "summary": "Changes a tea.",
                "security": [{ "bearer": ["tea:write"] }, { "apiKey": ["tea:write"] }],
                "parameters": [
                  { "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } },
                  { "name": "dryRun", "in": "query", "schema": { "type": "boolean" } },
                  { "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" } }
                ],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/NewTea" } }, "text/csv": { "schema": { "type": "string" } } } },
                "responses": { "200": { "description": "OK", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Tea" } } } }, "201": { "description": "Made" }, "412": { "description": "Stale" } }
              },
              "get": {
                "operationId": "ShowTea", "tags": ["tea"], "summary": "Shows a tea.",
                "security": [{}, { "bearer": [] }],
                "parameters": [{ "name": "fields", "in": "query", "schema": { "type": "string", "maxLength": 100, "default": "all" } }],
                "responses": {
                  "200": {
                    "description": "OK",
                    "headers": { "ETag": { "$ref": "#/components/headers/ETag" } },
                    "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Tea" } } }
                  },
                  "404": { "description": "Unknown" }
                }
              }
            },
            "/api/pot/pots": { "get": { "operationId": "ListPots", "tags": ["pot"], "responses": { "200": { "description": "OK", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Pot" } } } } } } },
            "/health": { "get": { "operationId": "Health", "responses": { "200": { "description": "OK" } } } }
          },
          "components": {
            "schemas": {
              "Tea": {
                "type": "object", "required": ["id", "kind", "price"], "additionalProperties": false,
                "properties": {
                  "id": { "type": "string", "format": "uuid" },
                  "kind": { "$ref": "#/components/schemas/Kind" },
                  "price": { "type": "integer", "format": "int32", "maximum": 100 },
                  "note": { "type": "string", "maxLength": 50 },
                  "blend": { "type": "array", "items": { "$ref": "#/components/schemas/Tea" } },
                  "pot": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Pot" }] }
                }
              },
              "NewTea": {
                "type": "object", "required": ["title"], "additionalProperties": false,
                "properties": {
                  "title": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[a-z]+$" },
                  "kind": { "$ref": "#/components/schemas/Kind" },
                  "price": { "type": "integer", "format": "int64", "minimum": 0 },
                  "note": { "type": ["null", "string"] },
                  "tags": { "type": "array", "maxItems": 10, "items": { "type": "string" } }
                }
              },
              "Kind": { "enum": ["green", "black"] },
              "Pot": { "type": "object", "properties": { "size": { "type": "integer" } } }
            },
            "headers": { "ETag": { "required": true, "schema": { "type": "string" } } },
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" }, "apiKey": { "type": "apiKey", "name": "Authorization", "in": "header" } }
          }
        }
        """;

    public static JsonObject Document() => JsonNode.Parse(Text)!.AsObject();

    public static JsonObject Changed(Action<JsonObject> change)
    {
        var document = Document();
        change(document);
        return document;
    }

    /// <summary>Follows a JSON Pointer, in which ~ stands for a slash of a name.</summary>
    public static JsonNode At(this JsonNode node, string pointer) => pointer.Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(node, static (current, name) => (int.TryParse(name, out var index) && current is JsonArray items ? items[index] : current[name.Replace('~', '/')])
            ?? throw new ArgumentException($"'{name}' is not there."));

    public static JsonObject Object(this JsonNode node, string pointer) => node.At(pointer).AsObject();

    public static JsonObject ShowTea(this JsonObject document) => document.Object("paths/~api~tea~teas~{id}/get");

    public static JsonObject ChangeTea(this JsonObject document) => document.Object("paths/~api~tea~teas~{id}/put");

    public static JsonObject Schema(this JsonObject document, string name) => document.Object("components/schemas/" + name);
}
