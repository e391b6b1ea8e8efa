using System.Text.Json.Nodes;

namespace ModularMonolith.ClientGenerator;

/// <summary>Writes the records and enumerations of the client.</summary>
internal sealed class SchemaWriter(JsonObject document)
{
    // A longer text is no bound of the field, but of what the API reads at all.
    private const int AnyLength = 10_000;

    private readonly TypeNames _types = new(document);
    private readonly CodeWriter _code = new();

    public string Write()
    {
        foreach (var (name, schema) in _types.Own.OrderBy(static schema => schema.Key, StringComparer.Ordinal))
        {
            _code.Line();
            if (schema["enum"] is JsonArray values)
            {
                WriteEnumeration(Naming.Pascal(name), schema, values);
            }
            else
            {
                WriteRecord(Naming.Pascal(name), schema, _types.Required(name));
            }
        }

        return _code.ToString();
    }

    private void WriteEnumeration(string name, JsonObject schema, JsonArray values)
    {
        _code.Comment("summary", $"{schema["description"]?.ToString() ?? Words(name) + "."} A newer host may have values that are not listed here.");
        _code.Comment("param name=\"Value\"", "The value as it stands in JSON.");
        _code.Line($"[global::System.Text.Json.Serialization.JsonConverter(typeof(OpenEnumerationConverter<{name}>))]");
        _code.Open($"public readonly record struct {name}(string Value) : IOpenEnumeration<{name}>");
        foreach (var value in values.Select(static value => (string)value!))
        {
            _code.Comment("summary", $"The value '{value}'.").Line($"public static {name} {Naming.Pascal(value)} {{ get; }} = new({Naming.Literal(value)});").Line();
        }

        _code.Line("/// <inheritdoc/>").Line($"public static {name} From(string value) => new(value);").Line();
        _code.Line("/// <inheritdoc/>").Line("public override string ToString() => Value;");
        _code.Close();
    }

    private void WriteRecord(string name, JsonObject schema, HashSet<string> required)
    {
        _code.Comment("summary", schema["description"]?.ToString() ?? Words(name) + ".");
        _code.Open($"public sealed record {name}");
        var first = true;
        foreach (var (member, described) in schema["properties"]!.AsObject())
        {
            if (!first)
            {
                _code.Line();
            }

            first = false;
            var type = _types.Of(described);
            var isRequired = required.Contains(member);
            var property = Naming.Pascal(member);
            _code.Comment("summary", Describe(member, described as JsonObject ?? []));
            _code.Line($"[global::System.Text.Json.Serialization.JsonPropertyName({Naming.Literal(member)})]");
            if (!isRequired)
            {
                _code.Line("[global::System.Text.Json.Serialization.JsonIgnore(Condition = global::System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]");
            }

            _code.Line($"public {(isRequired ? "required " : string.Empty)}{(isRequired ? type : TypeNames.Nullable(type))} {(property == name ? property + "Value" : property)} {{ get; init; }}");
        }

        _code.Close();
    }

    private static string Describe(string member, JsonObject schema)
    {
        var sentences = new List<string> { schema["description"]?.ToString() ?? $"The field '{member}'." };
        if (schema["maxLength"] is { } length && (long)length < AnyLength && schema["format"] is null)
        {
            sentences.Add($"At most {length} characters.");
        }

        if (schema["pattern"] is { } pattern)
        {
            sentences.Add($"Matches {pattern}.");
        }

        if (schema["default"] is { } value)
        {
            sentences.Add($"{value.ToJsonString()} when it is left out.");
        }

        return string.Join(' ', sentences);
    }

    // "StockItemView" as "Stock item view".
    private static string Words(string name) => name[0] + string.Concat(name.Skip(1).Select(static letter => char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString()));
}
