namespace ModularMonolith.Platform.Boundaries;

/// <summary>That one module has used another one's message, as far as this host has seen.</summary>
/// <param name="From">The module that sent the request or published the event.</param>
/// <param name="To">The module that answered the request or handled the event.</param>
/// <param name="Kind"><c>request</c> or <c>event</c>.</param>
/// <param name="Message">The message's type, with its namespace.</param>
/// <param name="IsDeclared">Whether both modules may use the message: it is their own, or they declare to depend on the module whose it is.</param>
/// <param name="Count">How often.</param>
/// <param name="FirstSeenAt">When this host saw it first.</param>
/// <param name="LastSeenAt">When this host saw it last.</param>
internal sealed record ObservedEdge(string From, string To, string Kind, string Message, bool IsDeclared, long Count, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt);
