using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModularMonolith.EndToEnd.Tests.Tours;

/// <summary>Walks through operations that change something, each under a trace of its own. What the parts make is there afterwards, one of each kind at least.</summary>
internal sealed partial class Tour(Callers callers) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The operations, and the trace of each.</summary>
    public ConcurrentDictionary<string, string> Traces { get; } = new(StringComparer.Ordinal);

    /// <summary>Sees each request with a JSON body before it is sent.</summary>
    public Func<TouredRequest, Task>? Before { get; init; }

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
        var path = parts[1] + given.SingleOrDefault(static rest => rest.StartsWith('?'));
        if (Before is { } before && body is not (null or HttpContent))
        {
            await before(new TouredRequest(api, operation, new HttpMethod(parts[0]), path, JsonSerializer.SerializeToNode(body, JsonSerializerOptions.Web)!, headers));
        }

        using var content = body as HttpContent ?? (body is null ? null : System.Net.Http.Json.JsonContent.Create(body));
        var answer = await api.SendAsync(new HttpMethod(parts[0]), path, content, all);
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
        var members = JsonSerializer.SerializeToNode(body)!.AsObject();
        members.Remove(member);
        return members;
    }

    public void Dispose() => Staff.Dispose();

    [GeneratedRegex("{[a-zA-Z]+}")]
    private static partial Regex PathParameter();
}

/// <summary>A request that succeeds when it is sent as it is.</summary>
/// <param name="Api">Who sends it.</param>
/// <param name="Operation">The operation as the description names it.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path with its parameters filled in, and the query.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">The headers besides.</param>
internal sealed record TouredRequest(Api Api, string Operation, HttpMethod Method, string Path, JsonNode Body, (string Name, string Value)[] Headers);
