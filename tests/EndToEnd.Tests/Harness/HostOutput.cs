using System.Text.RegularExpressions;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>
/// What a host has written. The most talkative one writes tens of thousands of lines, so nobody who looks for something puts them together to one text: each line is looked at once.
/// </summary>
internal sealed partial class HostOutput
{
    private readonly Lock _turn = new();
    private readonly List<string> _lines = [];
    private readonly Dictionary<string, string> _mailTokens = new(StringComparer.Ordinal);

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines => From(0);

    /// <summary>Takes a line that the host has written.</summary>
    public void Add(string line)
    {
        var mail = line.StartsWith("Mail ", StringComparison.Ordinal) ? MailToken().Match(line) : Match.Empty;
        lock (_turn)
        {
            _lines.Add(line);
            if (mail.Success)
            {
                _mailTokens[mail.Groups["id"].Value] = mail.Groups["token"].Value;
            }
        }
    }

    /// <summary>The token of a mail, which Development shows on the console; null when it has shown none.</summary>
    public string? MailTokenOf(string mailId)
    {
        lock (_turn)
        {
            return _mailTokens.GetValueOrDefault(mailId);
        }
    }

    /// <summary>Waits until there is a line that contains a text.</summary>
    /// <returns>Every line up to that one.</returns>
    public async Task<IReadOnlyList<string>> UntilAsync(Func<string, bool> isLast)
    {
        var read = new List<string>();
        await Eventually.TrueAsync(() =>
        {
            foreach (var line in From(read.Count))
            {
                read.Add(line);
                if (isLast(line))
                {
                    return Task.FromResult(true);
                }
            }

            return Task.FromResult(false);
        });
        return read;
    }

    /// <summary>All of it as one text, for messages.</summary>
    public override string ToString() => string.Join('\n', Lines);

    private List<string> From(int first)
    {
        lock (_turn)
        {
            return _lines.GetRange(first, _lines.Count - first);
        }
    }

    [GeneratedRegex(@"^Mail \w+ \((?<id>[0-9a-f-]{36})\), shown in Development only\. Token: (?<token>\S+)")]
    private static partial Regex MailToken();
}
