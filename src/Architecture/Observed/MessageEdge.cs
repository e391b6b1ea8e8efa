namespace ModularMonolith.Architecture.Observed;

/// <summary>That one module uses another one's message at run time: a request that it answers, or an event that it handles.</summary>
/// <param name="From">The module that sends the request or publishes the event, by the name in its manifest.</param>
/// <param name="To">The module that answers or handles it.</param>
/// <param name="Kind"><c>request</c> or <c>event</c>.</param>
/// <param name="Message">The message's type, with its namespace.</param>
public sealed record MessageEdge(string From, string To, string Kind, string Message)
{
    /// <summary>The kind of requests.</summary>
    public const string Request = "request";

    /// <summary>The kind of events.</summary>
    public const string Event = "event";

    /// <summary>The edge as a person reads it.</summary>
    public override string ToString() => $"{From} → {To}: {Kind} {Message}";
}
