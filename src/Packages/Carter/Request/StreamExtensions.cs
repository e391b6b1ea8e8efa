using System.Text;

namespace Carter.Request;

/// <summary>Reads text from a stream.</summary>
public static class StreamExtensions
{
    /// <summary>Reads a stream to its end as text, leaves it open, and rewinds it when it can seek.</summary>
    /// <param name="stream">The stream, such as a request's body.</param>
    /// <param name="encoding">The encoding; UTF-8 when null. A byte order mark overrides it.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <returns>The text.</returns>
    public static async Task<string> AsStringAsync(this Stream stream, Encoding? encoding = null, CancellationToken cancellationToken = default)
    {
        using var reader = new StreamReader(stream, encoding ?? Encoding.UTF8, leaveOpen: true);
        var text = await reader.ReadToEndAsync(cancellationToken);
        if (stream.CanSeek)
            stream.Position = 0;
        return text;
    }
}
