namespace ModularMonolith.Conformance.Descriptions;

/// <summary>A request and its answer, both read to the end.</summary>
public sealed record Exchange
{
    /// <summary>The query with its question mark; empty where there is none.</summary>
    public string Query { get; init; } = string.Empty;

    /// <summary>The request's headers; names in any case.</summary>
    public required IReadOnlyDictionary<string, string> RequestHeaders { get; init; }

    /// <summary>The request's media type.</summary>
    public string? RequestType { get; init; }

    /// <summary>The request's body as text.</summary>
    public string? RequestBody { get; init; }

    /// <summary>The status.</summary>
    public required int Status { get; init; }

    /// <summary>The answer's headers, those of its content included; names in any case.</summary>
    public required IReadOnlyDictionary<string, string> AnswerHeaders { get; init; }

    /// <summary>The answer's media type.</summary>
    public string? AnswerType { get; init; }

    /// <summary>The answer's body as text; null where it was not read.</summary>
    public string? AnswerBody { get; init; }
}
