using System.Text.Json.Nodes;

namespace ModularMonolith.HttpContracts.Tests;

public sealed class RulesTests
{
    // The rule, a change that breaks clients, and the like of it that does not.
    private static readonly Dictionary<string, (Action<JsonObject> Breaks, Action<JsonObject> Allows)> Rules = new(StringComparer.Ordinal)
    {
        ["operation-removed"] = (
            static document => document.Object("paths/~api~tea~teas~{id}").Remove("get"),
            static document => document.Object("paths")["/api/tea/new"] = new JsonObject { ["get"] = document.ShowTea().DeepClone() }),
        ["operation-renamed"] = (static document => document.ShowTea()["operationId"] = "SeeTea", static document => document.ShowTea()["summary"] = "Shows it."),
        ["security-tightened"] = (static document => document.ChangeTea()["security"] = JsonNode.Parse("""[{ "bearer": ["tea:manage"] }, { "apiKey": ["tea:write"] }]"""), static document => document.ChangeTea()["security"] = JsonNode.Parse("""[{ "bearer": [] }, { "apiKey": ["tea:write"] }]""")),
        ["security-tightened of all"] = (static document => document.ShowTea().At("security").AsArray().RemoveAt(0), static document => document.ShowTea().Remove("security")),
        ["parameter-removed"] = (static document => document.ChangeTea().At("parameters").AsArray().RemoveAt(1), static document => document.ChangeTea().Object("parameters/1")["description"] = "Tries it out."),
        ["parameter-required"] = (static document => document.ChangeTea().Object("parameters/1")["required"] = true, static document => document.ChangeTea().Object("parameters/2")["required"] = false),
        ["parameter-form"] = (static document => document.ChangeTea().Object("parameters/1")["explode"] = true, static document => document.ChangeTea().Object("parameters/1")["example"] = true),
        ["parameter-added"] = (
            static document => document.ShowTea().At("parameters").AsArray().Add(JsonNode.Parse("""{ "name": "q", "in": "query", "required": true, "schema": { "type": "string" } }""")),
            static document => document.ShowTea().At("parameters").AsArray().Add(JsonNode.Parse("""{ "name": "q", "in": "query", "schema": { "type": "string" } }"""))),
        ["request-bound-narrowed"] = (static document => document.ShowTea().Object("parameters/0/schema")["maxLength"] = 50, static document => document.ShowTea().Object("parameters/0/schema")["maxLength"] = 200),
        ["request-bound-narrowed below"] = (static document => document.Schema("NewTea").Object("properties/price")["minimum"] = 1, static document => document.Schema("NewTea").Object("properties/price")["minimum"] = -1),
        ["request-bound-narrowed anew"] = (static document => document.Schema("NewTea").Object("properties/price")["maximum"] = 10, static document => document.Schema("NewTea").Object("properties/tags").Remove("maxItems")),
        ["request-default-changed"] = (static document => document.ShowTea().Object("parameters/0/schema")["default"] = "some", static document => document.Schema("NewTea").Object("properties/note")["default"] = "none"),
        ["body-added"] = (
            static document => document.ShowTea()["requestBody"] = JsonNode.Parse("""{ "required": true, "content": {} }"""),
            static document => document.ShowTea()["requestBody"] = JsonNode.Parse("""{ "content": {} }""")),
        ["body-removed"] = (static document => document.ChangeTea().Remove("requestBody"), static document => document.ChangeTea().Object("requestBody")["required"] = false),
        ["media-type-removed of a request"] = (static document => document.ChangeTea().Object("requestBody/content").Remove("text/csv"), static document => document.ChangeTea().Object("requestBody/content")["text/plain"] = new JsonObject()),
        ["media-type-removed of an answer"] = (
            static document => document.ShowTea().Object("responses/200/content").Remove("application/json"),
            static document => document.ShowTea().Object("responses/200/content")["text/csv"] = new JsonObject()),
        ["status-removed"] = (static document => document.ChangeTea().Object("responses").Remove("201"), static document => document.ChangeTea().Object("responses").Remove("412")),
        ["header-removed"] = (static document => document.ShowTea().Object("responses/200/headers").Remove("ETag"), static document => document.ShowTea().Object("responses/200/headers")["Age"] = new JsonObject()),
        ["header-optional"] = (static document => document.Object("components/headers/ETag").Remove("required"), static document => document.Object("components/headers/ETag")["description"] = "The version."),
        ["schema-renamed"] = (
            static document =>
            {
                document.Object("components/schemas")["Pitcher"] = document.Schema("Pot").DeepClone();
                document.Object("paths/~api~pot~pots/get/responses/200/content/application~json")["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Pitcher" };
            },
            static document => document.Schema("Pot")["title"] = "Pot"),
        ["request-type-narrowed"] = (static document => document.Schema("NewTea").Object("properties/price")["type"] = "string", static document => document.Schema("NewTea").Object("properties/price")["type"] = "number"),
        ["request-null-refused"] = (static document => document.Schema("NewTea").Object("properties/note")["type"] = "string", static document => document.Schema("NewTea").Object("properties/title")["type"] = new JsonArray("null", "string")),
        ["request-format-narrowed"] = (static document => document.Schema("NewTea").Object("properties/price")["format"] = "int32", static document => document.Schema("NewTea").Object("properties/price").Remove("format")),
        ["request-format-changed"] = (static document => document.ChangeTea().Object("parameters/0/schema")["format"] = "date", static document => document.ChangeTea().Object("parameters/0/schema").Remove("format")),
        ["request-pattern-changed"] = (static document => document.Schema("NewTea").Object("properties/title")["pattern"] = "^[a-y]+$", static document => document.Schema("NewTea").Object("properties/title").Remove("pattern")),
        ["request-property-removed"] = (static document => document.Schema("NewTea").Object("properties").Remove("note"), static document => document.Schema("NewTea").Object("properties/note")["description"] = "A note."),
        ["request-property-required"] = (static document => document.Schema("NewTea").At("required").AsArray().Add("note"), static document => document.Schema("NewTea").At("required").AsArray().Clear()),
        ["request-property-added"] = (
            static document =>
            {
                document.Schema("NewTea").Object("properties")["origin"] = JsonNode.Parse("""{ "type": "string" }""");
                document.Schema("NewTea").At("required").AsArray().Add("origin");
            },
            static document => document.Schema("NewTea").Object("properties")["origin"] = JsonNode.Parse("""{ "type": "string" }""")),
        ["request-enum-narrowed"] = (static document => document.Schema("Kind").At("enum").AsArray().RemoveAt(1), static document => document.Schema("Kind").At("enum").AsArray().ReplaceWith(new JsonArray("black", "green"))),
        ["request-type-narrowed of items"] = (
            static document => document.Schema("NewTea").Object("properties/tags/items")["type"] = "integer",
            static document => document.Schema("NewTea").Object("properties/tags/items")["type"] = new JsonArray("integer", "string")),
        ["request-members-closed"] = (
            static document => document.ShowTea().Object("parameters/0/schema")["additionalProperties"] = false,
            static document => document.Schema("NewTea").Remove("additionalProperties")),
        ["request-alternatives-narrowed"] = (
            static document => document.Schema("NewTea").Object("properties/note")["allOf"] = JsonNode.Parse("""[{ "minLength": 3 }]"""),
            static document => document.Schema("NewTea").Object("properties/note")["title"] = "Note"),
        ["answer-property-removed"] = (static document => document.Schema("Tea").Object("properties").Remove("note"), static document => document.Schema("Tea").Object("properties")["origin"] = JsonNode.Parse("""{ "type": "string" }""")),
        ["answer-property-optional"] = (static document => document.Schema("Tea").At("required").AsArray().RemoveAt(2), static document => document.Schema("Tea").At("required").AsArray().Add("note")),
        ["answer-null-possible"] = (static document => document.Schema("Tea").Object("properties/note")["type"] = new JsonArray("null", "string"), static document => document.Schema("Tea").Object("properties")["pot"] = JsonNode.Parse("""{ "$ref": "#/components/schemas/Pot" }""")),
        ["answer-type-widened"] = (static document => document.Schema("Tea").Object("properties/price")["type"] = "number", static document => document.Schema("Tea").Object("properties/price")["minimum"] = 1),
        ["answer-format-widened"] = (static document => document.Schema("Tea").Object("properties/price")["format"] = "int64", static document => document.Schema("Tea").Object("properties/note")["maxLength"] = 500),
        ["answer-enum-widened"] = (
            static document =>
            {
                document.Object("components/schemas")["Kind"] = JsonNode.Parse("""{ "enum": ["green", "black", "white"] }""");
            },
            static document => document.Schema("Tea").Object("properties/kind")["description"] = "Green or black."),
        ["answer-alternatives-widened"] = (
            static document => document.Schema("Tea").Object("properties/note")["oneOf"] = JsonNode.Parse("""[{ "type": "string" }, { "type": "integer" }]"""),
            static document => document.Schema("Tea").Object("properties/note")["title"] = "Note"),
    };

