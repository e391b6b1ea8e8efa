using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Hosting;
using Npgsql;
using RabbitMQ.Client;

namespace ModularMonolith.Bridge;

/// <summary>
/// Takes in what this side imports. The broker forgets a message only when its event is committed: what was delivered before a loss comes again, and is known by its id.
/// </summary>
internal sealed partial class ImportEvents(
    BridgeSettings settings, BridgeDatabase database, EventImporter importer, BridgeState state, StartupState startup, TimeProvider time, ILogger<ImportEvents> logger) : BackgroundService
{
    private const int LongestPauseMilliseconds = 5_000;

    // Of all hosts on this database one consumes, so that the order of the queue holds. A quorum queue keeps what it has on a majority of the brokers' disks.
    // Newer brokers drop what was delivered twenty times unless told otherwise, and while this database is down everything is delivered again and again.
    private static readonly Dictionary<string, object?> QueueArguments = new()
    {
        ["x-queue-type"] = "quorum",
        ["x-single-active-consumer"] = true,
        ["x-delivery-limit"] = int.MaxValue,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await startup.WhenStarted(stoppingToken);
            for (var failures = 0; !stoppingToken.IsCancellationRequested;)
            {
                try
                {
                    await ConsumeAsync(() => failures = 0, stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested && (Broker.IsFault(exception) || exception is NpgsqlException))
                {
                    state.Import = exception is NpgsqlException ? "The database does not take events; they wait at the broker." : $"The broker cannot be reached: {exception.GetType().Name}.";
                    LogInterrupted(exception);
                }

                failures++;
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(50, Math.Min(LongestPauseMilliseconds, 100 << Math.Min(failures, 6)))), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task ConsumeAsync(Action connected, CancellationToken stoppingToken)
    {
        IConnection? connection = null;
        try
        {
            connection = await Broker.ConnectAsync(settings, "import", stoppingToken);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
            await DeclareAsync(channel, stoppingToken);
            await channel.BasicQosAsync(0, (ushort)settings.Prefetch, false, stoppingToken);
            var inbox = Channel.CreateBounded<Delivery>(settings.Prefetch);
            await channel.BasicConsumeAsync(settings.Queue, autoAck: false, new Consumer(channel, inbox.Writer), stoppingToken);
            state.Import = null;
            connected();
            while (await inbox.Reader.WaitToReadAsync(stoppingToken))
            {
                var batch = new List<Delivery>();
                while (batch.Count < settings.Prefetch && inbox.Reader.TryRead(out var delivery))
                {
                    batch.Add(delivery);
                }

                await importer.ImportAsync(batch, stoppingToken);
                await channel.BasicAckAsync(batch[^1].Tag, multiple: true, stoppingToken);
            }
        }
        finally
        {
            await Broker.CloseAsync(connection);
        }
    }

    private async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await Broker.DeclareExchangeAsync(channel, settings, cancellationToken);
        await channel.QueueDeclareAsync(settings.Queue, durable: true, exclusive: false, autoDelete: false, QueueArguments, cancellationToken: cancellationToken);
        string[] wanted = [.. settings.Import.Select(static pattern => pattern.EndsWith(".*", StringComparison.Ordinal) ? pattern[..^1] + '#' : pattern)];
        foreach (var pattern in wanted)
        {
            await channel.QueueBindAsync(settings.Queue, settings.Exchange, pattern, cancellationToken: cancellationToken);
        }

        // Bindings outlive the configuration that asked for them.
        foreach (var pattern in (await database.BindingsAsync(settings.Queue, settings.Exchange, cancellationToken)).Except(wanted, StringComparer.Ordinal))
        {
            await channel.QueueUnbindAsync(settings.Queue, settings.Exchange, pattern, null, cancellationToken);
        }

        await database.KeepBindingsAsync(settings.Queue, settings.Exchange, wanted, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The import of events was interrupted; it connects again in a moment, and what was not committed is delivered again.")]
    private partial void LogInterrupted(Exception exception);

    private sealed class Consumer(IChannel channel, ChannelWriter<Delivery> inbox) : AsyncDefaultBasicConsumer(channel)
    {
        // The body's memory goes back to the client's pool after this call.
        public override async Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body,
            CancellationToken cancellationToken = default) =>
            await inbox.WriteAsync(new Delivery(deliveryTag, new BasicProperties(properties), body.ToArray()), cancellationToken);

        public override Task HandleChannelShutdownAsync(object channel, RabbitMQ.Client.Events.ShutdownEventArgs reason)
        {
            inbox.TryComplete(new IOException("The channel was closed: " + reason.ReplyText));
            return base.HandleChannelShutdownAsync(channel, reason);
        }

        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            inbox.TryComplete(new IOException("The queue was deleted."));
            return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
        }
    }
}
