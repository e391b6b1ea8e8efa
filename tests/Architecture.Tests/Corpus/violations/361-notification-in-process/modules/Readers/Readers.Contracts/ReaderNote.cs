using MediatR;

namespace ModularMonolith.Readers.Contracts;

/// <summary>A reader was seen.</summary>
/// <param name="Id">The reader.</param>
public sealed record ReaderSeen(Guid Id) : INotification; // finds: contracts-hold-no-behaviour ""; events-go-through-the-log "is a notification of MediatR"
