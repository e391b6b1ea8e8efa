using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModularMonolith.Architecture.Reports;

/// <summary>Writes diagrams as JSON for other programs. What is there stays; new members may come.</summary>
public static class JsonFormat
{
    /// <summary>The name and version of the format, the first member of the document.</summary>
    public const string Schema = "modular-monolith.graph/1";

    internal static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes a diagram: <c>schema</c>, <c>title</c>, <c>level</c>; <c>nodes</c> with <c>id</c>, <c>title</c>, <c>kind</c>, <c>group</c>, <c>owner</c>, <c>purpose</c> and <c>findings</c>;
    /// <c>edges</c> with <c>from</c>, <c>to</c>, <c>kind</c>, <c>names</c> and <c>violation</c>.
    /// </summary>
    /// <param name="diagram">The diagram.</param>
    /// <returns>The document, which ends with a line end.</returns>
    public static string Write(Diagram diagram) => Write(writer =>
    {
        writer.WriteString("schema", Schema);
        writer.WriteString("title", diagram.Title);
        writer.WriteString("level", Name(diagram.Level));
        writer.WriteStartArray("nodes");
        foreach (var node in diagram.Nodes)
        {
            writer.WriteStartObject();
            writer.WriteString("id", node.Id);
            writer.WriteString("title", node.Title);
            writer.WriteString("kind", Name(node.Kind));
            writer.WriteString("group", node.Group);
            writer.WriteString("owner", node.Owner);
            writer.WriteString("purpose", node.Purpose);
            writer.WriteNumber("findings", node.Findings);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("edges");
        foreach (var arrow in diagram.Arrows)
        {
            writer.WriteStartObject();
            writer.WriteString("from", arrow.From);
            writer.WriteString("to", arrow.To);
            writer.WriteString("kind", Name(arrow.Kind));
            Texts(writer, "names", arrow.Names);
            writer.WriteBoolean("violation", arrow.IsViolation);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    internal static string Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    internal static void Texts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    internal static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
