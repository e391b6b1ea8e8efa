using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ModularMonolith.Bridge.Tests;

/// <summary>Stands between one side and the broker, and can be down, cut what is connected, or cut at an acknowledgement.</summary>
internal sealed class BrokerProxy : IAsyncDisposable
{
    /// <summary>A frame of 13 octets that holds the method basic.ack (AMQP 0-9-1: class 60, method 80).</summary>
    private static readonly byte[] Ack = [0, 0, 0, 13, 0, 60, 0, 80];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _links = [];
    private readonly Task _accepting;
    private readonly int _target;
    private CancellationTokenSource _cut = new();
    private volatile bool _isDown;
    private int _acksToCut;

    public BrokerProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => RabbitServer.AddressAt(((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>How many acknowledgements are still to be cut off.</summary>
    public int AcksToCut
    {
        get => Volatile.Read(ref _acksToCut);
        set => Volatile.Write(ref _acksToCut, value);
    }

    /// <summary>Ends every connection; new ones are accepted.</summary>
    public void Cut() => Interlocked.Exchange(ref _cut, new CancellationTokenSource()).Cancel();

    /// <summary>Ends every connection and takes no more.</summary>
    public void GoDown()
    {
        _isDown = true;
        Cut();
    }

    public void ComeUp() => _isDown = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_links);
        _stop.Dispose();
        _cut.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _links.Add(LinkAsync(client, Volatile.Read(ref _cut).Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task LinkAsync(TcpClient client, CancellationToken cut)
    {
        using var side = client;
        using var broker = new TcpClient { NoDelay = true };
        side.NoDelay = true;
        if (_isDown)
        {
            return;
        }

        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cut);
            await broker.ConnectAsync(IPAddress.Loopback, _target, end.Token);
            await Task.WhenAny(CopyAsync(side.GetStream(), broker.GetStream(), true, end.Token), CopyAsync(broker.GetStream(), side.GetStream(), false, end.Token));
            await end.CancelAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or InvalidOperationException)
        {
            // The side has gone before it was linked, the broker is down, or the test has ended.
            return;
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool isFromSide, CancellationToken token)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await from.ReadAsync(buffer, token)) > 0)
            {
                if (isFromSide && AcksToCut > 0 && buffer.AsSpan(0, count).IndexOf(Ack) >= 0)
                {
                    AcksToCut--;
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, count), token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            return;
        }
    }
}
