using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>A request written byte by byte, for what no client library would send.</summary>
internal static class RawRequest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Sends the head of a request, and a body until there is an answer.</summary>
    /// <param name="address">The host.</param>
    /// <param name="head">Request line and headers, each with its line end, and the empty line.</param>
    /// <param name="body">Pieces of the body; the sending stops at the first byte of the answer, or when the host hangs up.</param>
    /// <returns>The answer, empty when the host only hung up, and how many bytes of the body went out before.</returns>
    public static async Task<(string Answer, long Sent)> SendAsync(Uri address, string head, IEnumerable<byte[]>? body = null)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, deadline.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head), deadline.Token);
        var reading = ReadAsync(stream, deadline.Token);
        long sent = 0;
        try
        {
            foreach (var piece in body ?? [])
            {
                if (reading.IsCompleted)
                {
                    break;
                }

                await stream.WriteAsync(piece, deadline.Token);
                sent += piece.Length;
            }
        }
        catch (IOException)
        {
            // The host has hung up; what it said before is read below.
        }

        return (await reading, sent);
    }

    /// <summary>A chunk of the transfer coding of HTTP/1.1 (RFC 9112, section 7.1).</summary>
    public static byte[] Chunk(byte[] content) => [.. Encoding.ASCII.GetBytes(content.Length.ToString("x", System.Globalization.CultureInfo.InvariantCulture) + "\r\n"), .. content, .. "\r\n"u8];

    /// <summary>The most memory that a process ever had in use, in bytes.</summary>
    public static long PeakMemory(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        if (line is not null)
        {
            return long.Parse(line["VmHWM:".Length..].Replace("kB", string.Empty, StringComparison.Ordinal).Trim(), System.Globalization.CultureInfo.InvariantCulture) << 10;
        }

        using var process = Process.GetProcessById(processId);
        return process.PeakWorkingSet64;
    }

    // To the end of the head is enough: it says how the host took the request.
    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var answer = new StringBuilder();
        var buffer = new byte[1 << 14];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
                if (answer.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            // Hung up.
        }

        return answer.ToString();
    }
}
