using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModularMonolith.Marten.Tests.Failures;

/// <summary>Stands between a client and PostgreSQL and cuts connections where a test wants it.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    /// <summary>The server is idle again and in no transaction: what it was asked for is committed or has failed.</summary>
    private static readonly byte[] ReadyAndIdle = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<Task, bool> links = new();
    private readonly Task accepting;
    private Cut? plan;

    public CuttingProxy(int targetPort)
    {
        TargetPort = targetPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Where new connections lead.</summary>
    public int TargetPort { get; set; }

    /// <summary>How often a connection was cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts the next connection over which a text is sent, before the server gets it.</summary>
    public void CutBefore(string text) => plan = new Cut(text, false);

    /// <summary>Cuts the next connection over which a text is sent, when the server has done what it was asked for and before the client knows.</summary>
    public void CutAfter(string text) => plan = new Cut(text, true);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(links.Keys);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync(stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var link = LinkAsync(client);
            links[link] = true;
        }
    }

    private async Task LinkAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, TargetPort, stop.Token);
                using var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
                var state = new LinkState();
                await Task.WhenAny(
                    CopyAsync(client.GetStream(), server.GetStream(), (data, _) => OnRequest(state, data), end.Token),
                    CopyAsync(server.GetStream(), client.GetStream(), (_, tail) => OnReply(state, tail), end.Token));
                await end.CancelAsync();
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
            {
                // The server is down, or the test has ended: the client sees a closed connection.
            }
        }
    }

    private Verdict OnRequest(LinkState state, ReadOnlySpan<byte> data)
    {
        if (plan is not { } cut || data.IndexOf(Encoding.UTF8.GetBytes(cut.Text)) < 0)
            return Verdict.Pass;
        plan = null;
        if (cut.AfterReply)
        {
            state.CutsAtReply = true;
            return Verdict.Pass;
        }

        Cuts++;
        return Verdict.Cut;
    }

    private Verdict OnReply(LinkState state, ReadOnlySpan<byte> tail)
    {
        if (!state.CutsAtReply)
            return Verdict.Pass;
        if (!tail.EndsWith(ReadyAndIdle))
            return Verdict.Withhold;
        Cuts++;
        return Verdict.Cut;
    }

    private static async Task CopyAsync(NetworkStream source, NetworkStream target, Inspect inspect, CancellationToken token)
    {
        var buffer = new byte[64 * 1024];
        var tail = new List<byte>();
        try
        {
            int count;
            while ((count = await source.ReadAsync(buffer, token)) > 0)
            {
                tail.AddRange(buffer.AsSpan(0, count));
                if (tail.Count > 64)
                    tail.RemoveRange(0, tail.Count - 64);
                var verdict = inspect(buffer.AsSpan(0, count), tail.ToArray());
                if (verdict == Verdict.Cut)
                    return;
                if (verdict == Verdict.Pass)
                    await target.WriteAsync(buffer.AsMemory(0, count), token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One side is gone, so the link ends.
        }
    }

    private delegate Verdict Inspect(ReadOnlySpan<byte> data, ReadOnlySpan<byte> tail);

    private enum Verdict
    {
        Pass,
        Withhold,
        Cut,
    }

    private sealed record Cut(string Text, bool AfterReply);

    private sealed class LinkState
    {
        /// <summary>Whether the reply to what was sent last is to be cut.</summary>
        public volatile bool CutsAtReply;
    }
}
