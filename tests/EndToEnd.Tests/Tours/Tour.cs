using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModularMonolith.EndToEnd.Tests.Tours;

/// <summary>Walks through operations that change something, each under a trace of its own. What the parts make is there afterwards, one of each kind at least.</summary>
internal sealed partial class Tour(Callers callers) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The operations, and the trace of each.</summary>
    public ConcurrentDictionary<string, string> Traces { get; } = new(StringComparer.Ordinal);

    public Callers Callers => callers;

    /// <summary>Who may do everything.</summary>
    public Api Staff { get; } = callers.Admin();

    public Shop Shop => new(Staff);

    /// <summary>Does one thing, which has to succeed.</summary>
    /// <param name="api">Who does it.</param>
    /// <param name="operation">The operation as the description names it.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="values">The values of the path's parameters, with commas in between.</param>
    /// <param name="headers">Headers besides.</param>
    public async Task<Answer> ActAsync(Api api, string operation, object? body = null, string values = "", params (string Name, string Value)[] headers)
    {
        var traceId = Guid.NewGuid().ToString("N");
        var given = new Queue<string>(values.Split(','));
        var parts = PathParameter().Replace(operation, _ => given.Dequeue()).Split(' ');
        (string, string)[] all = [.. headers, ("traceparent", $"00-{traceId}-00f067aa0ba902b7-01")];
        using var content = body as HttpContent ?? (body is null ? null : System.Net.Http.Json.JsonContent.Create(body));
        var answer = await api.SendAsync(new HttpMethod(parts[0]), parts[1] + given.SingleOrDefault(static rest => rest.StartsWith('?')), content, all);
        Assert.True(answer.Code is >= 200 and < 300, answer.ToString());
        Traces[operation] = traceId;
        return answer;
    }

    /// <summary>Does one thing as the staff.</summary>
    public Task<Answer> ActAsync(string operation, object? body = null, string values = "", params (string Name, string Value)[] headers) => ActAsync(Staff, operation, body, values, headers);

    /// <summary>Does one thing as the staff that must not happen twice.</summary>
    public Task<Answer> ActOnceAsync(string operation, object? body = null, string values = "") => ActAsync(Staff, operation, body, values, Key());

    /// <summary>Asks until the answer is there and as wanted.</summary>
    public async Task<JsonNode> BecomesAsync(string path, Func<JsonNode, bool> condition) =>
        (await Eventually.Async(() => Staff.GetAsync(path), answer => answer.Code == 200 && condition(answer.Json), Patience)).Json;

    /// <summary>A code that nothing else has.</summary>
    public static string NewCode() => "t" + Guid.NewGuid().ToString("N")[..10];

    public static object Euros(long cents) => new { amount = cents, currency = "EUR" };

    public static (string, string) Key() => ("Idempotency-Key", Guid.NewGuid().ToString());

    public static (string, string) Bearer(Answer signedIn) => ("Authorization", "Bearer " + signedIn["access_token"]);

    public static (string, string) Match(Answer read) => ("If-Match", read.Header("ETag"));

    /// <summary>A body less a member.</summary>
    public static JsonNode Without(object body, string member)
    {
        var members = System.Text.Json.JsonSerializer.SerializeToNode(body)!.AsObject();
        members.Remove(member);
        return members;
    }

    public void Dispose() => Staff.Dispose();

    [GeneratedRegex("{[a-zA-Z]+}")]
    private static partial Regex PathParameter();
}
