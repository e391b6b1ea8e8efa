namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>An event at the log's end.</summary>
/// <param name="Message">The event.</param>
/// <param name="IsImported">Whether it came from another log.</param>
internal readonly record struct TailMessage(LogMessage Message, bool IsImported);

/// <summary>
/// The newest settled events of the log, in memory. Whoever looks for the end of the log has read them anyway, and all subscriptions of the host that are up to date find theirs
/// here, instead of each reading the log again.
/// </summary>
internal sealed class LogTail
{
    private const int MostMessages = 4_000;
    private const long MostCharacters = 8_000_000;

    private readonly Lock _lock = new();
    private readonly List<TailMessage> _messages = [];
    private long _characters;
    private long _from;
    private long _upTo;

    /// <summary>Forgets everything: what comes stands behind a position.</summary>
    public void StartFrom(long position)
    {
        lock (_lock)
        {
            _messages.Clear();
            _characters = 0;
            (_from, _upTo) = (position, position);
        }
    }

    /// <summary>Adds events that have become settled, each behind all that were added before.</summary>
    /// <param name="settled">The events.</param>
    /// <param name="upTo">Up to where there are no others.</param>
    public void Add(IEnumerable<TailMessage> settled, long upTo)
    {
        lock (_lock)
        {
            foreach (var message in settled)
            {
                _messages.Add(message);
                _characters += SizeOf(message);
            }

            _upTo = upTo;
            if (_messages.Count > MostMessages || _characters > MostCharacters)
            {
                Shorten();
            }
        }
    }

    /// <summary>The events of some names between two settled positions.</summary>
    /// <param name="names">The names.</param>
    /// <param name="after">The position before the first one.</param>
    /// <param name="upTo">The last position.</param>
    /// <param name="withoutImported">Leaves out what came from another log.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>The first of them; null when some may not be in memory any more, or not yet, as where another host has settled more.</returns>
    public List<LogMessage>? Find(ReadOnlySpan<string> names, long after, long upTo, bool withoutImported, int most)
    {
        var found = new List<LogMessage>();
        lock (_lock)
        {
            if (after < _from || upTo > _upTo)
            {
                return null;
            }

            for (var index = IndexBehind(after); index < _messages.Count && found.Count < most && _messages[index].Message.Position <= upTo; index++)
            {
                if (names.Contains(_messages[index].Message.Name) && !(withoutImported && _messages[index].IsImported))
                {
                    found.Add(_messages[index].Message);
                }
            }
        }

        return found;
    }

    private int IndexBehind(long position)
    {
        var (low, high) = (0, _messages.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _messages[middle].Message.Position > position ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    // Down to half, so that it is seldom done.
    private void Shorten()
    {
        var gone = 0;
        while (gone < _messages.Count && (_messages.Count - gone > MostMessages / 2 || _characters > MostCharacters / 2))
        {
            _characters -= SizeOf(_messages[gone]);
            _from = _messages[gone].Message.Position;
            gone++;
        }

        _messages.RemoveRange(0, gone);
    }

    private static long SizeOf(TailMessage message) => message.Message.Payload.Length + message.Message.Headers.Length + message.Message.Key.Length;
}
