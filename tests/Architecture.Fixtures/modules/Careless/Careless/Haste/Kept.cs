using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Careless.Haste;

[EventName("careless.kept")]
internal sealed record Kept(string Id) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Id;
}
