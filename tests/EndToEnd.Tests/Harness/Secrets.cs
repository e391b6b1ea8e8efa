using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>
/// What the clients of all hosts of a test run sent or received that nobody else may see. No host may write any of it: the whole output of each is searched when it is disposed of.
/// </summary>
internal sealed partial class Secrets
{
    /// <summary>Shorter ones would be found by chance.</summary>
    private const int ShortestSecret = 10;
    private const int LongestBody = 1 << 16;

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>Those of the whole run: a host may know what a client got from another one.</summary>
    public static Secrets OfRun { get; } = new();

    /// <summary>Notes a secret.</summary>
    /// <param name="value">The secret; ignored when it is too short to be told from other text.</param>
    /// <param name="what">What it is, for the message about its discovery.</param>
    public void Add(string? value, string what)
    {
        if (value is { Length: >= ShortestSecret } && !value.StartsWith("http", StringComparison.Ordinal))
        {
            _known.TryAdd(value, what);
            // The signature of a token and the secret of a key are as good as the whole.
            if (value.LastIndexOf('.') is > 0 and var dot && value.Length - dot > 2 * ShortestSecret)
            {
                _known.TryAdd(value[(dot + 1)..], "the end of " + what);
            }
        }
    }

    /// <summary>Notes what the environment of a host tells it in confidence.</summary>
    public void AddSetting(string name, string value)
    {
        if (name.StartsWith("ConnectionStrings__", StringComparison.Ordinal))
        {
            Add(new Npgsql.NpgsqlConnectionStringBuilder(value).Password, "the password of " + name);
        }
        else if (SecretName().IsMatch(name) || name.EndsWith("Key", StringComparison.Ordinal))
        {
            Add(value, name);
        }
    }

    /// <summary>Notes what a request that succeeded carried. One that was refused may hold anything; tests that send a real secret in one note it themselves.</summary>
    public async Task AddRequestAsync(HttpRequestMessage request)
    {
        foreach (var header in request.Headers.Where(static header => header.Key is "Authorization" or "Cookie").SelectMany(static header => header.Value))
        {
            Add(header[(header.IndexOfAny([' ', '=']) + 1)..], "a header of a request");
        }

        AddQuery(request.RequestUri?.OriginalString);
        if (request.Content is { Headers: { ContentLength: < LongestBody, ContentType: { } type } } content)
        {
            var body = await content.ReadAsStringAsync();
            if (type.MediaType == "application/x-www-form-urlencoded")
            {
                AddQuery("?" + body);
            }
            else
            {
                AddJson(body);
            }
        }
    }

    /// <summary>Notes what an answer carries.</summary>
    public void AddAnswer(Answer answer)
    {
        AddQuery(answer.Header("Location"));
        foreach (var cookie in answer.Header("Set-Cookie").Split(", "))
        {
            Add(cookie.Split(';')[0] is var pair && pair.Contains('=', StringComparison.Ordinal) ? pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..] : null, "a cookie");
        }

        if (answer.Body.Length < LongestBody && answer.Header("Content-Type").Contains("json", StringComparison.Ordinal))
        {
            AddJson(answer.Body);
        }
    }

    /// <summary>Searches what a host wrote.</summary>
    /// <param name="lines">All of it.</param>
    /// <returns>What was found, at most 20 times, with its line but without the secret itself.</returns>
    public IReadOnlyList<string> FindIn(IReadOnlyList<string> lines)
    {
        var known = SearchValues.Create([.. _known.Keys], StringComparison.Ordinal);
        return [.. lines.SelectMany(line => FindIn(line, known)).Take(20)];
    }

    private IEnumerable<string> FindIn(string line, SearchValues<string> known)
    {
        var text = ShownByDesign().Replace(line, "${before}");
        foreach (Match match in Forms().Matches(text))
        {
            yield return "something of the form of a secret in: " + Without(text, match.Index, match.Length);
        }

        for (var at = 0; text.AsSpan(at).IndexOfAny(known) is >= 0 and var next; at++)
        {
            at += next;
            var secret = _known.Keys.Where(secret => text.AsSpan(at).StartsWith(secret, StringComparison.Ordinal)).MaxBy(static secret => secret.Length)!;
            yield return _known[secret] + " in: " + Without(text, at, secret.Length);
        }
    }

    private static string Without(string line, int at, int length) => string.Concat(line.AsSpan(0, at), "[…]", line.AsSpan(at + length));

    private void AddQuery(string? address)
    {
        if (address?.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at)
        {
            foreach (var (name, values) in QueryHelpers.ParseQuery(address[at..]))
            {
                AddNamed(name, values.ToString());
            }
        }
    }

    private void AddJson(string body)
    {
        try
        {
            AddNode(string.Empty, JsonNode.Parse(body));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // Tests send junk too.
        }
    }

    private void AddNode(string name, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (member, value) in members)
                {
                    AddNode(member, value);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    AddNode(name, item);
                }

                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                AddNamed(name, text);
                break;
        }
    }

    private void AddNamed(string name, string value)
    {
        // Zones, methods and reasons have codes too, which are words and no secrets.
        if (SecretName().IsMatch(name) && !(name == "code" && Words().IsMatch(value)))
        {
            Add(name == "authorization" ? value[(value.IndexOf(' ', StringComparison.Ordinal) + 1)..] : value, "the value of " + name);
        }
    }

    // Names of members, parameters and settings whose values are secrets.
    [GeneratedRegex("password|secret|token$|^code$|codes$|verifier$|^authorization$|^sharedKey$|^authenticatorUri$|antiforgery", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex Words();

    // A JWT, credentials behind their kind, a password in a connection string or a JSON member.
    [GeneratedRegex("""eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{20,}|\b(Bearer|Basic|ApiKey) +[\w.+/=~-]{16,}|\b(Password|Pwd) *= *[^;\s*]{3,}|"(password|access_token|refresh_token|client_secret)" *: *"[^"*]""", RegexOptions.IgnoreCase)]
    private static partial Regex Forms();

    // Development shows these to whoever sits in front of it, on the console and not in the log, whose lines begin with their level.
    [GeneratedRegex(
        """(?<before>^The first admin is \S+ with the password )\S+(?= \(shown once, in Development only\)\.\r?$)|(?<before>^Mail \w+ \([0-9a-f-]{36}\), shown in Development only\. Token: )[\w-]+\r?$|(?<before>^\S+ is an admin now\. The password, shown once: )\S+\r?$""",
        RegexOptions.Multiline)]
    private static partial Regex ShownByDesign();
}
