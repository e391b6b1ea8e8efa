using MediatR;

namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderMovedHandler(IPublisher publisher) : INotificationHandler<ReaderMoved> // finds: events-go-through-the-log "handles a notification of MediatR"
{
    public Task Handle(ReaderMoved notification, CancellationToken cancellationToken) =>
        publisher.Publish(new ReaderMoved(notification.ReaderId), cancellationToken); // finds: events-go-through-the-log "publishes past the log"
}
