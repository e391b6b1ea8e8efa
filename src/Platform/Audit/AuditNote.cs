using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModularMonolith.Platform.Audit;

/// <summary>One resource that a unit of work changed. Never what it holds: an entry outlives what it tells of, and many may read it.</summary>
/// <param name="Type">What it is: a document's stored name, or <c>stream</c>.</param>
/// <param name="Id">Its id; <c>*</c> for all that met a condition.</param>
/// <param name="Change"><c>inserted</c>, <c>stored</c> (inserted or updated), <c>deleted</c>, <c>started</c> or <c>appended</c> for streams, or what an operator did.</param>
/// <param name="Events">The names of the events that a stream got, each once, the first ten.</param>
/// <param name="Version">The stream's version behind them, when it is known before the commit.</param>
internal sealed record AuditedChange(string Type, string Id, string Change, IReadOnlyList<string>? Events = null, long? Version = null);

/// <summary>On whose behalf something is done, and from where.</summary>
internal record AuditOrigin
{
    /// <summary>What the host does by itself.</summary>
    public static readonly AuditOrigin Host = new() { Place = "host" };

    public required string Place { get; init; }

    public string? Subject { get; init; }

    public string? Client { get; init; }

    public string? Session { get; init; }

    public string? Authentication { get; init; }

    public string? Address { get; init; }

    public string? UserAgent { get; init; }

    public string? TraceId { get; init; }

    public string? CorrelationId { get; init; }

    public string? CausationId { get; init; }

    public string? IdempotencyKey { get; init; }
}

/// <summary>What is appended; the database adds the time and the login role.</summary>
internal sealed record AuditNote : AuditOrigin
{
    private const int LongestText = 300;

    [SetsRequiredMembers]
    private AuditNote(AuditOrigin origin, string module, string operation, ChangeList changes)
        : base(origin)
    {
        Module = module;
        Operation = operation;
        ChangeCount = changes.Count;
        Changes = changes.First;
    }

    public string Module { get; }

    public string Operation { get; }

    public string? Reason { get; private init; }

    public int ChangeCount { get; }

    public IReadOnlyList<AuditedChange> Changes { get; }

    /// <summary>Puts an entry together. Texts that came from outside are cut, so that nothing a client sends can make the command fail here.</summary>
    public static string Serialize(string module, string operation, AuditOrigin origin, ChangeList changes, string? reason = null) => JsonSerializer.Serialize(
        new AuditNote(origin, module, operation, changes)
        {
            Place = Clean(origin.Place)!,
            Subject = Clean(origin.Subject),
            Client = Clean(origin.Client),
            Session = Clean(origin.Session),
            Authentication = Clean(origin.Authentication),
            Address = Clean(origin.Address),
            UserAgent = Clean(origin.UserAgent),
            TraceId = Clean(origin.TraceId),
            CorrelationId = Clean(origin.CorrelationId),
            CausationId = Clean(origin.CausationId),
            IdempotencyKey = Clean(origin.IdempotencyKey),
            Reason = reason,
        },
        AuditJson.Default.AuditNote);

    /// <summary>At most 300 characters, without the one that PostgreSQL's text cannot hold.</summary>
    public static string? Clean(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var cut = text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];
        return cut.Contains('\0', StringComparison.Ordinal) ? cut.Replace("\0", string.Empty, StringComparison.Ordinal) : cut;
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditNote), GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(IReadOnlyList<AuditedChange>))]
internal sealed partial class AuditJson : JsonSerializerContext;
