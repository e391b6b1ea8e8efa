using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularMonolith.Conformance.Checking;

/// <summary>An answer, read to its end.</summary>
internal sealed record Reply(string Request, int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private const int ShownBody = 200;

    /// <summary>The body as a JSON object.</summary>
    /// <exception cref="NotKeptException">It is none.</exception>
    public JsonObject Json
    {
        get
        {
            try
            {
                return JsonNode.Parse(Body) as JsonObject ?? throw new NotKeptException($"A JSON object was expected; {this}");
            }
            catch (JsonException)
            {
                throw new NotKeptException($"A JSON object was expected; {this}");
            }
        }
    }

    /// <summary>A header; empty where it is missing.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, string.Empty);

    /// <summary>A member of the body as text.</summary>
    /// <exception cref="NotKeptException">There is none.</exception>
    public string Text(string member) => Json[member]?.ToString() is { Length: > 0 } text ? text : throw new NotKeptException($"The member '{member}' was expected; {this}");

    /// <summary>The items of a list.</summary>
    /// <exception cref="NotKeptException">There are none.</exception>
    public IReadOnlyList<JsonNode> Items => Json["items"] is JsonArray items ? [.. items.Select(static item => item!)] : throw new NotKeptException($"A list with 'items' was expected; {this}");

    /// <summary>Checks the status.</summary>
    public Reply Expect(params ReadOnlySpan<int> statuses) => statuses.Contains(Status) ? this : throw new NotKeptException($"{string.Join(" or ", statuses.ToArray())} was expected; {this}");

    /// <summary>Checks that this is a problem document (RFC 9457) with all its members.</summary>
    public Reply ExpectProblem(params ReadOnlySpan<int> statuses)
    {
        Expect(statuses);
        if (!Header("Content-Type").StartsWith("application/problem+json", StringComparison.Ordinal))
        {
            throw new NotKeptException($"application/problem+json was expected; {this}");
        }

        foreach (var member in (string[])["type", "title", "detail", "traceId"])
        {
            Text(member);
        }

        return Text("status") == Status.ToString(System.Globalization.CultureInfo.InvariantCulture) ? this : throw new NotKeptException($"The status of the problem was expected to be that of the answer; {this}");
    }

    /// <summary>Checks anything else.</summary>
    /// <param name="holds">Whether it is as expected.</param>
    /// <param name="expected">What is expected, as the subject of "was expected".</param>
    public Reply Require(bool holds, string expected) => holds ? this : throw new NotKeptException($"{expected} was expected; {this}");

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Request} answered {Status} {Header("Content-Type")}: {(Body.Length > ShownBody ? Body[..ShownBody] + "…" : Body)}".ReplaceLineEndings(" ");
}
