using System.Text.Json;

namespace ModularMonolith.Architecture.Observed;

/// <summary>What processes have written with <c>Boundaries:RecordTo</c>.</summary>
/// <param name="Files">From how many files it comes.</param>
/// <param name="Counts">How often each edge was seen, over all files.</param>
public sealed record Recording(int Files, IReadOnlyDictionary<MessageEdge, long> Counts)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>What was seen.</returns>
    /// <exception cref="ArchitectureException">It is not there, holds nothing, or holds something that no process has written.</exception>
    public static Recording Read(string folder)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl") : [];
        var counts = new Dictionary<MessageEdge, long>();
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            foreach (var (line, number) in File.ReadLines(file).Select(static (line, index) => (line, index + 1)))
            {
                var seen = Parse(line) ?? throw new ArchitectureException($"{file}, line {number}: this is no observed edge. The folder may hold nothing but what processes with Boundaries:RecordTo have written.");
                var edge = new MessageEdge(seen.From, seen.To, seen.Kind, seen.Message);
                counts[edge] = counts.GetValueOrDefault(edge) + seen.Count;
            }
        }

        return counts.Count > 0
            ? new Recording(files.Length, counts)
            : throw new ArchitectureException($"Nothing was recorded in {folder}, so nothing can be said. Set Boundaries__RecordTo to this folder in the environment of the tests, or Boundaries:RecordTo in the configuration of a host.");
    }

    private static Line? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Line(string From, string To, string Kind, string Message, long Count);
}
