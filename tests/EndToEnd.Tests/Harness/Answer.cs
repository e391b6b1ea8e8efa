using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>An HTTP answer, read to its end.</summary>
internal sealed record Answer(string Request, HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private static readonly string[] Inside = ["   at ", "Exception", "Npgsql", "ModularMonolith.", "System.", "Marten", "select ", "SELECT ", "mt_doc"];

    // A member that stands twice is not the same to every reader.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public int Code => (int)Status;

    /// <summary>The body as JSON; fails, showing the answer, when it is none.</summary>
    public JsonNode Json
    {
        get
        {
            try
            {
                return JsonNode.Parse(Body, documentOptions: Strict) ?? throw new JsonException("null");
            }
            catch (JsonException exception)
            {
                throw new InvalidOperationException("Not a JSON body: " + this, exception);
            }
        }
    }

    public string this[string member] => Json[member]?.ToString() ?? throw new InvalidOperationException($"No member '{member}': {this}");

    public string Header(string name) => Headers.TryGetValue(name, out var value) ? value : string.Empty;

    /// <summary>Checks the status.</summary>
    public Answer Expect(int status)
    {
        Assert.True(Code == status, $"Expected {status}: {this}");
        return this;
    }

    /// <summary>Checks that this is a refusal as every refusal must be: a problem document that says what, why and where, and nothing of the inside.</summary>
    /// <param name="status">The status; null for any from 400 to 499.</param>
    /// <param name="type">The last segment of the problem's type; null for any.</param>
    public Answer ExpectProblem(int? status = null, string? type = null)
    {
        Assert.True(status is { } exact ? Code == exact : Code is >= 400 and < 500, $"Expected {status?.ToString() ?? "a refusal"}: {this}");
        Assert.True(Header("Content-Type").StartsWith("application/problem+json", StringComparison.Ordinal), $"Expected a problem document: {this}");
        foreach (var member in new[] { "type", "title", "detail", "traceId" })
        {
            Assert.True(Json[member] is JsonValue value && value.ToString().Length > 0, $"Expected the member '{member}': {this}");
        }

        Assert.Equal(Code, (int)Json["status"]!);
        Assert.StartsWith("/problems/", this["type"], StringComparison.Ordinal);
        Assert.DoesNotContain(Inside, word => Body.Contains(word, StringComparison.Ordinal));
        if (type is not null)
        {
            Assert.True(this["type"] == "/problems/" + type, $"Expected the problem '{type}': {this}");
        }

        return this;
    }

    public override string ToString() => $"{Request} answered {Code} {string.Join(", ", Headers.Select(header => header.Key + ": " + header.Value))}\n{(Body.Length > 2_000 ? Body[..2_000] + "…" : Body)}";
}
