using Marten;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Meddling.Contracts;

[EventName("meddling.rumour-spread")]
public sealed record Rumour(string Text) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Text;
}

public sealed class RumourKeeper(IDocumentSession session)
{
    public void Keep(Rumour rumour) => session.Store(rumour);
}
