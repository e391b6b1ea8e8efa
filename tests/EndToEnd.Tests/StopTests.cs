using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ModularMonolith.EndToEnd.Tests;

/// <summary>An operator or a container runtime asks the host to stop.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task SIGTERM_lets_requests_finish_stops_the_database_and_the_next_start_is_clean()
    {
        await using var folder = new DataFolder();
        var sku = Shop.NewSku();
        await using var host = await HostProcess.StartAsync(HostSettings.In(folder));
        using var api = host.Callers.Admin();
        var shop = new Shop(api);
        await shop.SellAsync(1_000, sku);
        var server = folder.ServerId;
        var traffic = new Traffic(shop, [sku]);
        var running = traffic.RunAsync(customers: 4);
        await traffic.AcknowledgedAsync(10);

        // The server has asked for the body of this request, so it is in the middle of it when the signal comes.
        using var slow = await HalfRequest.StartAsync(host.Address, "/api/baskets", $$"""{"lines":[{"sku":"{{sku}}","quantity":1}]}""");
        var stopping = host.StopAsync();
        await Eventually.TrueAsync(async () =>
        {
            await slow.GoOnAsync();
            return await IsRefusedAsync(host.Address);
        });
        var answer = await slow.FinishAsync();

        Assert.StartsWith("HTTP/1.1 201 ", answer, StringComparison.Ordinal);
        Assert.True(await stopping == 0, host.Output.ToString());
        await running;
        Assert.All(traffic.Refusals, refusal => Assert.Equal(503, refusal.Code));
        Assert.False(DataFolder.IsRunning(server));
        Assert.False(File.Exists(folder.ServerNote));

        await using var next = await HostProcess.StartAsync(HostSettings.In(folder));
        Assert.DoesNotContain("earlier host", next.Output.ToString(), StringComparison.Ordinal);
        using var again = next.Callers.Admin();
        foreach (var attempt in traffic.Attempts.Where(attempt => attempt.OrderId is not null))
        {
            (await again.GetAsync("/api/ordering/orders/" + attempt.OrderId)).Expect(200);
        }

        var ordered = (await new Shop(again).OrdersAsync()).Count;
        await new Shop(again).VerifyStockAsync();
        await Eventually.Async(() => new Shop(again).StockAsync(sku), stock => stock!.OnHand == 1_000 - ordered);
        Assert.Equal(0, await next.StopAsync());
    }

    private static async Task<bool> IsRefusedAsync(Uri address)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address.Host, address.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>A request whose body is held back after the server has asked for it (RFC 9110, section 10.1.1), but for blanks: a server does not wait long for nothing.</summary>
    private sealed class HalfRequest : IDisposable
    {
        /// <summary>More than the 240 that the server wants at least.</summary>
        private const int BytesPerSecond = 1_000;

        private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

        private readonly TcpClient _socket;
        private readonly long _started = Stopwatch.GetTimestamp();
        private readonly byte[] _body;

        private int _blanks;

        private HalfRequest(TcpClient socket, byte[] body)
        {
            _socket = socket;
            _body = body;
        }

        public static async Task<HalfRequest> StartAsync(Uri address, string path, string body)
        {
            var socket = new TcpClient();
            await socket.ConnectAsync(address.Host, address.Port);
            var head = string.Create(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
            var buffer = new byte[1_000];
            var read = await socket.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Deadline);
            Assert.StartsWith("HTTP/1.1 100 ", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
            return new HalfRequest(socket, Encoding.UTF8.GetBytes(body));
        }

        public async Task GoOnAsync()
        {
            var due = (int)(Stopwatch.GetElapsedTime(_started).TotalSeconds * BytesPerSecond) - _blanks;
            if (due > 0)
            {
                await WriteChunkAsync(Encoding.ASCII.GetBytes(new string(' ', due)));
                _blanks += due;
            }
        }

        public async Task<string> FinishAsync()
        {
            await WriteChunkAsync(_body);
            await WriteChunkAsync([]);
            using var reader = new StreamReader(_socket.GetStream());
            return await reader.ReadToEndAsync().WaitAsync(Deadline);
        }

        public void Dispose() => _socket.Dispose();

        // RFC 9112, section 7.1; an empty chunk is the last.
        private async Task WriteChunkAsync(byte[] bytes) =>
            await _socket.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. bytes, .. "\r\n"u8]);
    }
}
