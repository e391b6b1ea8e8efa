using System.Diagnostics;
using System.Text;
using ModularMonolith.Platform.IntegrationLog;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace ModularMonolith.Bridge;

/// <summary>Sends events to the exchange, each until the broker has said that it keeps it.</summary>
internal sealed class EventPublisher(BridgeSettings settings, BridgeState state, BridgeTelemetry telemetry) : IAsyncDisposable
{
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private IConnection? _connection;
    private IChannel? _channel;

    /// <summary>Whether it is connected.</summary>
    public bool IsOpen => Volatile.Read(ref _channel) is { IsOpen: true };

    /// <summary>Sends one event and waits for the confirmation.</summary>
    /// <exception cref="ReceiverUnavailableException">It is not known to be kept; it is to be sent again, and the receiver knows it by its id.</exception>
    public async Task PublishAsync(StoredEvent stored, CancellationToken cancellationToken)
    {
        // The span belongs to the trace of the event, not to that of the batch in which it happens to travel.
        Activity.Current = null;
        var traceParent = stored.Context.Headers.TraceParent;
        using var activity = telemetry.Spans.StartActivity(stored.Name + " publish", ActivityKind.Producer, traceParent);
        activity?.SetTag("messaging.system", "rabbitmq").SetTag("messaging.operation.type", "send").SetTag("messaging.destination.name", settings.Exchange)
            .SetTag("messaging.rabbitmq.destination.routing_key", stored.Name).SetTag("messaging.message.id", stored.Context.MessageId);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(settings.PublishTimeout);
        IChannel? channel = null;
        try
        {
            channel = await OpenAsync(deadline.Token);
            // Mandatory: an event that no queue takes would be confirmed and gone.
            await channel.BasicPublishAsync(
                settings.Exchange, stored.Name, mandatory: true, EventMessage.Describe(stored, activity?.Id ?? traceParent), Encoding.UTF8.GetBytes(stored.Payload), deadline.Token);
            telemetry.Exported.Add(1);
            state.Export = null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && Broker.IsFault(exception))
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            if (exception is not PublishException && channel is not null)
            {
                await DiscardAsync(channel);
            }

            state.Export = Explain(exception, stored.Name);
            throw new ReceiverUnavailableException(state.Export, exception);
        }
    }

    /// <summary>Connects unless it is connected.</summary>
    /// <returns>The open channel.</returns>
    public async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _channel) is { IsOpen: true } open)
        {
            return open;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { IsOpen: true } opened)
            {
                return opened;
            }

            await CloseAsync();
            _connection = await Broker.ConnectAsync(settings, "export", cancellationToken);
            var channel = await _connection.CreateChannelAsync(Confirmed, cancellationToken);
            await Broker.DeclareExchangeAsync(channel, settings, cancellationToken);
            Volatile.Write(ref _channel, channel);
            return channel;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _gate.Dispose();
    }

    private static string Explain(Exception exception, string name) => exception switch
    {
        PublishException { IsReturn: true } => $"No queue takes the event '{name}': no other side imports it. Start that side, or take the event out of bridge:Export.",
        PublishException => $"The broker could not keep the event '{name}'; its log says why.",
        _ => $"The broker did not confirm the event '{name}': {exception.GetType().Name}.",
    };

    // Events of other lanes on the same channel are sent again too; what became of them is as unknown.
    private async Task DiscardAsync(IChannel channel)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (channel == _channel)
            {
                await CloseAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task CloseAsync()
    {
        Volatile.Write(ref _channel, null);
        await Broker.CloseAsync(Interlocked.Exchange(ref _connection, null));
    }
}
