using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ModularMonolith.Client;

/// <summary>The API refused a request, or failed. What it says is in the members (RFC 9457).</summary>
public sealed class ApiException : Exception
{
    private ApiException(string message)
        : base(message)
    {
    }

    /// <summary>The status of the answer.</summary>
    public required HttpStatusCode Status { get; init; }

    /// <summary>The kind of problem, an address that explains it: <c>/problems/validation</c>. <c>about:blank</c> when the answer names none.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem in a word, the last segment of <see cref="Type"/>: compare with this one.</summary>
    public string Kind => Type[(Type.LastIndexOf('/') + 1)..];

    /// <summary>The kind of problem in a sentence.</summary>
    public required string Title { get; init; }

    /// <summary>What happened, and what to do.</summary>
    public string? Detail { get; private init; }

    /// <summary>Under which the host has recorded the request.</summary>
    public string? TraceId { get; private init; }

    /// <summary>The invalid fields, if that is the problem.</summary>
    public IReadOnlyList<InvalidField> Errors { get; private init; } = [];

    /// <summary>How long to wait before the request is sent again; null when the answer does not say.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The further members of the problem, each kind's own.</summary>
    public IReadOnlyDictionary<string, JsonElement> Members { get; private init; } = new Dictionary<string, JsonElement>();

    internal static async Task<ApiException> FromAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var members = Read(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        var status = (int)response.StatusCode;

        // OAuth 2 (RFC 6749, section 5.2) has names of its own for the same.
        var title = Text(members, "title") ?? Text(members, "error") ?? response.ReasonPhrase ?? "The request failed.";
        var detail = Text(members, "detail") ?? Text(members, "error_description");
        return new ApiException(string.Create(CultureInfo.InvariantCulture, $"{status} {title}{(detail is null ? string.Empty : " " + detail)}"))
        {
            Status = response.StatusCode,
            Type = Text(members, "type") ?? "about:blank",
            Title = title,
            Detail = detail,
            TraceId = Text(members, "traceId"),
            Errors = InvalidField.Read(members),
            RetryAfter = Waiting.Asked(response, TimeProvider.System),
            Members = members,
        };
    }

    private static Dictionary<string, JsonElement> Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(body) ?? [];
        }
        catch (JsonException)
        {
            // A proxy on the way answers in words of its own.
            return [];
        }
    }

    private static string? Text(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A field that was refused.</summary>
/// <param name="Pointer">Where it stands in the request, as a JSON Pointer (RFC 6901): <c>#/lines/0/quantity</c>.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
public sealed record InvalidField(string Pointer, string Detail)
{
    internal static IReadOnlyList<InvalidField> Read(Dictionary<string, JsonElement> members) =>
        members.TryGetValue("errors", out var errors) && errors.ValueKind == JsonValueKind.Array
            ? [.. errors.EnumerateArray().Where(static error => error.ValueKind == JsonValueKind.Object).Select(static error => new InvalidField(Member(error, "pointer"), Member(error, "detail")))]
            : [];

    private static string Member(JsonElement error, string name) => error.TryGetProperty(name, out var value) ? value.ToString() : string.Empty;
}
