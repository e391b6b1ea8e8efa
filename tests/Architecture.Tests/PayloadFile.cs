using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularMonolith.Architecture.Tests;

/// <summary>The kept payload of one version of an event.</summary>
/// <param name="Folder">Relative to the root.</param>
/// <param name="Name">The event's stored name.</param>
/// <param name="Version">1 and up.</param>
internal sealed record PayloadFile(string Folder, string Name, int Version)
{
    private const string Middle = ".v";
    private const string End = ".json";

    /// <summary>Relative to the root, with slashes.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"{Folder}/{Name}{Middle}{Version}{End}");

    /// <summary>What it holds; null when there is no such file.</summary>
    public string? ReadIn(string root) => System.IO.Path.Combine(root, Path) is var path && File.Exists(path) ? File.ReadAllText(path) : null;

    /// <summary>The files of a folder, relative to the root.</summary>
    public static IEnumerable<string> Below(string root, string folder) => System.IO.Path.Combine(root, folder) is var path && Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*" + End).Select(file => folder + "/" + System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)
        : [];

    /// <summary>The versions of one event that are kept.</summary>
    public static IEnumerable<int> NumbersOf(string root, string folder, string name) =>
        from file in Below(root, folder)
        let start = $"{folder}/{name}{Middle}"
        where file.StartsWith(start, StringComparison.Ordinal)
        let number = int.TryParse(file.AsSpan(start.Length, file.Length - start.Length - End.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var found) ? found : 0
        where number > 0
        select number;

    /// <summary>Whether two texts are the same JSON, but for space and the order of members.</summary>
    public static bool AreEqual(string one, string other) => JsonNode.DeepEquals(JsonNode.Parse(one), JsonNode.Parse(other));

    /// <summary>The members that have no value, or one that they would have without any.</summary>
    public static IReadOnlyList<string> Unset(string payload) => [.. Unset(JsonNode.Parse(payload), string.Empty)];

    private static IEnumerable<string> Unset(JsonNode? node, string path) => node switch
    {
        JsonObject { Count: 0 } when path.Length == 0 => [],
        JsonObject { Count: > 0 } members => members.SelectMany(member => Unset(member.Value, path.Length == 0 ? member.Key : path + "." + member.Key)),
        JsonArray { Count: > 0 } items => items.SelectMany((item, index) => Unset(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"))),
        JsonValue value when IsSet(value) => [],
        _ => [path],
    };

    private static bool IsSet(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => value.GetValue<JsonElement>().GetRawText() is not ("0" or "0.0"),
        JsonValueKind.String => value.GetValue<string>() is { Length: > 0 } text && text != Guid.Empty.ToString() && !text.StartsWith("0001-01-01", StringComparison.Ordinal) && text != "00:00:00",
        _ => false,
    };
}
