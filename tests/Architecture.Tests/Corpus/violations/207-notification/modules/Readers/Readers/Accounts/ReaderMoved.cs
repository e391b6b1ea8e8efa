using MediatR;

namespace ModularMonolith.Readers.Accounts;

internal sealed record ReaderMoved(Guid ReaderId) : INotification; // finds: events-go-through-the-log "is a notification of MediatR"
