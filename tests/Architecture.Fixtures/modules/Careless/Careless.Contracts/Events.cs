using MediatR;
using ModularMonolith.Meddling.Contracts;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Careless.Contracts;

public sealed record Nameless(string Id) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Id;
}

[EventName("Careless.Shouted")]
public sealed record Shouted(Rumour Rumour) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Rumour.Text;
}

[EventName("meddling.stolen")]
public sealed record Stolen(string Id) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Id;
}

[EventName("careless.told")]
public sealed record ToldOnce(string Id) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Id;
}

[EventName("careless.told")]
public sealed record ToldTwice(string Id) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Id;
}

[EventName("careless.lifted", Version = 2)]
public sealed record Lifted(string Id, IReadOnlyList<Money> Prices, DateTimeOffset? At) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Id;
}

public sealed record GetAnswer(Guid Id) : IQuery<int>;

public sealed class GetAnswerHandler : IRequestHandler<GetAnswer, int>
{
    public Task<int> Handle(GetAnswer request, CancellationToken cancellationToken) => Task.FromResult(42);
}
