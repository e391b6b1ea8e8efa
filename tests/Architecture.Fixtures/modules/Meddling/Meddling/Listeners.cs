using ModularMonolith.Careless.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Meddling;

internal sealed class WhenShouted : IHandle<Shouted>
{
    public Task HandleAsync(Shouted integrationEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}

[Subscription("listen")]
internal sealed class WhenStolen : IHandle<Stolen>
{
    public Task HandleAsync(Stolen integrationEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}

[Subscription("listen")]
internal sealed class WhenToldOnce : IHandle<ToldOnce>
{
    public Task HandleAsync(ToldOnce integrationEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}

[Subscription("Listen Too")]
internal sealed class WhenToldTwice : IHandle<ToldTwice>
{
    public Task HandleAsync(ToldTwice integrationEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