    public static TheoryData<string> Names => [.. Rules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_change_that_breaks_clients_is_found_where_it_is(string rule)
    {
        var changes = ContractComparison.Compare(Sample.Document(), Sample.Changed(Rules[rule].Breaks));

        var kind = rule.Split(' ')[0];
        var found = Assert.Single(changes.Where(static change => change.IsBreaking).Select(static change => change.Kind).Distinct());
        Assert.Equal(kind, found);
        Assert.All(changes, static change => Assert.EndsWith(".", change.Reason, StringComparison.Ordinal));
        Assert.All(changes, static change => Assert.Contains(" /", change.Operation, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_like_of_it_that_breaks_nobody_is_compatible(string rule)
    {
        var changes = ContractComparison.Compare(Sample.Document(), Sample.Changed(Rules[rule].Allows));

        Assert.NotEmpty(changes);
        Assert.DoesNotContain(changes, static change => change.IsBreaking);
    }

    [Fact]
    public void The_same_document_has_no_changes_though_its_schemas_contain_themselves() => Assert.Empty(ContractComparison.Compare(Sample.Document(), Sample.Document()));

    [Fact]
    public void A_schema_that_goes_both_ways_may_become_neither_narrower_nor_wider()
    {
        var more = ContractComparison.Compare(Sample.Document(), Sample.Changed(static document => document.Schema("Kind").At("enum").AsArray().Add("white")));
        var fewer = ContractComparison.Compare(Sample.Document(), Sample.Changed(static document => document.Schema("Kind").At("enum").AsArray().RemoveAt(0)));

        Assert.Equal(["answer-enum-widened"], more.Where(static change => change.IsBreaking).Select(static change => change.Kind).Distinct());
        Assert.Equal(["request-enum-narrowed"], fewer.Where(static change => change.IsBreaking).Select(static change => change.Kind).Distinct());
    }

    [Fact]
    public void A_change_is_named_by_its_operation_and_a_pointer()
    {
        var change = Assert.Single(ContractComparison.Compare(Sample.Document(), Sample.Changed(static document => document.Schema("NewTea").Object("properties").Remove("note"))));

        Assert.Equal(Sample.Change, change.Operation);
        Assert.Equal("/requestBody/content/application~1json/schema/properties/note", change.Place);
    }
}
