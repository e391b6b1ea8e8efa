using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>What is written beside an event: which work it belongs to and on whose behalf it was written.</summary>
public sealed record EventHeaders
{
    /// <summary>No headers.</summary>
    public static readonly EventHeaders None = new();

    /// <summary>The trace context of the work that wrote the event (W3C Trace Context).</summary>
    [JsonPropertyName("traceparent")]
    public string? TraceParent { get; init; }

    /// <summary>Shared by everything that follows from one request of a client.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The id of the message that was being handled when this one was written; null when a request wrote it.</summary>
    public string? CausationId { get; init; }

    /// <summary>The tenant; null where there is one only.</summary>
    public string? Tenant { get; init; }

    /// <summary>The subject on whose behalf it was written; null for nobody known and for the system itself.</summary>
    public string? Actor { get; init; }

    /// <summary>What several have in common, for work that is done for all of them at once.</summary>
    internal static EventHeaders Common(IReadOnlyCollection<EventHeaders> headers)
    {
        return new EventHeaders
        {
            TraceParent = Shared(static each => each.TraceParent),
            CorrelationId = Shared(static each => each.CorrelationId),
            CausationId = Shared(static each => each.CausationId),
            Tenant = Shared(static each => each.Tenant),
            Actor = Shared(static each => each.Actor),
        };

        string? Shared(Func<EventHeaders, string?> value) => headers.Select(value).Distinct(StringComparer.Ordinal).ToList() is [var one] ? one : null;
    }

    internal string Serialize() => JsonSerializer.Serialize(this, EventHeadersJson.Default.EventHeaders);

    internal static EventHeaders Deserialize(string json) => JsonSerializer.Deserialize(json, EventHeadersJson.Default.EventHeaders) ?? None;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventHeaders))]
internal sealed partial class EventHeadersJson : JsonSerializerContext;

/// <summary>The headers of what is written in this scope; a consumer's scope takes them over from the event it handles.</summary>
internal sealed class MessageScope
{
    public EventHeaders Current { get; set; } = EventHeaders.None;

    public EventHeaders ForNext()
    {
        var activity = Activity.Current is { IdFormat: ActivityIdFormat.W3C } found ? found : null;
        return Current with { TraceParent = TraceOf(activity), CorrelationId = Current.CorrelationId ?? activity?.TraceId.ToString() };
    }

    /// <summary>Has what is written until the answer is disposed belong to earlier work.</summary>
    public IDisposable Borrow(EventHeaders headers)
    {
        var borrowed = new Borrowed(this, Current);
        Current = headers;
        return borrowed;
    }

    // What continues earlier work belongs to its trace, also where nobody records this host's part of it or several are continued at once.
    private string? TraceOf(Activity? activity) => Current.TraceParent is not { } earlier || (activity is not null && earlier.Contains(activity.TraceId.ToString(), StringComparison.Ordinal))
        ? activity?.Id
        : earlier;

    private sealed class Borrowed(MessageScope scope, EventHeaders before) : IDisposable
    {
        public void Dispose() => scope.Current = before;
    }

    public void Enter(Guid messageId, EventHeaders headers) => Current = headers with { CausationId = messageId.ToString() };

    /// <summary>Several messages are handled at once, in the trace of the first: what is done for none of them in particular belongs to what they have in common.</summary>
    public void Enter(IReadOnlyList<EventHeaders> origins) => Current = EventHeaders.Common(origins) with { TraceParent = origins[0].TraceParent };
}
