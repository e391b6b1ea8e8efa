using System.Diagnostics;
using Marten;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Bridge.Tests;

internal interface ITradeStore : IDocumentStore;

/// <summary>A module that publishes and reacts; it runs on both sides, and every reaction is a row.</summary>
[Module("trade", Owner = "platform", Purpose = "Stands for all modules in the tests of the bridge.")]
internal sealed class TradeModule : IModule
{
    public void Configure(ModuleBuilder module) => module
        .UseStore<ITradeStore>(static _ => { })
        .AddSchemaScript("""
            create table if not exists effect (
                id bigint generated always as identity primary key, message_id uuid not null, name text not null, key text not null, number integer not null,
                producer text not null, correlation text, trace text)
            """);
}

/// <summary>Something was sold.</summary>
/// <param name="Article">The key.</param>
/// <param name="Number">Which sale of the article it is.</param>
[EventName("trade.sold")]
public sealed record Sold(string Article, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Article;
}

/// <summary>Something was paid for.</summary>
/// <param name="Article">The key.</param>
/// <param name="Number">Which sale of the article it is.</param>
[EventName("trade.paid")]
public sealed record Paid(string Article, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Article;
}

internal sealed record Sell(IReadOnlyList<IIntegrationEvent> Events) : ICommand;

internal sealed class SellHandler(IModuleSession<ITradeStore> session) : IRequestHandler<Sell, Unit>
{
    public Task<Unit> Handle(Sell request, CancellationToken cancellationToken)
    {
        foreach (var integrationEvent in request.Events)
        {
            session.Publish(integrationEvent);
        }

        return Task.FromResult(Unit.Value);
    }
}

[Subscription("record")]
internal sealed class WhenTraded(IModuleSession<ITradeStore> session) : IHandle<Sold>, IHandle<Paid>
{
    public Task HandleAsync(Sold integrationEvent, EventContext context, CancellationToken cancellationToken) =>
        RecordAsync("trade.sold", integrationEvent.Article, integrationEvent.Number, context);

    public Task HandleAsync(Paid integrationEvent, EventContext context, CancellationToken cancellationToken) =>
        RecordAsync("trade.paid", integrationEvent.Article, integrationEvent.Number, context);

    private Task RecordAsync(string name, string article, int number, EventContext context)
    {
        session.Documents.QueueSqlCommand(
            "insert into effect (message_id, name, key, number, producer, correlation, trace) values (?, ?, ?, ?, ?, ?, ?)",
            context.MessageId, name, article, number, context.Producer, context.Headers.CorrelationId ?? string.Empty, Activity.Current?.TraceId.ToString() ?? string.Empty);
        return Task.CompletedTask;
    }
}
