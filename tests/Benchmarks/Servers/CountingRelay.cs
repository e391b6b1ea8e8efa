using System.Net;
using System.Net.Sockets;

namespace ModularMonolith.Benchmarks.Servers;

/// <summary>Stands between a host and PostgreSQL and counts how often the host speaks and waits for an answer: a round trip is what it sends until the server answers.</summary>
internal sealed class CountingRelay : IAsyncDisposable
{
    private const int BufferSize = 64 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly int _target;
    private readonly Task _accepting;
    private long _roundTrips;

    public CountingRelay(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public long RoundTrips => Interlocked.Read(ref _roundTrips);

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                relays.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stopped.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target, _stopped.Token);
            var asked = 0;
            await Task.WhenAny(
                CopyAsync(near.GetStream(), far.GetStream(), () => Interlocked.Exchange(ref asked, 1)),
                CopyAsync(far.GetStream(), near.GetStream(), () =>
                {
                    if (Interlocked.Exchange(ref asked, 0) == 1)
                    {
                        Interlocked.Increment(ref _roundTrips);
                    }
                }));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // One of the two has gone; so does the other.
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Action seen)
    {
        var buffer = new byte[BufferSize];
        int count;
        while ((count = await from.ReadAsync(buffer, _stopped.Token)) > 0)
        {
            seen();
            await to.WriteAsync(buffer.AsMemory(0, count), _stopped.Token);
        }
    }
}
