using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Boundaries;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Pipeline;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>Runs a subscription's handler in a scope and a transaction of its own.</summary>
internal sealed class MessageDelivery(Subscription subscription, IServiceScopeFactory scopes)
{
    /// <summary>Handles events and commits what the handler did together with one more statement, which moves the cursor or settles the event.</summary>
    public async Task RunAsync(
        IReadOnlyList<LogMessage> messages, int attempt, long replayUntil, string statement, object[] parameters, CancellationToken cancellationToken)
    {
        var first = messages[0];
        var headers = EventHeaders.Deserialize(first.Headers);
        using var activity = subscription.Module.ActivitySource.StartActivity(subscription.Name + " process", ActivityKind.Consumer, headers.TraceParent);
        if (activity is { IsAllDataRequested: true })
        {
            Describe(activity, messages, attempt);
        }

        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        using var active = services.GetRequiredService<ActiveUnitsOfWork>().Enter(subscription.Module);
        var unitOfWork = services.GetRequiredKeyedService<IUnitOfWork>(subscription.Module.Name);
        var deliveries = new (LogMessage Message, EventContext Context)[messages.Count];
        for (var index = 0; index < deliveries.Length; index++)
        {
            deliveries[index] = (messages[index], ContextOf(messages[index], index == 0 ? headers : null, attempt, replayUntil));
        }

        services.GetRequiredService<MessageScope>().Enter(Array.ConvertAll(deliveries, static delivery => delivery.Context.Origin));
        EnterAudit(services.GetRequiredService<AuditScope>(), deliveries);
        try
        {
            services.GetRequiredService<CurrentModule>().Enter(subscription.Module);
            services.GetRequiredService<ObservedEdges>().Delivery(subscription, messages);
            await subscription.InvokeAsync(services, deliveries, cancellationToken);
            await unitOfWork.SaveAsync(subscription.Name, session => session.QueueSqlCommand(statement, parameters), cancellationToken);
        }
        catch (Exception exception) when (activity is not null)
        {
            activity.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            throw;
        }
    }

    private void EnterAudit(AuditScope audit, (LogMessage Message, EventContext Context)[] deliveries)
    {
        var place = "subscription " + subscription.FullName;
        if (deliveries.Length == 1)
        {
            audit.Enter(place);
        }
        else
        {
            audit.EnterBatch(place, deliveries.Select(static delivery => delivery.Context.Headers.Actor));
        }
    }

    private static EventContext ContextOf(LogMessage message, EventHeaders? headers, int attempt, long replayUntil) =>
        new(message.Id, message.Position, message.Producer, message.OccurredAt, attempt)
        {
            IsReplay = message.Position <= replayUntil,
            Headers = headers ?? EventHeaders.Deserialize(message.Headers),
        };

    // Names after OpenTelemetry's semantic conventions for messaging.
    private void Describe(Activity activity, IReadOnlyList<LogMessage> messages, int attempt)
    {
        activity.SetTag("messaging.system", "modularmonolith.log");
        activity.SetTag("messaging.operation.type", "process");
        activity.SetTag("messaging.destination.name", messages[0].Name);
        activity.SetTag("messaging.consumer.group.name", subscription.FullName);
        activity.SetTag("messaging.message.id", messages[0].Id);
        activity.SetTag("messaging.batch.message_count", messages.Count);
        activity.SetTag("modularmonolith.log.position", messages[^1].Position);
        activity.SetTag("modularmonolith.log.attempt", attempt);
    }
}
