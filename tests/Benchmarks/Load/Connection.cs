using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModularMonolith.Benchmarks.Load;

/// <summary>An answer; its body is valid until the next request on the same connection.</summary>
internal readonly record struct Response(int Status, ReadOnlyMemory<byte> Body)
{
    public override string ToString() => $"{Status} {Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, 500)])}";
}

/// <summary>
/// One keep-alive HTTP/1.1 connection on a bare socket: the generator shares two cores with what it measures, and a full
/// HTTP client would take a good part of them.
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _received = new byte[64 << 10];
    private int _filled;

    public static async Task<Connection> OpenAsync(Uri address)
    {
        var connection = new Connection();
        await connection._socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
        return connection;
    }

    public static byte[] Request(string method, string path, string? body = null, string? idempotencyKey = null, string? prefer = null)
    {
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: bench\r\n");
        if (idempotencyKey is not null)
        {
            head.Append("Idempotency-Key: ").Append(idempotencyKey).Append("\r\n");
        }

        if (prefer is not null)
        {
            head.Append("Prefer: ").Append(prefer).Append("\r\n");
        }

        if (body is not null)
        {
            head.Append($"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        }

        return Encoding.UTF8.GetBytes(head.Append("\r\n").Append(body).ToString());
    }

    public async ValueTask<Response> SendAsync(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        _filled = 0;
        int end;
        while ((end = _received.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await ReceiveAsync();
        }

        var status = Number(_received.AsSpan(9, 3));
        var body = end + 4;
        if (Header(end, "Content-Length: "u8) is { } length)
        {
            while (_filled < body + length)
            {
                await ReceiveAsync();
            }

            return new Response(status, _received.AsMemory(body, length));
        }

        return status is 204 or 304 ? new Response(status, default) : new Response(status, await ChunksAsync(body));
    }

    public void Dispose() => _socket.Dispose();

    // RFC 9112, section 7.1; the chunks' data is moved together in place.
    private async ValueTask<ReadOnlyMemory<byte>> ChunksAsync(int body)
    {
        var (read, written) = (body, body);
        while (true)
        {
            int line;
            while ((line = _received.AsSpan(read, _filled - read).IndexOf("\r\n"u8)) < 0)
            {
                await ReceiveAsync();
            }

            if (!Utf8Parser.TryParse(_received.AsSpan(read, line), out int size, out _, 'x'))
            {
                throw new IOException("The server has sent a chunk without a size.");
            }

            read += line + 2;
            while (_filled < read + size + 2)
            {
                await ReceiveAsync();
            }

            if (size == 0)
            {
                return _received.AsMemory(body, written - body);
            }

            _received.AsSpan(read, size).CopyTo(_received.AsSpan(written));
            written += size;
            read += size + 2;
        }
    }

    private int? Header(int end, ReadOnlySpan<byte> name)
    {
        var head = _received.AsSpan(0, end + 2);
        var at = head.IndexOf(name);
        return at < 0 ? null : Number(head[(at + name.Length)..]);
    }

    private static int Number(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out int number, out _) ? number : throw new IOException("The server has sent something else than a number.");

    private async ValueTask ReceiveAsync()
    {
        if (_filled == _received.Length)
        {
            Array.Resize(ref _received, _received.Length * 2);
        }

        var count = await _socket.ReceiveAsync(_received.AsMemory(_filled));
        _filled += count > 0 ? count : throw new IOException("The server has closed the connection.");
    }
}
