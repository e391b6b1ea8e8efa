using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ModularMonolith.Reliability.Tests;

/// <summary>Stands between a host and PostgreSQL, and cuts the connection over which a given one of the host's next requests goes.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    /// <summary>The end of a request in the extended protocol.</summary>
    private static readonly byte[] Sync = [(byte)'S', 0, 0, 0, 4];

    /// <summary>The server is idle and in no transaction: what it was asked for is committed or has failed.</summary>
    private static readonly byte[] Ready = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _links = [];
    private readonly Task _accepting;
    private readonly int _target;
    private int _countdown;
    private bool _afterwards;

    public FaultProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether the cut has been made.</summary>
    public bool HasCut { get; private set; }

    /// <summary>Cuts at a request: before the server gets it, or when the server has done it and the host does not know.</summary>
    public void CutAt(int request, bool afterwards)
    {
        HasCut = false;
        _afterwards = afterwards;
        Volatile.Write(ref _countdown, request);
    }

    /// <summary>Lets everything through, also when the request that was meant has not come.</summary>
    public void Disarm() => Volatile.Write(ref _countdown, 0);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_links);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _links.Add(LinkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task LinkAsync(TcpClient client)
    {
        using var host = client;
        using var server = new TcpClient { NoDelay = true };
        host.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var withholding = new StrongBox();
            await Task.WhenAny(
                CopyAsync(host.GetStream(), server.GetStream(), data => OnRequest(data, withholding), end.Token),
                CopyAsync(server.GetStream(), host.GetStream(), data => OnReply(data, withholding), end.Token));
            await end.CancelAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or InvalidOperationException)
        {
            // The host has closed the connection before it was linked, the server is down, or the test has ended.
            return;
        }
    }

    private Verdict OnRequest(ReadOnlySpan<byte> data, StrongBox withholding)
    {
        if (Volatile.Read(ref _countdown) == 0 || !data.EndsWith(Sync) || Interlocked.Decrement(ref _countdown) != 0)
        {
            return Verdict.Pass;
        }

        if (_afterwards)
        {
            withholding.Value = true;
            return Verdict.Pass;
        }

        HasCut = true;
        return Verdict.Cut;
    }

    private Verdict OnReply(ReadOnlySpan<byte> data, StrongBox withholding)
    {
        if (!withholding.Value)
        {
            return Verdict.Pass;
        }

        if (!data.EndsWith(Ready))
        {
            return Verdict.Withhold;
        }

        HasCut = true;
        return Verdict.Cut;
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Inspect inspect, CancellationToken token)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await from.ReadAsync(buffer, token)) > 0)
            {
                var verdict = inspect(buffer.AsSpan(0, count));
                if (verdict == Verdict.Cut)
                {
                    return;
                }

                if (verdict == Verdict.Pass)
                {
                    await to.WriteAsync(buffer.AsMemory(0, count), token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            return;
        }
    }

    private delegate Verdict Inspect(ReadOnlySpan<byte> data);

    private enum Verdict
    {
        Pass,
        Withhold,
        Cut,
    }

    private sealed class StrongBox
    {
        public volatile bool Value;
    }
}
