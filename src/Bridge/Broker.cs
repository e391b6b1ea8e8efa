using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace ModularMonolith.Bridge;

/// <summary>How this side speaks to the broker.</summary>
internal static class Broker
{
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(1);

    /// <summary>Connects once. Nothing is recovered behind the caller's back: after a loss only the caller knows what is to be sent again.</summary>
    /// <exception cref="Exception">For which <see cref="IsFault"/> says yes.</exception>
    public static Task<IConnection> ConnectAsync(BridgeSettings settings, string purpose, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = settings.Address,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            HandshakeContinuationTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(10),
        };
        return factory.CreateConnectionAsync("modular-monolith/bridge " + purpose, cancellationToken);
    }

    /// <summary>Makes the exchange, which outlives restarts of the broker, unless it is there.</summary>
    public static Task DeclareExchangeAsync(IChannel channel, BridgeSettings settings, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(settings.Exchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);

    /// <summary>Ends a connection in whatever state it is.</summary>
    public static async Task CloseAsync(IConnection? connection)
    {
        if (connection is not null)
        {
            await connection.AbortAsync(Closing);
            await connection.DisposeAsync();
        }
    }

    /// <summary>Whether the broker or the way to it is at fault. A cancellation is a deadline here: callers look at their own token first.</summary>
    public static bool IsFault(Exception exception) =>
        exception is RabbitMQClientException or IOException or TimeoutException or ObjectDisposedException or OperationCanceledException or System.Net.Sockets.SocketException;
}
